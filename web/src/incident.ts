// One incident: what stands, how it moved, what contradicts it, and the words that each figure was read from.
import { amount, moment, ordered } from "./amounts.ts";
import { chart } from "./chart.ts";
import { el, foreign, foreigners, outward } from "./dom.ts";
import type { Article, Conflict, Copy, Incident, Revision, Told, Toll, Whole } from "./model.ts";
import { pieces } from "./spans.ts";
import { say, strings } from "./strings.ts";

export function incidentSheet(id: string, whole: Whole, { articles, copies }: Told, showRejected: boolean, toggle: () => void): HTMLElement {
  const sheet = el("div", { class: "sheet" }, el("p", {}, el("a", { href: "#/" }, strings.back)));
  if (whole.state === "merged") {
    sheet.append(el("p", { class: "notice" }, strings.merged, " ",
      whole.merged_into ? el("a", { href: `#/incident/${encodeURIComponent(whole.merged_into)}` }, strings.mergedInto) : null));
  } else if (whole.state === "withdrawn") sheet.append(el("p", { class: "notice" }, strings.withdrawn));
  else if (whole.state === "expired") sheet.append(el("p", { class: "note" }, strings.expired));
  if (whole.incident) sheet.append(...standing(whole.incident));
  const kinds = ordered(new Set(whole.revisions.flatMap((revision) => revision.kind ?? [])));
  const charts = kinds.flatMap((kind) => {
    const drawn = chart(whole.revisions, kind);
    return drawn ? [el("h3", {}, strings.kinds[kind] ?? kind), drawn] : [];
  });
  if (charts.length) sheet.append(el("h2", {}, strings.chart), ...charts);
  if (whole.incident?.conflicts.length) sheet.append(el("h2", {}, strings.conflicts), conflicts(whole.incident.conflicts));
  if (whole.incident?.context.length) sheet.append(el("h2", {}, strings.context), context(whole.incident));
  sheet.append(el("h2", {}, strings.ledger), ledger(whole));
  const box = el("input", { type: "checkbox", id: "rejected" }) as HTMLInputElement;
  box.checked = showRejected;
  box.addEventListener("change", toggle);
  sheet.append(el("h2", {}, strings.articles), el("p", {}, box, " ", el("label", { for: "rejected", class: "inline" }, strings.showRejected)));
  sheet.append(...articles.map((article) => told(article, copies.filter((copy) => copy.of === article.article_id), showRejected)));
  sheet.dataset["incident"] = id;
  return sheet;
}

function standing(incident: Incident): Node[] {
  const place = incident.place;
  const names = [place?.name, place?.admin1 === place?.name ? null : place?.admin1, place?.country_code].filter((name): name is string => Boolean(name));
  const precision = place?.precision ? strings.precision[place.precision] ?? place.precision : null;
  const rows = ordered(Object.keys(incident.toll)).map((kind) => [kind, incident.toll[kind] as Toll] as const).map(([kind, toll]) =>
    el("tr", {}, el("th", { scope: "row", class: kind }, strings.kinds[kind] ?? kind), el("td", { class: "n" }, amount(toll)),
      el("td", {}, toll.contested ? el("span", { class: "contested" }, `${strings.contested} `) : null,
        ...foreigners([...(toll.said_by ?? []), ...(toll.sources ?? [])]), " ", toll.grade ? el("small", { title: strings.gradeMeans }, say(strings.grade, { grade: toll.grade })) : null)));
  const [first, last] = [moment(incident.first_reported), moment(incident.last_reported)];
  return [
    el("h1", {}, ...foreigners(names.length ? names : [strings.unknownPlace]), incident.cause ? ` · ${incident.cause}` : ""),
    el("p", { class: "note" }, [precision, `${first === last ? first : `${first} – ${last}`} UTC`, incident.origins === 1 ? strings.origin : say(strings.origins, { count: incident.origins })].filter(Boolean).join(" · ")),
    el("h2", {}, strings.standing), el("div", { class: "wide" }, el("table", {}, el("tbody", {}, ...rows))),
  ];
}

