// The page: reads the address, asks the API, and shows; a change of a toll makes it ask again.
import { NAMES, Steps, asQuery, readFilters, readMoment, readRoute, writeSearch } from "./address.ts";
import type { Filters, Route } from "./address.ts";
import { MissingError, forget, get, news } from "./api.ts";
import { moment } from "./amounts.ts";
import { el, foreign } from "./dom.ts";
import { incidentSheet } from "./incident.ts";
import { asOf } from "./history.ts";
import type { History } from "./history.ts";
import { WorldMap, headline } from "./map.ts";
import type { Brief, Collection, Feature, Letters, Status, Told, Whole } from "./model.ts";
import { operatorsSheet } from "./operators.ts";
import { say, strings } from "./strings.ts";
import { Timeline } from "./timeline.ts";

const LISTED = 300;
const CALM_MS = 500;
const SETTLING_MS = 250;
const STATUS_MS = 5000;
const CAUSES = "airstrike shelling drone bombing shooting stabbing clash raid abduction protest execution earthquake flood storm landslide wildfire volcano heat cold fire collapse road rail sea air industrial crowd epidemic poisoning other".split(" ");

const top = document.getElementById("top") as HTMLElement;
const main = document.getElementById("main") as HTMLElement;
const state = document.getElementById("state") as HTMLElement;
let filters = readFilters(location.search);
let features: Feature[] = [];
let told: History | undefined; // of these features, asked for when the time line is moved
let asked: { query: string; answer: Promise<History> } | undefined;
let showRejected = false;
let counted: { at: number; read: number } | undefined; // records that the server has read, and when it said so
let rate: number | undefined; // a second, between the last two times

const list = el("ul", { class: "incidents" });
const count = el("p", { role: "status" });
const map = new WorldMap((briefs) => point(briefs));
const steps = new Steps();
let settling: number | undefined;
const timeline = new Timeline((until, settled) => {
  void showFeatures().catch(fail);
  clearTimeout(settling);
  if (settled) settling = window.setTimeout(() => go(writeSearch(filters, until), "time"), SETTLING_MS);
});
timeline.until = readMoment(location.search);
const form = filterForm();
const overview = [folded(form), el("div", { class: "both" }, map.element, timeline.element, el("div", { class: "side" }, count, list))];

top.append(el("nav", {}, el("a", { href: "#/operators" }, strings.operators)));
let seen = location.href; // a link to another page here is told of by both of these events
for (const name of ["popstate", "hashchange"]) addEventListener(name, () => {
  if (location.href === seen) return;
  seen = location.href;
  clearTimeout(settling);
  filters = readFilters(location.search);
  for (const name of NAMES) (form.elements.namedItem(name) as HTMLInputElement).value = filters[name];
  timeline.until = readMoment(location.search);
  void show(true);
});
listen();
void show(true);
setInterval(() => void showState(), STATUS_MS);
void showState();

function go(search: string, control: string): void {
  steps.go(search, control);
  seen = location.href;
}

let showing: Promise<void> | undefined;
let again = false;

/** Show what the address names, anew or as it has changed; however many ask for that meanwhile, it is looked at once more. */
async function show(anew: boolean, atOnce = anew): Promise<void> {
  if (atOnce || !showing) {
    const mine = (showing = showOnce(anew).finally(() => {
      if (showing === mine) showing = undefined;
    }));
    await mine;
    if (again && !showing) {
      again = false;
      await show(false);
    }
  } else again = true;
}

/** `anew`: another page than before. */
async function showOnce(anew: boolean): Promise<void> {
  if (anew) forget();
  const route = readRoute(location.hash);
  try {
    if (route.page === "incidents") await showOverview(anew);
    else if (route.page === "incident") await showIncident(route.id);
    else {
      const [status, letters] = await Promise.all([news<Status>("status"), news<Letters>("dead-letters")]);
      if ((!status && !letters) || gone(route)) return;
      replace(operatorsSheet(status ?? (await get<Status>("status")), letters ?? (await get<Letters>("dead-letters")), rate));
    }
    if (anew && route.page !== "incidents") scrollTo(0, 0);
  } catch (error) {
    if (gone(route)) return;
    if (error instanceof MissingError) replace(el("div", { class: "sheet" }, el("p", {}, el("a", { href: "#/" }, strings.back)), el("p", {}, strings.notFound)));
    else fail();
  }
}

/** Whether the address names another page by now: an answer that comes late is not put over it. */
function gone(route: Route): boolean {
  return JSON.stringify(readRoute(location.hash)) !== JSON.stringify(route);
}

async function showOverview(anew: boolean): Promise<void> {
  if (anew) main.replaceChildren(...overview);
  const query = asQuery(filters);
  const found = await news<Collection>(`map${query}`);
  if (!found || query !== asQuery(filters)) return; // somebody has changed the filters meanwhile
  features = found.features;
  told = undefined;
  timeline.show(features);
  await showFeatures();
}

/** The incidents as they stand, or as they were told up to where the time line's hand is. */
async function showFeatures(): Promise<void> {
  if (timeline.until !== Infinity && !told) {
    const query = asQuery(filters);
    if (asked?.query !== query) asked = { query, answer: get<History>(`history${query}`).finally(() => (asked = undefined)) };
    const answer = await asked.answer;
    if (query !== asQuery(filters)) return;
    told = answer;
  }
  const until = timeline.until;
  const shown = until === Infinity || !told ? features : asOf(told, until);
  map.show(shown);
  count.textContent = shown.length ? say(shown.length === 1 ? strings.oneIncident : strings.incidents, { count: shown.length.toLocaleString("en") }) : writeSearch(filters, until) ? strings.noIncidents : strings.nothingYet;
  list.replaceChildren(...shown.slice(0, LISTED).map((feature) => row(feature.properties)));
}

