// What the page computes by itself: pieces of a text, steps of a chart, addresses, clusters, borders.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { feature } from "topojson-client";
import { inside, withUkraineWhole } from "../borders.mjs";
import { asQuery, readFilters, readRoute, writeFilters } from "../src/address.ts";
import { amount, ordered, steps } from "../src/amounts.ts";
import type { Figure, Revision } from "../src/model.ts";
import { pieces } from "../src/spans.ts";

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

test("a floor is said as one", () => {
  assert.deepEqual([amount({ low: 24, high: null }), amount({ low: 3, high: 5 }), amount({ low: 3, high: 3 })], ["at least 24", "3 to 5", "3"]);
  assert.deepEqual(ordered(["displaced", "zzz", "killed"]), ["killed", "displaced", "zzz"]);
});

test("filters survive the address", () => {
  const filters = readFilters("?text=a%26b&least=12&from=2022-03-01&evil=1");
  assert.equal(writeFilters(filters), "?text=a%26b&least=12&from=2022-03-01");
  assert.equal(asQuery(filters), "?text=a%26b&least=12&from=2022-03-01T00%3A00%3A00Z");
  assert.equal(asQuery(readFilters("?least=many&from=soon")), "");
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
