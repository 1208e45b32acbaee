// Numbers in words, and how they moved.
import type { Amount, Revision, Toll } from "./model.ts";
import { say, strings } from "./strings.ts";

const number = new Intl.NumberFormat("en");

/** "at least 24", "3 to 5", "12". */
export function amount({ low, high }: Amount): string {
  if (low === null && high === null) return strings.none;
  const values = { low: number.format(low ?? 0), high: number.format(high ?? 0) };
  if (high === null) return say(strings.atLeast, values);
  return say(low === high ? strings.exactly : strings.range, values);
}

/** The kind by which an incident is sized and told of first: the dead, else whatever it has most of. */
export function leading(toll: Record<string, Toll>): [string, Toll] | undefined {
  if (toll["killed"]) return ["killed", toll["killed"]];
  return Object.entries(toll).sort(([, a], [, b]) => (b.low ?? 0) - (a.low ?? 0))[0];
}

const ORDER = ["killed", "injured", "missing", "abducted", "captured", "displaced"];

/** Kinds in the order in which people ask for them. */
export function ordered(kinds: Iterable<string>): string[] {
  const place = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
  return [...kinds].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}

/** "2022-03-01 12:30", in UTC: a time as an event or a clock has it. */
export function moment(time: string | number | null): string {
  const found = new Date(time ?? Number.NaN);
  return Number.isNaN(found.getTime()) ? "" : found.toISOString().slice(0, 16).replace("T", " ");
}

export interface Step { time: number; low: number; high: number | null; revision: Revision }

/** Whether an entry of the ledger changes this kind's toll; one without a kind ends the incident, and with it each of them. */
function concerns(revision: Revision, kind: string): boolean {
  if (revision.kind === null) return revision.old !== null && kind in revision.old;
  return revision.kind === kind && (revision.new !== null || revision.old !== null);
}

/** The steps of one kind's toll in the order of the ledger; a toll that was taken back is nought. */
export function steps(revisions: Revision[], kind: string): Step[] {
  return revisions
    .filter((revision) => concerns(revision, kind))
    .map((revision) => ({
      time: Date.parse(revision.when),
      low: revision.new?.low ?? 0,
      high: revision.new === null ? 0 : revision.new.high,
      revision,
    }))
    .filter((step) => Number.isFinite(step.time));
}
