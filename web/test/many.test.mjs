// Ten thousand incidents through merges, withdrawals, expiry and a serve that is killed in between: every number that
// API and page show is compared with a fold of the topics of its own.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { pan } from "./pan.mjs";
import * as service from "./processes.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const APP = process.env.STREAM_APP ?? join(ROOT, ".venv/bin/stream-app");
const PYTHON = join(APP, "../python");
const PATIENCE = 120_000;
const running = [];
let browser, base, brokers, folder, serve, fold;

async function start(words, said) {
  const { child, found } = service.start(APP, words, said);
  running.push(child);
  return [child, ...(await found)];
}

async function python(...words) {
  const { stdout } = await promisify(execFile)(PYTHON, ["-m", "scripts.many_incidents", ...words, "--brokers", brokers], { cwd: ROOT, maxBuffer: 2 ** 28 });
  return stdout;
}

const get = async (path) => (await fetch(`${base}api/v1/${path}`)).json();

async function until(right, what) {
  for (const end = Date.now() + PATIENCE; ; ) {
    const status = await get("status").catch(() => undefined);
    if (status?.lag && right(status)) return status;
    if (Date.now() > end) throw new Error(`never: ${what}: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const startServe = async (port) => {
  const [child, , address] = await start(["serve", "--brokers", brokers, "--store", `sqlite:///${join(folder, "store.db")}`, "--port", String(port)], /(http:\S+\/)/);
  [serve, base] = [child, address];
};
const amounts = (toll) => Object.fromEntries(Object.entries(toll).map(([kind, { low, high }]) => [kind, [low, high]]));
const counted = (found) => Object.fromEntries(found.map((one) => [one.incident_id, amounts(one.toll)]));
/** What the API's description says of the steps up to a time. */
function asOf(history, time) {
  const then = {};
  for (const [place, kind, when, low, high] of history.steps) {
    if (when > time) continue;
    const { id } = history.features[place];
    if (kind === null) delete then[id];
    else (then[id] ??= {})[history.kinds[kind]] = [low, high];
  }
  return then;
}
const visible = () => Object.fromEntries(Object.entries(fold.incidents).filter(([, one]) => ["standing", "expired"].includes(one.state)).map(([id, one]) => [id, one.toll]));

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "stream-app-many-"));
  brokers = `127.0.0.1:${await service.freePort()}`;
  await start(["dev", "--no-worker", "--port", brokers.split(":")[1]], /Ctrl-C ends it/);
  await python("publish", "--part", "1");
  await startServe(0);
  await until((status) => (status.kept.revisions ?? 0) > 1000, "some are read");
  serve.kill("SIGKILL"); // in the middle of the first part
  await python("publish", "--part", "2");
  await startServe(new URL(base).port);
  await until((status) => Object.values(status.lag).every((lag) => lag === 0), "all is read");
  fold = JSON.parse(await python("fold"));
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
}, { timeout: 4 * PATIENCE });

after(async () => {
  await browser?.close();
  for (const child of running.reverse()) {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
  }
  await rm(folder, { recursive: true, force: true });
});

test("map, list, table and history tell the numbers that the topics come to", async () => {
  const wanted = visible();
  const { features } = await get("map");
  assert.deepEqual(counted(features.map((feature) => feature.properties)), wanted);
  const paged = [];
  for (let cursor = ""; cursor !== null; ) {
    const page = await get(`incidents?limit=1000${cursor && `&cursor=${cursor}`}`);
    paged.push(...page.incidents);
    cursor = page.cursor;
  }
  assert.equal(paged.length, Object.keys(wanted).length);
  assert.deepEqual(counted(paged), wanted);
  const { states, kept } = await get("status").then((status) => ({ states: status.incidents, kept: status.kept }));
  const folded = {};
  for (const { state } of Object.values(fold.incidents)) folded[state] = (folded[state] ?? 0) + 1;
  assert.deepEqual(states, folded);
  assert.equal(kept.revisions, fold.revisions);
});

test("an incident that was merged, withdrawn or closed says so, and leads to the one that stands", async () => {
  const entries = Object.entries(fold.incidents);
  for (const state of ["merged", "withdrawn", "expired"]) {
    for (const [id, one] of entries.filter(([, other]) => other.state === state).slice(0, 40)) {
      const whole = await get(`incidents/${id}`);
      assert.deepEqual([whole.state, whole.merged_into, amounts(whole.incident.toll)], [state, one.into, one.toll]);
    }
  }
});

