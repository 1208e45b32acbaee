// What the topics hold; made from schemas/ by scripts/make_events.py, do not edit.
// A later version may add fields: ignore those that you do not know.

/** A district, province or country that a place lies in. */
export interface Ancestor {
  /** Id in GeoNames; null for what GeoNames lacks. */
  geonames_id: number | null;
  /** Name in the gazetteer. */
  name: string;
}

/** Whether the text says that it happened. Only `actual` figures can be part of a toll. Take an unknown member for: not actual: leave it out of counts. */
export type Assertion = "actual" | "negated" | "denied" | "forecast" | "hypothetical" | "alleged" | "historical" | "generic" | "fictional";

/** Who says so. */
export interface Attribution {
  /** The words that name them. */
  text: string;
  /** Where the words begin in the field of the figure. In code points. */
  start: number;
  /** Where they end. In code points. */
  end: number;
}

/** A number of persons. */
export interface Bounds {
  /** At least so many. In persons. */
  low: number;
  /** At most so many; null when the text gives no ceiling. In persons. */
  high: number | null;
}

/** A gazetteer entry that a toponym may denote. */
export interface Candidate {
  /** Id in GeoNames. */
  geonames_id: number;
  /** Name in the gazetteer. */
  name: string;
  /** ISO 3166-1, two letters. */
  country_code: string;
  /** Feature code of GeoNames. */
  feature_code: string;
  /** How well it fits; to be compared within one toponym only. */
  score: number;
}

/** What happened, from a list that maps to ACLED and EM-DAT. Take an unknown member for: other. */
export type CauseKind = "airstrike" | "shelling" | "drone" | "bombing" | "shooting" | "stabbing" | "clash" | "raid" | "abduction" | "protest" | "execution" | "earthquake" | "flood" | "storm" | "landslide" | "wildfire" | "volcano" | "heat" | "cold" | "fire" | "collapse" | "road" | "rail" | "sea" | "air" | "industrial" | "crowd" | "epidemic" | "poisoning" | "other";

/** Which field of the article a span lies in. Take an unknown member for: do not slice: the words are in `text` beside it. */
export type Field = "title" | "text";

/** What happened, and the words that say so. */
export interface Cause {
  /** What happened. */
  kind: CauseKind;
  /** Title or text. */
  field: Field;
  /** Where the words begin in that field. In code points. */
  start: number;
  /** Where they end. In code points. */
  end: number;
  /** The field from start to end. */
  text: string;
}

/** A figure that a revision words otherwise. */
export interface Change {
  /** As the earlier article has it. */
  old: string;
  /** As this one has it. */
  new: string;
}

/** What happened to the people. `casualty`: hurt or killed, the words do not say which. Take an unknown member for: keep it beside the others; never add it to one of them. */
export type Kind = "killed" | "injured" | "missing" | "abducted" | "captured" | "displaced" | "casualty";

/** Admiralty code (NATO AJP-2.1): A to F for the source, F being unknown; 1 to 6 for the claim: 1 three independent sources bear it out, 2 two do, 3 one says so, 4 as many are against it, 5 more are, 6 vague. */
export type Grade = string;

/** A moment in UTC, RFC 3339, always with Z. */
export type Time = string;

/** A claim that cannot be true beside the standing one. */
export interface Conflict {
  /** What happened to the people. */
  kind: Kind;
  /** At least so many. In persons. */
  low: number;
  /** At most so many; null when the text gives no ceiling. In persons. */
  high: number | null;
  /** How well it is borne out. */
  grade: Grade;
  /** Independent origins that say so. */
  origins: number;
  /** The article that said it last. */
  article_id: string;
  /** Its source. */
  source: string | null;
  /** Whom the text names for it. */
  said_by: string[];
  /** When it was last told. */
  reported: Time;
}

/** What a figure is to the incident of its report: `toll`, `part` (of the toll, or a repeat), `other` (an incident elsewhere), else context that enters no toll; `cumulative` is a count over a campaign or a year. Take an unknown member for: context: leave it out of tolls. */
export type Role = "toll" | "part" | "other" | "cumulative" | "negated" | "denied" | "forecast" | "hypothetical" | "alleged" | "historical" | "generic" | "fictional";