/** What was said that cannot be true beside the standing toll: how many, by whom, when. */
function conflicts(all: Conflict[]): HTMLElement {
  return el("ul", {}, ...all.map((one) => el("li", {}, `${amount(one)} ${strings.kinds[one.kind] ?? one.kind}: `,
    ...foreigners([...(one.said_by ?? []), ...(one.source ? [one.source] : [])]), " ", el("small", {}, moment(one.reported ?? null)))));
}

function context(incident: Incident): HTMLElement {
  return el("ul", {}, ...incident.context.map((one) =>
    el("li", {}, foreign(one.phrase), ` ${strings.kinds[one.kind] ?? one.kind}: ${strings.assertions[one.role] ?? one.role}`)));
}

function ledger(whole: Whole): HTMLElement {
  return el("div", { class: "wide" }, el("table", {}, el("tbody", {}, ...whole.revisions.map((revision) =>
    el("tr", {}, el("td", { class: "when" }, el("time", { datetime: revision.when }, moment(revision.when))),
      el("td", {}, ...entry(revision), " ", el("small", {}, strings.why[revision.why] ?? revision.why)))))));
}

/** An entry's words; another incident's name in them is a link to it. */
function entry({ text, other_incident: other }: Revision): Node[] {
  const at = other ? text.indexOf(other) : -1;
  if (!other || at < 0) return [foreign(text)];
  const link = el("a", { href: `#/incident/${encodeURIComponent(other)}`, title: other }, strings.anotherIncident);
  return [el("bdi", {}, text.slice(0, at), link, text.slice(at + other.length))];
}

function told(article: Article, copies: Copy[], showRejected: boolean): HTMLElement {
  const rejected = showRejected ? article.rejected : [];
  const part = (field: "title" | "text", text: string): Node[] => pieces(text, field, article.casualties, rejected).map((piece) => {
    if (piece.figure) {
      const counts = piece.figure.assertion === "actual";
      const label = counts ? `${amount(piece.figure)} ${strings.kinds[piece.figure.kind] ?? piece.figure.kind}` : strings.assertions[piece.figure.assertion] ?? piece.figure.assertion;
      return el("mark", { class: counts ? piece.figure.kind : "aside", title: `${label} (${piece.figure.rule})` }, piece.text, counts ? null : el("span", { class: "tag" }, ` [${label}]`));
    }
    if (piece.rejected) return el("mark", { class: "rejected", title: piece.rejected.reason }, piece.text, el("span", { class: "tag" }, ` [${piece.rejected.reason}]`));
    return document.createTextNode(piece.text);
  });
  const changes = article.duplicate.changes ?? [];
  return el("article", {},
    el("h3", { dir: "auto" }, ...(article.title ? part("title", article.title) : [article.article_id])),
    el("p", { class: "note" }, outward(article.url, article.source ?? article.url ?? article.article_id), " ", moment(article.published_at)),
    changes.length ? el("p", {}, `${strings.changed}: `, foreign(changes.map((change) => `${change.old ?? "–"} → ${change.new ?? "–"}`).join("; "))) : null,
    el("div", { class: "text", dir: "auto", tabindex: "0" }, ...part("text", article.text)),
    copies.length ? el("details", {}, el("summary", {}, say(copies.length === 1 ? strings.oneCopy : strings.manyCopies, { count: copies.length })), el("ul", {}, ...copies.map(copied))) : null);
}

/** Who copied it, how alike the copy is, and what it changed. */
function copied(copy: Copy): HTMLElement {
  return el("li", {}, outward(copy.url, copy.source ?? copy.article_id), ` ${moment(copy.published_at)} `,
    el("span", { class: "note" }, `${strings.verdicts[copy.verdict] ?? copy.verdict}, ${Math.floor(copy.similarity * 100)} %: `, foreign(copy.why)));
}
