// The map: two pictures, borders and incidents, drawn by a thread of its own (painter.ts); here they are moved and asked for.
import { SIZE, projection } from "../projection.mjs";
import { amount, leading } from "./amounts.ts";
import { VIOLENT, WIDE, members, radius } from "./clusters.ts";
import type { Clusters, Points } from "./clusters.ts";
import { el } from "./dom.ts";
import type { Brief, Feature } from "./model.ts";
import type { Colours, Painted, View, Wanted } from "./painter.ts";
import { strings } from "./strings.ts";

const [WIDTH, HEIGHT] = SIZE;
const MOST_ZOOM = 64;
const MARGIN = 0.5; // of the view, drawn around it, so that a drag shows no bare edge
const MOST_PIXELS = 12_000_000; // of a picture: telephones refuse larger ones

interface Layer { canvas: HTMLCanvasElement; brush: ImageBitmapRenderingContext | null; view: View | undefined }

export class WorldMap {
  readonly element: HTMLElement;
  private readonly layers: Record<Painted["layer"], Layer> = { land: layer(), marks: layer() };
  private readonly painter = new Worker("painter.js", { type: "module" });
  private briefs: Brief[] = []; // of the points that the painter was told, and how often it was
  private told = 0;
  private shown: { briefs: Brief[]; clusters: Clusters } | undefined;
  private readonly sheet = new WeakMap<object, [number, number]>(); // places on the sheet, computed once
  private width = 0;
  private height = 0;
  private asked: View | undefined;
  private zoom = 1;
  private at = { x: WIDTH / 2, y: HEIGHT / 2 }; // what stands in the middle
  private scheduled = false;

  constructor(private readonly choose: (briefs: Brief[]) => void) {
    const button = (label: string, sign: string, act: () => void): HTMLElement => {
      const made = el("button", { type: "button", "aria-label": label, title: label }, sign);
      made.addEventListener("click", act);
      return made;
    };
    this.layers.marks.canvas.setAttribute("role", "img");
    this.layers.marks.canvas.setAttribute("aria-label", strings.map);
    this.layers.land.canvas.setAttribute("aria-hidden", "true");
    this.element = el("div", { class: "world", tabindex: "0" }, this.layers.land.canvas, this.layers.marks.canvas, el("div", { class: "buttons" },
      button(strings.zoomIn, "+", () => this.zoomBy(2)), button(strings.zoomOut, "−", () => this.zoomBy(0.5)),
      button(strings.wholeWorld, "○", () => this.reset())),
      el("ul", { class: "legend" }, ...Object.entries(strings.legend).map(([name, text]) => el("li", { class: name }, text))));
    this.listen();
    this.painter.addEventListener("message", (event: MessageEvent<Painted>) => this.take(event.data));
    this.tell({ world: "world.json", colours: colours() });
    new ResizeObserver(([entry]) => {
      if (!entry?.contentRect.width || !entry.contentRect.height) return; // another page is shown
      ({ width: this.width, height: this.height } = entry.contentRect);
      this.draw();
    }).observe(this.element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.tell({ colours: colours() }));
  }

  show(features: Feature[]): void {
    const placed = features.filter((feature) => feature.geometry !== null);
    this.briefs = placed.map((feature) => feature.properties);
    const points: Points = {
      x: new Float32Array(placed.length), y: new Float32Array(placed.length), size: new Float32Array(placed.length), look: new Uint8Array(placed.length),
    };
    placed.forEach(({ geometry, properties }, at) => {
      [points.x[at], points.y[at]] = this.place(geometry as NonNullable<Feature["geometry"]>);
      points.size[at] = leading(properties.toll)?.[1].low ?? 0;
      points.look[at] = (VIOLENCE.has(properties.cause ?? "") ? VIOLENT : 0) | (PROVINCES.has(properties.precision ?? "") ? WIDE : 0);
    });
    this.told += 1;
    this.tell({ points, told: this.told });
  }

  private place(geometry: NonNullable<Feature["geometry"]>): [number, number] {
    const known = this.sheet.get(geometry);
    if (known) return known;
    const found = projection(geometry.coordinates) ?? [0, 0];
    this.sheet.set(geometry, found);
    return found;
  }

  private tell(wanted: Wanted): void {
    this.painter.postMessage(wanted);
  }

  private take({ layer: name, picture, view, told, clusters }: Painted): void {
    const layer = this.layers[name];
    layer.brush?.transferFromImageBitmap(picture);
    if (layer.view?.width !== view.width || layer.view.height !== view.height) {
      Object.assign(layer.canvas.style, { width: `${view.width}px`, height: `${view.height}px` });
    }
    layer.view = view;
    if (clusters && told === this.told) this.shown = { briefs: this.briefs, clusters };
    this.move();
  }

  private get scale(): number {
    return Math.max(this.width / WIDTH, this.height / HEIGHT) * this.zoom;
  }

  private reset(): void {
    this.zoom = 1;
    this.at = { x: WIDTH / 2, y: HEIGHT / 2 };
    this.draw();
  }

  private zoomBy(factor: number, over = this.at): void {
    const before = this.zoom;
    this.zoom = Math.min(MOST_ZOOM, Math.max(1, this.zoom * factor));
    const share = 1 - before / this.zoom;
    this.at = { x: this.at.x + (over.x - this.at.x) * share, y: this.at.y + (over.y - this.at.y) * share };
    this.draw();
  }