/** A figure that stands beside the toll and never enters it. */
export interface Context {
  /** Why it does not. */
  role: Role;
  /** What happened to the people. */
  kind: Kind;
  /** At least so many. In persons. */
  low: number;
  /** At most so many; null when the text gives no ceiling. In persons. */
  high: number | null;
  /** The quantity as written. */
  phrase: string;
  /** The article that says it. */
  article_id: string;
}

/** `exact`: the same words; `near`: nearly so. Take an unknown member for: near. */
export type CopyVerdict = "exact" | "near";

/** A calendar day, ISO 8601. */
export type Day = string;

/** `day`: the text names it; `published`: within three days before publication; `unknown`: no bounds. Take an unknown member for: unknown. */
export type DayPrecision = "day" | "published" | "unknown";

/** `unique`: not seen before; `revision`: a newer version of its source's story. Take an unknown member for: unique. */
export type PassedVerdict = "unique" | "revision";

/** What duplicate search says of the article. */
export interface Duplicate {
  /** New, or a newer version. */
  verdict: PassedVerdict;
  /** The story in the widest sense: all copies, versions and altered copies share it. */
  cluster_id: string;
  /** The article that this one is a newer version of. */
  revision_of: string | null;
  /** The story that its source goes on telling, of which the last version stands: the cluster's, or one of its own for an altered copy by another source. */
  story_id: string;
  /** How many versions of the story stood before this one; of the versions of one date the last stands. */
  version?: number;
  /** The article of another source that this one has in its wording, with other figures or another assertion. */
  alters: string | null;
  /** The id that the producer gave, where it belongs to another source; `article_id` is another then. */
  claimed_id: string | null;
  /** Share of the smaller article's wording that both have; 0 for a unique one. */
  similarity: number;
  /** The figures that a revision words otherwise. */
  changes: Change[];
}

/** When it happened. */
export interface EventTime {
  /** First day that it may have been. */
  first: Day | null;
  /** Last day that it may have been. */
  last: Day | null;
  /** How sure the days are. */
  precision: DayPrecision;
}

/** How the number is meant. Take an unknown member for: use `low` and `high`, which hold whatever the qualifier is. */
export type Qualifier = "exact" | "at_least" | "at_most" | "about" | "range" | "vague";

/** Who the people were. Take an unknown member for: unknown. */
export type VictimClass = "civilian" | "combatant" | "police" | "child" | "journalist" | "aid_worker" | "perpetrator" | "unknown";

/** A number of people and what happened to them, traceable to its words. */
export interface Figure {
  /** Title or text. */
  field: Field;
  /** Where the words begin in that field. In code points. */
  start: number;
  /** Where they end. In code points. */
  end: number;
  /** The field from start to end. */
  text: string;
  /** What happened to the people. */
  kind: Kind;
  /** At least so many. In persons. */
  low: number;
  /** At most so many; null when the text gives no ceiling. In persons. */
  high: number | null;
  /** How the number is meant. */
  qualifier: Qualifier;
  /** The quantity as written. */
  phrase: string;
  /** The convention that gives vague words their bounds: `literal`, `acled`, ... */
  convention: string;
  /** The words for the people; empty where there are none. */
  victims: string;
  /** Who they were. */
  victim_class: VictimClass;
  /** Whether it is said to have happened. */
  assertion: Assertion;
  /** The word that set the assertion; null where none did. */
  cue: string | null;
  /** Who says so; null where nobody is named. */
  attribution: Attribution | null;
  /** Index into `places` of the same event; null where no place belongs to it. */
  place: number | null;
  /** Whether the toll of the article is made of it. */
  in_toll: boolean;
  /** The rule that read it. */
  rule: string;
  /** What happened to these people, where that is not the article's own cause. */
  cause: CauseKind | null;
}

