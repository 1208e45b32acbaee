// What the page computes by itself: pieces of a text, steps of a chart, addresses, clusters, borders.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { feature } from "topojson-client";
import { inside, withUkraineWhole } from "../borders.mjs";
import { asQuery, readFilters, readMoment, readRoute, writeSearch } from "../src/address.ts";
import { amount, ordered, steps } from "../src/amounts.ts";
import { gathered, members } from "../src/clusters.ts";
import { asOf } from "../src/history.ts";
import type { History } from "../src/history.ts";
import type { Feature, Figure, Revision } from "../src/model.ts";
import { pieces } from "../src/spans.ts";
import { stepAt, timeAt } from "../src/timeline.ts";

const figure = (start: number, end: number): Figure =>
  ({ field: "text", start, end, kind: "killed", low: 3, high: 3, assertion: "actual", rule: "r" });
const revision = (when: string, was: number | null, is: number | null): Revision => ({
  seq: 1, incident_id: "i", kind: "killed", when, source: null, why: "raised", text: "", other_incident: null,
  old: was === null ? null : { low: was, high: was }, new: is === null ? null : { low: is, high: is },
});

test("offsets count code points, not halves of them", () => {
  assert.deepEqual(pieces("😀 3 dead", "text", [figure(2, 8)], []).map((piece) => piece.text), ["😀 ", "3 dead"]);
});

test("pieces make up the text again, whatever the spans", () => {
  const text = "nine people died and two more";
  const found = pieces(text, "text", [figure(0, 16), figure(5, 20), figure(25, 99)], []);
  assert.equal(found.map((piece) => piece.text).join(""), text);
});

test("a toll that was taken back falls to nought", () => {
  assert.deepEqual(steps([revision("2022-03-01T00:00:00Z", null, 12), revision("2022-03-02T00:00:00Z", 12, null)], "killed").map((step) => step.low), [12, 0]);
});

test("an incident that was merged or taken back falls to nought in each of its kinds", () => {
  const ended = { ...revision("2022-03-03T00:00:00Z", null, null), kind: null, old: { killed: { low: 12, high: 12 } } };
  assert.deepEqual(steps([revision("2022-03-01T00:00:00Z", null, 12), ended], "killed").map((step) => step.low), [12, 0]);
  assert.deepEqual(steps([ended], "injured"), []);
});

test("the map is as it was told: raised, taken back, merged, in whatever order the ledger came", () => {
  const feature = (id: string): Feature => ({ id, geometry: null, properties: { toll: {} } as Feature["properties"] });
  const history: History = { features: [feature("a"), feature("b")], kinds: ["killed", "injured"], steps: [
    [0, 0, 10, 5, 5], [0, 1, 10, 2, null], [1, 0, 30, 1, 1], [0, 0, 40, 8, 8], [0, 1, 20, null, null], [1, null, 50, null, null]] };
  const at = (time: number): unknown => asOf(history, time).map(({ id, properties }) => [id, properties.toll]);
  assert.deepEqual(at(9), []);
  assert.deepEqual(at(10), [["a", { killed: { low: 5, high: 5 }, injured: { low: 2, high: null } }]]);
  assert.deepEqual(at(30), [["a", { killed: { low: 5, high: 5 } }], ["b", { killed: { low: 1, high: 1 } }]]);
  assert.deepEqual(at(Infinity), [["a", { killed: { low: 8, high: 8 } }]]);
});

test("a floor is said as one", () => {
  assert.deepEqual([amount({ low: 24, high: null }), amount({ low: 3, high: 5 }), amount({ low: 3, high: 3 })], ["at least 24", "3 to 5", "3"]);
  assert.deepEqual(ordered(["displaced", "zzz", "killed"]), ["killed", "displaced", "zzz"]);
});

test("filters survive the address", () => {
  const filters = readFilters("?text=a%26b&least=12&from=2022-03-01&evil=1");
  assert.equal(writeSearch(filters, Infinity), "?text=a%26b&least=12&from=2022-03-01");
  assert.equal(asQuery(filters), "?text=a%26b&least=12&from=2022-03-01T00%3A00%3A00Z");
  assert.equal(asQuery(readFilters("?least=many&from=soon")), "");
});

