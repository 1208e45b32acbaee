// The page in Chromium over a live service: broker, worker and serve as a person starts them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import * as service from "./processes.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const APP = process.env.STREAM_APP ?? here("../../.venv/bin/stream-app");
const SHOTS = here("../../build/web/");
const PATIENT = 90_000;
const running = [];
let browser, base, brokers, folder;

/** Start a command that stays until the tests end, and wait until it says something. */
function start(words, said) {
  const { child, found } = service.start(APP, words, said, folder);
  running.push(child);
  return found;
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

function publish(path) {
  return new Promise((resolve, reject) => {
    spawn(APP, ["publish", "--quiet", "--brokers", brokers, path], { stdio: "ignore" }).on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`publish: ${code}`)));
  });
}

async function publishArticles(...articles) {
  const path = join(folder, `${articles[0].id}.jsonl`);
  await writeFile(path, articles.map((article) => JSON.stringify(article)).join("\n"));
  await publish(path);
}

/** Publish articles as if they were received at a time. */
function publishAt(time, ...articles) {
  return new Promise((resolve, reject) => {
    const child = spawn(join(APP, "../python"), ["-m", "scripts.publish_at", brokers], { cwd: here("../../"), stdio: ["pipe", "ignore", "inherit"] });
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`publish_at: ${code}`))));
    child.stdin.end(articles.map((article) => JSON.stringify({ at_ms: time, article })).join("\n"));
  });
}

/** Ask the API until the answer is right. */
async function until(path, right) {
  for (const end = Date.now() + PATIENT; ; ) {
    const answer = await fetch(`${base}api/v1/${path}`);
    const value = answer.ok ? await answer.json() : undefined;
    if (value !== undefined && right(value)) return value;
    if (Date.now() > end) throw new Error(`never right: ${path} ${JSON.stringify(value)?.slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Wait until the list has been the same for a while: what was published is counted. */
async function settled() {
  let [last, since] = ["", Date.now()];
  await until("incidents", (found) => {
    const now = JSON.stringify(found);
    if (now !== last) [last, since] = [now, Date.now()];
    return Date.now() - since > 3_000;
  });
}

async function open(path = "", options = {}) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.setDefaultTimeout(PATIENT);
  await page.goto(base + path);
  return Object.assign(page, { faults });
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "stream-app-web-"));
  await mkdir(SHOTS, { recursive: true });
  const [broker, web] = [await service.freePort(), await service.freePort()];
  brokers = `127.0.0.1:${broker}`;
  await start(["dev", "--port", String(broker), "--web-port", String(web), "--no-page"], /Ctrl-C ends it/);
  [, base] = await start(["serve", "--brokers", brokers, "--store", `sqlite:///${join(folder, "store.db")}`, "--port", "0"], /(http:\S+\/)/);
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  // The first of a story is counted before its copies and revisions come, else a toll has no first step to look for.
  const [first, ...later] = (await readFile(here("../../seeds/stream.jsonl"), "utf8")).trim().split("\n");
  for (const lines of [[first], later]) {
    const path = join(folder, `story-${lines.length}.jsonl`);
    await writeFile(path, lines.join("\n"));
    await publish(path);
    await until("incidents?text=kharkiv", (found) => found.incidents.length === 1);
  }
  await settled();
}, { timeout: 4 * PATIENT });

after(async () => {
  await browser?.close();
  for (const child of running.reverse()) await stop(child);
  await rm(folder, { recursive: true, force: true });
});

test("what the demo tells of stands in the list and on the map", async () => {
  const page = await open();
  await page.getByRole("link", { name: /Kharkiv/ }).waitFor();
  const { incidents } = await until("incidents", (found) => found.incidents.length >= 5);
  await page.waitForFunction((count) => document.querySelectorAll(".incidents li").length === count, incidents.length);
  for (const incident of incidents) {
    const row = page.locator(`[data-id="${incident.incident_id}"]`);
    const killed = incident.toll.killed?.low;
    if (killed !== undefined) assert.match(await row.innerText(), new RegExp(`\\b${killed.toLocaleString("en")}\\b`));
  }
  assert.deepEqual(page.faults, []);
  await page.close();
});

test("a revision moves the chart of an incident that is being looked at", async () => {
  const article = (id, killed, hour) => ({
    id, source: "valley-post.example", url: `https://valley-post.example/${id}`, published_at: `2022-03-07T${hour}:00:00Z`,
    title: `Bridge collapse in Porto kills ${killed}`,
    text: `A road bridge collapsed in the Portuguese city of Porto on Monday, killing ${killed} people, the fire service said. ` +
      `Divers were still searching the river on Monday evening for cars that had been on the bridge when it gave way.`,
  });
  await publishArticles(article("bridge", 3, "10"));
  const { incidents: [incident] } = await until("incidents?text=porto", (found) => found.incidents.length === 1);
  const page = await open(`#/incident/${incident.incident_id}`);
  await page.locator("svg.chart.killed circle").first().waitFor();
  const before = await page.locator("svg.chart.killed circle").count();
  await publishArticles({ ...article("bridge", 5, "14") });
  await page.waitForFunction((count) => document.querySelectorAll("svg.chart.killed circle").length > count, before);
  await page.getByRole("cell", { name: "5", exact: true }).first().waitFor();
  assert.deepEqual(page.faults, []);
  await page.close();
});

test("filters and links survive a reload", async () => {
  const page = await open();
  await page.getByLabel("Place or title").fill("Kharkiv");
  await page.waitForFunction(() => document.querySelectorAll(".incidents li").length === 1);
  assert.match(page.url(), /\?text=Kharkiv/);
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll(".incidents li").length === 1);
  assert.equal(await page.getByLabel("Place or title").inputValue(), "Kharkiv");
  await page.getByRole("link", { name: /Kharkiv/ }).click();
  await page.getByRole("heading", { name: /Kharkiv/ }).first().waitFor();
  await page.reload();
  await page.getByRole("heading", { name: /Kharkiv/ }).first().waitFor();
  await page.close();
});