/** What sort of name it is. `demonym` is a people or their adjective. Take an unknown member for: place. */
export type PlaceType = "place" | "demonym" | "facility" | "region" | "sea";

/** Where it happened, as far as the article says. */
export interface FigurePlace {
  /** The toponym as written. */
  text: string;
  /** Id in GeoNames; null for a sea, region or facility that GeoNames lacks, and where nothing was resolved. */
  geonames_id: number | null;
  /** Name in the gazetteer. */
  name: string | null;
  /** Latitude, WGS 84. In degrees. */
  lat: number | null;
  /** Longitude, WGS 84. In degrees. */
  lon: number | null;
  /** ISO 3166-1, two letters; null at sea and where it is not known. */
  country_code: string | null;
  /** Name of the first administrative level, such as a province. */
  admin1: string | null;
  /** Name of the second administrative level, such as a district. */
  admin2: string | null;
  /** Feature class of GeoNames: P settlement, A administrative, H water, L area, S spot, T relief; R region of our own list. */
  feature_class: string | null;
  /** Feature code of GeoNames, such as PPLC for a capital. */
  feature_code: string | null;
  /** What sort of name it is. */
  type: PlaceType;
  /** Calibrated probability that this is the right entry. */
  confidence: number;
}

/** A list that reached its limit. Take an unknown member for: some list is cut short. */
export type FullList = "casualties" | "rejected" | "places";

/** How fine a place is. ACLED's codes 1, 2, 3 are town, district, province. Take an unknown member for: country. */
export type Precision = "town" | "district" | "province" | "country";

/** Where the incident happened: the place of most reports, a finer one before a wider one. */
export interface IncidentPlace {
  /** Id in GeoNames; null for a sea, region or facility that GeoNames lacks, and where nothing was resolved. */
  geonames_id: number | null;
  /** Name in the gazetteer. */
  name: string | null;
  /** Latitude, WGS 84. In degrees. */
  lat: number | null;
  /** Longitude, WGS 84. In degrees. */
  lon: number | null;
  /** ISO 3166-1, two letters; null at sea and where it is not known. */
  country_code: string | null;
  /** Name of the first administrative level, such as a province. */
  admin1: string | null;
  /** Feature class of GeoNames: P settlement, A administrative, H water, L area, S spot, T relief; R region of our own list. */
  feature_class: string | null;
  /** Feature code of GeoNames, such as PPLC for a capital. */
  feature_code: string | null;
  /** How fine it is. */
  precision: Precision;
  /** What it lies in, from the narrowest to the country; absent in what earlier versions told. */
  ancestors?: Ancestor[];
}

/** The language that the article is read in. */
export interface LanguageFound {
  /** ISO 639-1, or 639-3 where that has none; `und` where no word tells. */
  language: string;
  /** How sure: by the text; as the producer says, 0.6; the usual one, 0.3. */
  confidence: number;
}

/** What decides the outcome: the same names, the same event for an article. */
export interface Pipeline {
  /** Version of stream-app. */
  version: string;
  /** Version of the compiled gazetteer. */
  gazetteer: string;
  /** Version of the rules. */
  rules: string;
  /** The convention for vague words. */
  convention: string;
}

/** Why a toponym has no entry. Take an unknown member for: unknown. */
export type Unresolved = "ambiguous" | "unknown";

