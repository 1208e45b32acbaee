// Points of the map gathered into clusters, in typed arrays: ten thousand of them in a few milliseconds.

/** What the map knows of incidents: where on the sheet, how large, of which look. */
export interface Points { x: Float32Array; y: Float32Array; size: Float32Array; look: Uint8Array }

/** A bit for violence, and one for a province or a country, which is no point. */
export const VIOLENT = 1;
export const WIDE = 2;

/** Clusters: their middles, the largest size, and their points as `order[start]` up to where the next one starts. */
export interface Clusters { x: Float32Array; y: Float32Array; size: Float32Array; start: Uint32Array; order: Uint32Array }

export const NO_POINTS: Points = { x: new Float32Array(), y: new Float32Array(), size: new Float32Array(), look: new Uint8Array() };

const APART = 0.7; // of a cell: circles whose middles are nearer hide each other's numbers

/**
 * Points that fall into one cell of a grid, told of as one at their middle; cells whose middles come too near to each other
 * are one as well. What becomes of a point depends on the cell's size and on the points, not on what is in view.
 */
export function gathered(points: Points, cell: number): Clusters {
  const count = points.x.length;
  const across = 3 + Math.floor(points.x.reduce((most, at) => Math.max(most, at), 0) / cell); // so that no neighbour is a next row's
  const keys = new Float64Array(count); // the cell, and behind it the point's own number: sorted, cells lie together
  for (let at = 0; at < count; at += 1) {
    keys[at] = (Math.floor((points.y[at] as number) / cell) * across + 1 + Math.floor((points.x[at] as number) / cell)) * count + at;
  }
  keys.sort();
  const order = new Uint32Array(count);
  const start: number[] = [];
  const cells: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const key = keys[at] as number;
    const inside = Math.floor(key / count);
    order[at] = key - inside * count;
    if (inside !== cells.at(-1)) {
      cells.push(inside);
      start.push(at);
    }
  }
  const apart = summed(points, order, Uint32Array.from([...start, count]));
  return joined(points, apart, cells, across, cell * APART);
}

/** Clusters of points that lie together in `order`. */
function summed({ x, y, size }: Points, order: Uint32Array, start: Uint32Array): Clusters {
  const found = start.length - 1;
  const clusters: Clusters = { x: new Float32Array(found), y: new Float32Array(found), size: new Float32Array(found), start, order };
  for (let cluster = 0; cluster < found; cluster += 1) {
    let [sumX, sumY, most] = [0, 0, 0];
    const [begin, end] = [start[cluster] as number, start[cluster + 1] as number];
    for (let at = begin; at < end; at += 1) {
      const point = order[at] as number;
      sumX += x[point] as number;
      sumY += y[point] as number;
      most = Math.max(most, size[point] as number);
    }
    clusters.x[cluster] = sumX / (end - begin);
    clusters.y[cluster] = sumY / (end - begin);
    clusters.size[cluster] = most;
  }
  return clusters;
}

/** The largest first, each cluster takes in those of the cells around it that are nearer than `near`. */
function joined(points: Points, clusters: Clusters, cells: number[], across: number, near: number): Clusters {
  const at = new Map(cells.map((cell, cluster) => [cell, cluster]));
  const largest = Uint32Array.from(cells.keys()).sort((a, b) => members(clusters, b) - members(clusters, a) || a - b);
  const taken = new Uint8Array(cells.length);
  const order = new Uint32Array(clusters.order.length);
  const start: number[] = [];
  let end = 0;
  for (const cluster of largest) {
    if (taken[cluster]) continue;
    start.push(end);
    for (const step of [0, -across - 1, -across, -across + 1, -1, 1, across - 1, across, across + 1]) {
      const other = at.get((cells[cluster] as number) + step);
      if (other === undefined || taken[other]) continue;
      const away = Math.hypot((clusters.x[other] as number) - (clusters.x[cluster] as number), (clusters.y[other] as number) - (clusters.y[cluster] as number));
      if (away >= near) continue;
      taken[other] = 1;
      const its = clusters.order.subarray(clusters.start[other], clusters.start[other + 1]);
      order.set(its, end);
      end += its.length;
    }
  }
  return summed(points, order, Uint32Array.from([...start, end]));
}

/** How many points there are in a cluster. */
export function members({ start }: Clusters, cluster: number): number {
  return (start[cluster + 1] as number) - (start[cluster] as number);
}

/** A cluster's circle in pixels: larger by toll, by its logarithm. */
export function radius(clusters: Clusters, cluster: number): number {
  return Math.min(24, 5 + 3 * Math.log10(1 + (clusters.size[cluster] as number)) + (members(clusters, cluster) > 1 ? 4 : 0));
}
