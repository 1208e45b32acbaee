// Builds the page into stream_app/serve/static: one script, one style, and the world's borders.
import { build } from "esbuild";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
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
await cp(here("src/index.html"), out + "index.html");
const world = JSON.parse(await readFile(here("node_modules/world-atlas/countries-50m.json"), "utf-8"));
await writeFile(out + "world.json", JSON.stringify(paths(world)));
