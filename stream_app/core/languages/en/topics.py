"""What an English article as a whole is about, when that is no event of now: a trial, an obituary, a drill.

Decided from the headline and the first sentences, and from what the last one says of the writer. Its words are in
`topics.json`, its shapes (ages, dates, quotes) below. A topic changes the figures that are told as facts of now; its
words are their cue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from stream_app.core.casualties.article_toll import Candidate
from stream_app.core.casualties.dating import is_dated_itself, long_gone, setting
from stream_app.core.casualties.free.topics import TOPICS
from stream_app.core.casualties.free.topics import Topics as Finder
from stream_app.core.casualties.opening import Times
from stream_app.core.events import Assertion, RejectReason
from stream_app.core.language.any_case import AnyCase
from stream_app.core.language.document import Document, Sentence
from stream_app.core.language.tables import table
from stream_app.core.languages.en.about import Subject
from stream_app.core.languages.en.numerals import is_numeric

_HEAD: Final = 4
"""Sentences of the text that say what it is about; the first of them is the lead."""
_LONGEST: Final = 600
_OLD: Final = 60
_ENOUGH: Final = 2
_LABEL: Final = 2
_SEASON: Final = 3
_LONG_AGO: Final = 24
"""Months after which a court's report tells of the past: a trial of last year's shooting still counts its dead."""
_QUOTED: Final = re.compile(
    r"['‘\"“](?:dead|killed|hurt|injured|wounded|casualties|victims|deaths?|bodies)['’\"”]", re.IGNORECASE
)
_QUOTED_NUMBER: Final = re.compile(
    r"['‘\"“]\w+ (?:dead|killed|hurt|injured|wounded|casualties|victims)['’\"”]", re.IGNORECASE
)
_REVEALED: Final = 6
"""Sentences of the text in which it comes out that all was played."""
_REVEALS: Final = re.compile(
    r"\W*(?:(?:The|This) (?:(?:exercise|drill|simulation)\b(?! (?:area|ground|range))"
    r"|(?P<work>novel|thriller|screenplay|miniseries|whodunit|sitcom|video game)\b)"
    r"|(?:It|This|That|All of it|None of it) (?:was|is) (?:all |only |just |part of )*(?:an? |the )?"
    r"(?:\w+ )?(?:drill|exercise|simulation|rehearsal)\b)"
)
_BROKEN_OFF: Final = AnyCase(
    r"\b(?:halted|stopped|suspended|cancell?ed|called off|abandoned|postponed|cut short|investigat\w+|resumed?)\b"
)
_ANTECEDENT: Final = AnyCase(
    r"\b(?:exercis\w+|drill\w*|simulat\w+|training|man(?:oeuv|euv)\w+|rehears\w+|live[- ]fire|war ?games?"
    r"|author|novel\w*|thriller|screenplay|game)\b"
)
_AGED: Final = re.compile(
    r"\b(?:dies|died|dead|passes away|passed away),? (?:at|aged|at the age of) (\d{2,3})\b", re.IGNORECASE
)
_STAR: Final = "★"
_REVIEWED: Final = re.compile(
    r"\W*(?:(?:film|book|theatre|tv|game|movie) )?review ?[:|–—-]|['‘“\"][^'’”\"]{1,60}['’”\"] review ?[:|–—-]",
    re.IGNORECASE,
)
_REVIEWING: Final = re.compile(r"\breview [:|–—-]", re.IGNORECASE)
_WRITER: Final = re.compile(
    r"^\W*(?:\w+ ){0,4}(?:the )?(?:writer|author|columnist) "
    r"(?:(?:is|was) (?:an?|the|author|professor|director|editor|based|former)|teaches|works|can be|holds|writes)\b",
    re.IGNORECASE,
)
_PERIOD: Final = re.compile(r"(?:weekly|monthly|quarterly|annual|half-year|round)", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:1[89]|20)(?<!\w\d\d)\d\d\b")
_MODEL: Final = re.compile(r"\b(?:an?|his|her|their) (?:19|20)\d\d(?= [A-Z])")
"""When a car was made: "in a 2009 Chevrolet"."""
_MONTHS: Final[Sequence[str]] = table("en", "calendar")["months"].split()
_DATED: Final = re.compile(rf"\b({'|'.join(_MONTHS)})(?: \d{{1,2}})?,? ((?:19|20)\d\d)\b", re.IGNORECASE)
_AGO: Final = re.compile(
    r"\b(?:(?:\w+[ -]){0,2}(?:years|decades)|(?:a|one) decade) (?:ago|after|on|since|later|earlier)\b|\bcentury\b",
    re.IGNORECASE,
)
_TODAY: Final = AnyCase(
    rf"\b(?:today|yesterday|tonight|overnight|{'|'.join(table('en', 'calendar')['weekdays'].split())}"
    r"|(?:this|last) week(?:end)?)\b"
)
_DAYTIME: Final = AnyCase(
    r"\b(?:morning|evening|afternoon|night|dawn|midnight|noon|\d{1,2} ?[ap]\.?m"
    rf"|(?:{'|'.join(_MONTHS)}) \d{{1,2}}|\d{{1,2}} (?:{'|'.join(_MONTHS)}))\b"
)
_DAY: Final = rf"(?:today|yesterday|{'|'.join(table('en', 'calendar')['weekdays'].split())})\b"
_SAYING: Final = (
    r"\b(?:said|says|told|announced|announces|disclosed|revealed|reported|reports|stated|confirmed|added|found)\b"
)
_SHOWING: Final = (
    r"\b(?:present(?:ed|ing|s)|unveil(?:ed|ing|s)|releas(?:ed|ing|es)|publish(?:ed|ing|es)|launch(?:ed|ing|es)"
    r"|giving|gave|issu(?:ed|ing|es)|tabled|tabling|announcing|disclosing|briefing|report|figures|conference)\b"
)
_AUDIENCE: Final = (
    r"\W+(?:this|that|it|so|reporters|newsmen|journalists|media|press|news|conference|briefing|statement|parliament"
    r"|lawmakers|mps|the|a|an|its|his|her|their|in|at|on|late|early|here|annual|yearly|report|review)"
)
_SPOKEN: Final = AnyCase(
    rf"{_SAYING}(?:{_AUDIENCE}){{0,6}}\W+{_DAY}|\b{_DAY} (?:\w+\W+)?{_SAYING}"
    rf"|^\W*(?:on )?{_DAY},\W+(?:\w+\W+)?{_SAYING}"
    rf"|{_SHOWING}[^.;,]{{0,80}}?\bon\W+{_DAY}"
)
"""The day on which something was said or shown, which is none of what it tells of: "On Monday, she said".

