// The map: borders drawn once a view, incidents gathered into clusters; while it is dragged, only the picture moves.
import { SIZE, projection } from "../projection.mjs";
import { amount, leading } from "./amounts.ts";
import { el } from "./dom.ts";
import type { Brief, Feature } from "./model.ts";
import { strings } from "./strings.ts";

const [WIDTH, HEIGHT] = SIZE;
const CELL = 44; // pixels: nearer ones are told of as one
const MOST_ZOOM = 64;
const MARGIN = 0.5; // of the view, drawn around it, so that a drag shows no bare edge

interface Point { x: number; y: number; brief: Brief }
interface Cluster { x: number; y: number; points: Point[]; size: number }

export class WorldMap {
  readonly element: HTMLElement;
  private readonly canvas = document.createElement("canvas");
  private land: Path2D | undefined;
  private borders: Path2D | undefined;
  private disputed: Path2D | undefined;
  private points: Point[] = [];
  private clusters: Cluster[] = [];
  private zoom = 1;
  private at = { x: WIDTH / 2, y: HEIGHT / 2 }; // what stands in the middle
  private scheduled = false;

  constructor(private readonly choose: (briefs: Brief[]) => void) {
    const button = (label: string, sign: string, act: () => void): HTMLElement => {
      const made = el("button", { type: "button", "aria-label": label, title: label }, sign);
      made.addEventListener("click", act);
      return made;
    };
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", strings.map);
    this.element = el("div", { class: "world", tabindex: "0" }, this.canvas, el("div", { class: "buttons" },
      button(strings.zoomIn, "+", () => this.zoomBy(2)), button(strings.zoomOut, "−", () => this.zoomBy(0.5)),
      button(strings.wholeWorld, "○", () => this.reset())),
      el("ul", { class: "legend" }, ...Object.entries(strings.legend).map(([name, text]) => el("li", { class: name }, text))));
    this.listen();
    new ResizeObserver(() => this.draw()).observe(this.element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** Take the borders; the map works without them until they come. */
  async load(): Promise<void> {
    const world = (await (await fetch("world.json")).json()) as { grain: number; land: string; borders: string; disputed: string };
    const drawn = (said: string): Path2D => {
      const path = new Path2D();
      path.addPath(new Path2D(said), new DOMMatrix([world.grain, 0, 0, world.grain, 0, 0]));
      return path;
    };
    this.land = drawn(world.land);
    this.borders = drawn(world.borders);
    this.disputed = drawn(world.disputed);
    this.draw();
  }

  show(features: Feature[]): void {
    this.points = features.flatMap(({ geometry, properties }) => {
      const placed = geometry && projection(geometry.coordinates);
      return placed ? [{ x: placed[0], y: placed[1], brief: properties }] : [];
    });
    this.draw();
  }

  private get scale(): number {
    return Math.max(this.element.clientWidth / WIDTH, this.element.clientHeight / HEIGHT) * this.zoom;
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
    let held: { x: number; y: number; moved: number } | undefined;
    this.element.addEventListener("pointerdown", (event) => {
      if ((event.target as HTMLElement).closest("button")) return;
      held = { x: event.clientX, y: event.clientY, moved: 0 };
      this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (!held) return;
      const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
      held.moved = Math.max(held.moved, Math.abs(dx) + Math.abs(dy));
      this.canvas.style.translate = `${dx}px ${dy}px`;
    });
    this.element.addEventListener("pointerup", (event) => {
      if (!held) return;
      const { x, y, moved } = held;
      held = undefined;
      if (moved < 4) this.click(event);
      else {
        this.at = { x: this.at.x - (event.clientX - x) / this.scale, y: this.at.y - (event.clientY - y) / this.scale };
        this.draw();
      }
    });
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
    const here = this.under(event);
    const near = this.clusters
      .map((cluster) => ({ cluster, away: Math.hypot(cluster.x - here.x, cluster.y - here.y) * this.scale }))
      .filter(({ cluster, away }) => away <= radius(cluster) + 6)
      .sort((a, b) => a.away - b.away)[0];
    if (!near) return;
    if (near.cluster.points.length > 1 && this.zoom < MOST_ZOOM / 2) this.zoomBy(3, near.cluster);
    this.choose(near.cluster.points.map((point) => point.brief));
  }

  private draw(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.paint();
    });
  }

