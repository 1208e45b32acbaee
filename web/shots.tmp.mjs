import { chromium } from "playwright-core";
const base = process.argv[2];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const ids = { mariupol: "inc-6b23543dcc9a0beb84b13f513e04c278", aleppo: "inc-31432ba7fbd99dd6bd2a63318b1efa74", dhaka: "inc-c36650ca043b36b92bbf95c91efd18a9", madrid: "inc-57cdce54307be7fc02ed808ac2305530", noplace: "inc-e5cea55ac5505ba0d1e1ac50d7062864", kharkiv: "inc-194dc7b3bbc40746a95609f6fc4e2975" };
const pages = { map: "", ops: "#/operators", ...Object.fromEntries(Object.entries(ids).map(([n, id]) => [n, `#/incident/${id}`])) };
const only = process.argv[3]?.split(",");
for (const [name, hash] of Object.entries(pages)) {
  for (const [width, colorScheme] of [[390, "light"], [820, "light"], [1440, "light"], [1440, "dark"], [390, "dark"]]) {
    const key = `${name}-${width}-${colorScheme}`;
    if (only && !only.some((o) => key.startsWith(o))) continue;
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on("pageerror", (e) => console.log("ERR", key, e.message));
    await page.goto(base + hash);
    await page.locator(name === "map" ? ".incidents li" : ".sheet table").first().waitFor();
    if (hash.includes("incident/")) await page.getByLabel(/rejected/).check();
    await page.waitForTimeout(600);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) console.log("STICKS OUT", key, over);
    await page.screenshot({ path: `/tmp/page/s-${key}.png`, fullPage: width !== 820 && name !== "map" });
    await page.close();
  }
}
await browser.close();