"Five were killed on Monday, police said" tells the day of the deed.
"""
_FRESH: Final = re.compile(
    r"^(?:this|these|now|the latest)\b|\b(?:has|have) (?:(?:now|already|so far) )?"
    r"(?:died|killed|lost|been (?:killed|injured|hurt|wounded|found|confirmed))\b",
    re.IGNORECASE,
)
"""What is told in the perfect ("34 have died"), or set against what came before ("This one killed four")."""
_REPORTED: Final = re.compile(
    rf"\W*on (?:\d{{1,2}} (?:{'|'.join(_MONTHS)})|(?:{'|'.join(_MONTHS)}) \d{{1,2}}),? \d{{4}}\b", re.IGNORECASE
)
_LONG_AGO_CUE: Final = re.compile(r"\d{4}|year|decade|centur", re.IGNORECASE)
_UNSET: Final = frozenset({"memory", "obituary", "drill", "averted", "review", "policy"})
_EARLY: Final = frozenset({"memory", "averted", "policy"})
_HEADED: Final = frozenset({"hoax", "roundup"})
_PAST: Final = frozenset({"trial", "inquest", "arrest", "memorial"})
_NEWS: Final = frozenset({"reduced_passive", "passive_subject", "intransitive_subject", "predicate", "counted_noun"})
_SUM: Final = frozenset({"counted_noun", "toll", "number_of", "event_of"})
_NAMES: Final[Mapping[str, Assertion]] = {
    "trial": "historical",
    "obituary": "historical",
    "memory": "historical",
    "drill": "fictional",
    "statistics": "generic",
    "opinion": "historical",
    "averted": "hypothetical",
    "forecast": "forecast",
    "review": "fictional",
    "policy": "historical",
    "hoax": "denied",
    "roundup": "historical",
}
"""What each topic makes of the figures of its article."""


class Topic(NamedTuple):
    """What an article is about, and the words that say so."""

    assertion: Assertion
    cue: str


class _Hit(NamedTuple):
    """Words of a topic: which, in which sentence and where, and whether they say nothing alone."""

    topic: str
    sentence: int
    start: int
    hint: bool
    cue: str


class Topics:
    """Finds out what an article is about."""

    def __init__(self, units: Mapping[str, RejectReason]) -> None:
        words = table("en", "topics")
        self._units = units
        self._finder = Finder({"word": words["topic"], "hint": words["topic_hint"]}, str.lower, ())
        self._subject = Subject()

    def __call__(self, document: Document, candidates: Sequence[Candidate], year: int | None) -> Topic | None:
        """The topic that takes the figures of the article out of now; None for news, as most articles are."""
        told = [c for c in candidates if c.figure.assertion == "actual" and c.figure.low]
        if not told:
            return None
        first = next((c for c in told if not c.aside and (c.counted or c.figure.low == 1)), told[0])
        sentences = document.sentences
        lead = sum(sentence.field == "title" for sentence in sentences[: _HEAD + 1])
        head = sentences[: lead + _HEAD]
        hits = [hit for number, one in enumerate(head) for hit in self._hits(number, one)]
        return (
            _of_the_past(hits, head, lead, first, year, document.article.published_at)
            or _quoted(hits, head)
            or _revealed(sentences[: lead + _REVEALED], first)
            or _tallied(candidates, lead)
            or _headed(hits, first, lead)
            or _told_before(hits, first, lead)
            or _obituary(hits, head[: lead + 1])
            or _statistics(hits, head[: lead + 1], first, lead)
            or _opinion(hits, sentences, lead)
            or _review(hits, head, first, lead)
            or _foretold(candidates, first, lead)
            or self._about(document, lead, first)
            or self._unset(hits, document, lead, first, year if document.article.published_at else None)
        )

    def _about(self, document: Document, lead: int, first: Candidate, *, sure: bool = True) -> Topic | None:
        found = self._subject(document.sentences, lead, first, document.words, sure=sure)
        return Topic(TOPICS[found.topic], found.cue) if found is not None else None

    def _unset(
        self, hits: Sequence[_Hit], document: Document, lead: int, first: Candidate, year: int | None
    ) -> Topic | None:
        """An article whose opening plays at no time of now, or in a year long gone: one word is enough then.

        None at all where both hold, as in a page of history: its headline counts nobody.
        """
        when = setting([sentence.text for sentence in document.sentences], lead, first.sentence, year, is_of_now)
        if when is None or (when.is_of_now and when.year is None):
            return None
        if not when.is_of_now and when.year is not None and first.sentence >= max(lead, 1):
            return _topic("memory", when.year)
        plain = next((hit for hit in hits if hit.topic in _UNSET and not hit.hint), None)
        if plain is not None:
            return _topic(plain.topic, plain.cue)
        return self._about(document, lead, first, sure=False)

    def without_animals(self, document: Document, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates; under a headline that counts animals and no people ("kills 47 cattle") those of people.

        Whose number is that of the headline, or has no noun of its own, counts animals again.
        """
        title = document.plain.title
        if not title or not candidates or any(c.figure.field == "title" and c.figure.low for c in candidates):
            return list(candidates)
        words = title.lower().split()
        counts = {words[k] for k in range(len(words)) if is_numeric(words[k]) and self._animals(words[k + 1 : k + 4])}
        return [c for c in candidates if not counts or (c.figure.victims and c.figure.phrase not in counts)]

    def _animals(self, words: Sequence[str]) -> bool:
        return any(self._units.get(word.strip(",.;:'\"")) == "animal" for word in words)

    def _hits(self, number: int, sentence: Sentence) -> list[_Hit]:
        text = sentence.text[:_LONGEST]
        found = self._finder.found(text.lower())
        return [_Hit(name, number, start, weight == "hint", text[start:end]) for name, weight, start, end in found]