  private paint(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width || !height) return;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const [whole, high] = [width * (1 + 2 * MARGIN), height * (1 + 2 * MARGIN)];
    this.canvas.width = whole * ratio;
    this.canvas.height = high * ratio;
    Object.assign(this.canvas.style, {
      width: `${whole}px`, height: `${high}px`, left: `${-width * MARGIN}px`, top: `${-height * MARGIN}px`, translate: "",
    });
    const brush = this.canvas.getContext("2d");
    if (!brush) return;
    const style = getComputedStyle(this.element);
    const colours = new Map<string, string>();
    const colour = (name: string): string => colours.get(name) ?? (colours.set(name, resolved(style, name)), colours.get(name) ?? "");
    const scale = this.scale;
    brush.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * (whole / 2 - this.at.x * scale), ratio * (high / 2 - this.at.y * scale));
    brush.lineWidth = 0.7 / scale;
    brush.lineJoin = "round";
    if (this.land && this.borders && this.disputed) {
      brush.fillStyle = colour("--land");
      brush.strokeStyle = colour("--border");
      brush.fill(this.land);
      brush.stroke(this.borders);
      brush.setLineDash([3 / scale, 3 / scale]);
      brush.stroke(this.disputed);
      brush.setLineDash([]);
    }
    this.clusters = gathered(this.points, CELL / scale);
    const [across, down] = [whole / 2 / scale + CELL / scale, high / 2 / scale + CELL / scale];
    for (const cluster of this.clusters) {
      if (Math.abs(cluster.x - this.at.x) < across && Math.abs(cluster.y - this.at.y) < down) mark(brush, cluster, scale, colour);
    }
  }
}

/** Points that fall into one cell of a grid, told of as one at their middle. */
export function gathered(points: Point[], cell: number): Cluster[] {
  const cells = new Map<string, Point[]>();
  for (const point of points) {
    const key = `${Math.floor(point.x / cell)} ${Math.floor(point.y / cell)}`;
    const found = cells.get(key);
    if (found) found.push(point);
    else cells.set(key, [point]);
  }
  return [...cells.values()].map((inside) => ({
    points: inside,
    x: inside.reduce((sum, point) => sum + point.x, 0) / inside.length,
    y: inside.reduce((sum, point) => sum + point.y, 0) / inside.length,
    size: Math.max(...inside.map((point) => leading(point.brief.toll)?.[1].low ?? 0)),
  }));
}

function radius(cluster: Cluster): number {
  return Math.min(24, 5 + 3 * Math.log10(1 + cluster.size) + (cluster.points.length > 1 ? 4 : 0));
}

const WIDE = ["country", "province", "region"];

function mark(brush: CanvasRenderingContext2D, cluster: Cluster, scale: number, colour: (name: string) => string): void {
  const { brief } = cluster.points[0] as Point;
  const many = cluster.points.length > 1;
  brush.beginPath();
  brush.arc(cluster.x, cluster.y, radius(cluster) / scale, 0, 2 * Math.PI);
  brush.strokeStyle = brush.fillStyle = causeColour(many ? null : brief.cause, colour);
  brush.lineWidth = 2 / scale;
  if (!many && WIDE.includes(brief.precision ?? "")) {
    brush.setLineDash([4 / scale, 3 / scale]); // a province is no point
    brush.stroke();
    brush.setLineDash([]);
    return;
  }
  brush.globalAlpha = 0.75;
  brush.fill();
  brush.globalAlpha = 1;
  if (many) {
    brush.fillStyle = colour("--sheet");
    brush.font = `${11 / scale}px system-ui, sans-serif`;
    brush.textAlign = "center";
    brush.textBaseline = "middle";
    brush.fillText(String(cluster.points.length), cluster.x, cluster.y);
  }
}

const VIOLENT = new Set(["airstrike", "shelling", "drone", "bombing", "shooting", "stabbing", "clash", "raid", "abduction", "protest", "execution"]);

function causeColour(cause: string | null, colour: (name: string) => string): string {
  if (cause === null) return colour("--other");
  return colour(VIOLENT.has(cause) ? "--killed" : "--injured");
}

/** What a custom property comes to: canvases know nothing of light-dark(). */
function resolved(style: CSSStyleDeclaration, name: string): string {
  const value = style.getPropertyValue(name).trim();
  const both = /^light-dark\((.+),\s*(.+)\)$/.exec(value);
  if (!both) return value;
  return (matchMedia("(prefers-color-scheme: dark)").matches ? both[2] : both[1]) as string;
}

/** What an incident is, in one line. */
export function headline(brief: Brief): string {
  const first = leading(brief.toll);
  return first ? `${amount(first[1])} ${strings.kinds[first[0]] ?? first[0]}` : strings.none;
}