/** A toponym and the gazetteer entry that it denotes; never a guess. */
export interface Place {
  /** Title or text. */
  field: Field;
  /** Where the words begin in that field. In code points. */
  start: number;
  /** Where they end. In code points. */
  end: number;
  /** The field from start to end. */
  text: string;
  /** Id in GeoNames; null for a sea, region or facility that GeoNames lacks, and where nothing was resolved. */
  geonames_id: number | null;
  /** Name in the gazetteer. */
  name: string | null;
  /** Latitude, WGS 84. In degrees. */
  lat: number | null;
  /** Longitude, WGS 84. In degrees. */
  lon: number | null;
  /** ISO 3166-1, two letters; null at sea and where it is not known. */
  country_code: string | null;
  /** Name of the first administrative level, such as a province. */
  admin1: string | null;
  /** Name of the second administrative level, such as a district. */
  admin2: string | null;
  /** Feature class of GeoNames: P settlement, A administrative, H water, L area, S spot, T relief; R region of our own list. */
  feature_class: string | null;
  /** Feature code of GeoNames, such as PPLC for a capital. */
  feature_code: string | null;
  /** What sort of name it is. */
  type: PlaceType;
  /** Calibrated probability that this is the right entry. */
  confidence: number;
  /** The rule that recognised it. */
  rule: string;
  /** Why there is no entry; null where there is one. */
  unresolved: Unresolved | null;
  /** Whether the name stands for its government or people. */
  metonym: boolean;
  /** Entries that it may denote, the best first, where it is unresolved. */
  candidates: Candidate[];
  /** What it lies in, from the narrowest to the country; absent in what earlier versions told. */
  ancestors?: Ancestor[];
}

/** What the number counts instead of people. Take an unknown member for: some other reason: it is no figure all the same. */
export type RejectReason = "age" | "share" | "distance" | "time" | "money" | "ordinal" | "equipment" | "measure" | "rate" | "animal" | "sport" | "not_people" | "language";

/** What looked like a figure and is not. */
export interface Rejected {
  /** Title or text. */
  field: Field;
  /** Where the words begin in that field. In code points. */
  start: number;
  /** Where they end. In code points. */
  end: number;
  /** The field from start to end. */
  text: string;
  /** What it is instead. */
  reason: RejectReason;
  /** The rule that refused it. */
  rule: string;
}

/** By kind, the number of persons. */
export type Toll = Partial<Record<Kind, Bounds>>;

/** Bounds of one kind, or the whole toll where incidents merge or split (`kind` is null). */
export type TollChange = Bounds | Toll;

/** The standing figure of one kind, and who says so. */
export interface TollEntry {
  /** At least so many. In persons. */
  low: number;
  /** At most so many; null when no ceiling is told. In persons. */
  high: number | null;
  /** How well it is borne out. */
  grade: Grade;
  /** Whether as many independent sources stand against it as for it, or one source alone has leapt. */
  contested: boolean;
  /** Independent origins that agree: copies of one story, the texts of one outlet and of one wire are one. */
  origins: number;
  /** Articles that agree, the first and the newest ten. */
  articles: string[];
  /** Their sources. */
  sources: string[];
  /** Whom the texts name for it. */
  said_by: string[];
  /** Parts of the figure by the class of the victims, where told. */
  by_class: Partial<Record<VictimClass, Bounds>>;
}

/** Why a line was entered. Take an unknown member for: fold it by `kind`, `old` and `new` like any other. */
export type Why = "new_report" | "raised" | "lowered" | "ceiling" | "withdrawn" | "contradicted" | "merged" | "split";

/** Who took the article back, and when. */
export interface Withdrawal {
  /** The source. */
  by: string | null;
  /** When, as it says. */
  at: Time | null;
}

/** An article as a producer sends it */
export interface RawArticle {
  /** Its name; belongs to the source that used it first. Derived from the url, else from the content, when absent. */
  id?: string | null;
  /** The whole text, without markup. Needed, and not blank. */
  text: string;
  /** Its headline. */
  title?: string | null;
  /** Its address. */
  url?: string | null;
  /** Who published it: a domain, or a name that is always the same. */
  source?: string | null;
  /** When it was published: RFC 3339; RFC 822, ISO 8601, dates with an English month and counts since 1970 are read, too; without a zone: UTC. */
  published_at?: string | number | null;
  /** BCP 47. */
  language?: string | null;
  /** Passed through. `withdrawn` (true) takes the article back: then it needs no text, which this schema cannot say. */
  metadata?: Record<string, unknown> | null;
}

