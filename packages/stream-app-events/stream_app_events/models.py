"""What the topics hold, as types; made from schemas/ by scripts/make_events.py, do not edit.

Values are the plain dicts that `json.loads` gives, so a field that a later version adds is there, too.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Ancestor(TypedDict):
    """A district, province or country that a place lies in."""

    geonames_id: int | None
    """Id in GeoNames; null for what GeoNames lacks."""

    name: str
    """Name in the gazetteer."""

Assertion = Literal["actual", "negated", "denied", "forecast", "hypothetical", "alleged", "historical", "generic", "fictional"]
"""Whether the text says that it happened.

Only `actual` figures can be part of a toll. Take an unknown member for: not actual: leave it out of counts.
"""


class Attribution(TypedDict):
    """Who says so."""

    text: str
    """The words that name them."""

    start: int
    """Where the words begin in the field of the figure. In code points."""

    end: int
    """Where they end. In code points."""


class Bounds(TypedDict):
    """A number of persons."""

    low: int
    """At least so many. In persons."""

    high: int | None
    """At most so many; null when the text gives no ceiling. In persons."""


class Candidate(TypedDict):
    """A gazetteer entry that a toponym may denote."""

    geonames_id: int
    """Id in GeoNames."""

    name: str
    """Name in the gazetteer."""

    country_code: str
    """ISO 3166-1, two letters."""

    feature_code: str
    """Feature code of GeoNames."""

    score: float
    """How well it fits; to be compared within one toponym only."""

CauseKind = Literal["airstrike", "shelling", "drone", "bombing", "shooting", "stabbing", "clash", "raid", "abduction", "protest", "execution", "earthquake", "flood", "storm", "landslide", "wildfire", "volcano", "heat", "cold", "fire", "collapse", "road", "rail", "sea", "air", "industrial", "crowd", "epidemic", "poisoning", "other"]
"""What happened, from a list that maps to ACLED and EM-DAT. Take an unknown member for: other."""

Field = Literal["title", "text"]
"""Which field of the article a span lies in.

Take an unknown member for: do not slice: the words are in `text` beside it.
"""


class Cause(TypedDict):
    """What happened, and the words that say so."""

    kind: CauseKind
    """What happened."""

    field: Field
    """Title or text."""

    start: int
    """Where the words begin in that field. In code points."""

    end: int
    """Where they end. In code points."""

    text: str
    """The field from start to end."""


class Change(TypedDict):
    """A figure that a revision words otherwise."""

    old: str
    """As the earlier article has it."""

    new: str
    """As this one has it."""

Kind = Literal["killed", "injured", "missing", "abducted", "captured", "displaced", "casualty"]
"""What happened to the people.

`casualty`: hurt or killed, the words do not say which. Take an unknown member for: keep it beside the others; never
add it to one of them.
"""

Grade = str
"""Admiralty code (NATO AJP-2.1).

A to F for the source, F being unknown; 1 to 6 for the claim: 1 three independent sources bear it out, 2 two do, 3
one says so, 4 as many are against it, 5 more are, 6 vague.
"""

Time = str
"""A moment in UTC, RFC 3339, always with Z."""


class Conflict(TypedDict):
    """A claim that cannot be true beside the standing one."""

    kind: Kind
    """What happened to the people."""

    low: int
    """At least so many. In persons."""

    high: int | None
    """At most so many; null when the text gives no ceiling. In persons."""

    grade: Grade
    """How well it is borne out."""

    origins: int
    """Independent origins that say so."""

    article_id: str
    """The article that said it last."""

    source: str | None
    """Its source."""

    said_by: list[str]
    """Whom the text names for it."""

    reported: Time
    """When it was last told."""

Role = Literal["toll", "part", "other", "cumulative", "negated", "denied", "forecast", "hypothetical", "alleged", "historical", "generic", "fictional"]
"""See below.

What a figure is to the incident of its report: `toll`, `part` (of the toll, or a repeat), `other` (an incident
elsewhere), else context that enters no toll; `cumulative` is a count over a campaign or a year. Take an unknown
member for: context: leave it out of tolls.
"""


class Context(TypedDict):
    """A figure that stands beside the toll and never enters it."""

    role: Role
    """Why it does not."""

    kind: Kind
    """What happened to the people."""

    low: int
    """At least so many. In persons."""

    high: int | None
    """At most so many; null when the text gives no ceiling. In persons."""

    phrase: str
    """The quantity as written."""

    article_id: str
    """The article that says it."""

CopyVerdict = Literal["exact", "near"]
"""`exact`: the same words; `near`: nearly so. Take an unknown member for: near."""

Day = str
"""A calendar day, ISO 8601."""

DayPrecision = Literal["day", "published", "unknown"]
"""`day`: the text names it; `published`: within three days before publication; `unknown`: no bounds.