def _topic(name: str, cue: str) -> Topic:
    return Topic(_NAMES[name], cue)


def _of_the_past(
    hits: Sequence[_Hit],
    head: Sequence[Sentence],
    lead: int,
    first: Candidate,
    year: int | None,
    published: str | None,
) -> Topic | None:
    """As in "found guilty of murdering three in 2019": a court, an arrest or a memorial for what happened long ago.

    The court must be in the headline or the lead, the older time in the head; for an arrest both in the lead.
    A headline like "Bomb at memorial kills five" is news.
    """
    if _is_news(hits, head, lead, first):
        return None
    court = next((hit for hit in hits if hit.topic in {"trial", "inquest"} and hit.sentence <= lead), None)
    held = next((hit for hit in hits if hit.topic == "arrest" and hit.sentence <= lead), None)
    closed = next((hit for hit in hits if hit.topic == "inquest" and hit.sentence <= lead), None)
    if closed is not None:
        return _topic("trial", closed.cue)
    if court is not None and _older(hits, head, year, published, _LONG_AGO):
        return _topic("trial", court.cue)
    if held is not None and _older(hits, head[: lead + 1], year, published, _LONG_AGO):
        return _topic("trial", held.cue)
    built = next((hit for hit in hits if hit.topic == "memorial" and hit.sentence <= lead), None)
    strikes = first.sentence < lead and first.figure.rule == "active_object"
    if built is not None and not strikes and _older(hits, head, year, published, _SEASON):
        return _topic("memory", built.cue)
    return None