test("the back button undoes a filter, and the forward button sets it again", async () => {
  const page = await open();
  const rows = (count) => page.waitForFunction((wanted) => document.querySelectorAll(".incidents li").length === wanted, count);
  const { incidents } = await until("incidents", (found) => found.incidents.length >= 5);
  await rows(incidents.length);
  await page.getByLabel("Place or title").pressSequentially("Kharkiv", { delay: 60 });
  await rows(1);
  await page.waitForURL(/text=Kharkiv$/);
  await page.getByLabel("Cause").selectOption("flood");
  await rows(0);
  await page.goBack();
  await rows(1);
  assert.equal(await page.getByLabel("Cause").inputValue(), "");
  await page.goBack();
  await rows(incidents.length);
  assert.equal(await page.getByLabel("Place or title").inputValue(), "", "what was typed in one go is one step");
  await page.goForward();
  await rows(1);
  await page.getByRole("button", { name: "Clear" }).click();
  await rows(incidents.length);
  assert.deepEqual(page.faults, []);
  await page.close();
});

test("a moment is in the address: it survives a reload and is shared, and is the same one when more is told", async () => {
  const page = await open();
  const told = async () => [await page.locator(".incidents li").allTextContents(), await page.locator(".timeline output").innerText()];
  const { incidents } = await until("incidents", (found) => found.incidents.length >= 5);
  await page.waitForFunction((count) => document.querySelectorAll(".incidents li").length === count, incidents.length);
  const now = await told();
  await page.getByRole("slider").fill("100");
  await page.waitForURL(/[?]at=2022-/);
  await page.waitForFunction((count) => document.querySelectorAll(".incidents li").length < count, incidents.length);
  const then = await told();
  assert.match(then[1], /^As told until 2022-/);
  const shared = await open(new URL(page.url()).search);
  for (const one of [page, shared]) {
    await one.reload();
    await one.waitForFunction((count) => document.querySelectorAll(".incidents li").length === count, then[0].length);
  }
  assert.deepEqual(await told(), then);
  await shared.close();
  const place = Number(await page.getByRole("slider").inputValue());
  await publishArticles({
    id: "later", source: "valley-post.example", url: "https://valley-post.example/later", published_at: "2022-05-20T10:00:00Z",
    title: "Fire in Lyon kills 6", text: "A fire in a block of flats in the French city of Lyon killed six people on Friday, the fire service said.",
  });
  await until("incidents?text=lyon", (found) => found.incidents.length === 1);
  await page.waitForFunction((was) => Number(document.querySelector("input[type=range]").value) < was, place);
  assert.deepEqual(await told(), then, "the hand has moved, the moment has not");
  await page.goBack();
  await page.waitForFunction((count) => document.querySelectorAll(".incidents li").length === count, now[0].length + 1);
  assert.equal((await told())[1], "now");
  assert.deepEqual(page.faults, []);
  await page.close();
});

