// The world on a sheet: Equal Earth, as wide as SIZE; the borders are drawn with it at build, the incidents in the page.
import { geoEqualEarth } from "d3-geo";

export const SIZE = [1000, 520];
export const projection = geoEqualEarth().fitSize(SIZE, { type: "Sphere" });
