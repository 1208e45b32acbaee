// Whose land the map shows: docs/serving.md has the policy.
import { feature } from "topojson-client";

const UKRAINE = "804";
const RUSSIA = "643";
const SIMFEROPOL = [34.1, 44.95];

/** Whether a point lies inside a ring of [longitude, latitude]: it is crossed an odd number of times on one side. */
export function inside([x, y], ring) {
  let within = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

/**
 * The world with Crimea as a part of Ukraine: UN General Assembly resolutions 68/262 and ES-11/4. world-atlas has it as
 * a polygon of Russia's, at every scale. Throws when it is not found: then the data have changed, and somebody must look.
 */
export function withUkraineWhole(world) {
  const countries = world.objects.countries.geometries;
  const russia = countries.find((country) => country.id === RUSSIA);
  const ukraine = countries.find((country) => country.id === UKRAINE);
  const polygons = feature(world, russia).geometry.coordinates;
  const at = polygons.findIndex((polygon) => inside(SIMFEROPOL, polygon[0]));
  if (at < 0) throw new Error("no polygon of Russia's holds Crimea: look at the map data");
  const [crimea] = russia.arcs.splice(at, 1);
  if (ukraine.type === "Polygon") {
    ukraine.type = "MultiPolygon";
    ukraine.arcs = [ukraine.arcs];
  }
  ukraine.arcs.push(crimea);
  return world;
}
