// Draws the map's two layers in a thread of its own: borders, and incidents in clusters. The page only moves the pictures.
import { NO_POINTS, VIOLENT, WIDE, gathered, members, radius } from "./clusters.ts";
import type { Clusters, Points } from "./clusters.ts";

/** What is to be drawn: the middle on the sheet, pixels a unit of the sheet, pixels of the picture, pixels of the screen a pixel. */
export interface View { x: number; y: number; scale: number; width: number; height: number; ratio: number }
export type Colours = Record<"land" | "border" | "sheet" | "killed" | "injured" | "other", string>;
/** `told`: which of the page's points these are; the clusters that are made of them say so. */
export interface Wanted { view?: View; colours?: Colours; points?: Points; told?: number; world?: string }
export interface Painted { layer: "land" | "marks"; picture: ImageBitmap; view: View; told: number; clusters?: Clusters }

const CELL = 44; // pixels: nearer ones are told of as one

let view: View | undefined;
let colours: Colours | undefined;
let points = NO_POINTS;
let borders: { land: Path2D; borders: Path2D; disputed: Path2D } | undefined;
let clusters: { scale: number; found: Clusters } | undefined;
let drawn = { land: "", marks: "" }; // what the pictures that the page has show
let told = 0;
let scheduled = false;

addEventListener("message", (event: MessageEvent<Wanted>) => {
  const wanted = event.data;
  if (wanted.view) view = wanted.view;
  if (wanted.colours) colours = wanted.colours;
  if (wanted.points) {
    points = wanted.points;
    clusters = undefined;
    told = wanted.told ?? told;
  }
  if (wanted.world) void load(wanted.world);
  schedule();
});

/** Paint after the questions that have come already: only the last view is drawn. */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    paint();
  });
}

async function load(address: string): Promise<void> {
  const world = (await (await fetch(address)).json()) as { grain: number; land: string; borders: string; disputed: string };
  const path = (said: string): Path2D => {
    const made = new Path2D();
    made.addPath(new Path2D(said), { a: world.grain, d: world.grain });
    return made;
  };
  borders = { land: path(world.land), borders: path(world.borders), disputed: path(world.disputed) };
  schedule();
}

function paint(): void {
  if (!view || !colours) return;
  const now = JSON.stringify([view, colours]);
  if (borders && drawn.land !== now) {
    drawn.land = now;
    send("land", view, (brush, scale) => paintLand(brush, scale, borders as NonNullable<typeof borders>, colours as Colours));
  }
  if (drawn.marks !== `${told}${now}`) {
    drawn.marks = `${told}${now}`;
    const { scale } = view;
    if (clusters?.scale !== scale) clusters = { scale, found: gathered(points, CELL / scale) };
    const { found } = clusters;
    send("marks", view, (brush) => paintMarks(brush, view as View, found, colours as Colours), found);
  }
}

function send(layer: "land" | "marks", of: View, draw: (brush: OffscreenCanvasRenderingContext2D, scale: number) => void, found?: Clusters): void {
  const { x, y, scale, width, height, ratio } = of;
  const canvas = new OffscreenCanvas(Math.round(width * ratio), Math.round(height * ratio));
  const brush = canvas.getContext("2d");
  if (!brush) return;
  brush.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * (width / 2 - x * scale), ratio * (height / 2 - y * scale));
  draw(brush, scale);
  const picture = canvas.transferToImageBitmap();
  const painted: Painted = { layer, picture, view: of, told, ...(found && { clusters: found }) };
  postMessage(painted, { transfer: [picture] });
}

function paintLand(brush: OffscreenCanvasRenderingContext2D, scale: number, world: NonNullable<typeof borders>, paint: Colours): void {
  brush.lineWidth = 0.7 / scale;
  brush.lineJoin = "round";
  brush.fillStyle = paint.land;
  brush.strokeStyle = paint.border;
  brush.fill(world.land);
  brush.stroke(world.borders);
  brush.setLineDash([3 / scale, 3 / scale]);
  brush.stroke(world.disputed);
}

function paintMarks(brush: OffscreenCanvasRenderingContext2D, { x, y, scale, width, height }: View, found: Clusters, paint: Colours): void {
  const [across, down] = [(width / 2 + CELL) / scale, (height / 2 + CELL) / scale];
  brush.font = `${11 / scale}px system-ui, sans-serif`;
  brush.textAlign = "center";
  brush.textBaseline = "middle";
  for (let cluster = 0; cluster < found.x.length; cluster += 1) {
    const [atX, atY] = [found.x[cluster] as number, found.y[cluster] as number];
    if (Math.abs(atX - x) < across && Math.abs(atY - y) < down) mark(brush, found, cluster, atX, atY, scale, paint);
  }
}

function mark(brush: OffscreenCanvasRenderingContext2D, found: Clusters, cluster: number, x: number, y: number, scale: number, paint: Colours): void {
  const count = members(found, cluster);
  const look = points.look[found.order[found.start[cluster] as number] as number] as number;
  brush.beginPath();
  brush.arc(x, y, radius(found, cluster) / scale, 0, 2 * Math.PI);
  brush.strokeStyle = brush.fillStyle = count > 1 ? paint.other : look & VIOLENT ? paint.killed : paint.injured;
  if (count === 1 && look & WIDE) {
    brush.lineWidth = 2 / scale;
    brush.setLineDash([4 / scale, 3 / scale]); // a province is no point
    brush.stroke();
    brush.setLineDash([]);
    return;
  }
  brush.globalAlpha = 0.75;
  brush.fill();
  brush.globalAlpha = 1;
  if (count > 1) {
    brush.fillStyle = paint.sheet;
    brush.fillText(String(count), x, y);
  }
}