def _is_news(hits: Sequence[_Hit], head: Sequence[Sentence], lead: int, first: Candidate) -> bool:
    """As in "Two guards killed as gunmen free drug boss from court"; who is put to death is news as well."""
    if any(hit.topic == "executed" and hit.sentence <= lead for hit in hits):
        return True
    if first.sentence > lead or first.figure.rule not in _NEWS:
        return False
    told = first.sentence, first.figure.start - head[first.sentence].start
    return not any(hit.topic in _PAST and (hit.sentence, hit.start) < told for hit in hits)


def _older(
    hits: Sequence[_Hit], sentences: Sequence[Sentence], year: int | None, published: str | None, months: int
) -> str | None:
    """The words of a time more than so many months ago; not those of what somebody did or was before."""
    of_person = {hit.sentence for hit in hits if hit.topic == "person"}
    if published is None:
        months += len(_MONTHS)  # the year of the article is a guess by the years in it
    for number, sentence in enumerate(sentences):
        text = sentence.text[:_LONGEST]
        if number in of_person:
            continue
        ago = _AGO.search(text)
        if ago is not None:
            return ago.group()
        if year is None:
            continue
        dated = [(match.start(2), match) for match in _DATED.finditer(text)]
        for _, match in dated:
            if _months_between(match, year, published) >= months:
                return match.group()
        known = {start for start, _ in dated}
        for found in _YEAR.finditer(text):
            if found.start() not in known and (year - int(found.group())) * len(_MONTHS) >= max(months, len(_MONTHS)):
                return found.group()
    return None


def _months_between(match: re.Match[str], year: int, published: str | None) -> int:
    """How many months before the article a month of a year was; the article's is the last of its year if unknown."""
    now = int(published[5:7]) if published else len(_MONTHS)
    return (year - int(match.group(2))) * len(_MONTHS) + now - _MONTHS.index(match.group(1).lower()) - 1


