"""The casualty tagger for English: sentences in, figures, rejected candidates and the toll out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple, Protocol

from stream_app.core.casualties.article_toll import Candidate, article_toll, settled
from stream_app.core.casualties.elsewhere import (
    with_carried_aside,
    with_earlier_aside,
    with_inner_places_told_once,
    with_others_aside,
)
from stream_app.core.casualties.opening import with_opening
from stream_app.core.casualties.whereabouts import Whereabouts
from stream_app.core.events import Attribution, CasualtyFigure, Place, Qualifier, Rejected, Tagged
from stream_app.core.frozen import changed, maker
from stream_app.core.language import limits
from stream_app.core.language.any_case import AnyCase
from stream_app.core.language.calendar import days_in, published_day
from stream_app.core.language.document import Document, Sentence, lowered, pieces, year_of
from stream_app.core.language.links import is_link, is_linked, links
from stream_app.core.language.numerals import CONVENTIONS, Quantity
from stream_app.core.languages.en.amounts import read_part
from stream_app.core.languages.en.assertion import Assessor, Judgement
from stream_app.core.languages.en.attribution import source_given, sources_by_clause
from stream_app.core.languages.en.background import WEEKDAYS, is_since_now
from stream_app.core.languages.en.chunks import Chunker
from stream_app.core.languages.en.company import Company
from stream_app.core.languages.en.deeds import FORCES, HOLDING, MARKS, earlier_deed, goes_on, opens_with_arrest
from stream_app.core.languages.en.framing import Frame
from stream_app.core.languages.en.lexicon import Lexicon
from stream_app.core.languages.en.locating import locates
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.numerals import read_quantity
from stream_app.core.languages.en.other_events import first_item, is_back, is_roundup, with_each_apart
from stream_app.core.languages.en.phrases import Chunk, People, end_of, victim_class
from stream_app.core.languages.en.rejects import SPELT, Rejecter
from stream_app.core.languages.en.tokens import Tokens, tokenise
from stream_app.core.languages.en.topics import Topic, Topics, times_of

_UNRESOLVED_RULES: Final = frozenset(
    {"to_hospital", "suffered_wounds", "hit_by_bullet", "recovering", "in_condition", "some_died"}
)
_REBUTTAL: Final = 300
_REBUTS: Final = AnyCase(
    r"(?:it|this|that|the|these|those) \S+ ?(?:\S+ )?(?:is|was|are|were|not|has|turned|proved|false|a|untrue|fake)\b"
    r"|no such\b|nothing of\b"
)
"""A sentence may take back the one before it only where it begins so, or takes back "it" or "this"."""
_TAKES_BACK: Final = AnyCase(
    r"\b(?:(?:den(?:y|ies|ied)|withdr[ea]wn?|retracted|deleted|removed|corrected|dismissed|"
    r"rejected|refuted|debunked|rebutted|disputed|recanted) (?:it|this|that|the)"
    r"|(?:call(?:s|ed)|describe[sd]|branded|label+ed|termed|dubbed|dismisse[sd]) (?:it|this|that|the|these|those))\b"
)
_TAKING_BACK: Final = frozenset(
    b"deny denies denied withdrew withdraw withdrewn withdrawn retracted deleted removed corrected dismissed rejected "
    b"refuted debunked rebutted disputed recanted called calls "
    b"described describes branded labelled labeled termed dubbed dismisses".split()
)
"""The verbs one of which an article must have for that."""
_BACK_SOON: Final = AnyCase(
    r"\b(?:all[- ]clear\b"
    r"|(?:back|return(?:ed|ing)|re-?entered|readmitted)\b[^.;]{0,40}\b"
    r"(?:(?:same|that) (?:day|night|evening|morning|afternoon)"
    r"|hours? later|(?:with|)in (?:an?|two|three|four|\d) hours?|by (?:noon|midday|lunchtime|\d))"
    r"|back (?:at|to) (?:their desks|work|class|classes|lessons)|(?:allowed|let) back (?:in|inside)\b"
    r"|for (?:about |some |nearly |almost )?(?:an hour|half an hour|\w+ minutes|two hours|three hours))"
)
"""What says that who was led out was back before the day was over."""
_LED_OUT: Final = frozenset({b"evacuated", b"evacuates", b"evacuate", b"evacuation", b"leave"})
_YEAR: Final = re.compile(r"(?:19|20)\d\d\b(?! USD)")
_PRONOUN_REACH: Final = 6
_DIGITS: Final = re.compile(r"\d{1,3}")
_WORD: Final = re.compile(r"[^\W\d_]+")
_HELD: Final = frozenset(word.encode() for word in HOLDING)
_FORCES: Final = frozenset(word.encode() for word in FORCES)
_SPELT: Final = frozenset(word.encode() for word in SPELT)
_HEAD_LINE: Final = 40
"""Characters of the name that heads a line."""
_LONGEST: Final = 2000
_HUNDREDS: Final = 100
_CHAIN: Final = 12
_OPENING: Final = 4
_HEADED_OPENING: Final = 8
"""Sentences that open a release, whose heading is told in several."""
_GOING_ON: Final = frozenset({"during", "in"})
_ON_THIS_DAY: Final = ["on", "this", "day"]
"""So an article of bygone days opens; anywhere else its first word says nothing."""
_RETORT_REACH: Final = 2
_SOME_OF_THOSE: Final = ("all but", "all except", "only", "just", "half", "a third", "a quarter", "two", "three")
_ABOARD: Final = frozenset({"aboard", "board", "carrying", "carried", "passengers", "crew", "trapped"})
_FEW: Final = frozenset({"only", "just"})
_THEY_REACH: Final = 2
_SOON: Final = 3
"""Sentences behind a figure in which its source may be given."""
_FIGURES: Final = frozenset(b"figure figures toll tolls count counts number numbers tally tallies total totals".split())
_ORIGINS: Final = frozenset({"from", "to"})
_BECOMING: Final = frozenset({"becoming", "became", "becomes", "him", "her", "them"})
"""Words behind which it is told which of a row somebody is: "becoming the sixth person killed there"."""
_TOTALS: Final = frozenset({"toll", "number_of"})
_REACHED: Final = ("up to", "as many as", "as much as", "possibly as many", "perhaps as many")
"""With these words before it, the most that is possible is the number reported."""
_IN_ALL: Final = (["in", "all"], ["in", "total"])
_AT_ONCE: Final = 30_000
"""Characters that go through the steps together: more than the sentences of a stretch that are read have."""
_MANY: Final = 200_000
"""Sentences times words, beyond which the words are looked for in the whole text and not sentence by sentence."""
_MORE: Final = frozenset({"more", "another", "further", "others"})
_SUMMED: Final = frozenset({"toll", "total", "tally", "number", "bringing", "brings", "brought", "taking", "raising"})
_ALL_OF_THEM: Final = frozenset({"all", "both", "these"})
_PART_OF: Final = frozenset({"after", "with", "including", "when", "as"})
_NEW: Final = frozenset({"a", "another"})
_LATER: Final = frozenset({"hospital", "wounds", "injuries", "burns", "succumbed", "since", "later", "overnight"})
_CLAUSE_REACH: Final = 20
_BESIDE: Final = 2
_BEGINS: Final = frozenset({"the", "a", "an", "it", "they", "two", "three", "four", "five", "six", "at"})
_AT_ONCE_WORDS: Final = frozenset({"instantly", "outright", "immediately"})
_ON_THE_SPOT: Final = frozenset(
    {("the", "scene"), ("the", "spot"), ("at", "once"), ("on", "impact"), ("on", "arrival")}
)
_GRAVE: Final = frozenset(
    {"serious", "seriously", "severe", "severely", "critical", "critically", "grave", "gravely", "badly"}
)
_SLIGHT: Final = frozenset({"minor", "slight", "slightly", "light", "lightly", "stable", "superficial", "moderate"})
_OWNERS: Final = frozenset({"his", "her", "their"})
_OPENS_CLAUSE: Final = frozenset({";", ".", "and", ",", "while"})
_SPEECH: Final = frozenset({'"', "“", "said", "says", "told", "recalled", "wrote"})
_HAS: Final = frozenset({"has", "have", "later"})
_SINCE_THEN: Final = frozenset({"since", "later", "now"})
"""As in "One has since died": who is told so without a noun is one of those told of before."""
_THE_HURT: Final = frozenset({"injured", "wounded", "hurt", "victims"})
_OLDEST: Final = 115
_AGE_ENDS: Final = frozenset({",", "", ".", ";", "and", ")"})
_HURT_TOO: Final = 2
_HEADED: Final = 5
_RANKS: Final = (
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)
_NEW_OR_RANK: Final = _NEW.union(_RANKS)
_figure_of: Final = maker(CasualtyFigure)


class _Reading(NamedTuple):
    """A sentence that speaks of casualties, as the grammar reads it; `number` is its place in the document."""

    number: int
    sentence: Sentence
    tokens: Tokens
    chunks: Sequence[Chunk]
    mentions: Sequence[Mention]


class _Sections:
    """The places whose names head lines of a document: "Lanark County: one death. Nine people were hurt"."""

    def __init__(self, document: Document, places: Sequence[Place]) -> None:
        self._text = document.plain.text
        self._places = places
        self._starts: frozenset[int] | None = None
        self._name, self._since = "", 0

    def of(self, sentence: Sentence) -> str:
        """The place in whose lines a sentence stands, asked in reading order; "" for none."""
        if sentence.field != "text":
            return ""
        colon = sentence.text.find(":", 0, _HEAD_LINE)
        if colon > 0 and sentence.start in self._known():
            self._name, self._since = sentence.text[:colon], sentence.start
        elif self._name and "\n" in self._text[self._since : sentence.start]:
            self._name = ""
        return self._name

    def _known(self) -> frozenset[int]:
        """Where places begin."""
        if self._starts is None:
            named = (place for place in self._places if place.field == "text" and place.type != "demonym")
            self._starts = frozenset(place.start for place in named)
        return self._starts


class Grammar(Protocol):
    """The rules of one language."""

    def __call__(self, chunks: Sequence[Chunk], tokens: Tokens, /) -> list[Mention]:
        """Every mention of a sentence, in the order of their cues."""


class Framer(Protocol):
    """How a language says that something is denied, made up, remembered, asked."""

    def __call__(self, words: Sequence[str], /) -> list[Frame]:
        """The frames of a sentence, given its words in lower case."""

    def aside(self, words: Sequence[str], /) -> list[tuple[int, int]]:
        """The stretches of a sentence that tell of another time or incident."""

    def superseded(self, words: Sequence[str], /) -> list[tuple[int, int]]:
        """The stretches of a sentence that tell what was put right since."""

    def genre(self, words: Sequence[str], /) -> Frame | None:
        """How a whole article is told, by its headline and first words."""

    def hearsay(self, words: Sequence[str], /) -> int | None:
        """Where a sentence begins to give what a post or picture is said to show."""

    def rebuttal(self, words: Sequence[str], /) -> bool:
        """Whether a sentence says no more than that the one before it is false."""

    def retort(self, words: Sequence[str], /) -> bool:
        """Whether a sentence says that the one before it is false."""

    def tip(self, words: Sequence[str], /) -> bool:
        """Whether a sentence gives what somebody phoned in."""

    def countered(self, words: Sequence[str], /) -> bool:
        """Whether a sentence says that nothing of what was phoned in had happened."""


class CasualtyTagger:
    """Adds casualty figures, rejected candidates and the toll.

    `grammar` joins the phrases of a language to what happened to them, `framer` knows how it tells what did not happen
    here and now, `lexicon` holds its words, and `convention` says what "dozens" means.
    """

    name = "casualties"

    def __init__(
        self,
        lexicon: Lexicon,
        grammar: Callable[[Lexicon], Grammar],
        framer: Callable[[Lexicon], Framer],
        convention: str = "literal",
    ) -> None:
        if convention not in CONVENTIONS:
            raise ValueError(f"unknown convention {convention!r}: choose one of {', '.join(CONVENTIONS)}")
        self.convention = convention
        self._lexicon = lexicon
        self._cue_words = _prefilter(self._lexicon)
        self._company = Company(lexicon.partners)
        self._chunk = Chunker(self._lexicon, convention)
        self._read = grammar(self._lexicon)
        self._frames = framer(self._lexicon)
        self._genres = lexicon.sets["genre"]
        self._genre_words = frozenset(word.encode() for name in self._genres for word in _WORD.findall(name))
        self._genres_anywhere = self._genres - {_ON_THIS_DAY[0]}
        self._wanted = self._cue_words | _SPELT | self._genre_words
        self._assess = Assessor(self._lexicon)
        self._reject = Rejecter(self._lexicon)
        self._topics = Topics(lexicon.units)

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """Everything said before, with the casualties of this document."""
        (tagged,) = self.each([document], [before])
        return tagged

    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """The same for several documents, step by step."""
        lower = [document.lower for document in documents]
        met = [document.words for document in documents]
        words = list(map(self._wanted.intersection, met))
        cues = [self._at_work(found, every, fields) for found, every, fields in zip(words, met, lower, strict=True)]
        readings = self._readings(documents, cues)
        candidates = [
            _within_limits(document, self._candidates(document, found, tagged.places, its)) if found else []
            for document, found, tagged, its in zip(documents, readings, before, words, strict=True)
        ]
        return list(map(self._tagged, before, documents, lower, words, candidates))

    def _at_work(
        self, found: AbstractSet[bytes], met: AbstractSet[bytes], fields: Sequence[bytes]
    ) -> AbstractSet[bytes]:
        """The cues among the words `found` without the everyday ones that have no partner in the whole document.

        Most articles need no sentences then. `met` are all words of the document.
        """
        cues = self._cue_words & found
        alone = self._company.lonely(cues, met, fields)
        return cues - alone if alone else cues

    def _tagged(
        self,
        before: Tagged,
        document: Document,
        lower: Sequence[bytes],
        words: AbstractSet[bytes],
        candidates: Sequence[Candidate],
    ) -> Tagged:
        """What was said of a document before, with its figures, its toll and what is rejected."""
        toll, members = article_toll(candidates) if candidates else ({}, set())
        figures = settled(candidates, members)
        return changed(
            before,
            casualties=(*before.casualties, *figures),
            rejected=(
                *before.rejected,
                *limits.within(
                    self._rejected(document, lower, figures, _SPELT & words),
                    limits.most("rejected", document.characters),
                ),
            ),
            toll={**before.toll, **toll},
        )

    def _readings(
        self, documents: Sequence[Document], words: Sequence[AbstractSet[bytes]]
    ) -> Sequence[Sequence[_Reading]]:
        """For each document its sentences that speak of casualties, read, in order, while there is room for figures."""
        readings: list[list[_Reading]] = [[] for _ in documents]
        room = [float(limits.most("casualties", document.characters)) for document in documents]
        waiting = self._waiting(documents, words, room)
        while pieces := _some(waiting):
            tokens = [tokenise(piece.text, piece.start) for _, _, piece in pieces]
            chunks = list(map(self._chunk, tokens))
            mentions = list(map(self._read, chunks, tokens))
            for (at, number, piece), its_tokens, its_chunks, found in zip(
                pieces, tokens, chunks, mentions, strict=True
            ):
                if room[at] <= 0:
                    continue  # taken up before it was known, as only some companies of documents have it
                room[at] -= len(found) or limits.IN_VAIN
                if found:
                    found.sort(key=_position)
                    readings[at].append(_Reading(number, piece, its_tokens, its_chunks, found))
        return readings

    def _waiting(
        self, documents: Sequence[Document], words: Sequence[AbstractSet[bytes]], room: Sequence[float]
    ) -> Iterator[tuple[int, int, Sentence]]:
        """What is to be read: the document and the sentence by their numbers, and the sentence or a piece of it."""
        for at, document in enumerate(documents):
            for number in _sentences_with(document, words[at], self._lexicon.partners):
                if _is_of_another(document, number):
                    continue
                for piece in pieces(document.sentences[number]):
                    if room[at] > 0:
                        yield at, number, piece
                if room[at] <= 0:
                    break

    def _candidates(
        self, document: Document, readings: Sequence[_Reading], places: Sequence[Place], words: AbstractSet[bytes]
    ) -> Sequence[Candidate]:
        """The figures of the document, in reading order; a pronoun is one when it has an antecedent.

        `words` are those of the document that say something here.
        """
        where, year = Whereabouts(document, places, locates), year_of(document, _YEAR)
        genre = self._genre(document) if not self._genre_words.isdisjoint(words) else None
        held = _opens_with_arrest(document)
        found: list[Candidate] = []
        sections = _Sections(document, places)
        for reading in readings:
            section = sections.of(reading.sentence)
            deeds = _deeds(document, reading) if held and not MARKS.isdisjoint(reading.tokens.words) else []
            frames = [genre, *deeds] if genre is not None else deeds
            for candidate in self._figures(document, reading, where, year, frames):
                candidate = candidate._replace(section=section) if section else candidate  # noqa: PLW2901
                if candidate.aside and is_since_now(reading.tokens.words) and not _is_told(candidate, found):
                    candidate = candidate._replace(aside=False)  # noqa: PLW2901
                rule = candidate.figure.rule
                known = self._resolved(candidate, document, reading.number) if rule == "they" else candidate
                alone = rule == "pronoun" and known is not None and not (known.doer or _has_antecedent(known, found))
                if known is not None and (not alone or self._is_somebody(document, reading)):
                    found.append(known)
        found = self._topics.without_animals(document, _without_guesses(found))
        found = self._with_sources_given(document, found)
        lead = sum(sentence.field == "title" for sentence in document.sentences[:_OPENING])
        found = with_opening(found, lead, times_of([sentence.text for sentence in document.sentences], year))
        topic = self._topics(document, found, year)
        if topic is not None:
            return [_under(one, topic) for one in found]
        found = with_inner_places_told_once(found, places)
        found = with_each_apart(found, document.plain.title, document.plain.text)
        if is_roundup(document.plain.title):
            found = first_item(found)
        told = with_others_aside(found, document.sentences, places, where, _ORIGINS)
        published = published_day(document.article.published_at)
        days = partial(days_in, published=published)
        told = with_earlier_aside(told, document.sentences, days, _is_back)
        if published is None or year is None:
            return told
        return with_carried_aside(told, document.sentences, document.plain.text, year, lambda text: any(days(text)))

    def _with_sources_given(self, document: Document, found: Sequence[Candidate]) -> list[Candidate]:
        """The candidates, those without a source with the one that a sentence soon behind gives for the figures."""
        given: dict[int, Attribution | None] = {}
        told: list[Candidate] = []
        for c in found:
            if c.figure.attribution is None and not _FIGURES.isdisjoint(document.words):
                behind = range(c.sentence + 1, min(c.sentence + 1 + _SOON, len(document.sentences)))
                for number in behind:
                    if number not in given:
                        given[number] = source_given(document.sentences[number], self._lexicon)
                by = next((one for number in behind if (one := given[number]) is not None), None)
                c = c if by is None else c._replace(figure=changed(c.figure, attribution=by))  # noqa: PLW2901
            told.append(c)
        return told

    def _resolved(self, candidate: Candidate, document: Document, number: int) -> Candidate | None:
        """The same with the number of the people in the nearest sentence before, whom "they" are; None if none has."""
        for sentence in reversed(document.sentences[max(0, number - _THEY_REACH) : number]):
            chunks = self._chunk(tokenise(sentence.text[:_LONGEST], sentence.start))
            met = (chunk.people.quantity for chunk in chunks if chunk.people is not None and chunk.tag == "people")
            many = next((quantity for quantity in met if quantity is not None and quantity.low > 1), None)
            if many is not None and _is_some(candidate):
                besides = sum(quantity is not None for quantity in met)
                aboard = not _ABOARD.isdisjoint(tokenise(sentence.text[:_LONGEST]).words)
                return self._some_of(candidate, many, besides, aboard=aboard)
            if many is not None:
                if candidate.figure.assertion == "negated":
                    return None
                figure = changed(candidate.figure, low=many.low, high=many.high, qualifier=many.qualifier)
                return candidate._replace(figure=figure)
        return None

    def _some_of(self, candidate: Candidate, whole: Quantity, besides: int, *, aboard: bool) -> Candidate | None:
        """The same with the number of those of the whole who are meant: "All but three", "half of them", "Only four".

        None where others are numbered `besides`, or the whole is no exact number; "Only four" wants people `aboard`.
        """
        if besides or whole.low != whole.high or candidate.figure.assertion == "negated":
            return None
        words = candidate.figure.text.lower().removesuffix(" of them").split()
        if words[0] in _FEW and not aboard:
            return None
        saved = 1 if words[0] in _FEW else 2 if words[0] == "all" else 0
        few = read_quantity(words, saved, self.convention) if saved else None
        some = read_part(words, 0, whole) if not saved else None
        if few is not None and few.low == few.high:
            some = whole._replace(low=whole.low - few.low, high=whole.low - few.low)
        if some is None or not 0 < some.low < whole.low:
            return None
        figure = changed(candidate.figure, low=some.low, high=some.high, qualifier=some.qualifier)
        return candidate._replace(figure=figure, share=False)

    def _is_somebody(self, document: Document, reading: _Reading) -> bool:
        """As in "Police found a man in the street. He was pronounced dead": one person, who is no victim till then."""
        if not reading.number:
            return False
        sentence = document.sentences[reading.number - 1]
        tokens = tokenise(sentence.text[:_LONGEST], sentence.start)
        sets = self._lexicon.sets
        told = {*tokens.words, *reading.tokens.words}
        if sets["violence"].isdisjoint(told) or not sets["natural"].isdisjoint(told):
            return False
        people = [chunk.people for chunk in self._chunk(tokens) if chunk.people is not None and chunk.tag == "people"]
        return any(
            one.form == "single" and one.noun is not None and tokens.words[one.start] in sets["somebody"]
            for one in people
        ) and not any(one.quantity is not None for one in people)

    def _genre(self, document: Document) -> Frame | None:
        """How the whole article is told, by its opening."""
        opening = " ".join([sentence.text for sentence in document.sentences[:_OPENING]])[:_LONGEST].lower()
        parts = opening.split()
        if self._genres_anywhere.isdisjoint(parts) and parts[:2] != _ON_THIS_DAY[:2]:
            return None
        return self._frames.genre(tokenise(opening).words)

    def _told(self, document: Document, reading: _Reading) -> list[Frame]:
        """How the sentence is told: by its own words, and by what the next ones say of it."""
        words = reading.tokens.words
        frames = self._frames(words)
        start = self._frames.hearsay(words)
        if self._is_rebutted(document, reading):
            return [Frame("denied", words[start or 0], 0, len(words)), *frames]
        if self._frames.tip(words) and self._is_countered(document, reading):
            return [Frame("denied", words[0], 0, len(words)), *frames]
        if (
            start is None
            and self._lexicon.sets["told_noun"].isdisjoint(words)
            and ("we", "reported") not in pairwise(words)
        ):
            return frames
        following = document.sentences[reading.number + 1 : reading.number + 1 + _RETORT_REACH]
        if any(self._frames.retort(tokenise(sentence.text[:_LONGEST]).words) for sentence in following):
            return [Frame("denied", words[start or 0], 0, len(words)), *frames]
        return frames if start is None else [*frames, Frame("alleged", words[start], start, len(words))]

    def _is_countered(self, document: Document, reading: _Reading) -> bool:
        """As in "A caller said he had shot five. It was a hoax; no one was hurt", told by the next two sentences."""
        following = document.sentences[reading.number + 1 : reading.number + 1 + _RETORT_REACH]
        return any(self._frames.countered(tokenise(sentence.text[:_REBUTTAL]).words) for sentence in following)

    def _is_back_soon(self, document: Document, reading: _Reading) -> bool:
        """As in "Crews evacuated 90 workers. They were back at their desks by noon": nobody lost a home."""
        if _LED_OUT.isdisjoint(document.words):
            return False
        told = document.sentences[reading.number : reading.number + 1 + _RETORT_REACH]
        return any(_BACK_SOON.search(sentence.text[:_REBUTTAL]) is not None for sentence in told)

    def _is_rebutted(self, document: Document, reading: _Reading) -> bool:
        """As in "Residents spoke of 30 bodies. The claim is unfounded": the next sentence takes it all back."""
        following = document.sentences[reading.number + 1 : reading.number + 2]
        if not following or following[0].field != reading.sentence.field:
            return False
        said = following[0].text[:_REBUTTAL]
        return (
            len(following[0].text) <= _REBUTTAL
            and _may_rebut(said, document.words)
            and self._frames.rebuttal(tokenise(said).words)
        )

    def _figures(
        self, document: Document, reading: _Reading, where: Whereabouts, year: int | None, told: Sequence[Frame]
    ) -> Iterator[Candidate]:
        """The figures of one sentence, in reading order; `told` is what the article makes of it."""
        _, sentence, tokens, chunks, mentions = reading
        frames = [*self._told(document, reading), *told]
        sources, asides = sources_by_clause(sentence, tokens.words, self._lexicon), self._frames.aside(tokens.words)
        old = self._frames.superseded(tokens.words)
        mixed = len({mention.rule in _TOTALS for mention in mentions}) > 1
        for mention in mentions:
            judged = self._assess(mention, chunks, tokens, year, frames)
            figure = self._figure(sentence, tokens, mention, judged, sources[0][1], where)
            if len(sources) > 1:
                figure = changed(figure, attribution=next(by for end, by in sources if figure.start < end))
            aside = _is_inside(mention, asides) and not (mixed and mention.rule not in _TOTALS)
            aside = aside or _is_inside(mention, old) or _is_sweeping(mention, chunks)
            one = self._candidate(figure, reading, mention, aside=aside)
            if mention.kind == "displaced" and not one.part and self._is_back_soon(document, reading):
                one = one._replace(part=True)
            elif mention.kind == "killed":
                one = _told_of_death(one, reading, mention, self._lexicon.sets)
            elif mention.kind == "injured" and "also" in tokens.words and _is_also(reading, mention):
                single = mention.people.form == "single" and not mention.people.definite
                one = one._replace(also=True, fresh=one.fresh or single)
            yield one

    def _candidate(self, figure: CasualtyFigure, reading: _Reading, mention: Mention, *, aside: bool) -> Candidate:
        """The figure with what the toll needs to know of it."""
        people, tokens, sets = mention.people, reading.tokens, self._lexicon.sets
        words = tokens.words[people.start : people.end]
        male, female = not sets["male"].isdisjoint(words), not sets["female"].isdisjoint(words)
        return Candidate(
            figure,
            reading.number,
            mention.cue,
            part=mention.part or tokens.words[max(0, people.start - 2) : people.start] == ["among", "them"],
            counted=people.quantity is not None or mention.rule == "they" or words[0] == "both",
            unresolved=_is_unresolved(mention, reading.chunks, tokens, sets["unresolved"]),
            aside=aside,
            reached=figure.phrase.lower().startswith(_REACHED),
            fresh=not sets["fresh"].isdisjoint(words),
            bare=len(words) == 1 or (people.ordinal and people.noun is None),
            definite=people.definite,
            total=not sets["summing"].isdisjoint(tokens.words),
            sums=tokens.words[0] in sets["sum_opener"] or tokens.words[:2] in _IN_ALL,
            final=mention.rule in _TOTALS and not sets["lowering"].isdisjoint(tokens.words),
            adds=tokens.word(people.start - 1) not in _PART_OF and _adds(words, tokens.words),
            met=words[0] in _ALL_OF_THEM or (words[0] == "the" and people.quantity is not None),
            placed=_is_placed(tokens.words, tokens.raw),
            nth=_nth(people, words) if mention.kind == "killed" else 0,
            rank=_rank(words) if people.ordinal and (people.noun is None or words[0] in _NEW_OR_RANK) else 0,
            name=frozenset(words) if people.form == "named" else frozenset(),
            age=_age(words) or (_age_behind(tokens, people.end) if people.quantity is None else None),
            listed=mention.rule == "by_place",
            besides="more" in words and "than" not in words,
            others="others" in words and people.start == 0 and people.quantity is not None,
            severity=_severity(reading, mention) if mention.kind == "injured" else "",
            share=_is_share(words, tokens.words[max(0, people.start - 2) : people.start]),
            sex="male" if male and not female else "female" if female else None,
        )

    def _figure(
        self,
        sentence: Sentence,
        tokens: Tokens,
        mention: Mention,
        judged: Judgement,
        source: Attribution | None,
        where: Whereabouts,
    ) -> CasualtyFigure:
        """The figure that the mention makes; whether it is of the toll is told when all are known (`settled`)."""
        people = mention.people
        low, high, qualifier = _number(people, inner=mention.inner)
        if judged.assertion == "negated":
            low, high, qualifier = 0, 0, "exact"
        start, last = tokens.start(people.start), people.end - 1
        return _figure_of(  # in the order of the fields: eighteen keywords take longer than all else here
            sentence.field, start, tokens.end(last), tokens.slice(people.start, last),
            mention.kind, low, high, qualifier, _phrase(people, tokens), self.convention,
            _victims(people, tokens), victim_class(people), judged.assertion, judged.cue, source,
            where(sentence, start), False, mention.rule,
        )  # fmt: skip

    def _rejected(
        self, document: Document, lower: Sequence[bytes], figures: Sequence[CasualtyFigure], spelt: AbstractSet[bytes]
    ) -> Iterator[Rejected]:
        for (name, raw), field in zip(document.fields(), lower, strict=True):
            spans = {(figure.end, figure.start) for figure in figures if figure.field == name}
            taken = [(start, end) for end, start in sorted(spans)]
            yield from self._reject(name, raw, field, taken, spelt)


def _may_rebut(said: str, words: AbstractSet[bytes]) -> bool:
    """Whether a sentence of an article with these words may take back the one before it; nearly none does."""
    if _REBUTS.match(said) is not None:
        return True
    return not _TAKING_BACK.isdisjoint(words) and _TAKES_BACK.search(said) is not None


def _opens_with_arrest(document: Document) -> bool:
    """Whether the article opens with somebody held or sought."""
    if _HELD.isdisjoint(document.words) or _FORCES.isdisjoint(document.words):  # as nearly all
        return False
    opening = " ".join([sentence.text for sentence in document.sentences[:_HEADED_OPENING]])[:_LONGEST]
    return opens_with_arrest(frozenset(_WORD.findall(opening.lower())))


def _deeds(document: Document, reading: _Reading) -> list[Frame]:
    """The earlier deeds that a sentence of such an article tells, its own and those it goes on to tell."""
    words = reading.tokens.words
    before = document.sentences[reading.number - 1].text if reading.number else ""
    further = goes_on(words, tokenise(before[:_LONGEST]).words) if words[0] in _GOING_ON else None
    return [*earlier_deed(words), *([further] if further is not None else [])]


def _is_back(sentence: str) -> bool:
    """Whether a sentence goes back to what was told."""
    return is_back(tokenise(sentence[:_LONGEST]).words)


def _told_of_death(
    candidate: Candidate, reading: _Reading, mention: Mention, sets: Mapping[str, AbstractSet[str]]
) -> Candidate:
    """The candidate with where they died, whether they come on top of others, whose they are and on which side."""
    words, people = reading.tokens.words, mention.people
    start = people.start
    stop = min((m.people.start for m in reading.mentions if m.people.start > start), default=len(words))
    own = words[start:stop]
    at = end_of(reading.chunks, mention.cue)
    deed = words[min(start, max(0, at - _BESIDE)) : max(at + _BESIDE, start)][:_CLAUSE_REACH]
    noun = words[people.head] if people.noun is not None and 0 <= people.head < len(words) else ""
    side = next((name for name in ("of_state", "irregular") if noun in sets[name]), "")
    also = mention.rule != "counted_noun" and ("also" in deed or ("as", "well") in pairwise(deed))
    kin = noun if words[start] in _OWNERS and (not start or words[start - 1] in _OPENS_CLAUSE) else ""
    counted_as = people.ordinal and words[start] == "the" and start > 0 and words[start - 1] in _BECOMING
    return candidate._replace(
        part=candidate.part or (counted_as and any(m.kind == "killed" for m in reading.mentions if m.at < mention.at)),
        scene=not _AT_ONCE_WORDS.isdisjoint(own) or _is_at_scene(own),
        later=not _LATER.isdisjoint(own) and "since" not in own,
        also=also,
        kin="" if not kin or not _SPEECH.isdisjoint(words) else kin,
        side=side,
        doer=_is_doer(reading, mention, named=noun in sets["doer"]),
        day=next((word for word in words if word in WEEKDAYS), "") if side else "",
        fresh=candidate.fresh or (also and people.form == "single" and not people.definite),
        was_hurt=(("of", "the") in pairwise(own) and not _THE_HURT.isdisjoint(words[start : people.end]))
        or (start == 0 and people.noun is None and not _HAS.isdisjoint(own) and not _SINCE_THEN.isdisjoint(own)),
    )


def _is_also(reading: _Reading, mention: Mention) -> bool:
    """As in "was also hurt": beside the verb."""
    return any(chunk.word == "also" for chunk in reading.chunks[mention.group : mention.cue])


def _is_doer(reading: _Reading, mention: Mention, *, named: bool) -> bool:
    """As in "the gunman", "himself", or "him" behind "killed four before police killed him"."""
    if mention.rule in {"object_pronoun", "pronoun"}:
        start = mention.people.start
        done = [
            m.people.quantity.low if m.people.quantity is not None else 1
            for m in reading.mentions
            if m.rule == "active_object" and m.people.start < start and m.cue != mention.cue
        ]
        return sum(done) > 1
    return mention.people.form in {"single", "counted"} and (named or mention.rule == "reflexive")


def _severity(reading: _Reading, mention: Mention) -> str:
    """How badly those of the mention are hurt, by the words up to those of the next one: "grave", "slight" or ""."""
    start = mention.people.start
    stop = min((m.people.start for m in reading.mentions if m.people.start > start), default=len(reading.tokens.words))
    words = reading.tokens.words[start:stop]
    grave, slight = not _GRAVE.isdisjoint(words), not _SLIGHT.isdisjoint(words)
    return "" if grave == slight else "grave" if grave else "slight"


def _is_at_scene(words: Sequence[str]) -> bool:
    """As in "died at the scene", "on the spot", "at once"."""
    return not _ON_THE_SPOT.isdisjoint(pairwise(words))


def _under(candidate: Candidate, topic: Topic) -> Candidate:
    """The candidate as it is told in an article on that topic."""
    if candidate.figure.assertion != "actual":
        return candidate
    return candidate._replace(figure=changed(candidate.figure, assertion=topic.assertion, cue=topic.cue))


def _without_guesses(found: Sequence[Candidate]) -> list[Candidate]:
    """The figures without those that follow from how many were there, where the dead are numbered as well."""
    told = any(c.figure.kind == "killed" and c.counted and c.figure.rule != "they" and not c.aside for c in found)
    return [c for c in found if not (told and _is_some(c))]


def _is_some(candidate: Candidate) -> bool:
    """Whether the words say how many of those told of before are meant: "All but three", "half of them"."""
    return candidate.figure.rule == "they" and candidate.figure.text.lower().startswith(_SOME_OF_THOSE)


def _is_told(candidate: Candidate, before: Sequence[Candidate]) -> bool:
    """Whether a figure of the kind was told of as a fact of now."""
    kind = candidate.figure.kind
    return any(c.figure.kind == kind and c.figure.assertion == "actual" and not c.aside for c in before)


def _some(waiting: Iterator[tuple[int, int, Sentence]]) -> list[tuple[int, int, Sentence]]:
    """The next of them that go through the steps together."""
    pieces: list[tuple[int, int, Sentence]] = []
    characters = 0
    for piece in waiting:
        pieces.append(piece)
        characters += len(piece[2].text)
        if characters > _AT_ONCE:
            break
    return pieces


def _within_limits(document: Document, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The first of them, as many as an article of this length may have, without endless ones."""
    kept = [one for one in candidates if one.figure.end - one.figure.start <= limits.LONGEST_SPAN]
    return kept[: limits.most("casualties", document.characters)]