test("a moment survives the address, and is the same one when more is told", () => {
  const at = Date.parse("2022-03-05T10:20:30Z");
  const said = writeSearch(readFilters("?cause=fire"), at);
  assert.equal(said, "?cause=fire&at=2022-03-05T10%3A20%3A30Z");
  assert.equal(readMoment(said), at);
  assert.deepEqual([readMoment(""), readMoment("?at=soon"), readMoment("?at=")], [Infinity, Infinity, Infinity]);
  const span = { first: Date.parse("2022-03-01T00:00:00Z"), last: Date.parse("2022-03-11T00:00:00Z") };
  for (const step of [0, 1, 77, 199]) assert.equal(stepAt(span, timeAt(span, step)), step);
  assert.equal(timeAt(span, 200), Infinity);
  assert.equal(stepAt(span, Infinity), 200);
  assert.equal(stepAt({ ...span, last: span.last * 2 }, at), 0);
  assert.equal(stepAt(span, span.last + 1), 199, "a time behind the last one is not now");
  assert.equal(timeAt({ first: Infinity, last: -Infinity }, 3), Infinity, "where nothing is told, all of it is shown");
});

test("every point is in one cluster, near ones in the same, and none hides another's number", () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647; // the same ones each time
  for (const count of [0, 1, 2, 3000]) {
    const x = Float32Array.from({ length: count }, () => random() * 1000);
    const y = Float32Array.from({ length: count }, () => random() * 520);
    if (count === 3000) x.fill(0, 0, 900); // some at the edge, and many at one place
    if (count === 3000) y.fill(20, 0, 800);
    const size = Float32Array.from(x.keys());
    for (const cell of [300, 44, 7, 0.5]) {
      const found = gathered({ x, y, size, look: new Uint8Array(count) }, cell);
      assert.deepEqual([...found.order].sort((a, b) => a - b), [...x.keys()]);
      for (let cluster = 0; cluster < found.x.length; cluster += 1) {
        assert.ok(members(found, cluster) > 0);
        const inside = [...found.order.subarray(found.start[cluster], found.start[cluster + 1])];
        assert.equal(found.size[cluster], Math.max(...inside));
        assert.ok(inside.every((point) => Math.hypot((x[point] ?? 0) - (found.x[cluster] ?? 0), (y[point] ?? 0) - (found.y[cluster] ?? 0)) < 3 * cell));
      }
      const of = new Map<number, number>();
      for (let cluster = 0; cluster < found.x.length; cluster += 1) {
        for (const point of found.order.subarray(found.start[cluster], found.start[cluster + 1])) of.set(point, cluster);
      }
      if (count === 3000) for (let point = 0; point < 800; point += 1) assert.equal(of.get(point), of.get(0), "one place, one marker");
    }
  }
});

test("an address that is broken shows the overview", () => {
  assert.deepEqual([readRoute("#/incident/%E0%A4%A"), readRoute("#/nothing"), readRoute("")].map((route) => route.page), ["incidents", "incidents", "incidents"]);
  assert.deepEqual(readRoute("#/incident/inc-1"), { page: "incident", id: "inc-1" });
});

test("Crimea is Ukraine's on the map", async () => {
  const world = JSON.parse(await readFile(new URL("../node_modules/world-atlas/countries-50m.json", import.meta.url), "utf-8"));
  const holders = (): string[] =>
    world.objects.countries.geometries
      .filter((country: { id: string }) => {
        const { geometry } = feature(world, country as never) as unknown as { geometry: { type: string; coordinates: number[][][][] } };
        const polygons = geometry.type === "Polygon" ? [geometry.coordinates as unknown as number[][][]] : geometry.coordinates;
        return [[34.1, 44.95], [33.52, 44.6], [36.47, 45.36]].some((place) => polygons.some((polygon) => inside(place as [number, number], polygon[0] as [number, number][])));
      })
      .map((country: { id: string }) => country.id);
  assert.deepEqual(holders(), ["643"], "as the data have it");
  withUkraineWhole(world);
  assert.deepEqual(holders(), ["804"]);
});