test("with the keyboard alone: to the list, to an incident, through its chart, and back", async () => {
  const page = await open("?text=kharkiv");
  await page.locator(".incidents a").first().waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the incidents");
  const tabTo = async (right) => {
    for (let press = 0; press < 60; press += 1) {
      if (await page.evaluate(right)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`never reached: ${right}`);
  };
  await tabTo(() => document.activeElement.classList.contains("world"));
  await page.keyboard.press("+");
  await page.keyboard.press("ArrowLeft");
  await tabTo(() => document.activeElement.matches("input[type=range]"));
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-valuetext")), "now");
  await tabTo(() => document.activeElement.matches(".incidents a"));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /Kharkiv/ }).first().waitFor();
  await tabTo(() => document.activeElement.matches(".chart.injured circle"));
  assert.match(await page.locator("figure", { has: page.locator(".chart.injured") }).locator("figcaption").innerText(), /17 injured/);
  await page.goBack();
  await page.locator(".incidents a").first().waitFor();
  assert.deepEqual(page.faults, []);
  await page.close();
});

test("what was read in an article is marked in its words, and what does not count looks like no count", async () => {
  const { incidents: [incident] } = await until("incidents?text=dhaka", (found) => found.incidents.length === 1);
  const page = await open(`#/incident/${incident.incident_id}`);
  await page.locator("mark.killed").first().waitFor();
  assert.ok(await page.locator("mark.aside .tag").count() > 0, "historical and alleged figures say so");
  await page.getByLabel(/rejected/).check();
  await page.waitForFunction(() => document.querySelector("#rejected").checked);
  await page.close();
});

test("hostile articles do no harm", async () => {
  const script = "<script>window.harmed = true</script><img src=x onerror='window.harmed = true'>";
  await publishArticles({
    id: "evil", source: script, url: "javascript:window.harmed=true", published_at: "2022-03-08T10:00:00Z",
    title: `${script}\u202e Blast in Oslo kills 4`,
    text: `${script} A blast in the Norwegian city of Oslo killed four people on Tuesday, police said.\u2066 ${"x ".repeat(400_000)}`,
  });
  const { incidents: [incident] } = await until("incidents?text=oslo", (found) => found.incidents.length === 1);
  const page = await open(`#/incident/${incident.incident_id}`);
  await page.locator("article").first().waitFor();
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.equal(await page.locator("main script, main img").count(), 0);
  assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
  await page.close();
});

test("serve takes up where it stood when it was killed, and the page comes back by itself", async () => {
  const page = await open();
  await page.getByRole("link", { name: /Kharkiv/ }).waitFor();
  const old = running.pop();
  old.kill("SIGKILL");
  await page.locator("footer.trouble").waitFor();
  const port = new URL(base).port;
  await start(["serve", "--brokers", brokers, "--store", `sqlite:///${join(folder, "store.db")}`, "--port", port], /(http:\S+\/)/);
  await page.getByText("Up to date").waitFor();
  const ledger = await until("revisions?limit=1000", (found) => found.revisions.length > 0);
  assert.equal(new Set(ledger.revisions.map((entry) => entry.revision_id)).size, ledger.revisions.length);
  const [first, ...missed] = ledger.revisions.map((entry) => entry.seq);
  const feed = await fetch(`${base}api/v1/feed`, { headers: { "Last-Event-ID": String(first) } });
  const reader = feed.body.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  while ((heard.match(/^data: .*\n\n/gm) ?? []).length < missed.length) heard += (await reader.read()).value;
  assert.deepEqual([...heard.matchAll(/^id: (\d+)$/gm)].map((found) => Number(found[1])), missed, "what a listener missed is told after a restart");
  await reader.cancel();
  await page.close();
});

const axe = await readFile(here("../node_modules/axe-core/axe.min.js"), "utf-8");

for (const [name, hash] of [["overview", ""], ["incident", "#/incident/"], ["operators", "#/operators"]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds no serious fault: ${name}, ${colorScheme}; pictures at three widths`, async () => {
      const { incidents: [incident] } = await until("incidents?text=kharkiv", (found) => found.incidents.length === 1);
      const page = await open(hash.endsWith("incident/") ? hash + incident.incident_id : hash, { colorScheme });
      await page.locator(name === "overview" ? ".incidents li" : ".sheet table").first().waitFor();
      await page.evaluate(axe); // by the debugger: the page's own policy lets no foreign script in
      const { violations } = await page.evaluate(() => window.axe.run());
      const serious = violations.filter((one) => ["serious", "critical"].includes(one.impact));
      assert.deepEqual(serious.map((one) => `${one.id}: ${one.nodes[0]?.html}`), []);
      for (const width of [390, 820, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(200);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing sticks out at ${width}`);
        await page.screenshot({ path: join(SHOTS, `${name}-${colorScheme}-${width}.png`) });
      }
      await page.close();
    });
  }
}

