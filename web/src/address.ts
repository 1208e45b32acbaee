// What is shown stands in the address, so that it can be shared: filters as parameters, the page behind the hash.
export interface Filters { text: string; country: string; cause: string; kind: string; least: string; from: string; to: string }
export const NAMES = ["text", "country", "cause", "kind", "least", "from", "to"] as const;

export function readFilters(search: string): Filters {
  const found = new URLSearchParams(search);
  return Object.fromEntries(NAMES.map((name) => [name, found.get(name) ?? ""])) as unknown as Filters;
}

export function writeFilters(filters: Filters): string {
  const said = new URLSearchParams(NAMES.filter((name) => filters[name]).map((name) => [name, filters[name]]));
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