Take an unknown member for: unknown.
"""

PassedVerdict = Literal["unique", "revision"]
"""`unique`: not seen before; `revision`: a newer version of its source's story.

Take an unknown member for: unique.
"""


class Duplicate(TypedDict):
    """What duplicate search says of the article."""

    verdict: PassedVerdict
    """New, or a newer version."""

    cluster_id: str
    """The story in the widest sense: all copies, versions and altered copies share it."""

    revision_of: str | None
    """The article that this one is a newer version of."""

    story_id: str
    """The story that its source goes on telling, of which the last version stands.

    the cluster's, or one of its own for an altered copy by another source.
    """

    version: NotRequired[int]
    """How many versions of the story stood before this one; of the versions of one date the last stands."""

    alters: str | None
    """The article of another source that this one has in its wording, with other figures or another assertion."""

    claimed_id: str | None
    """The id that the producer gave, where it belongs to another source; `article_id` is another then."""

    similarity: float
    """Share of the smaller article's wording that both have; 0 for a unique one."""

    changes: list[Change]
    """The figures that a revision words otherwise."""


class EventTime(TypedDict):
    """When it happened."""

    first: Day | None
    """First day that it may have been."""

    last: Day | None
    """Last day that it may have been."""

    precision: DayPrecision
    """How sure the days are."""

Qualifier = Literal["exact", "at_least", "at_most", "about", "range", "vague"]
"""How the number is meant.

Take an unknown member for: use `low` and `high`, which hold whatever the qualifier is.
"""

VictimClass = Literal["civilian", "combatant", "police", "child", "journalist", "aid_worker", "perpetrator", "unknown"]
"""Who the people were. Take an unknown member for: unknown."""


class Figure(TypedDict):
    """A number of people and what happened to them, traceable to its words."""

    field: Field
    """Title or text."""

    start: int
    """Where the words begin in that field. In code points."""

    end: int
    """Where they end. In code points."""

    text: str
    """The field from start to end."""

    kind: Kind
    """What happened to the people."""

    low: int
    """At least so many. In persons."""

    high: int | None
    """At most so many; null when the text gives no ceiling. In persons."""

    qualifier: Qualifier
    """How the number is meant."""

    phrase: str
    """The quantity as written."""

    convention: str
    """The convention that gives vague words their bounds: `literal`, `acled`, ."""

    victims: str
    """The words for the people; empty where there are none."""

    victim_class: VictimClass
    """Who they were."""

    assertion: Assertion
    """Whether it is said to have happened."""

    cue: str | None
    """The word that set the assertion; null where none did."""

    attribution: Attribution | None
    """Who says so; null where nobody is named."""

    place: int | None
    """Index into `places` of the same event; null where no place belongs to it."""

    in_toll: bool
    """Whether the toll of the article is made of it."""

    rule: str
    """The rule that read it."""

    cause: CauseKind | None
    """What happened to these people, where that is not the article's own cause."""

PlaceType = Literal["place", "demonym", "facility", "region", "sea"]
"""What sort of name it is. `demonym` is a people or their adjective. Take an unknown member for: place."""


class FigurePlace(TypedDict):
    """Where it happened, as far as the article says."""

    text: str
    """The toponym as written."""

    geonames_id: int | None
    """Id in GeoNames; null for a sea, region or facility that GeoNames lacks, and where nothing was resolved."""

    name: str | None
    """Name in the gazetteer."""

    lat: float | None
    """Latitude, WGS 84. In degrees."""

    lon: float | None
    """Longitude, WGS 84. In degrees."""

    country_code: str | None
    """ISO 3166-1, two letters; null at sea and where it is not known."""

    admin1: str | None
    """Name of the first administrative level, such as a province."""

    admin2: str | None
    """Name of the second administrative level, such as a district."""

    feature_class: str | None
    """Feature class of GeoNames.

    P settlement, A administrative, H water, L area, S spot, T relief; R region of our own list.
    """

    feature_code: str | None
    """Feature code of GeoNames, such as PPLC for a capital."""

    type: PlaceType
    """What sort of name it is."""

    confidence: float
    """Calibrated probability that this is the right entry."""

FullList = Literal["casualties", "rejected", "places"]
"""A list that reached its limit. Take an unknown member for: some list is cut short."""

