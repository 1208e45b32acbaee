"""What one enriched article says about incidents: its reports for the count hop, and its figures for everybody else.

An article makes one report for its own incident, and one for each other incident that it plainly tells of elsewhere.
The count hop reads reports; the flat records of `casualties.figures` are for consumers, and nothing of ours reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from stream_app.core.events import Article, Assertion, CasualtyFigure, Place, Tagged
from stream_app.core.incidents.causes import MOST_CAUSES
from stream_app.core.incidents.sketch import place_term
from stream_app.core.incidents.where import incident_place
from stream_app.core.incidents.wording import Wording, Wordings
from stream_app.core.language.calendar import When, day_name, event_time, is_gone, published_day
from stream_app.core.language.document import Document, segment
from stream_app.core.language.links import is_linked, links
from stream_app.core.places.geometry import distance_km
from stream_app.core.sources import Source, Sources, builtin
from stream_app.core.wire import digest, encode

FIGURES_SCHEMA = "casualties.figures/1"
REPORTS_SCHEMA = "incidents.reports/1"
UNKNOWN_COUNTRY = "XX"

MAX_FIGURES = 64  # figures of one report that are counted, and of one article that are published flat
_FLAT_BYTES, _FIGURE_BYTES = 90_000, 1100  # of all of them together, and of one beside what they have in common
MAX_REPORTS = 8  # incidents of one article
_MAX_TITLE = 300  # characters of a title that stands beside each figure
_MAX_WORDS = 120  # characters of a phrase or of who said it

_LEAD_CHARS = 2000  # pages end in links to other stories; how much of the text describes the event
_OPENING_CHARS = 700  # who, what, where, when stand here
_LEAD_SENTENCES = 6
_REACH = 2000  # characters before and after a figure that are looked at for its sentence
_ELSEWHERE_KM = 100.0
_SURE = 0.7
_MAJOR = frozenset({"PPLC", "PPLA", "PPLA2", "PPLG"})
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#\s]*@)?([\w.-]+)(?![^/?#:])", re.IGNORECASE)
_LONGEST_HOST = 253
_MAX_PLACES = 8
_WIDE = frozenset({"PCLI", "PCLD", "PCLS", "PCL", "PCLF", "TERR", "ADM1"})  # too wide to tell two events apart
_LEAD_FIGURE_CHARS = 300
_NO_YEAR = "0000"
_OUTSIZED, _OUTSIZED_MORE = 5, 20
_TOLL_ROLES = frozenset({"toll", "other"})
_OWN_ROLES = _TOLL_ROLES | {"part"}
_CONTEXT_ASSERTIONS = frozenset(get_args(Assertion)) - {"actual"}

FlatFigure = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Report:
    """The figures of one incident in one article, and the place that they are counted under."""

    name: str
    place: Place | None
    figures: Sequence[tuple[str, CasualtyFigure]]
    toll: Mapping[str, Mapping[str, int | None]]

    @property
    def country(self) -> str:
        return (self.place and self.place.country_code) or UNKNOWN_COUNTRY


Pairs = list[tuple[str, FlatFigure]]


def told_by(
    document: Document,
    duplicate: Mapping[str, Any],
    tagged: Tagged,
    event_id: str,
    wordings: Wordings,
    sources: Sources | None = None,
) -> tuple[Pairs, list[FlatFigure]]:
    """What the article tells: (country code, record) pairs for `casualties.figures`; records of `incidents.reports`.

    `tagged` has its spans in the plain text of the document, and so have the reports their words; the flat records
    have them in the article as sent. A revision always makes a report: one without figures withdraws what the earlier
    versions of its story said.
    """
    article = document.plain
    words = wordings.of(tagged)
    causes = _causes(article, tagged, words)
    has_own = bool(causes) or duplicate["verdict"] == "revision"
    if not (has_own or tagged.casualties or tagged.toll):  # most articles of a general mix
        return [], []
    known = sources or builtin()
    source = known.of(article)
    shared = _article_fields(document.article, duplicate, event_id, source)
    main = incident_place(article, tagged, document.sentences, words)
    own, others = _reports(article, tagged, main, words)
    if referring := own is not None and _refers(article, tagged, words):
        own = own and _Report(own.name, own.place, [_as_past(one) for one in own.figures], {})
    if own is None and has_own:
        own = _Report("own", main, (), {})
    reports = [*others[: MAX_REPORTS - 1], *([own] if own else [])]
    told = [(report, _told(report, article, tagged, words)) for report in reports]
    pairs = [
        pair
        for report, when_and_how in told
        for pair in _flat_figures(_as_sent(report, document), when_and_how, shared)
    ]
    opening = f"{article.title or ''}\n{article.text[:_OPENING_CHARS]}"
    corrected, following = words.corrects(opening), words.follows(opening)
    before = words.counts_before(opening) if corrected or following else []
    how = {"corrects": corrected, "follows": following, "counts_before": before, "targets": words.targets(opening)}
    records = [
        _report_record(report, tagged, causes, how, told_so, shared)
        for report, told_so in told
        if report is not own or not referring or duplicate["verdict"] == "revision"
    ]
    more = {"version": duplicate.get("version", 0), "reliability": known.grade(source.outlet)}
    return pairs[: _room(shared)], [{**record, **more} for record in records]


def _room(shared: FlatFigure) -> int:
    """How many figures of an article are published flat: fewer where each repeats a long id or address."""
    return min(MAX_FIGURES, _FLAT_BYTES // (len(encode(shared)) + _FIGURE_BYTES))


def _as_sent(report: _Report, document: Document) -> _Report:
    """The report with its spans in the article as sent."""
    if document.plain is document.article:
        return report
    figures = [(role, document.sent(figure)) for role, figure in report.figures]
    return replace(report, place=report.place and document.sent(report.place), figures=figures)


def _causes(article: Article, tagged: Tagged, words: Wording) -> list[str]:
    """What happened: as the tagger of causes says, then what title and opening speak of beside."""
    rough = words.causes(article.title or "", article.text[:_OPENING_CHARS])
    sure = [tagged.cause.kind] if tagged.cause is not None and tagged.cause.kind != "other" else []
    return list(dict.fromkeys([*sure, *rough]))[:MOST_CAUSES]


def _refers(article: Article, tagged: Tagged, words: Wording) -> bool:
    """Whether the victims of the toll are of before: a court or a day of memory looks back at them.

    Such an article refers to an incident and makes no report of one.
    """
    actual = [figure for figure in tagged.casualties if figure.in_toll]
    telling = actual or [figure for figure in tagged.casualties if figure.assertion == "historical"]
    in_text = [figure for figure in telling if figure.field == "text"] or telling
    return bool(telling) and all(_is_referred_to(figure, article, words) for figure in in_text)


def _as_past(one: tuple[str, CasualtyFigure]) -> tuple[str, CasualtyFigure]:
    role, figure = one
    return "historical" if role in ("toll", "part") else role, figure


def _is_referred_to(figure: CasualtyFigure, article: Article, words: Wording) -> bool:
    """Whether a figure is of a time gone by: by its sentence, and the lead where only the title tells it."""
    start, end = _sentence_span(article, figure)
    raw = _raw(article, figure)
    told = f"{raw[start:end]} {article.text[:_LEAD_FIGURE_CHARS]}" if figure.field == "title" else raw[start:end]
    year = int((article.published_at or _NO_YEAR)[:4])
    before = raw[start : figure.start]
    if words.refers(before, told, year):
        return True
    return words.looks_back(before) and is_gone(told, figure.end - start, published_day(article.published_at))


def _reports(
    article: Article, tagged: Tagged, main: Place | None, words: Wording
) -> tuple[_Report | None, list[_Report]]:
    """The article's own incident at its `main` place, if it reports one, and the others."""
    elsewhere: dict[tuple[float | None, float | None], tuple[Place, list[tuple[str, CasualtyFigure]]]] = {}
    own: list[tuple[str, CasualtyFigure]] = []
    toll = _own_toll(article, tagged, words)
    rows = links(article.text)
    for figure in tagged.casualties:
        place = _place_of(figure, tagged)
        role = role_of(figure, article, words)
        if (
            place is not None
            and role == "part"
            and _is_elsewhere(figure, place, main, article, words)
            and not is_linked(figure, rows)
        ):
            elsewhere.setdefault((place.lat, place.lon), (place, []))[1].append(("other", figure))
        else:
            own.append((role, figure))
    others = [
        _Report(f"at {place.lat} {place.lon}", place, figures, _highest([figure for _, figure in figures]))
        for place, figures in elsewhere.values()
    ]
    return (_Report("own", main, own, toll) if own or toll else None), others


