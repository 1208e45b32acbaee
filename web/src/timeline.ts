// When incidents were first told of, and a hand to drag: what was told later is not shown.
import { el, svg } from "./dom.ts";
import type { Feature } from "./model.ts";
import { say, strings } from "./strings.ts";

const STEPS = 200;
const FRAME_MS = 100;

export class Timeline {
  readonly element: HTMLElement;
  private readonly slider = el("input", { type: "range", min: "0", max: String(STEPS), value: String(STEPS), "aria-label": strings.timeline }) as HTMLInputElement;
  private readonly bars = svg("svg", { viewBox: `0 0 ${STEPS} 40`, preserveAspectRatio: "none", "aria-hidden": "true" });
  private readonly said = el("output", {}, strings.now);
  private readonly button = el("button", { type: "button" }, strings.play);
  private first = 0;
  private last = 0;
  private playing: number | undefined;

  constructor(private readonly moved: (until: number) => void) {
    this.element = el("div", { class: "timeline" }, this.button, el("div", {}, this.bars, this.slider), this.said);
    this.slider.addEventListener("input", () => this.tell());
    this.button.addEventListener("click", () => this.toggle());
  }

  /** The time up to which incidents are shown; everything at the right end. */
  get until(): number {
    const at = Number(this.slider.value);
    return at >= STEPS ? Infinity : this.first + ((this.last - this.first) * at) / STEPS;
  }

  show(features: Feature[]): void {
    const last = features.map((feature) => Date.parse(feature.properties.last_reported ?? "")).filter(Number.isFinite);
    const times = features.map((feature) => Date.parse(feature.properties.first_reported ?? "")).filter(Number.isFinite);
    this.first = times.reduce((least, time) => Math.min(least, time), Infinity);
    this.last = [...times, ...last].reduce((most, time) => Math.max(most, time), -Infinity);
    const counts = new Array<number>(STEPS).fill(0);
    for (const time of times) {
      const at = Math.min(STEPS - 1, Math.floor(((time - this.first) / (this.last - this.first || 1)) * STEPS));
      counts[at] = (counts[at] ?? 0) + 1;
    }
    const most = Math.max(1, ...counts);
    this.bars.replaceChildren(...counts.flatMap((count, at) => (count ? [svg("rect", { x: at, width: 0.9, y: 40 - (36 * count) / most - 2, height: (36 * count) / most + 2 })] : [])));
  }

  private tell(): void {
    const until = this.until;
    this.said.textContent = until === Infinity ? strings.now : say(strings.asOf, { time: new Date(until).toISOString().slice(0, 10) });
    this.moved(until);
  }

  private toggle(): void {
    if (this.playing !== undefined) this.stop();
    else {
      if (Number(this.slider.value) >= STEPS) this.slider.value = "0";
      this.button.textContent = strings.pause;
      const step = matchMedia("(prefers-reduced-motion: reduce)").matches ? 20 : 2;
      this.playing = window.setInterval(() => {
        this.slider.value = String(Number(this.slider.value) + step);
        this.tell();
        if (Number(this.slider.value) >= STEPS) this.stop();
      }, step === 2 ? FRAME_MS : FRAME_MS * 10);
    }
  }

  private stop(): void {
    window.clearInterval(this.playing);
    this.playing = undefined;
    this.button.textContent = strings.play;
  }
}