def _quoted(hits: Sequence[_Hit], head: Sequence[Sentence]) -> Topic | None:
    """As in the headline "Twenty 'dead' as port tests disaster plan"; "'20 dead' at port" with two words of a drill."""
    found = _QUOTED.search(head[0].text) if head and head[0].field == "title" else None
    if found is not None:
        return _topic("drill", found.group())
    counted = _QUOTED_NUMBER.search(head[0].text) if head and head[0].field == "title" else None
    played = {hit.cue.lower() for hit in hits if hit.topic == "drill"}
    return _topic("drill", counted.group()) if counted is not None and len(played) >= _ENOUGH else None


def _revealed(sentences: Sequence[Sentence], first: Candidate) -> Topic | None:
    """As in "Eleven were declared dead. The exercise is held every year": what came before was played, or a story.

    Not where something of the kind was told of before ("Three died during an exercise. The exercise went on"), nor
    where it was broken off.
    """
    for number, sentence in enumerate(sentences):
        found = _REVEALS.match(sentence.text) if number > first.sentence else None
        if found is None or _BROKEN_OFF.search(sentence.text[:_LONGEST]) is not None:
            continue
        before = " ".join([one.text[:_LONGEST] for one in sentences[:number]])
        if _ANTECEDENT.search(before) is None:
            return _topic("review" if found.group("work") else "drill", found.group().strip())
    return None


def _tallied(candidates: Sequence[Candidate], lead: int) -> Topic | None:
    """As in "54 journalists killed worldwide this year", told so in headline and lead: so are the parts behind them."""
    dead = [c for c in candidates if c.figure.kind == "killed" and c.sentence <= lead]
    if not lead or any(c.figure.assertion != "generic" for c in dead):
        return None
    both = {c.figure.field for c in dead} == {"title", "text"}
    return _topic("statistics", dead[0].figure.cue or "") if both else None


def _headed(hits: Sequence[_Hit], first: Candidate, lead: int) -> Topic | None:
    """As in the headlines "Fake front page: no ferry sank", "The year in disasters", which tell of no dead themselves.

    "Weekly round-up: nine killed" does, and is one.
    """
    for hit in hits:
        if hit.topic in _HEADED and hit.sentence < lead and (first.sentence >= lead or _PERIOD.match(hit.cue)):
            return _topic(hit.topic, hit.cue)
    return None


def _told_before(hits: Sequence[_Hit], first: Candidate, lead: int) -> Topic | None:
    """A memory, a plot that was foiled, a drill: words in the headline or the lead, and no figure before them.

    For a drill two different words of the head, where one of them may be behind the figure: "Or so the script went".
    """
    told = first.sentence, first.figure.start
    for hit in hits:
        if hit.sentence > (lead if hit.topic != "policy" else lead - 1) or hit.topic not in _EARLY:
            continue
        if hit.sentence < told[0] and first.sentence > lead:
            return _topic(hit.topic, hit.cue)
    played = [hit for hit in hits if hit.topic == "drill"]
    plain = next((hit for hit in played if not hit.hint), None)
    if plain is not None and len({hit.cue.lower() for hit in played}) >= _ENOUGH:
        return _topic("drill", plain.cue)
    return None


def _obituary(hits: Sequence[_Hit], opening: Sequence[Sentence]) -> Topic | None:
    """As in "dies at 88", "has died in his sleep"; not who died in a crash, nor the young."""
    found = [match for sentence in opening if (match := _AGED.search(sentence.text[:_LONGEST]))]
    told = next((hit for hit in hits if hit.topic == "obituary" and hit.sentence < len(opening)), None)
    if any(int(match.group(1)) < _OLD for match in found) or not (found or told):
        return None
    if any(hit.topic == "violent" and hit.sentence < len(opening) for hit in hits):
        return None
    return _topic("obituary", told.cue if told is not None else found[0].group())


def _statistics(hits: Sequence[_Hit], opening: Sequence[Sentence], first: Candidate, lead: int) -> Topic | None:
    """As in "Murders hit a record 9,216 in 2025", "Road deaths fell by a tenth": what a year or a rate counts."""
    for number, sentence in enumerate(opening):
        own = {hit.topic: hit.cue for hit in hits if hit.sentence == number}
        counted = next((hit.start for hit in hits if hit.sentence == number and hit.topic == "tallied"), 0)
        if first.sentence < lead and first.figure.rule not in _SUM and (number or first.figure.start < counted):
            return None
        if not _PAST.isdisjoint(own):
            continue  # "Man charged with last year's murders"
        if "tallied" in own and ("measured" in own or "%" in sentence.text):
            return _topic("statistics", own.get("measured", "%"))
    return None