def _own_toll(article: Article, tagged: Tagged, words: Wording) -> dict[str, dict[str, int | None]]:
    """The article's toll, but for a kind whose figure is of a war, a year or another attack behind the news.

    Of such a kind the highest figure of title and lead stands. It is known by its words ("since the war began") or by
    its size: many times what title and lead say, and told later.
    """
    toll: dict[str, dict[str, int | None]] = {kind: {"low": b.low, "high": b.high} for kind, b in tagged.toll.items()}
    for kind, bounds in tagged.toll.items():
        actual = [f for f in tagged.casualties if f.kind == kind and f.assertion == "actual"]
        leading = [f for f in actual if _leads(f, article, words)]
        lead = max(leading, key=lambda figure: figure.low, default=None)
        tellers = [f for f in tagged.casualties if f.kind == kind and f.in_toll and f.low == bounds.low]
        if not tellers or lead in tellers or any(f.field == "title" for f in tellers):
            continue
        behind = all(words.is_background(_sentence_around(article, figure)) for figure in tellers)
        if lead is not None and (behind or bounds.low > _OUTSIZED * lead.low + _OUTSIZED_MORE):
            toll[kind] = {"low": lead.low, "high": lead.high}
        elif behind:
            del toll[kind]
    return toll


def _leads(figure: CasualtyFigure, article: Article, words: Wording) -> bool:
    """Whether a figure stands in the title or the lead, and not as the background of the news."""
    in_lead = figure.field == "title" or figure.start < _LEAD_FIGURE_CHARS
    return in_lead and not words.is_background(_sentence_around(article, figure))