Precision = Literal["town", "district", "province", "country"]
"""How fine a place is. ACLED's codes 1, 2, 3 are town, district, province. Take an unknown member for: country."""


class IncidentPlace(TypedDict):
    """Where the incident happened: the place of most reports, a finer one before a wider one."""

    geonames_id: int | None
    """Id in GeoNames; null for a sea, region or facility that GeoNames lacks, and where nothing was resolved."""

    name: str | None
    """Name in the gazetteer."""

    lat: float | None
    """Latitude, WGS 84. In degrees."""

    lon: float | None
    """Longitude, WGS 84. In degrees."""

    country_code: str | None
    """ISO 3166-1, two letters; null at sea and where it is not known."""

    admin1: str | None
    """Name of the first administrative level, such as a province."""

    feature_class: str | None
    """Feature class of GeoNames.

    P settlement, A administrative, H water, L area, S spot, T relief; R region of our own list.
    """

    feature_code: str | None
    """Feature code of GeoNames, such as PPLC for a capital."""

    precision: Precision
    """How fine it is."""

    ancestors: NotRequired[list[Ancestor]]
    """What it lies in, from the narrowest to the country; absent in what earlier versions told."""


class LanguageFound(TypedDict):
    """The language that the article is read in."""

    language: str
    """ISO 639-1, or 639-3 where that has none; `und` where no word tells."""

    confidence: float
    """How sure: by the text; as the producer says, 0.6; the usual one, 0.3."""


class Pipeline(TypedDict):
    """What decides the outcome: the same names, the same event for an article."""

    version: str
    """Version of stream-app."""

    gazetteer: str
    """Version of the compiled gazetteer."""

    rules: str
    """Version of the rules."""

    convention: str
    """The convention for vague words."""

Unresolved = Literal["ambiguous", "unknown"]
"""Why a toponym has no entry. Take an unknown member for: unknown."""


class Place(TypedDict):
    """A toponym and the gazetteer entry that it denotes; never a guess."""

    field: Field
    """Title or text."""

    start: int
    """Where the words begin in that field. In code points."""

    end: int
    """Where they end. In code points."""

    text: str
    """The field from start to end."""

    geonames_id: int | None
    """Id in GeoNames; null for a sea, region or facility that GeoNames lacks, and where nothing was resolved."""

    name: str | None
    """Name in the gazetteer."""

    lat: float | None
    """Latitude, WGS 84. In degrees."""

    lon: float | None
    """Longitude, WGS 84. In degrees."""

    country_code: str | None
    """ISO 3166-1, two letters; null at sea and where it is not known."""

    admin1: str | None
    """Name of the first administrative level, such as a province."""

    admin2: str | None
    """Name of the second administrative level, such as a district."""

    feature_class: str | None
    """Feature class of GeoNames.

    P settlement, A administrative, H water, L area, S spot, T relief; R region of our own list.
    """

    feature_code: str | None
    """Feature code of GeoNames, such as PPLC for a capital."""

    type: PlaceType
    """What sort of name it is."""

    confidence: float
    """Calibrated probability that this is the right entry."""

    rule: str
    """The rule that recognised it."""

    unresolved: Unresolved | None
    """Why there is no entry; null where there is one."""

    metonym: bool
    """Whether the name stands for its government or people."""

    candidates: list[Candidate]
    """Entries that it may denote, the best first, where it is unresolved."""

    ancestors: NotRequired[list[Ancestor]]
    """What it lies in, from the narrowest to the country; absent in what earlier versions told."""

RejectReason = Literal["age", "share", "distance", "time", "money", "ordinal", "equipment", "measure", "rate", "animal", "sport", "not_people", "language"]
"""What the number counts instead of people.

Take an unknown member for: some other reason: it is no figure all the same.
"""


class Rejected(TypedDict):
    """What looked like a figure and is not."""

    field: Field
    """Title or text."""

    start: int
    """Where the words begin in that field. In code points."""

    end: int
    """Where they end. In code points."""

    text: str
    """The field from start to end."""

    reason: RejectReason
    """What it is instead."""

    rule: str
    """The rule that refused it."""

Toll = dict[Kind, Bounds]
"""By kind, the number of persons."""

TollChange = Bounds | Toll
"""Bounds of one kind, or the whole toll where incidents merge or split (`kind` is null)."""