/** An article with its casualty figures, places and toll */
export interface EnrichedArticle {
  /** The same content under the same pipeline gives the same id; also the header `ce_id`. */
  event_id: string;
  /** Name and major version of this schema; also the header `ce_type`. */
  schema: "articles.enriched/1";
  /** The article's id. */
  article_id: string;
  /** The article's address. */
  url: string | null;
  /** Its headline as sent. */
  title: string | null;
  /** Its text as sent; spans count in it. */
  text: string;
  /** Who published it, as the producer says. */
  source: string | null;
  /** When it was published; null where the producer did not say. */
  published_at: Time | null;
  /** BCP 47, as the producer says. */
  language: string | null;
  /** The language that it is read in; null where nothing was read. */
  language_found: LanguageFound | null;
  /** What the producer sent beside, unknown fields included. */
  metadata: Record<string, unknown>;
  /** What duplicate search says of it. */
  duplicate: Duplicate;
  /** Its source took it back: nothing is read in it, and its figures are withdrawn. */
  withdrawn: Withdrawal | null;
  /** What happened; null when the words are too few or tell of two. */
  cause: Cause | null;
  /** Every figure that the article states, in order. */
  casualties: Figure[];
  /** What looked like a figure and is not. */
  rejected: Rejected[];
  /** Every toponym. */
  places: Place[];
  /** What the article as a whole reports for its own, current incident: repeats once, parts and totals not added, other incidents not mixed in. */
  toll: Toll;
  /** What decided the outcome. */
  pipeline: Pipeline;
  /** Lists that reached their limit, so that later annotations are left out; absent otherwise. */
  full?: FullList[];
}

/** A copy: of which article, and how */
export interface DuplicateArticle {
  /** The same content under the same pipeline gives the same id; also the header `ce_id`. */
  event_id: string;
  /** Name and major version of this schema; also the header `ce_type`. */
  schema: "articles.duplicates/1";
  /** The article's id. */
  article_id: string;
  /** The id that the producer gave, where it belongs to another source; `article_id` is another then. */
  claimed_id: string | null;
  /** The article's address. */
  url: string | null;
  /** Who published it, as the producer says. */
  source: string | null;
  /** When it was published; null where the producer did not say. */
  published_at: Time | null;
  /** How it repeats the other. */
  verdict: CopyVerdict;
  /** The article that it repeats. */
  of: string;
  /** The story in the widest sense: all copies, versions and altered copies share it. */
  cluster_id: string;
  /** Share of the smaller article's wording that both have. */
  similarity: number;
  /** In words. */
  why: string;
}

/** One casualty figure with its place and article, flat */
export interface CasualtyFigure {
  /** Name and major version of this schema; also the header `ce_type`. */
  schema: "casualties.figures/1";
  /** The figure's own id; also the header `ce_id`. */
  figure_id: string;
  /** The enriched event that it is from. */
  event_id: string;
  /** The article's id. */
  article_id: string;
  /** The article's address. */
  url: string | null;
  /** The article's headline, at most 300 characters. */
  title: string | null;
  /** Who published it, as the producer says. */
  source: string | null;
  /** When it was published; null where the producer did not say. */
  published_at: Time | null;
  /** The outlet under its one name: its registered domain, or its name folded. */
  outlet: string | null;
  /** The agency whose wire the text names, or that the outlet is. */
  wire: string | null;
  /** The story in the widest sense: all copies, versions and altered copies share it. */
  cluster_id: string;
  /** The story that its source goes on telling, of which the last version stands: the cluster's, or one of its own for an altered copy by another source. */
  story_id: string;
  /** The article of another source that this one has in its wording, with other figures or another assertion. */
  alters: string | null;
  /** New, or a newer version. */
  verdict: PassedVerdict;
  /** The article that this one is a newer version of. */
  revision_of: string | null;
  /** BCP 47, as the producer says. */
  language: string | null;
  /** The report that it is counted in; `incidents.members` says to which incident that belongs. */
  report_id: string;
  /** Whether it is of the article's own incident, not one that is mentioned beside it. */
  own: boolean;
  /** What it is to that incident. */
  role: Role;
  /** What happened to the people. */
  kind: Kind;
  /** At least so many. In persons. */
  low: number;
  /** At most so many; null when the text gives no ceiling. In persons. */
  high: number | null;
  /** How the number is meant. */
  qualifier: Qualifier;
  /** The quantity as written. */
  phrase: string;
  /** The convention that gives vague words their bounds: `literal`, `acled`, ... */
  convention: string;
  /** The words for the people; empty where there are none. */
  victims: string;
  /** Who they were. */
  victim_class: VictimClass;
  /** Whether it is said to have happened. */
  assertion: Assertion;
  /** Who says so; null where nobody is named. */
  attribution: Attribution | null;
  /** Title or text. */
  field: Field;
  /** Where the words begin in that field. In code points. */
  start: number;
  /** Where they end. In code points. */
  end: number;
  /** The field from start to end. */
  text: string;
  /** The rule that read it. */
  rule: string;
  /** Whether the toll of the article is made of it. */
  in_toll: boolean;
  /** Where; null where it is not known. */
  place: FigurePlace | null;
  /** ISO 3166-1 of the place, `XX` where it is not known; the key of the record. */
  country: string;
  /** When it happened. */
  event_time: EventTime | null;
}