// The last one: what it publishes is a week later than all the rest, so that the worker closes every incident.
test("a worker's merge, withdrawal and expiry are seen on the pages that are open", async () => {
  const WEEK_MS = 8 * 86_400_000;
  const article = (id, day, title, text, more = {}) => ({ id, source: `${id}.example`, url: `https://${id}.example/`, published_at: `2022-04-${day}:00:00Z`, title, text, ...more });
  const lounge = "Tverdokhlib fled the Velvet lounge behind the depot.";
  const one = "One person was killed, police said.";
  const taken = article("oops", "02T12", "Explosion in Ghent kills 5", "An explosion killed five people in the Belgian city of Ghent on Saturday, the fire service said.");
  await publishAt(Date.now(),
    article("granary", "01T08", "Man killed at Oakbarn", "Horbenko was buried beside the Oakbarn granary. A farmer, 61, was killed there."),
    article("lounge", "01T12", "Shooting at lounge", `${lounge} ${one}`), taken,
    article("avalanche", "02T13", "Avalanche near Innsbruck kills 2", "An avalanche killed two people near the Austrian city of Innsbruck on Saturday, the rescue service said."));
  const found = await until("incidents?limit=1000", ({ incidents }) => ["granary", "lounge", "oops", "avalanche"].every((id) => incidents.some(({ articles }) => articles.includes(id))));
  const of = (id) => found.incidents.find(({ articles }) => articles.includes(id)).incident_id;
  const ids = Object.fromEntries(["granary", "lounge", "oops", "avalanche"].map((id) => [id, of(id)]));
  assert.notEqual(ids.granary, ids.lounge, "two incidents before they are linked");
  const page = await open();
  const sheets = Object.fromEntries(await Promise.all(Object.entries(ids).map(async ([id, incident]) => [id, await open(`#/incident/${incident}`)])));
  const row = (id) => page.locator(`[data-id="${id}"]`);
  for (const id of Object.values(ids)) await row(id).waitFor();

  await publishAt(Date.now(), article("linking", "01T07", "One killed", `${lounge} Horbenko was shot at the Oakbarn granary. ${one}`));
  const { incident: merged } = await until("articles/linking", ({ incidents }) => incidents.length === 1).then(({ incidents: [id] }) => until(`incidents/${id}`, ({ incident }) => incident?.articles.length === 3));
  await row(merged.incident_id).waitFor();
  for (const id of ["granary", "lounge"]) {
    await row(ids[id]).waitFor({ state: "detached" });
    await sheets[id].getByText("the same as another one").waitFor();
    await sheets[id].getByRole("link", { name: "Go to it" }).click();
    await sheets[id].locator(`[data-incident="${merged.incident_id}"]`).waitFor();
    assert.equal(await sheets[id].locator("article").count(), 3);
  }
  assert.match(await row(merged.incident_id).innerText(), /\b1 killed/, "one person, told of three times");
  const { features } = await until("map", () => true);
  assert.deepEqual(features.filter(({ id }) => [merged.incident_id, ids.granary, ids.lounge].includes(id)).map(({ id }) => id), [merged.incident_id], "one marker");

  await publishAt(Date.now(), { ...taken, metadata: { withdrawn: true } });
  await row(ids.oops).waitFor({ state: "detached" });
  await sheets.oops.getByText("taken back by whoever told of it").waitFor();

  const towns = ["Gdansk", "Krakow", "Poznan", "Lublin", "Wroclaw"];
  await publishAt(Date.now() + WEEK_MS, ...towns.map((town, at) =>
    article(`quiet${at}`, "20T12", `Bus crash in ${town}`, `A bus crash killed ${at + 2} people in the Polish city of ${town} on Wednesday, police said.`)));
  await sheets.avalanche.getByText("Its last toll stays true").waitFor();
  assert.match(await row(ids.avalanche).innerText(), /\b2 killed/);
  const { incidents: states } = await until("status", ({ lag }) => Object.values(lag).every((count) => count === 0));
  assert.ok(states.merged >= 2 && states.withdrawn >= 1 && states.expired >= 1, JSON.stringify(states));
  for (const one of [page, ...Object.values(sheets)]) {
    assert.deepEqual(one.faults, []);
    await one.close();
  }
});