def _position(mention: Mention) -> tuple[int, int]:
    """Where a mention stands in its sentence."""
    return mention.people.start, mention.cue


def _is_of_another(document: Document, number: int) -> bool:
    """Whether a sentence behind the first is a link to another story: "Read also: 36 abducted in Kwara"."""
    sentence = document.sentences[number]
    if not number or sentence.field == "title":
        return False
    return is_linked(sentence, links(document.plain.text)) or is_link(sentence.text)


def _sentences_with(
    document: Document, cues: AbstractSet[bytes], partners: Mapping[str, tuple[str, ...]]
) -> Iterator[int]:
    """The numbers of the sentences that hold one of the cues, in reading order; an everyday word needs a partner."""
    if not cues:
        return
    words = [(word := cue.decode(), partners.get(word)) for cue in cues]
    if len(words) * len(document.sentences) > _MANY:
        yield from sorted(_sentences_among_many(document, words))
        return
    for number, sentence in enumerate(document.sentences):
        small = sentence.text.lower()
        for word, needed in words:
            if word in small and (needed is None or any(map(small.__contains__, needed))):
                yield number
                break


def _sentences_among_many(document: Document, words: Sequence[tuple[str, tuple[str, ...] | None]]) -> set[int]:
    """The same for many sentences and words: a text is searched once for each word, however many its sentences."""
    numbers: set[int] = set()
    for name, raw in document.fields():
        text = lowered(raw).decode("ascii")
        own = [number for number, sentence in enumerate(document.sentences) if sentence.field == name]
        starts = [document.sentences[number].start for number in own]
        for word, needed in words:
            at = text.find(word)
            while at >= 0:
                number = own[max(0, bisect_right(starts, at) - 1)]
                sentence = document.sentences[number]
                if needed is None or any(partner in text[sentence.start : sentence.end] for partner in needed):
                    numbers.add(number)
                at = text.find(word, max(at + 1, sentence.end))
    return numbers


