// What docs/serving.md says of the page's speed, with ten thousand incidents in Chromium: `node web/measure.mjs` where
// .venv, Node and Chromium are. No GPU is assumed: pixels are drawn by the processor.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { pan } from "./test/pan.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const APP = process.env.STREAM_APP ?? join(ROOT, ".venv/bin/stream-app");
const folder = await mkdtemp(join(tmpdir(), "stream-app-measure-"));
const running = [];
const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const start = (words, said) => new Promise((resolve, reject) => {
  const child = spawn(APP, words);
  running.push(child);
  let heard = "";
  for (const pipe of [child.stdout, child.stderr]) pipe.on("data", (data) => {
    heard += data;
    if (said.exec(heard)) resolve(said.exec(heard));
  });
  child.on("exit", () => reject(new Error(heard)));
});

try {
  const static_ = join(ROOT, "stream_app/serve/static/");
  const sizes = {};
  for (const name of ["index.html", "page.js", "painter.js", "page.css", "world.json"]) sizes[name] = gzipSync(await readFile(static_ + name)).length;
  const broker = `127.0.0.1:${await freePort()}`;
  await start(["dev", "--no-worker", "--port", broker.split(":")[1]], /Ctrl-C ends it/);
  await promisify(execFile)(join(APP, "../python"), ["-m", "scripts.many_incidents", "publish", "--brokers", broker], { cwd: ROOT });
  const [, base] = await start(["serve", "--brokers", broker, "--store", `sqlite:///${join(folder, "store.db")}`, "--port", "0"], /(http:\S+\/)/);
  for (;;) {
    const status = await (await fetch(`${base}api/v1/status`)).json();
    if (status.lag && Object.values(status.lag).every((lag) => lag === 0) && status.kept.incidents === 10_000) break;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(base);
  await page.waitForFunction(() => document.querySelectorAll(".incidents li").length === 300);
  await page.waitForTimeout(1500);
  const paint = await page.evaluate(() => performance.getEntriesByType("paint").map(({ name, startTime }) => [name, Math.round(startTime)]));
  console.log(JSON.stringify({ gzip_bytes: sizes, paint_ms: Object.fromEntries(paint), whole_world: await pan(page) }, null, 1));
  for (let press = 0; press < 3; press += 1) await page.getByRole("button", { name: "Zoom in" }).click();
  await page.waitForTimeout(500);
  console.log(JSON.stringify({ eightfold: await pan(page) }, null, 1));
  await browser.close();
} finally {
  for (const child of running.reverse()) child.kill();
  await rm(folder, { recursive: true, force: true });
}
