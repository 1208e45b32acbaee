// Whose land the map shows: docs/serving.md has the policy.
import { geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";
import { projection } from "./projection.mjs";

const UKRAINE = "804";
const RUSSIA = "643";
const RECOGNISED = /^\d+$/; // world-atlas gives a number to states that ISO 3166 has; borders of others are dashed
const WESTERN_SAHARA = "732";
const GRAIN = 0.02; // of the sheet: less than a pixel and a half at the nearest
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

/** A pen that writes a path of SVG in whole units of GRAIN, each point by its way from the last: a third of the bytes. */
class Pen {
  said = "";
  at = [0, 0];
  go(letter, x, y) {
    const [dx, dy] = [Math.round(x / GRAIN) - this.at[0], Math.round(y / GRAIN) - this.at[1]];
    if (letter === "l" && !dx && !dy) return;
    this.at = [this.at[0] + dx, this.at[1] + dy];
    this.said += `${letter}${dx}${dy < 0 ? "" : ","}${dy}`;
  }
  moveTo(x, y) { this.go("m", x, y); this.begun = this.at; }
  lineTo(x, y) { this.go("l", x, y); }
  closePath() { this.said += "z"; this.at = this.begun; }
}

/** What the page draws, as paths of SVG in units of `grain` on the sheet of projection.mjs: land, borders, disputed borders. */
export function paths(world) {
  const { countries, land } = withUkraineWhole(world).objects;
  const drawn = (shape) => {
    const pen = new Pen();
    geoPath(projection, pen)(shape);
    return pen.said;
  };
  const stands = ({ id }) => RECOGNISED.test(String(id)) && id !== WESTERN_SAHARA;
  return {
    grain: GRAIN,
    land: drawn(feature(world, land)),
    borders: drawn(mesh(world, countries, (a, b) => a !== b && stands(a) && stands(b))),
    disputed: drawn(mesh(world, countries, (a, b) => a !== b && !(stands(a) && stands(b)))),
  };
}
