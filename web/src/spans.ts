// A text in pieces: what was read in it, what was rejected, and what lies between. Offsets count code points.
import type { Figure, Rejected } from "./model.ts";

export interface Piece { text: string; figure?: Figure; rejected?: Rejected }

/** The pieces of a field, in order; where two spans overlap the one that begins first stays. */
export function pieces(text: string, field: "title" | "text", figures: Figure[], rejected: Rejected[]): Piece[] {
  const points = Array.from(text);
  const marks: { start: number; end: number; figure?: Figure; rejected?: Rejected }[] = [
    ...figures.filter((figure) => figure.field === field).map((figure) => ({ start: figure.start, end: figure.end, figure })),
    ...rejected.filter((one) => one.field === field).map((one) => ({ start: one.start, end: one.end, rejected: one })),
  ].sort((a, b) => a.start - b.start || b.end - a.end);
  const found: Piece[] = [];
  let at = 0;
  for (const { start, end, ...mark } of marks) {
    if (start < at || end > points.length || start >= end) continue;
    if (start > at) found.push({ text: points.slice(at, start).join("") });
    found.push({ text: points.slice(start, end).join(""), ...mark });
    at = end;
  }
  if (at < points.length) found.push({ text: points.slice(at).join("") });
  return found;
}
