export function inside(point: [number, number], ring: [number, number][]): boolean;
export function paths(world: unknown): { grain: number; land: string; borders: string; disputed: string };
export function withUkraineWhole(world: unknown): unknown;