def _opinion(hits: Sequence[_Hit], sentences: Sequence[Sentence], lead: int) -> Topic | None:
    """As in "How many more must die?", "The writer is a retired judge"."""
    title = sentences[0].text if lead else ""
    asked = next((hit for hit in hits if hit.sentence < lead and _is_asked(hit, title)), None)
    if asked is not None:
        return _topic("opinion", asked.cue)
    signed = _WRITER.search(sentences[-1].text[:_LONGEST])
    return _topic("opinion", signed.group().strip()) if signed is not None else None


def _is_asked(hit: _Hit, title: str) -> bool:
    """As in "How many more must die?", "Editorial: the price of silence"."""
    label = hit.topic == "label" and hit.start <= _LABEL
    return hit.topic == "opinion" or (
        label and title[hit.start + len(hit.cue) :].lstrip()[:1] in {":", "|", "–", "—", "-"}
    )


def _review(hits: Sequence[_Hit], head: Sequence[Sentence], first: Candidate, lead: int) -> Topic | None:
    """As in "Review: ...", four stars, a film and its director."""
    told = [hit for hit in hits if hit.topic == "review"]
    for sentence in head:
        text = sentence.text[:_LONGEST]
        titled = _REVIEWING.search(text) if sentence.field == "title" and told else None
        if titled is not None:
            return _topic("review", titled.group().strip())
        label = _REVIEWED.match(text) if not text.startswith(_STAR) else None
        if label is not None:
            return _topic("review", label.group().strip())
        if _STAR in text:
            return _topic("review", _STAR)
    if first.sentence < lead:
        return None
    plain = next((hit for hit in told if not hit.hint), None)
    return _topic("review", plain.cue) if plain and len({hit.cue.lower() for hit in told}) > _ENOUGH else None


def is_of_now(sentence: str, by_day: bool) -> bool:  # noqa: FBT001  # as `setting` asks
    """Whether a sentence names a day of now, or an hour where that is enough."""
    text = sentence[:_LONGEST]
    return _TODAY.search(text) is not None or (not by_day and _DAYTIME.search(text) is not None)


def _without_days_of_telling(text: str) -> str:
    return _SPOKEN.sub(" ", text)


def times_of(texts: Sequence[str], year: int | None) -> Times:
    """What the sentences of an article of that year say of when they play."""

    def is_now(at: int) -> bool:
        text = texts[at][:_LONGEST]
        return _FRESH.search(text) is not None or is_dated_itself(text, year, is_of_now, _without_days_of_telling)

    def past(at: int) -> str | None:
        """As in "It was ten years since", "In 1986 the ferry sank"; "On 3 May 2023 gunmen came" opens a report."""
        text = texts[at][:_LONGEST]
        if is_now(at) or _REPORTED.match(text):
            return None
        ago = _AGO.search(text)
        if ago is not None:
            return ago.group()
        gone = None if year is None else long_gone(text, year)
        return gone if gone is None or _MODEL.search(text) is None else long_gone(_MODEL.sub("", text), year or 0)

    return Times(is_now, past, lambda cue: _LONG_AGO_CUE.search(cue) is not None)


def _foretold(candidates: Sequence[Candidate], first: Candidate, lead: int) -> Topic | None:
    """As in "Typhoon could kill dozens, ministry warns": a headline that foretells, and no dead in the lead."""
    opening = next((c for c in candidates if c.figure.kind == "killed"), None)
    if opening is None or opening.figure.assertion != "forecast" or opening.figure.field != "title":
        return None
    if first.sentence <= lead or first.figure.kind != "killed":
        return None
    return _topic("forecast", opening.figure.cue or "")
