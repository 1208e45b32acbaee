// For operators: how far behind, what is kept, and what could not be read.
import { moment } from "./amounts.ts";
import { el, foreign } from "./dom.ts";
import type { Letters, Status } from "./model.ts";
import { say, strings } from "./strings.ts";

const number = new Intl.NumberFormat("en");

export function operatorsSheet(status: Status, letters: Letters, rate: number | undefined): HTMLElement {
  const kept = Object.entries(status.kept).map(([name, count]) => el("tr", {}, el("th", { scope: "row" }, name.replaceAll("_", " ")), el("td", { class: "n" }, number.format(count))));
  const lag = Object.entries(status.lag ?? {}).map(([topic, count]) =>
    el("tr", {}, el("th", { scope: "row" }, topic), el("td", { class: "n" }, count ? say(strings.behind, { count: number.format(count) }) : strings.caughtUp), el("td", {}, status.since[topic] ? say(strings.since, { time: moment(status.since[topic]) }) : "")));
  const reasons = Object.entries(letters.reasons).map(([reason, count]) => el("tr", {}, el("th", { scope: "row" }, reason), el("td", { class: "n" }, number.format(count))));
  const newest = letters.letters.map((letter) =>
    el("tr", {}, el("td", { class: "when" }, moment(letter.at_ms)), el("td", {}, el("strong", {}, [letter.reason, letter.hop].filter(Boolean).join(" · ")), el("br"), foreign(letter.message), el("pre", { dir: "auto" }, letter.excerpt))));
  const table = (...rows: Node[]): HTMLElement => el("div", { class: "wide" }, el("table", {}, el("tbody", {}, ...rows)));
  return el("div", { class: "sheet" }, el("p", {}, el("a", { href: "#/" }, strings.back)), el("h1", {}, strings.operators),
    status.trouble ? el("p", { class: "notice" }, foreign(status.trouble)) : null,
    el("h2", {}, strings.lag), rate === undefined ? null : el("p", {}, say(strings.rate, { rate: number.format(rate) })), lag.length ? table(...lag) : null, el("h2", {}, strings.kept), table(...kept),
    el("h2", {}, strings.deadLetters), letters.letters.length ? table(...reasons) : el("p", {}, strings.noLetters), table(...newest));
}
