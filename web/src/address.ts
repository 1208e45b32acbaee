// What is shown stands in the address, so that it can be shared: filters and the time line's place as parameters, the
// page behind the hash.
export interface Filters { text: string; country: string; cause: string; kind: string; least: string; from: string; to: string }
export const NAMES = ["text", "country", "cause", "kind", "least", "from", "to"] as const;

export function readFilters(search: string): Filters {
  const found = new URLSearchParams(search);
  return Object.fromEntries(NAMES.map((name) => [name, found.get(name) ?? ""])) as unknown as Filters;
}

/** The time up to which the map is shown as it was told; Infinity where the address names none, and for what is none. */
export function readMoment(search: string): number {
  const time = Date.parse(new URLSearchParams(search).get("at") ?? "");
  return Number.isFinite(time) ? time : Infinity;
}

export function writeSearch(filters: Filters, until: number): string {
  const said = new URLSearchParams(NAMES.filter((name) => filters[name]).map((name) => [name, filters[name]]));
  if (until !== Infinity) said.set("at", new Date(until).toISOString().replace(".000Z", "Z"));
  return said.size ? `?${said}` : "";
}

/** The same as the API asks for it: days become times. */
export function asQuery(filters: Filters): string {
  const query = new URLSearchParams();
  for (const name of NAMES) {
    const value = filters[name].trim();
    if (!value || (name === "least" && !/^\d{1,12}$/.test(value))) continue;
    if (name === "from" || name === "to") {
      if (/^\d{4}-\d{2}-\d{2}$/.test(value)) query.set(name, name === "from" ? `${value}T00:00:00Z` : `${value}T23:59:59Z`);
    } else query.set(name, name === "country" ? value.toUpperCase() : value);
  }
  return query.size ? `?${query}` : "";
}

export type Route = { page: "incidents" } | { page: "incident"; id: string } | { page: "operators" };

export function readRoute(hash: string): Route {
  const [, page, id] = hash.replace(/^#/, "").split("/");
  if (page === "incident" && id) {
    try {
      return { page, id: decodeURIComponent(id) };
    } catch {
      return { page: "incidents" };
    }
  }
  return page === "operators" ? { page } : { page: "incidents" };
}

const SETTLED_MS = 1000;

/** Puts what is shown into the address; a change that has settled is a step that the browser's back button undoes. */
export class Steps {
  private last = { control: "", at: -Infinity };

  /** `control`: what was changed. Letters typed one after another, or a hand that is dragged, are one step. */
  go(search: string, control: string): void {
    const href = `${location.pathname}${search}${location.hash}`;
    if (href === location.pathname + location.search + location.hash) return;
    const now = performance.now();
    const goesOn = control === this.last.control && now - this.last.at < SETTLED_MS;
    history[goesOn ? "replaceState" : "pushState"](null, "", href);
    this.last = { control, at: now };
  }
}
