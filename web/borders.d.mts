export function inside(point: [number, number], ring: [number, number][]): boolean;
export function withUkraineWhole(world: unknown): unknown;