test("the page shows those numbers: list, map as it was told, sheets of incidents", async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(base);
  const wanted = visible();
  const number = new Intl.NumberFormat("en");
  const words = ([low, high]) => (high === null ? `at least ${number.format(low)}` : low === high ? number.format(low) : `${number.format(low)} to ${number.format(high)}`);
  const leading = (toll) => (toll.killed ? ["killed", toll.killed] : Object.entries(toll).sort(([, a], [, b]) => b[0] - a[0])[0]);
  const agree = async (tolls) => {
    const said = `${number.format(Object.keys(tolls).length)} incidents`;
    await page.waitForFunction((text) => document.querySelector(".side > p").textContent === text, said);
    const rows = await page.locator(".incidents li").evaluateAll((all) => all.map((row) => [row.dataset.id, row.querySelector("a").innerText.split("\n")[0]]));
    assert.equal(rows.length, Math.min(300, Object.keys(tolls).length));
    for (const [id, text] of rows) {
      const [kind, toll] = leading(tolls[id]);
      assert.ok(text.endsWith(` ${words(toll)} ${kind}`), `${id}: ${text} for ${words(toll)} ${kind}`);
    }
  };
  await agree(wanted);
  const slider = page.getByRole("slider");
  const { features } = await get("map");
  const told = features.flatMap(({ properties }) => [properties.first_reported, properties.last_reported]).map(Date.parse);
  const [first, last] = [Math.min(...features.map(({ properties }) => Date.parse(properties.first_reported))), told.reduce((a, b) => Math.max(a, b))];
  const history = await get("history");
  for (const step of [40, 130]) {
    await slider.fill(String(step));
    const time = first + ((last - first) * step) / 200;
    await agree(asOf(history, time));
  }
  for (const [time, tolls] of Object.entries(fold.then)) {
    assert.deepEqual(asOf(history, Number(time)), tolls, new Date(Number(time)).toISOString());
  }
  const of = (state) => Object.entries(fold.incidents).find(([, one]) => one.state === state);
  for (const [state, text] of [["merged", "the same as another one"], ["withdrawn", "taken back by whoever"], ["expired", "Its last toll stays true"], ["standing", "How the toll moved"]]) {
    const [id, one] = of(state);
    await page.goto(`${base}#/incident/${id}`);
    await page.locator(`[data-incident="${id}"]`).waitFor();
    assert.match(await page.locator(".sheet").innerText(), new RegExp(text));
    for (const [kind, toll] of Object.entries(one.toll)) {
      const cell = page.locator(".sheet table").first().locator("tr", { has: page.getByRole("rowheader", { name: kind, exact: true }) }).locator("td").first();
      assert.equal(await cell.innerText(), words(toll));
    }
  }
  const [, { into }] = of("merged");
  await page.goto(`${base}#/incident/${of("merged")[0]}`);
  await page.getByRole("link", { name: "Go to it" }).click();
  await page.locator(`[data-incident="${into}"]`).waitFor();
  await page.close();
});

test("a merge leaves one marker: the map has a point for each incident that stands, and none for the others", async () => {
  const { features } = await get("map");
  const shown = new Set(features.map((feature) => feature.id));
  for (const [id, one] of Object.entries(fold.incidents)) {
    assert.equal(shown.has(id), ["standing", "expired"].includes(one.state), `${id} ${one.state}`);
    if (one.state === "merged") assert.ok(shown.has(one.into));
  }
});

test("a pan over ten thousand incidents has no task over 50 ms, and at most 8 ms of script a frame", async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(base);
  await page.waitForFunction(() => document.querySelectorAll(".incidents li").length === 300);
  await page.waitForTimeout(1000);
  for (const nearer of [0, 3]) {
    for (let press = 0; press < nearer; press += 1) await page.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForTimeout(500);
    const found = await pan(page);
    assert.ok(found.frames_with_script > 20 && found.longest_task_ms <= 50 && found.script_ms_a_frame_most <= 8, JSON.stringify(found));
  }
  await page.close();
});

test("page, script and style are at most 400 KB compressed, the borders beside them", async () => {
  const sizes = await Promise.all(["", "page.js", "painter.js", "page.css"].map(async (path) => gzipSync(Buffer.from(await (await fetch(base + path)).arrayBuffer())).length));
  assert.ok(sizes.reduce((sum, size) => sum + size) <= 400_000, sizes.join(" "));
});
