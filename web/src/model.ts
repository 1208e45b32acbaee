// What the API answers, as far as the page uses it.
export interface Amount { low: number | null; high: number | null }
export interface Toll extends Amount { contested?: boolean; grade?: string; sources?: string[]; said_by?: string[]; origins?: number }
export interface Brief {
  incident_id: string; name: string | null; admin1: string | null; country: string | null; precision: string | null;
  cause: string | null; first_reported: string | null; last_reported: string | null; origins: number | null;
  toll: Record<string, Toll>;
}
export interface Feature { id: string; geometry: { coordinates: [number, number] } | null; properties: Brief }
export interface Collection { features: Feature[]; cursor: string | null }
export interface Revision {
  seq: number; incident_id: string; kind: string | null; old: Amount | Record<string, Amount> | null; new: Amount | null; when: string; source: string | null;
  why: string; text: string; other_incident: string | null;
}
export interface Incident {
  incident_id: string; cause: string | null; first_reported: string; last_reported: string; origins: number;
  place: { name?: string | null; admin1?: string | null; country_code?: string | null; precision?: string | null } | null;
  toll: Record<string, Toll>; conflicts: Conflict[];
  context: { role: string; kind: string; low: number | null; high: number | null; phrase: string }[];
}
export interface Conflict extends Amount { kind: string; source?: string | null; said_by?: string[]; reported?: string | null }
export interface Whole { state: string; merged_into: string | null; incident: Incident | null; revisions: Revision[] }
export interface Figure {
  field: "title" | "text"; start: number; end: number; kind: string; low: number | null; high: number | null; assertion: string; rule: string;
}
export interface Rejected { field: "title" | "text"; start: number; end: number; reason: string }
export interface Copy {
  event_id: string; article_id: string; url: string | null; source: string | null; published_at: string | null; verdict: string; of: string;
  similarity: number; why: string;
}
export interface Told { articles: Article[]; copies: Copy[] }
export interface Change { old?: string | null; new?: string | null }
export interface Article {
  article_id: string; title: string | null; text: string; url: string | null; source: string | null; published_at: string | null;
  casualties: Figure[]; rejected: Rejected[]; duplicate: { cluster_id: string; changes?: Change[] | null };
}
export interface Status {
  version: string; trouble: string | null; read: number; lag: Record<string, number> | null; kept: Record<string, number>; since: Record<string, string>;
}
export interface Letters {
  reasons: Record<string, number>;
  letters: { letter_id: string; reason: string; hop: string | null; at_ms: number; message: string; excerpt: string }[];
}