def role_of(figure: CasualtyFigure, article: Article, words: Wording) -> str:
    """What a figure is to its article's own incident: "toll", "part" of it or a repeat, or the context that it is.

    Context: an assertion other than "actual", or "cumulative" (the toll of a campaign).
    """
    if figure.in_toll:
        return "toll"
    if figure.assertion in _CONTEXT_ASSERTIONS:
        return figure.assertion
    return "cumulative" if words.is_cumulative(_sentence_around(article, figure)) else "part"


def _place_of(figure: CasualtyFigure, tagged: Tagged) -> Place | None:
    return None if figure.place is None else tagged.places[figure.place]


def _is_elsewhere(figure: CasualtyFigure, place: Place, main: Place | None, article: Article, words: Wording) -> bool:
    """Whether the words plainly set a figure in another town: "in Miami, eight people were wounded".

    Only a major town in the figure's own sentence, named after "in", far from the main place, and no hospital there:
    most other places of stray figures are streets, quarters and homes of victims that look like towns. What is of last
    year is behind the news, and no other news.
    """
    if main is None or place.feature_code not in _MAJOR or place.confidence < _SURE or place.field != figure.field:
        return False
    if place.lat is None or place.lon is None or main.lat is None or main.lon is None:
        return False
    if distance_km(place.lat, place.lon, main.lat, main.lon) <= _ELSEWHERE_KM:
        return False
    start, end = _sentence_span(article, figure)
    sentence = _raw(article, figure)[start:end]
    before = _raw(article, figure)[max(start, place.start - 4) : place.start]
    sets = start <= place.start < end and words.sets_in(before)
    return sets and not words.is_care(sentence) and not words.is_background(sentence)


def _highest(figures: Sequence[CasualtyFigure]) -> dict[str, dict[str, int | None]]:
    """Per kind, the highest figure: repeats once, parts not added."""
    toll: dict[str, dict[str, int | None]] = {}
    for figure in figures:
        if figure.low > (toll.get(figure.kind, {}).get("low") or -1):
            toll[figure.kind] = {"low": figure.low, "high": figure.high}
    return toll


def _sentence_around(article: Article, figure: CasualtyFigure) -> str:
    start, end = _sentence_span(article, figure)
    return _raw(article, figure)[start:end]


def _sentence_span(article: Article, figure: CasualtyFigure) -> tuple[int, int]:
    """Start and end of the sentence that holds a figure, in its field; a line end is a sentence end."""
    raw = _raw(article, figure)
    first, last = max(0, figure.start - _REACH), min(len(raw), figure.end + _REACH)
    before = max(raw.rfind(". ", first, figure.start), raw.rfind("\n", first, figure.start))
    ends = [end for end in (raw.find(". ", figure.end, last), raw.find("\n", figure.end, last)) if end >= 0]
    return first if before < 0 else before + 1, min(ends, default=last)


def _raw(article: Article, figure: CasualtyFigure) -> str:
    return (article.title or "") if figure.field == "title" else article.text


