// How the toll of one kind moved: a step for each entry of the ledger, a band where no ceiling or a range was given.
import { amount, moment, steps } from "./amounts.ts";
import type { Step } from "./amounts.ts";
import { el, foreign, svg } from "./dom.ts";
import type { Revision } from "./model.ts";
import { strings } from "./strings.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 200, 64, 16, 28, 28];
const NAMED = 12; // steps that are few enough to have their numbers beside them
const TAIL = 0.04; // of the time, behind the last step: what stands now is seen to stand


const number = new Intl.NumberFormat("en", { notation: "compact" });

/** `revisions`: the whole ledger, so that the charts of all kinds have one axis of time. Under it stands who said what. */
export function chart(revisions: Revision[], kind: string): HTMLElement | undefined {
  const found = steps(revisions, kind);
  if (!found.length) return undefined;
  const times = revisions.map((revision) => Date.parse(revision.when)).filter(Number.isFinite);
  const first = times.reduce((least, time) => Math.min(least, time), Infinity);
  const newest = times.reduce((most, time) => Math.max(most, time), first);
  const last = Math.max(first + 3_600_000, newest + (newest - first) * TAIL);
  const most = found.reduce((highest, step) => Math.max(highest, step.low, step.high ?? 0), 1);
  const x = (time: number): number => LEFT + ((time - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const y = (count: number): number => HEIGHT - BOTTOM - (count / most) * (HEIGHT - TOP - BOTTOM);
  const parts = [`M${x(first)},${y(0)}`];
  const bands: SVGElement[] = [];
  found.forEach((step, at) => {
    const until = found[at + 1]?.time ?? last;
    parts.push(`H${x(step.time)}V${y(step.low)}H${x(until)}`);
    if (step.high !== null && step.high > step.low) {
      bands.push(svg("rect", { class: "band", x: x(step.time), y: y(step.high), width: Math.max(1, x(until) - x(step.time)), height: y(step.low) - y(step.high) }));
    }
  });
  const caption = el("figcaption");
  const dots = found.map((step) => {
    const words = said(step);
    const dot = svg("circle", { cx: x(step.time), cy: y(step.low), r: 4, tabindex: 0 }, svg("title", {}, words));
    for (const event of ["focus", "pointerenter", "click"]) dot.addEventListener(event, () => caption.replaceChildren(foreign(words)));
    return dot;
  });
  caption.append(foreign(said(found.at(-1) as Step)));
  const drawn = svg("svg", { class: `chart ${kind}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${strings.chart}: ${strings.kinds[kind] ?? kind}` },
    svg("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: y(0), y2: y(0) }),
    svg("text", { x: LEFT - 8, y: y(most) + 4, "text-anchor": "end" }, number.format(most)),
    svg("text", { x: LEFT - 8, y: y(0) + 4, "text-anchor": "end" }, "0"),
    svg("text", { x: LEFT, y: HEIGHT - 8 }, moment(first)),
    newest > first ? svg("text", { x: x(newest), y: HEIGHT - 8, "text-anchor": "end" }, moment(newest)) : null,
    ...bands, svg("path", { class: "low", d: parts.join("") }), ...(found.length <= NAMED ? numbers(found, x, y) : []), ...dots);
  return el("figure", {}, drawn, caption);
}

function said(step: Step): string {
  const { text, other_incident: other } = step.revision;
  return [moment(step.time), amount(step.revision.new ?? { low: 0, high: 0 }), other ? text.replace(other, strings.anotherIncident) : text].join(" · ");
}

/** Each step's number over its dot, but none over another one. */
function numbers(found: Step[], x: (time: number) => number, y: (count: number) => number): SVGElement[] {
  let [lastX, lastY] = [-Infinity, 0];
  return found.flatMap((step) => {
    const [at, high] = [x(step.time), y(step.low) - 8];
    if (at - lastX < 90 && Math.abs(high - lastY) < 16) return [];
    [lastX, lastY] = [at, high];
    return [svg("text", { class: "n", x: at, y: high, "text-anchor": at > WIDTH * 0.8 ? "end" : "start" }, amount(step.revision.new ?? { low: 0, high: 0 }))];
  });
}