/** The toll of an incident as it stands */
export interface IncidentToll {
  /** Name and major version of this schema; also the header `ce_type`. */
  schema: "incidents.tolls/1";
  /** The incident: `inc-` and the id of the report that founded it. */
  incident_id: string;
  /** Where it happened; null where no report says. */
  place: IncidentPlace | null;
  /** What happened, as most reports say. */
  cause: CauseKind | null;
  /** When it happened. */
  happened: EventTime;
  /** Publication of the first report. */
  first_reported: Time;
  /** Publication of the last report. */
  last_reported: Time;
  /** Languages of the reports, as found in their texts, else as producers say. */
  languages: string[];
  /** The articles that tell of it: the first and the newest hundred. */
  articles: string[];
  /** How many articles tell of it. */
  articles_total: number;
  /** Independent origins: copies of one story, the texts of one outlet and of one wire are one. */
  origins: number;
  /** The standing figure of each kind. */
  toll: Partial<Record<Kind, TollEntry>>;
  /** Claims that cannot be true beside the standing ones, each value once. */
  conflicts: Conflict[];
  /** Figures that stand beside the toll and never enter it, the newest first. */
  context: Context[];
}

/** The incident that a report belongs to */
export interface IncidentMember {
  /** Name and major version of this schema; also the header `ce_type`. */
  schema: "incidents.members/1";
  /** The report; the key of the record. */
  report_id: string;
  /** The article's id. */
  article_id: string;
  /** The incident: `inc-` and the id of the report that founded it. */
  incident_id: string;
}

/** One change of an incident's toll */
export interface TollRevision {
  /** Name and major version of this schema; also the header `ce_type`. */
  schema: "incidents.revisions/1";
  /** The line's own id; also the header `ce_id`. */
  revision_id: string;
  /** The incident: `inc-` and the id of the report that founded it. */
  incident_id: string;
  /** The kind that changed; null where incidents merge or split. */
  kind: Kind | null;
  /** What stood before; null where nothing did. */
  old: TollChange | null;
  /** What stands now; of a `contradicted` line the claim that does not. Null where nothing does. */
  new: TollChange | null;
  /** Publication of the report that brought the change. */
  when: Time;
  /** Its article. */
  article_id: string;
  /** Its source. */
  source: string | null;
  /** Why the line was entered. */
  why: Why;
  /** The other incident of a merge or a split. */
  other_incident: string | null;
  /** The line in words. */
  text: string;
}

/** The value of each topic, by its name without prefix. */
export interface Topics {
  "articles.raw": RawArticle;
  "articles.enriched": EnrichedArticle;
  "articles.duplicates": DuplicateArticle;
  "casualties.figures": CasualtyFigure;
  "incidents.tolls": IncidentToll;
  "incidents.members": IncidentMember;
  "incidents.revisions": TollRevision;
}