def _prefilter(lexicon: Lexicon) -> frozenset[bytes]:
    """The words one of which a sentence must hold to be read at all."""
    sets = lexicon.sets
    words = {part for cue in lexicon.cues for part in _WORD.findall(cue.split("_")[0])[:1]}
    words.update(
        *(
            sets[name]
            for name in ("hurt_noun", "hospital", "refuge", "shelter", "bullet", "killers", "kidnappers", "idiom")
        )
    )
    words.update(("condition", "homes", "home", "recovering", "crossed", "families"))
    return frozenset(word.encode() for word in words - {"gun", "guns", "force", "forces"})


def _number(people: People, *, inner: bool) -> tuple[int, int | None, Qualifier]:
    """Bounds and qualifier of a phrase; a bare plural is at least two."""
    if inner and people.inner is not None:
        return people.inner.low, people.inner.high, people.inner.qualifier
    if people.quantity is not None:
        return people.quantity.low, people.quantity.high, people.quantity.qualifier
    if people.form == "plural":
        return 2, None, "vague"
    if people.form == "nobody":
        return 0, 0, "exact"
    return 1, 1, "exact"


def _phrase(people: People, tokens: Tokens) -> str:
    """The quantity as written; for a phrase without a number, its first word."""
    if people.quantity is None:
        return tokens.raw[people.start]
    return tokens.slice(people.quantity.start, people.quantity.end - 1)


