// When incidents were first told of, and a hand to drag: what was told later is not shown.
import { moment } from "./amounts.ts";
import { el, svg } from "./dom.ts";
import type { Feature } from "./model.ts";
import { say, strings } from "./strings.ts";

const STEPS = 200;
const FRAME_MS = 100;

/** The span of time that the line shows; the hand holds a time, its place on the line follows from both. */
export interface Span { first: number; last: number }

/** The time at a step, in whole seconds, as an address has it; the last step is now. */
export function timeAt({ first, last }: Span, step: number): number {
  if (step >= STEPS || !(last >= first)) return Infinity;
  return Math.floor((first + ((last - first) * step) / STEPS) / 1000) * 1000;
}

/** The step nearest to a time: only now stands at the end. */
export function stepAt({ first, last }: Span, time: number): number {
  if (time === Infinity) return STEPS;
  if (!(last > first)) return 0;
  return Math.min(STEPS - 1, Math.max(0, Math.round(((time - first) / (last - first)) * STEPS)));
}

export class Timeline {
  readonly element: HTMLElement;
  private readonly slider = el("input", { type: "range", min: "0", max: String(STEPS), value: String(STEPS), "aria-label": strings.timeline }) as HTMLInputElement;
  private readonly bars = svg("svg", { viewBox: `0 0 ${STEPS} 40`, preserveAspectRatio: "none", "aria-hidden": "true" });
  private readonly said = el("output", {}, strings.now);
  private readonly button = el("button", { type: "button" }, strings.play);
  private span: Span = { first: Infinity, last: -Infinity };
  private held = Infinity;
  private playing: number | undefined;

  /** `moved` is told each time that the hand comes to; `settled`, whether it stays there for now. */
  constructor(private readonly moved: (until: number, settled: boolean) => void) {
    this.element = el("div", { class: "timeline" }, this.button, el("div", {}, this.bars, this.slider), this.said);
    this.slider.addEventListener("input", () => {
      this.stop();
      this.move(Number(this.slider.value), true);
    });
    this.button.addEventListener("click", () => this.toggle());
  }

  /** The time up to which incidents are shown; everything when it is Infinity. It stays the same whatever is told anew. */
  get until(): number {
    return this.held;
  }

  set until(time: number) {
    this.stop();
    this.held = time;
    this.tell();
  }

  show(features: Feature[]): void {
    const last = features.map((feature) => Date.parse(feature.properties.last_reported ?? "")).filter(Number.isFinite);
    const times = features.map((feature) => Date.parse(feature.properties.first_reported ?? "")).filter(Number.isFinite);
    this.span = {
      first: times.reduce((least, time) => Math.min(least, time), Infinity),
      last: [...times, ...last].reduce((most, time) => Math.max(most, time), -Infinity),
    };
    const { first } = this.span;
    const width = this.span.last - first || 1;
    const counts = new Array<number>(STEPS).fill(0);
    for (const time of times) {
      const at = Math.min(STEPS - 1, Math.floor(((time - first) / width) * STEPS));
      counts[at] = (counts[at] ?? 0) + 1;
    }
    const most = Math.max(1, ...counts);
    this.bars.replaceChildren(...counts.flatMap((count, at) => (count ? [svg("rect", { x: at, width: 0.9, y: 40 - (36 * count) / most - 2, height: (36 * count) / most + 2 })] : [])));
    this.tell();
  }

  private tell(): void {
    this.slider.value = String(stepAt(this.span, this.held));
    const text = this.held === Infinity ? strings.now : say(strings.asOf, { time: moment(this.held) });
    if (this.said.textContent !== text) this.said.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }

  private move(step: number, settled: boolean): void {
    this.held = timeAt(this.span, step);
    this.tell();
    this.moved(this.held, settled);
  }

  private toggle(): void {
    if (this.playing !== undefined) {
      this.stop();
      this.moved(this.held, true);
      return;
    }
    this.button.textContent = strings.pause;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let at = this.held === Infinity ? 0 : stepAt(this.span, this.held);
    this.move(at, false);
    this.playing = window.setInterval(() => {
      at += still ? 20 : 2;
      if (at >= STEPS) this.stop();
      this.move(at, at >= STEPS);
    }, still ? FRAME_MS * 10 : FRAME_MS);
  }

  private stop(): void {
    window.clearInterval(this.playing);
    this.playing = undefined;
    this.button.textContent = strings.play;
  }
}
