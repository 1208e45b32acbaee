// How the toll of one kind moved: a step for each entry of the ledger, a band where no ceiling or a range was given.
import { amount, moment, steps } from "./amounts.ts";
import { svg } from "./dom.ts";
import type { Revision } from "./model.ts";
import { strings } from "./strings.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 200, 56, 16, 16, 28];

const number = new Intl.NumberFormat("en", { notation: "compact" });

/** `revisions`: the whole ledger, so that the charts of all kinds have one axis of time. */
export function chart(revisions: Revision[], kind: string): SVGElement | undefined {
  const found = steps(revisions, kind);
  if (!found.length) return undefined;
  const times = revisions.map((revision) => Date.parse(revision.when)).filter(Number.isFinite);
  const first = Math.min(...times);
  const last = Math.max(first + 3_600_000, ...times);
  const most = Math.max(1, ...found.map((step) => Math.max(step.low, step.high ?? 0)));
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
  const dots = found.map((step) =>
    svg("circle", { cx: x(step.time), cy: y(step.low), r: 4, tabindex: 0 }, svg("title", {}, `${moment(step.time)}: ${step.revision.text} (${amount(step.revision.new ?? { low: 0, high: 0 })})`)));
  return svg("svg", { class: `chart ${kind}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${strings.chart}: ${strings.kinds[kind] ?? kind}` },
    svg("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: y(0), y2: y(0) }),
    svg("text", { x: LEFT - 8, y: y(most) + 4, "text-anchor": "end" }, number.format(most)),
    svg("text", { x: LEFT - 8, y: y(0) + 4, "text-anchor": "end" }, "0"),
    svg("text", { x: LEFT, y: HEIGHT - 8 }, moment(first)),
    svg("text", { x: WIDTH - RIGHT, y: HEIGHT - 8, "text-anchor": "end" }, moment(last)),
    ...bands, svg("path", { class: "low", d: parts.join("") }), ...dots);
}