def _victims(people: People, tokens: Tokens) -> str:
    """The words for the victims, without number and determiner; empty when the text names none."""
    if people.noun is None or people.head < 0:
        return ""
    return tokens.raw[people.head]


def _has_antecedent(pronoun: Candidate, before: Sequence[Candidate]) -> bool:
    """Whether a single victim of the last sentences can be who "he" or "she" is."""
    for c in reversed(before):
        if pronoun.sentence - c.sentence > _PRONOUN_REACH:
            return False
        single = c.figure.low == c.figure.high == 1 and c.figure.kind in {"injured", "killed"}
        hurt = (
            c.figure.kind == "injured" and c.figure.end < pronoun.figure.start
        )  # "was taken to hospital, where he died"
        if single and (c.sentence < pronoun.sentence or hurt):
            return True
    return False


def _is_unresolved(mention: Mention, chunks: Sequence[Chunk], tokens: Tokens, cues: AbstractSet[str]) -> bool:
    """Whether the victim may have died of it: in hospital, or hurt by one of the `cues` ("shot", "stabbed")."""
    if mention.rule in _UNRESOLVED_RULES or mention.kind != "injured":
        return mention.rule in _UNRESOLVED_RULES
    if cues.isdisjoint(tokens.words):
        return False
    end = end_of(chunks, mention.cue)
    return not cues.isdisjoint(tokens.words[end - chunks[mention.cue].size : end])


