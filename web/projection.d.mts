import type { GeoProjection } from "d3-geo";
export const SIZE: [number, number];
export const projection: GeoProjection;