class TollEntry(TypedDict):
    """The standing figure of one kind, and who says so."""

    low: int
    """At least so many. In persons."""

    high: int | None
    """At most so many; null when no ceiling is told. In persons."""

    grade: Grade
    """How well it is borne out."""

    contested: bool
    """Whether as many independent sources stand against it as for it, or one source alone has leapt."""

    origins: int
    """Independent origins that agree: copies of one story, the texts of one outlet and of one wire are one."""

    articles: list[str]
    """Articles that agree, the first and the newest ten."""

    sources: list[str]
    """Their sources."""

    said_by: list[str]
    """Whom the texts name for it."""

    by_class: dict[VictimClass, Bounds]
    """Parts of the figure by the class of the victims, where told."""

Why = Literal["new_report", "raised", "lowered", "ceiling", "withdrawn", "contradicted", "merged", "split"]
"""Why a line was entered. Take an unknown member for: fold it by `kind`, `old` and `new` like any other."""


class Withdrawal(TypedDict):
    """Who took the article back, and when."""

    by: str | None
    """The source."""

    at: Time | None
    """When, as it says."""


class RawArticle(TypedDict):
    """An article as a producer sends it."""

    id: NotRequired[str | None]
    """Its name; belongs to the source that used it first.

    Derived from the url, else from the content, when absent.
    """

    text: str
    """The whole text, without markup. Needed, and not blank."""

    title: NotRequired[str | None]
    """Its headline."""

    url: NotRequired[str | None]
    """Its address."""

    source: NotRequired[str | None]
    """Who published it: a domain, or a name that is always the same."""

    published_at: NotRequired[str | float | None]
    """When it was published.

    RFC 3339; RFC 822, ISO 8601, dates with an English month and counts since 1970 are read, too; without a zone:
    UTC.
    """

    language: NotRequired[str | None]
    """BCP 47."""

    metadata: NotRequired[dict[str, Any] | None]
    """Passed through.

    `withdrawn` (true) takes the article back: then it needs no text, which this schema cannot say.
    """


class EnrichedArticle(TypedDict):
    """An article with its casualty figures, places and toll."""

    event_id: str
    """The same content under the same pipeline gives the same id; also the header `ce_id`."""

    schema: Literal["articles.enriched/1"]
    """Name and major version of this schema; also the header `ce_type`."""

    article_id: str
    """The article's id."""

    url: str | None
    """The article's address."""

    title: str | None
    """Its headline as sent."""

    text: str
    """Its text as sent; spans count in it."""

    source: str | None
    """Who published it, as the producer says."""

    published_at: Time | None
    """When it was published; null where the producer did not say."""

    language: str | None
    """BCP 47, as the producer says."""

    language_found: LanguageFound | None
    """The language that it is read in; null where nothing was read."""

    metadata: dict[str, Any]
    """What the producer sent beside, unknown fields included."""

    duplicate: Duplicate
    """What duplicate search says of it."""

    withdrawn: Withdrawal | None
    """Its source took it back: nothing is read in it, and its figures are withdrawn."""

    cause: Cause | None
    """What happened; null when the words are too few or tell of two."""

    casualties: list[Figure]
    """Every figure that the article states, in order."""

    rejected: list[Rejected]
    """What looked like a figure and is not."""

    places: list[Place]
    """Every toponym."""

    toll: Toll
    """What the article as a whole reports for its own, current incident.

    repeats once, parts and totals not added, other incidents not mixed in.
    """

    pipeline: Pipeline
    """What decided the outcome."""

    full: NotRequired[list[FullList]]
    """Lists that reached their limit, so that later annotations are left out; absent otherwise."""


class DuplicateArticle(TypedDict):
    """A copy: of which article, and how."""

    event_id: str
    """The same content under the same pipeline gives the same id; also the header `ce_id`."""

    schema: Literal["articles.duplicates/1"]
    """Name and major version of this schema; also the header `ce_type`."""

    article_id: str
    """The article's id."""

    claimed_id: str | None
    """The id that the producer gave, where it belongs to another source; `article_id` is another then."""

    url: str | None
    """The article's address."""

    source: str | None
    """Who published it, as the producer says."""

    published_at: Time | None
    """When it was published; null where the producer did not say."""

    verdict: CopyVerdict
    """How it repeats the other."""

    of: str
    """The article that it repeats."""

    cluster_id: str
    """The story in the widest sense: all copies, versions and altered copies share it."""

    similarity: float
    """Share of the smaller article's wording that both have."""

    why: str
    """In words."""