def _article_fields(article: Article, duplicate: Mapping[str, Any], event_id: str, source: Source) -> FlatFigure:
    return {
        "event_id": event_id,
        "article_id": article.id,
        "source": article.source or _host(article.url),
        "published_at": article.published_at,
        "outlet": source.outlet or None,
        "wire": source.wire or None,
        "cluster_id": duplicate["cluster_id"],
        "story_id": duplicate.get("story_id", duplicate["cluster_id"]),
        "alters": duplicate.get("alters"),
        "verdict": duplicate["verdict"],
        "revision_of": duplicate["revision_of"],
        "language": article.language,
        "title": article.title and article.title[:_MAX_TITLE],
        "url": article.url,
    }


def _host(url: str | None) -> str | None:
    """The host that an address names last; an archive's copy names the archive first.

    None where it names none that a name server could know: an address is the producer's, and may be anything.

    >>> _host("http://web.archive.org/web/2016/http://www.wmc.com:80/a.html"), _host("http://[breaking]/story")
    ('wmc.com', None)
    """
    if url is None:
        return None
    found = _HOST.match(url, max(url.rfind("http://"), url.rfind("https://"), 0))
    host = found.group(1).lower().removeprefix("www.") if found else ""
    return host if 0 < len(host) <= _LONGEST_HOST else None


def _flat_figures(report: _Report, told: FlatFigure, shared: FlatFigure) -> Iterator[tuple[str, FlatFigure]]:
    """One record a figure."""
    report_id, place = _report_id(report, shared), report.place and _flat(report.place)
    for number, (role, figure) in enumerate(report.figures[:MAX_FIGURES]):
        yield (
            report.country,
            {
                "schema": FIGURES_SCHEMA,
                **shared,
                "figure_id": digest(report_id, str(number)),
                "report_id": report_id,
                "own": report.name == "own",
                **_figure_fields(role, figure),
                "place": place,
                "country": report.country,
                "event_time": told["event_time"],
            },
        )


def _report_record(
    report: _Report, tagged: Tagged, causes: Sequence[str], how: FlatFigure, told: FlatFigure, shared: FlatFigure
) -> FlatFigure:
    """The report as the count hop reads it: neither title nor url, each list and word bounded."""
    return {
        "schema": REPORTS_SCHEMA,
        **{name: shared[name] for name in _SHARED_WITH_REPORTS},
        "language": tagged.language_found.language if tagged.language_found else shared["language"],
        "report_id": _report_id(report, shared),
        "own": report.name == "own",
        "place": report.place and {**_flat(report.place), "ancestors": _ancestors(report.place)},
        "places": _other_places(report, tagged),
        "cause": tagged.cause and tagged.cause.kind,
        "causes": causes,
        **how,
        **told,
        "toll": dict(report.toll),
        "figures": [_counted_figure(role, figure) for role, figure in report.figures[:MAX_FIGURES]],
    }


_SHARED_WITH_REPORTS = (
    "event_id", "article_id", "source", "published_at", "outlet", "wire", "cluster_id", "story_id", "alters",
    "verdict", "revision_of", "language",
)  # fmt: skip


def _report_id(report: _Report, shared: FlatFigure) -> str:
    return digest(shared["event_id"], report.country, report.name)


def _counted_figure(role: str, figure: CasualtyFigure) -> FlatFigure:
    """What a toll and its context are told from."""
    return {
        "role": role,
        "kind": figure.kind,
        "low": figure.low,
        "high": figure.high,
        "qualifier": figure.qualifier,
        "phrase": figure.phrase[:_MAX_WORDS],
        "victim_class": figure.victim_class,
        "said_by": figure.attribution and figure.attribution.text[:_MAX_WORDS],
    }


def _figure_fields(role: str, figure: CasualtyFigure) -> FlatFigure:
    said = figure.attribution
    return {
        "role": role,
        "kind": figure.kind,
        "low": figure.low,
        "high": figure.high,
        "qualifier": figure.qualifier,
        "phrase": figure.phrase,
        "convention": figure.convention,
        "victims": figure.victims,
        "victim_class": figure.victim_class,
        "assertion": figure.assertion,
        "attribution": None if said is None else {"text": said.text, "start": said.start, "end": said.end},
        "field": figure.field,
        "start": figure.start,
        "end": figure.end,
        "text": figure.text,
        "rule": figure.rule,
        "in_toll": figure.in_toll,
    }


def _ancestors(place: Place) -> list[dict[str, Any]]:
    return [{"geonames_id": ancestor.geonames_id, "name": ancestor.name} for ancestor in place.ancestors]


def _flat(place: Place) -> FlatFigure:
    return {
        "text": place.text,
        "geonames_id": place.geonames_id,
        "name": place.name,
        "lat": place.lat,
        "lon": place.lon,
        "country_code": place.country_code,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "feature_class": place.feature_class,
        "feature_code": place.feature_code,
        "type": place.type,
        "confidence": place.confidence,
    }