  private listen(): void {
    let held: { x: number; y: number; moved: number; at: { x: number; y: number } } | undefined;
    this.element.addEventListener("pointerdown", (event) => {
      if ((event.target as HTMLElement).closest("button")) return;
      held = { x: event.clientX, y: event.clientY, moved: 0, at: this.at };
      this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (!held) return;
      const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
      held.moved = Math.max(held.moved, Math.abs(dx) + Math.abs(dy));
      this.at = { x: held.at.x - dx / this.scale, y: held.at.y - dy / this.scale };
      this.draw();
    });
    this.element.addEventListener("pointerup", (event) => {
      const moved = held?.moved ?? Infinity;
      held = undefined;
      if (moved < 4) this.click(event);
    });
    this.element.addEventListener("pointercancel", () => (held = undefined));
    this.element.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoomBy(2 ** (-event.deltaY / 300), this.under(event));
    }, { passive: false });
    this.element.addEventListener("keydown", (event) => {
      const step = 60 / this.scale;
      const moves: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      const move = moves[event.key];
      if (event.key === "+" || event.key === "=") this.zoomBy(2);
      else if (event.key === "-") this.zoomBy(0.5);
      else if (move) {
        this.at = { x: this.at.x + move[0], y: this.at.y + move[1] };
        this.draw();
      } else return;
      event.preventDefault();
    });
  }

  private under(event: MouseEvent): { x: number; y: number } {
    const box = this.element.getBoundingClientRect();
    return {
      x: this.at.x + (event.clientX - box.left - box.width / 2) / this.scale,
      y: this.at.y + (event.clientY - box.top - box.height / 2) / this.scale,
    };
  }

  private click(event: MouseEvent): void {
    if (!this.shown) return;
    const { clusters, briefs } = this.shown;
    const here = this.under(event);
    let [near, nearest] = [-1, Infinity];
    for (let cluster = 0; cluster < clusters.x.length; cluster += 1) {
      const away = Math.hypot((clusters.x[cluster] as number) - here.x, (clusters.y[cluster] as number) - here.y) * this.scale;
      if (away < nearest && away <= radius(clusters, cluster) + 6) [near, nearest] = [cluster, away];
    }
    if (near < 0) return;
    const found = Array.from(clusters.order.subarray(clusters.start[near], clusters.start[near + 1]), (point) => briefs[point] as Brief);
    if (members(clusters, near) > 1 && this.zoom < MOST_ZOOM / 2) this.zoomBy(3, { x: clusters.x[near] as number, y: clusters.y[near] as number });
    this.choose(found);
  }

  /** Keep the world in view: what stands in the middle is no farther than where its edge is the view's. */
  private keep(): void {
    const [wide, high] = [this.width / 2 / this.scale, this.height / 2 / this.scale];
    this.at = { x: within(this.at.x, wide, WIDTH - wide), y: within(this.at.y, high, HEIGHT - high) };
  }

  private draw(): void {
    this.keep();
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.move();
      this.ask();
    });
  }

  /** Put the pictures where what they show belongs now; those of another scale are stretched until new ones come. */
  private move(): void {
    const { scale } = this;
    for (const { canvas, view } of Object.values(this.layers)) {
      if (!view) continue;
      const [x, y] = [(view.x - this.at.x) * scale + (this.width - view.width) / 2, (view.y - this.at.y) * scale + (this.height - view.height) / 2];
      canvas.style.transform = `translate(${x}px, ${y}px) scale(${scale / view.scale})`;
    }
  }

  /** Ask for new pictures where those that are asked for do not reach, or are of another size. */
  private ask(): void {
    const { scale, asked } = this;
    const [width, height] = [Math.round(this.width * (1 + 2 * MARGIN)), Math.round(this.height * (1 + 2 * MARGIN))];
    if (!width || !height) return;
    const reaches = asked && asked.scale === scale && asked.width === width && asked.height === height &&
      Math.abs(asked.x - this.at.x) * scale < (this.width * MARGIN) / 2 && Math.abs(asked.y - this.at.y) * scale < (this.height * MARGIN) / 2;
    if (reaches) return;
    const ratio = Math.min(devicePixelRatio || 1, 2, Math.sqrt(MOST_PIXELS / (width * height)));
    this.asked = { ...this.at, scale, width, height, ratio };
    this.tell({ view: this.asked });
  }
}

function within(at: number, least: number, most: number): number {
  return Math.min(Math.max(at, least), Math.max(least, most));
}

function layer(): Layer {
  const canvas = document.createElement("canvas");
  return { canvas, brush: canvas.getContext("bitmaprenderer"), view: undefined };
}

const PROVINCES = new Set(["country", "province", "region"]);
const VIOLENCE = new Set(["airstrike", "shelling", "drone", "bombing", "shooting", "stabbing", "clash", "raid", "abduction", "protest", "execution"]);

/** What custom properties come to: canvases know nothing of light-dark(). */
function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const resolved = (name: string): string => {
    const value = style.getPropertyValue(`--${name}`).trim();
    const both = /^light-dark\((.+),\s*(.+)\)$/.exec(value);
    return both ? (both[dark ? 2 : 1] as string) : value;
  };
  return {
    land: resolved("land"), border: resolved("border"), sheet: resolved("sheet"), killed: resolved("killed"), injured: resolved("injured"), other: resolved("other"),
  };
}

/** What an incident is, in one line. */
export function headline(brief: Brief): string {
  const first = leading(brief.toll);
  return first ? `${amount(first[1])} ${strings.kinds[first[0]] ?? first[0]}` : strings.none;
}
