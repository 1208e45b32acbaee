// The map as it was told at any time: what the ledger's steps up to then leave of each incident.
import type { Feature, Toll } from "./model.ts";

/** [incident, kind, milliseconds, low, high]; without a kind the incident ends, without numbers the kind's is taken back. */
export type Step = [number, number | null, number, number | null, number | null];
export interface History { features: Feature[]; kinds: string[]; steps: Step[] }

/** The incidents that had a toll at `until`, each with that toll, in the order of the list. */
export function asOf(history: History, until: number): Feature[] {
  const tolls = new Map<number, Record<string, Toll>>();
  for (const [place, kind, time, low, high] of history.steps) {
    if (time > until) continue;
    if (kind === null) {
      tolls.delete(place);
      continue;
    }
    const name = history.kinds[kind] ?? "";
    const toll = tolls.get(place) ?? {};
    if (low === null && high === null) delete toll[name];
    else toll[name] = { low, high };
    tolls.set(place, toll);
  }
  return history.features.flatMap((feature, at) => {
    const toll = tolls.get(at);
    return toll && Object.keys(toll).length ? [{ ...feature, properties: { ...feature.properties, toll } }] : [];
  });
}