def _adds(people: Sequence[str], words: Sequence[str]) -> bool:
    """As in "two more have died in hospital": whoever comes on top of the dead before, told without a new sum."""
    if _MORE.isdisjoint(people) or not _SUMMED.isdisjoint(words):
        return False
    return "than" not in people and not _LATER.isdisjoint(words)


def _is_placed(words: Sequence[str], raw: Sequence[str]) -> bool:
    """As in "In Masuku, 54 bodies were counted": what is told of one place of several."""
    if words[0] not in {"in", "at"}:
        return False
    end = next((k for k in range(1, min(_HEADED, len(raw))) if not raw[k][:1].isupper()), 0)
    return end > 1 and (words[end] == "," or words[end] in _BEGINS)


def _is_share(words: Sequence[str], before: Sequence[str]) -> bool:
    """As in "21 of them were kept in hospital", "15 were hurt, of whom nine"."""
    if len(before) > 1 and before[0] == "of" and before[1] in {"whom", "them", "these", "those"}:
        return True
    return words[-2:] in (["of", "them"], ["of", "whom"]) and words[0] not in _ALL_OF_THEM


def _rank(words: Sequence[str]) -> int:
    """3 for "a third victim"; 0 where no ordinal from the second on stands there."""
    return next((_RANKS.index(word) + 2 for word in words if word in _RANKS), 0)