def _told(report: _Report, article: Article, tagged: Tagged, words: Wording) -> FlatFigure:
    """How the article tells of the incident: its time and the sketch of its words."""
    telling = [words.unstamped(sentence) for sentence in _telling(report, article, words)]
    published = published_day(article.published_at)
    today = published_day(article.published_at, report.place.lon if report.place else None)
    when = event_time(telling, published, today)
    if not (sure := when.precision == "day") and report.name == "own":
        when = event_time(_opening(article, words), published, today)
    sketch = _sketch(report, article, tagged, telling, words)
    return {"event_time": _when_fields(when), "sure_day": sure, "terms": sketch}


def _telling(report: _Report, article: Article, words: Wording) -> list[str]:
    """The sentences that tell of the event, each once: those with figures of the toll, then with others of it.

    What is behind the news tells of another event, and of another day.
    """
    in_text = [(role, figure) for role, figure in report.figures if figure.field == "text"]
    ranked = sorted(in_text, key=lambda one: one[0] not in _TOLL_ROLES)
    sentences = dict.fromkeys(_sentence_around(article, figure) for role, figure in ranked if role in _OWN_ROLES)
    return [sentence for sentence in sentences if not words.is_background(sentence)]


def _opening(article: Article, words: Wording) -> Iterator[str]:
    """The first sentences but for what is behind the news, found only when they are asked for."""
    lead = words.unstamped(article.text[:_LEAD_CHARS])
    for start, end in segment(lead)[:_LEAD_SENTENCES]:
        if not words.is_background(lead[start:end]):
            yield lead[start:end]


def _sketch(report: _Report, article: Article, tagged: Tagged, telling: Sequence[str], words: Wording) -> list[str]:
    """The telling terms: of title and opening for the article's own incident, of the figures' sentences for others."""
    outlet = _outlet_words(article)
    if report.name != "own":
        return words.terms("\n".join(telling), outlet) + _place_terms(report, tagged)[:1]
    title = _without_places(article.title or "", [p for p in tagged.places if p.field == "title"])
    text = _without_places(article.text[:_LEAD_CHARS], [p for p in tagged.places if p.field == "text"])
    opening = f"{title}\n{text[:_OPENING_CHARS]}"
    return words.terms(f"{title}\n{text}", outlet) + _place_terms(report, tagged) + words.common_terms(opening)


def _without_places(text: str, places: Iterable[Place]) -> str:
    """The text with a comma for each place that is resolved: places are compared as places."""
    pieces, end = [], 0
    for place in places:
        if place.country_code and place.start >= end:
            pieces.append(text[end : place.start])
            end = place.end
    return ",".join([*pieces, text[end:]])


def _place_terms(report: _Report, tagged: Tagged) -> list[str]:
    """The place of the incident and the smaller places in its country that the opening names beside it."""
    opening = [place for place in tagged.places if place.start < _LEAD_CHARS and place.country_code == report.country]
    places = opening if report.place is None else [report.place, *opening]
    names = (place_term(place.name) for place in places if place.name and place.feature_code not in _WIDE)
    return list(dict.fromkeys(names))[:_MAX_PLACES]


def _other_places(report: _Report, tagged: Tagged) -> list[FlatFigure]:
    """The other places of title and opening, the most named first: another report may have its incident there."""
    opening = [p for p in tagged.places if p.lat is not None and (p.field == "title" or p.start < _LEAD_CHARS)]
    focus_id = report.place and (report.place.lat, report.place.lon)
    times = Counter((p.lat, p.lon) for p in opening)
    first = {(p.lat, p.lon): p for p in reversed(opening)}
    kept = [at for at, _ in times.most_common() if at != focus_id][:_MAX_PLACES]
    return [{name: getattr(first[at], name) for name in _OTHER_PLACE_FIELDS} for at in kept]


_OTHER_PLACE_FIELDS = ("lat", "lon", "country_code", "admin1", "feature_class", "feature_code")


def _outlet_words(article: Article) -> frozenset[str]:
    """Words of the outlet's own name, which stand on all its pages."""
    named = f"{article.source or ''} {_host(article.url) or ''}"
    return frozenset(re.findall(r"\w+", named.lower()))


def _when_fields(when: When) -> FlatFigure:
    return {
        "first": None if when.first is None else day_name(when.first),
        "last": None if when.last is None else day_name(when.last),
        "precision": when.precision,
    }
