// Builds the page into stream_app/serve/static: one script, one style, and the world's borders.
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { paths } from "./borders.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../stream_app/serve/static/");

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: { page: here("src/main.ts"), painter: here("src/painter.ts") },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir: out,
  legalComments: "linked",
});
await build({ entryPoints: [here("src/page.css")], bundle: true, minify: true, outfile: out + "page.css" });
const { outputFiles: [compiled] } = await build({ entryPoints: [here("src/strings.ts")], write: false, format: "esm" });
const { say, strings } = await import(`data:text/javascript;base64,${Buffer.from(compiled.contents).toString("base64")}`);
await writeFile(out + "index.html", say(await readFile(here("src/index.html"), "utf-8"), strings)); // what is read before the script has come
const world = JSON.parse(await readFile(here("node_modules/world-atlas/countries-50m.json"), "utf-8"));
await writeFile(out + "world.json", JSON.stringify(paths(world)));