def _nth(people: People, words: Sequence[str]) -> int:
    """3 for "a third victim has died": so many at least; the second one may be the second of the hurt."""
    counts = people.ordinal and words[0] in _NEW_OR_RANK and words[-1] in {"victim", "person", "body"}
    rank = _rank(words) if counts else 0
    return rank if rank > _HURT_TOO or words[-1] == "body" else 0


def _age(words: Sequence[str]) -> int | None:
    """17 for "a 17-year-old girl"."""
    for word in words:
        if "year-old" in word and (digits := _DIGITS.match(word)):
            return int(digits.group())
    return None


def _age_behind(tokens: Tokens, end: int) -> int | None:
    """80 for "a woman of 80" or "of eighty", 55 for "his wife, 55,"."""
    joint = tokens.word(end)
    age = read_quantity(tokens.words, end + 1, "literal") if joint in {"of", ","} else None
    if age is None or age.low != age.high or not 0 < age.low < _OLDEST:
        return None
    return age.low if joint == "of" or tokens.word(age.end) in _AGE_ENDS else None


def _is_sweeping(mention: Mention, chunks: Sequence[Chunk]) -> bool:
    """As in "have killed hundreds and forced thousands to flee": a perfect with a vague number sums up much time."""
    quantity = mention.people.quantity
    if quantity is None or quantity.qualifier != "vague" or quantity.low < _HUNDREDS:
        return False
    object_of = mention.rule in {"active_object", "forced_to"}
    driven = (
        mention.rule == "intransitive_subject" and mention.at + 1 < len(chunks) and chunks[mention.at + 1].tag == "to"
    )
    if not (object_of or driven):
        return False
    return any(chunk.tag == "have" for chunk in chunks[max(0, mention.cue - _CHAIN) : mention.cue])


def _is_inside(mention: Mention, stretches: Sequence[tuple[int, int]]) -> bool:
    """Whether the people stand in one of the stretches."""
    return any(start <= mention.people.start < stop for start, stop in stretches)