class CasualtyFigure(TypedDict):
    """One casualty figure with its place and article, flat."""

    schema: Literal["casualties.figures/1"]
    """Name and major version of this schema; also the header `ce_type`."""

    figure_id: str
    """The figure's own id; also the header `ce_id`."""

    event_id: str
    """The enriched event that it is from."""

    article_id: str
    """The article's id."""

    url: str | None
    """The article's address."""

    title: str | None
    """The article's headline, at most 300 characters."""

    source: str | None
    """Who published it, as the producer says."""

    published_at: Time | None
    """When it was published; null where the producer did not say."""

    outlet: str | None
    """The outlet under its one name: its registered domain, or its name folded."""

    wire: str | None
    """The agency whose wire the text names, or that the outlet is."""

    cluster_id: str
    """The story in the widest sense: all copies, versions and altered copies share it."""

    story_id: str
    """The story that its source goes on telling, of which the last version stands.

    the cluster's, or one of its own for an altered copy by another source.
    """

    alters: str | None
    """The article of another source that this one has in its wording, with other figures or another assertion."""

    verdict: PassedVerdict
    """New, or a newer version."""

    revision_of: str | None
    """The article that this one is a newer version of."""

    language: str | None
    """BCP 47, as the producer says."""

    report_id: str
    """The report that it is counted in; `incidents.members` says to which incident that belongs."""

    own: bool
    """Whether it is of the article's own incident, not one that is mentioned beside it."""

    role: Role
    """What it is to that incident."""

    kind: Kind
    """What happened to the people."""

    low: int
    """At least so many. In persons."""

    high: int | None
    """At most so many; null when the text gives no ceiling. In persons."""

    qualifier: Qualifier
    """How the number is meant."""

    phrase: str
    """The quantity as written."""

    convention: str
    """The convention that gives vague words their bounds: `literal`, `acled`, ."""

    victims: str
    """The words for the people; empty where there are none."""

    victim_class: VictimClass
    """Who they were."""

    assertion: Assertion
    """Whether it is said to have happened."""

    attribution: Attribution | None
    """Who says so; null where nobody is named."""

    field: Field
    """Title or text."""

    start: int
    """Where the words begin in that field. In code points."""

    end: int
    """Where they end. In code points."""

    text: str
    """The field from start to end."""

    rule: str
    """The rule that read it."""

    in_toll: bool
    """Whether the toll of the article is made of it."""

    place: FigurePlace | None
    """Where; null where it is not known."""

    country: str
    """ISO 3166-1 of the place, `XX` where it is not known; the key of the record."""

    event_time: EventTime | None
    """When it happened."""


class IncidentToll(TypedDict):
    """The toll of an incident as it stands."""

    schema: Literal["incidents.tolls/1"]
    """Name and major version of this schema; also the header `ce_type`."""

    incident_id: str
    """The incident: `inc-` and the id of the report that founded it."""

    place: IncidentPlace | None
    """Where it happened; null where no report says."""

    cause: CauseKind | None
    """What happened, as most reports say."""

    happened: EventTime
    """When it happened."""

    first_reported: Time
    """Publication of the first report."""

    last_reported: Time
    """Publication of the last report."""

    languages: list[str]
    """Languages of the reports, as found in their texts, else as producers say."""

    articles: list[str]
    """The articles that tell of it: the first and the newest hundred."""

    articles_total: int
    """How many articles tell of it."""

    origins: int
    """Independent origins: copies of one story, the texts of one outlet and of one wire are one."""

    toll: dict[Kind, TollEntry]
    """The standing figure of each kind."""

    conflicts: list[Conflict]
    """Claims that cannot be true beside the standing ones, each value once."""

    context: list[Context]
    """Figures that stand beside the toll and never enter it, the newest first."""


class IncidentMember(TypedDict):
    """The incident that a report belongs to."""

    schema: Literal["incidents.members/1"]
    """Name and major version of this schema; also the header `ce_type`."""

    report_id: str
    """The report; the key of the record."""

    article_id: str
    """The article's id."""

    incident_id: str
    """The incident: `inc-` and the id of the report that founded it."""


class TollRevision(TypedDict):
    """One change of an incident's toll."""

    schema: Literal["incidents.revisions/1"]
    """Name and major version of this schema; also the header `ce_type`."""

    revision_id: str
    """The line's own id; also the header `ce_id`."""

    incident_id: str
    """The incident: `inc-` and the id of the report that founded it."""

    kind: Kind | None
    """The kind that changed; null where incidents merge or split."""

    old: TollChange | None
    """What stood before; null where nothing did."""

    new: TollChange | None
    """What stands now; of a `contradicted` line the claim that does not. Null where nothing does."""

    when: Time
    """Publication of the report that brought the change."""

    article_id: str
    """Its article."""

    source: str | None
    """Its source."""

    why: Why
    """Why the line was entered."""

    other_incident: str | None
    """The other incident of a merge or a split."""

    text: str
    """The line in words."""