function row(brief: Brief): HTMLElement {
  const where = [brief.name, brief.country].filter(Boolean).join(", ") || strings.unknownPlace;
  const contested = Object.values(brief.toll).some((toll) => toll.contested);
  return el("li", { "data-id": brief.incident_id }, el("a", { href: `#/incident/${encodeURIComponent(brief.incident_id)}` },
    el("strong", {}, foreign(where)), ` ${headline(brief)}`, contested ? el("span", { class: "contested" }, ` ${strings.contested}`) : null, el("br"),
    el("small", {}, [brief.cause, brief.precision && (strings.precision[brief.precision] ?? brief.precision), moment(brief.last_reported)].filter(Boolean).join(" · "))));
}

function point(briefs: Brief[]): void {
  const [first] = briefs;
  if (briefs.length === 1 && first) location.hash = `#/incident/${encodeURIComponent(first.incident_id)}`;
  else {
    const chosen = new Set(briefs.map((brief) => brief.incident_id));
    const rows = [...list.children] as HTMLElement[];
    for (const one of rows) one.classList.toggle("chosen", chosen.has(one.dataset["id"] ?? ""));
    rows.find((one) => one.classList.contains("chosen"))?.scrollIntoView({ block: "nearest" });
  }
}

async function showIncident(id: string): Promise<void> {
  const path = `incidents/${encodeURIComponent(id)}`;
  const [whole, articles] = await Promise.all([news<Whole>(path), news<Told>(`${path}/articles`)]);
  if (!whole && !articles) return;
  const [all, read] = [whole ?? (await get<Whole>(path)), articles ?? (await get<Told>(`${path}/articles`))];
  if (gone({ page: "incident", id })) return;
  const toggle = (): void => {
    showRejected = !showRejected;
    replace(incidentSheet(id, all, read, showRejected, toggle));
    document.getElementById("rejected")?.focus();
  };
  replace(incidentSheet(id, all, read, showRejected, toggle));
}

/** Put a page in place, unless somebody is selecting text on the one that stands: the next change tries again. */
function replace(page: HTMLElement): void {
  const selection = getSelection();
  if (selection && !selection.isCollapsed && main.contains(selection.anchorNode) && (main.firstElementChild as HTMLElement | null)?.dataset["incident"] === page.dataset["incident"]) {
    forget();
    return;
  }
  main.replaceChildren(page);
}

function filterForm(): HTMLFormElement {
  const options = (values: string[]): Node[] => [el("option", { value: "" }, strings.any), ...values.map((value) => el("option", { value }, strings.kinds[value] ?? value))];
  const made = el("form", { role: "search" },
    el("label", {}, strings.search, el("input", { type: "search", name: "text", maxlength: "200" })),
    el("label", {}, strings.country, el("input", { name: "country", maxlength: "2", placeholder: "UA" })),
    el("label", {}, strings.cause, el("select", { name: "cause" }, ...options(CAUSES))),
    el("label", {}, strings.kind, el("select", { name: "kind" }, ...options(Object.keys(strings.kinds)))),
    el("label", {}, strings.least, el("input", { name: "least", inputmode: "numeric", maxlength: "12" })),
    el("label", {}, strings.from, el("input", { type: "date", name: "from" })),
    el("label", {}, strings.until, el("input", { type: "date", name: "to" })),
    el("button", { type: "reset" }, strings.clear)) as HTMLFormElement;
  for (const name of NAMES) (made.elements.namedItem(name) as HTMLInputElement).value = filters[name];
  const changed = (control: string): void => {
    filters = Object.fromEntries(NAMES.map((name) => [name, (made.elements.namedItem(name) as HTMLInputElement).value])) as unknown as Filters;
    go(writeSearch(filters, timeline.until), control);
    forget(); // what these filters were told before is not what is shown now
    void show(false, true);
  };
  let waiting: number | undefined;
  made.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = window.setTimeout(changed, SETTLING_MS, (event.target as HTMLInputElement).name);
  });
  made.addEventListener("reset", () => {
    timeline.until = Infinity;
    setTimeout(changed, 0, "clear");
  });
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    changed((document.activeElement as HTMLInputElement | null)?.name ?? "");
  });
  return made;
}

/** The filters: folded on a telephone, where they would leave no room for the map, unless some are set. */
function folded(inside: HTMLElement): HTMLElement {
  const narrow = matchMedia("(max-width: 40rem)");
  const made = el("details", { class: "filters" }, el("summary", {}, strings.filters), inside) as HTMLDetailsElement;
  const fold = (): void => void (made.open = !narrow.matches || writeSearch(filters, Infinity) !== "");
  narrow.addEventListener("change", fold);
  fold();
  return made;
}

function listen(): void {
  let waiting: number | undefined;
  const source = new EventSource("api/v1/feed");
  source.addEventListener("revision", () => {
    waiting ??= window.setTimeout(() => {
      waiting = undefined;
      void show(false);
    }, CALM_MS);
  });
  source.addEventListener("open", () => void show(false));
}

async function showState(): Promise<void> {
  try {
    const status = await get<Status>("status");
    const now = { at: performance.now(), read: status.read };
    if (counted && now.read >= counted.read) rate = Math.round(((now.read - counted.read) * 1000) / (now.at - counted.at));
    counted = now;
    const behind = Object.values(status.lag ?? {}).reduce((sum, lag) => sum + lag, 0);
    tell(status.trouble ?? (behind ? say(strings.behind, { count: behind.toLocaleString("en") }) : strings.upToDate), status.trouble !== null);
    void show(false);
  } catch {
    fail();
  }
}

function fail(): void {
  tell(strings.failed, true);
}

function tell(text: string, trouble: boolean): void {
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("trouble", trouble);
}
