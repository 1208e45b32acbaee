"""The casualty tagger of a language that has a word pack: figures, rejected candidates and the toll."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any, Final

from stream_app.core.casualties.article_toll import Candidate, article_toll, settled
from stream_app.core.casualties.dating import is_dated_itself, long_gone, setting
from stream_app.core.casualties.elsewhere import with_carried_aside, with_inner_places_told_once, with_others_aside
from stream_app.core.casualties.free.groups import Group, NotPeople, Reader
from stream_app.core.casualties.free.joining import Joined, is_hurt, is_risen, join, orphan, suicides
from stream_app.core.casualties.free.judging import (
    Judgement,
    Year,
    attribution,
    found_safe,
    is_claimed,
    is_left_out,
    is_violent,
    judge,
)
from stream_app.core.casualties.free.other_events import with_earlier_aside, with_places_summed
from stream_app.core.casualties.free.pack import Pack
from stream_app.core.casualties.free.quantities import Numbers
from stream_app.core.casualties.free.sums import is_half, severity, who, with_more_summed
from stream_app.core.casualties.free.topics import FRESH, HEAD, TOPICS, Hit, topic, undated
from stream_app.core.casualties.free.words import Words
from stream_app.core.casualties.opening import Times, with_opening
from stream_app.core.casualties.whereabouts import Whereabouts
from stream_app.core.events import Attribution, CasualtyFigure, FieldName, Rejected, Tagged
from stream_app.core.frozen import changed, maker
from stream_app.core.language import limits
from stream_app.core.language.calendar import published_day
from stream_app.core.language.document import Document, Sentence, pieces, year_of
from stream_app.core.language.numerals import CONVENTIONS
from stream_app.core.remembered import Remembered

_LONGEST: Final = 2000
_LAST: Final = 20
"""Characters of a sentence that say whether its dot is that of an abbreviation."""
_YEAR: Final = re.compile(r"(?:19|20)\d\d\b")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+|[\u064b-\u0655\u0670]+[^\W\d_]*)*")
_LAST_WORD: Final = re.compile(r"([^\W\d_]+)\.$")
_ORDINAL: Final = re.compile(r"(?<!\d)\d{1,2}\.$")
_SAID: Final = 3
_SHOWN: Final = 6
"""Words between a day and a verb of saying, or a word for what was shown ("the figures"), that it is the day of."""
_DIGITS: Final = re.compile(r"\d(?<!\d\d)[\d.,]{0,40}+[ \u00a0-]?(?P<unit>[^\W\d_]+|%)")
_ASKING: Final = re.compile(r"[?؟]")
_BEFORE_QUESTION: Final = ("¿", ".", ":", ";")
_DASHES: Final = ("–", "—")
_OPENING: Final = "«„“"
_CLOSING: Final = "»”“"
_NTH_REACH: Final = 3
_RANK_REACH: Final = 4
_NEGATED: Final = 3
_NUMBERED: Final = frozenset({"of_people", "vague", "group"})
_NO_PEOPLE: Final = frozenset({"elided", "unknown"})
_RETORT_REACH: Final = 2
_LONGEST_RETORT: Final = 60
_OF_LONGER: Final = frozenset({"aside", "background", "past_time", "span", "years", "negation"})
_WEEK: Final = 7
_DAYS: Final = range(1, 32)
_EPOCH_WEEKDAY: Final = 3
"""1970-01-01 was a Thursday."""
_MORE: Final = frozenset({"others", "more"})
_figure_of: Final = maker(CasualtyFigure)


class FreeTagger:
    """Adds casualty figures, rejected candidates and the toll, by the word pack of one language."""

    name = "casualties"

    def __init__(
        self,
        pack: Pack,
        locates: Callable[[str, int, int], bool],
        convention: str = "literal",
    ) -> None:
        if convention not in CONVENTIONS:
            raise ValueError(f"unknown convention {convention!r}: choose one of {', '.join(CONVENTIONS)}")
        self.convention = convention
        self._pack, self._locates = pack, locates
        self._read = Reader(Numbers(CONVENTIONS[convention]))
        self._telling = Remembered(self._telling_in)
        self._cuts = Remembered(self._is_cut)

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """Everything said before, with the casualties of this document."""
        folded = {name: self._pack.folded(raw) for name, raw in document.fields()}
        telling = self._telling_words(folded.values())
        candidates, rejected = self._read_all(document, before, folded, telling) if telling else ([], [])
        toll, members = article_toll(candidates) if candidates else ({}, set())
        figures = settled(candidates, members)
        return changed(
            before,
            casualties=(*before.casualties, *figures),
            rejected=(*before.rejected, *self._rejected(document, folded, figures, rejected)),
            toll={**before.toll, **toll},
        )

    def _read_all(
        self, document: Document, before: Tagged, folded: Mapping[FieldName, str], telling: AbstractSet[str]
    ) -> tuple[list[Candidate], list[Rejected]]:
        """The figures of the sentences that hold a telling word, and the numbers in them that count no people."""
        where = Whereabouts(document, before.places, self._locates)
        year = Year(year_of(document, _YEAR), bool(document.article.published_at))
        candidates: list[Candidate] = []
        rejected: list[Rejected] = []
        most = limits.most("casualties", document.characters)
        room = float(most)
        ranks: list[tuple[int, int]] = []
        beasts: set[int] = set()
        sentences = self._sentences(document)
        texts = [folded[sentence.field][sentence.start : sentence.end] for sentence in sentences]
        for number, (sentence, text) in enumerate(zip(sentences, texts, strict=True)):
            if not any(map(text.__contains__, telling)):
                continue
            for piece in pieces(sentence):
                if room <= 0:
                    break
                after_dead = bool(candidates) and _is_of_sentence_before(candidates[-1], number)
                found, not_people, rank = self._sentence(
                    number, piece, folded[piece.field][piece.start : piece.end], where, year, after_dead=after_dead
                )
                if found and found[0].figure.rule == "pronoun" and not self._is_one_before(sentences, number):
                    found = []
                room -= len(found) or limits.IN_VAIN
                candidates.extend(found)
                if rank:
                    ranks.append((number, rank))
                rejected.extend(not_people)
                if any(row.reason == "animal" for row in not_people):
                    beasts.add(number)
        kept = [one for one in candidates if one.figure.end - one.figure.start <= limits.LONGEST_SPAN][:most]
        kept = self._without_animals(kept, beasts, sentences)
        for number, rank in ranks:
            _rank(kept, number, rank)
        of_now = self._of_now(_together(kept), sentences, texts, document, before)
        told = self._as_told(of_now, sentences, texts, year)
        told = with_others_aside(told, sentences, before.places, where)
        if year.published and year.number is not None:
            told = with_carried_aside(told, sentences, document.plain.text, year.number, self._is_dated)
        return with_more_summed(with_inner_places_told_once(told, before.places)), rejected

    def _without_animals(
        self, candidates: list[Candidate], beasts: set[int], sentences: Sequence[Sentence]
    ) -> list[Candidate]:
        """The candidates without the animals of sentences that count some, all of them below a headline that does."""
        titled = bool(candidates) and sentences[0].field == "title"
        if titled and self._counts_animals(sentences[0]):
            beasts.add(0)
        return _without_animals(candidates, beasts, self._pack, titled=titled) if beasts else candidates

    def _counts_animals(self, title: Sentence) -> bool:
        """Whether a headline counts animals, also where it says nothing of what happened to them."""
        words = self._words(title)
        return any(entry.unit == "animal" for entry in words.entries) and any(
            row.reason == "animal" for row in self._read(words).rejected
        )

    def _is_dated(self, sentence: str) -> bool:
        return bool(self._pack.weekdays.named(self._pack.folded(sentence)))

    def _of_now(
        self,
        candidates: list[Candidate],
        sentences: Sequence[Sentence],
        texts: Sequence[str],
        document: Document,
        before: Tagged,
    ) -> list[Candidate]:
        """The candidates, those of an earlier day aside, those of one day told place by place taken together."""
        if not candidates:
            return candidates
        day = published_day(document.article.published_at)
        weekday = None if day is None else (day + _EPOCH_WEEKDAY) % _WEEK
        asked = self._as_asked(candidates, sentences)
        denied = self._as_unconfirmed(self._as_denied(asked, texts), sentences, texts)
        denied = self._without_returned(denied, sentences)
        told = with_earlier_aside(denied, texts, self._pack.weekdays, weekday)
        return with_places_summed(told, sentences, before.places)

    def _as_asked(self, candidates: list[Candidate], sentences: Sequence[Sentence]) -> list[Candidate]:
        """The candidates; alleged those that a sentence asks for, as in "Did nine die there?".

        Not where a word of asking says what it wants to know beside them: "How did the nine die?".
        """
        told = {c.sentence for c in candidates} if self._pack.asks else ()
        asking = {number for number in told if _ASKING.search(sentences[number].text)}
        if not asking:
            return candidates
        return [
            c._replace(figure=changed(c.figure, assertion="alleged", cue="?"))
            if c.sentence in asking and c.figure.assertion == "actual" and self._is_asked(c, sentences[c.sentence])
            else c
            for c in candidates
        ]

    def _is_asked(self, c: Candidate, sentence: Sentence) -> bool:
        """Whether a question mark ends the words that tell of a figure, and no word of asking is among them."""
        at = c.figure.start - sentence.start
        ends = _ASKING.search(sentence.text, at)
        opens = max(sentence.text.rfind(mark, 0, at) for mark in _BEFORE_QUESTION)
        if ends is None or any(mark in sentence.text[at : ends.start()] for mark in _BEFORE_QUESTION):
            return False
        words = self._words(sentence)
        asked = range(sentence.start + opens, sentence.start + ends.start())
        return all(words.start(k) not in asked for k in words.at("asking"))

    def _as_denied(self, candidates: Sequence[Candidate], texts: Sequence[str]) -> list[Candidate]:
        """The candidates; denied those that a short sentence right behind calls untrue, and numbers that one denies.

        As in "No, 40 soldiers did not die", with "40 soldiers died" quoted further down.
        """
        numbers = {
            (c.figure.kind, c.figure.phrase)
            for c in candidates
            if c.counted and c.figure.field == "title" and c.figure.assertion == "negated"
        }
        untrue: dict[int, bool] = {}

        def is_denied(c: Candidate) -> bool:
            if (c.figure.kind, c.figure.phrase) in numbers:
                return True
            if c.sentence not in untrue:
                behind = texts[c.sentence + 1 : c.sentence + 1 + _RETORT_REACH]
                untrue[c.sentence] = any(map(self._is_retort, behind))
            return untrue[c.sentence]

        return [
            c._replace(figure=changed(c.figure, assertion="denied"))
            if c.figure.assertion == "actual" and is_denied(c)
            else c
            for c in candidates
        ]

    def _as_unconfirmed(
        self, candidates: Sequence[Candidate], sentences: Sequence[Sentence], texts: Sequence[str]
    ) -> list[Candidate]:
        """The candidates; alleged those of which words behind them, or the next sentence, say that none confirms them.

        As in "Users speak of six dead. The police do not confirm that". Not where the sentence says who told it, and
        that is not hearsay, nor where it is of more people that nobody knows. A headline is told as its text is.
        """
        doubted: dict[int, int | None] = {}

        def doubt(number: int) -> int | None:
            if number not in doubted:
                found = self._pack.unconfirmed.found(texts[number][:_LONGEST]) if number < len(texts) else []
                said = found and not self._words(sentences[number]).at("others")
                doubted[number] = found[0][2] if said else None
            return doubted[number]

        def is_doubted(c: Candidate) -> bool:
            if c.figure.assertion != "actual" or not c.figure.low:
                return False
            sentence = sentences[c.sentence]
            if c.figure.attribution is not None and "hearsay" not in self._words(sentence).said:
                return False
            own = doubt(c.sentence)
            if own is not None:
                return own >= c.figure.start - sentence.start or c.figure.attribution is None
            return c.figure.field == "text" and doubt(c.sentence + 1) is not None

        told = {at for at, c in enumerate(candidates) if is_doubted(c)}
        if not told:
            return list(candidates)
        numbers = {(candidates[at].figure.kind, candidates[at].figure.low) for at in told}
        told |= {
            at
            for at, c in enumerate(candidates)
            if c.figure.field == "title" and c.figure.assertion == "actual" and _number(c)[:2] in numbers
        }
        return [
            c._replace(figure=changed(c.figure, assertion="alleged")) if at in told else c
            for at, c in enumerate(candidates)
        ]

    def _without_returned(self, candidates: Sequence[Candidate], sentences: Sequence[Sentence]) -> list[Candidate]:
        """The candidates; historical those who had to leave and, as this sentence or the next says, are home again."""
        if all(c.figure.kind != "displaced" for c in candidates):
            return list(candidates)
        back: dict[int, bool] = {}

        def is_back(c: Candidate) -> bool:
            if c.figure.kind != "displaced" or c.figure.assertion != "actual":
                return False
            for number in range(c.sentence, min(len(sentences), c.sentence + 2)):
                if number not in back:
                    words = self._words(sentences[number])
                    counts = number > c.sentence and _counts(words)
                    back[number] = not counts and any(not _is_negated(words, k) for k in words.at("back_home"))
                if back[number]:
                    return True
            return False

        return [c._replace(figure=changed(c.figure, assertion="historical")) if is_back(c) else c for c in candidates]

    def _is_retort(self, text: str) -> bool:
        return len(text) <= _LONGEST_RETORT and bool(self._pack.retorts.found(text))

    def _as_told(
        self,
        candidates: list[Candidate],
        sentences: Sequence[Sentence],
        texts: Sequence[str],
        year: Year,
    ) -> list[Candidate]:
        """The candidates with what the topic of the article makes of those that are told as facts of now."""
        lead = sum(sentence.field == "title" for sentence in sentences)
        candidates = with_opening(candidates, lead, self._times([sentence.text for sentence in sentences], year))
        first = next((one for one in candidates if one.figure.assertion == "actual"), None)
        if first is None:
            return candidates
        told, aside = first.sentence, first.aside
        late = lead + HEAD
        hits = list(self._hits(sentences, texts, lead))
        if any(hit.topic == "obituary" for hit in hits) and not self._is_death_of_age(candidates, sentences[:late]):
            hits = [hit for hit in hits if hit.topic != "obituary"]
        at = max(0, told - lead + 1)
        found = topic(hits, at, aside=aside) or self._unset(hits, at, sentences, texts, lead, first, year)
        if found is not None:
            return [_under(one, found) for one in candidates]
        head = [one for one in candidates if one.sentence < late]
        unhurt = _is_unhurt(head) or (told >= late and _is_of_past(head))
        return [
            _under(one, None)
            if one.sentence >= late and (one.aside or (unhurt and one.figure.kind == "killed"))
            else one
            for one in candidates
        ]

    def _unset(
        self,
        hits: Sequence[Hit],
        at: int,
        sentences: Sequence[Sentence],
        folded: Sequence[str],
        lead: int,
        first: Candidate,
        year: Year,
    ) -> Hit | None:
        """The topic of an article whose opening plays at no time of now, or in a year long gone.

        One word of a topic is enough then, and none where both hold and no headline counts anybody.
        """
        if not year.published:
            return None
        texts = [sentence.text for sentence in sentences]
        when = setting(texts, lead, first.sentence, year.number if year.published else None, self._is_of_now)
        if when is None or (when.is_of_now and when.year is None):
            return None
        if not when.is_of_now and when.year is not None and first.sentence >= max(lead, 1):
            return Hit(0, False, True, "past", "word", when.year)
        own = [hit for hit in hits if hit.topic != "statistics" or hit.sentence <= at]  # those behind are background
        found = topic(own, max(at, HEAD), aside=first.aside, needed=1)
        if found is not None or when.is_of_now:
            return found
        return undated(list(self._hits(sentences, folded, lead, whole=True)))

    def _times(self, texts: Sequence[str], year: Year) -> Times:
        """What the sentences of an article say of when they play; of what is long gone nothing without its year."""
        now = year.number if year.published else None

        def is_now(at: int) -> bool:
            return is_dated_itself(texts[at], now, self._is_of_now, self._without_days_of_telling)

        def past(at: int) -> str | None:
            return None if now is None or is_now(at) else long_gone(texts[at], now)

        return Times(is_now, past, str.isdecimal)

    def _without_days_of_telling(self, text: str) -> str:
        """A sentence without the days on which something was said or shown, which are none of what it tells of.

        As in "said on Monday", "presenting the figures on Monday".
        """
        folded = self._pack.folded(text[:_LONGEST])
        days = [match.span() for match in self._pack.weekdays.found(folded)]
        if not days:
            return text
        words = Words(self._pack, text[:_LONGEST], 0, folded)
        for start, end in days:
            at = next((k for k in range(words.size) if words.end(k) > start), words.size)
            said = any(words.has(k, "saying") for k in range(max(0, at - _SAID), min(words.size, at + _SAID + 1)))
            if said or any(words.has(k, "shown") for k in range(max(0, at - _SHOWN), min(words.size, at + _SHOWN + 1))):
                text = text[:start] + " " * (end - start) + text[end:]
        return text

    def _is_of_now(self, text: str, by_day: bool) -> bool:  # noqa: FBT001  # as `setting` asks
        """Whether a sentence names a day of now, or an hour where that is enough."""
        folded = self._pack.folded(text[:_LONGEST])
        if self._pack.weekdays.named(folded):
            return True
        if any(name == "today" or not by_day for name, *_ in self._pack.times.found(folded)):
            return True
        return not by_day and _has_date(Words(self._pack, text[:_LONGEST], 0, folded))

    def _is_death_of_age(self, candidates: Sequence[Candidate], head: Sequence[Sentence]) -> bool:
        """Whether the head may be an obituary: no word of violence in it, no number of people where it opens."""
        opening = next((at for at, sentence in enumerate(head) if sentence.field == "text"), 0)
        if any(one.counted and one.figure.low > 1 and one.sentence <= opening for one in candidates):
            return False
        return not any("violent" in self._words(sentence).said for sentence in head)

    def _hits(
        self, sentences: Sequence[Sentence], texts: Sequence[str], lead: int, *, whole: bool = False
    ) -> Iterator[Hit]:
        """The words of topics, and whether they stand in the head: the title and the first sentences of the text.

        Without any there nothing is looked for further down, unless the `whole` article is asked. The first sentence
        behind the title, which has `lead` of them, is number one.
        """
        of_text, opened = 0, whole
        for number, (sentence, text) in enumerate(zip(sentences, texts, strict=True)):
            of_text += sentence.field == "text"
            if of_text > HEAD and not opened:
                return
            at = max(0, number - lead + 1)
            for name, weight, start, end in self._pack.topics.found(text[:_LONGEST]):
                if name == "opinion" and _is_said(text, start):
                    continue
                opened = opened or name not in FRESH
                yield Hit(at, not of_text, of_text <= HEAD, name, weight, sentence.text[start:end])

    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """The same for several documents."""
        return list(map(self, documents, before))

    def _sentences(self, document: Document) -> list[Sentence]:
        """The sentences of the document; those that an abbreviation of the language cut in two are one."""
        fields = dict(document.fields())
        whole: list[Sentence] = []
        cut = False
        for sentence in document.sentences:
            if cut and whole[-1].field == sentence.field:
                held = whole.pop()
                text = fields[held.field][held.start : sentence.end]
                whole.append(Sentence(held.field, held.start, sentence.end, text))
            else:
                whole.append(sentence)
            text = whole[-1].text
            cut = text[-1] == "." and self._cuts[text[-_LAST:].rpartition(" ")[2]]
        return whole

    def _is_cut(self, last: str) -> bool:
        """Whether a sentence that ends so goes on: behind an abbreviation, or the dot of an ordinal."""
        if self._pack.ordinal_dot and _ORDINAL.search(last[-5:]):
            return True
        word = _LAST_WORD.search(last)
        return word is not None and self._pack.folded(word.group(1)) in self._pack.abbreviations

    def _telling_words(self, texts: Iterable[str]) -> set[str]:
        """The words of the texts that may say what happened to people."""
        chunks = chain.from_iterable(map(str.split, texts))
        return set[str]().union(*filter(None, map(self._telling.__getitem__, chunks)))

    def _telling_in(self, chunk: str) -> tuple[str, ...]:
        """Those of what stands between two blanks."""
        return tuple(word for word in _WORD.findall(chunk[:_LONGEST]) if self._is_telling(word))

    def _is_telling(self, word: str) -> bool:
        pieces = [piece for piece, _, _ in self._pack.pieces[word]] if self._pack.clitics else [word]
        return any(map(self._pack.tells, pieces))

    def _words(self, sentence: Sentence) -> Words:
        """The words of a sentence, or of its beginning when it is endless."""
        text = sentence.text[:_LONGEST]
        return Words(self._pack, text, sentence.start, self._pack.folded(text))

    def _sentence(
        self, number: int, sentence: Sentence, folded: str, where: Whereabouts, year: Year, *, after_dead: bool
    ) -> tuple[list[Candidate], list[Rejected], int]:
        """The figures and rejected candidates of one sentence, and which victim it counts up to without one of them."""
        words = Words(self._pack, sentence.text, sentence.start, folded)
        reading = self._read(words)
        joined = join(words, reading) if reading.groups else []
        if reading.rejected and any(
            one.reason == "sport" for one in reading.rejected
        ):  # a keeper who is hurt in a match is no casualty
            joined = [one for one in joined if one.kind == "killed"]
        if (somebody := orphan(words, reading, joined)) is not None and is_violent(words, somebody):
            joined = [somebody]
        after_dead = after_dead or sum(one.kind == "killed" for one in joined) > 1
        joined = [one for one in joined if not is_left_out(words, one, after_dead=after_dead)]
        joined.extend(suicides(words, joined))
        source = attribution(words) if joined else None
        found = [
            self._candidate(words, number, sentence, one, _judged(words, reading.groups, one, year), source, where)
            for one in joined
        ]
        rank = 0 if any(one.kind == "killed" for one in joined) else _rank_alone(words)
        return _dated_alike(found), [_row(words, sentence.field, one) for one in reading.rejected], rank

    def _is_one_before(self, sentences: Sequence[Sentence], number: int) -> bool:
        """Whether the sentence before tells of one person, whom a pronoun may mean, and of no others."""
        if not number or sentences[number - 1].field != sentences[number].field:
            return False
        before = sentences[number - 1]
        groups = self._read(self._words(before)).groups
        people = [group for group in groups if group.form not in _NO_PEOPLE]
        return bool(people) and all(group.quantity is not None and group.quantity.low == 1 for group in people)

    def _candidate(
        self,
        words: Words,
        number: int,
        sentence: Sentence,
        joined: Joined,
        judged: Judgement,
        source: Attribution | None,
        where: Whereabouts,
    ) -> Candidate:
        group = joined.group
        start, end = words.start(group.start), words.end(group.end - 1)
        low, high, qualifier = _bounds(joined)
        if judged.assertion == "negated":
            low, high, qualifier = 0, 0, "exact"
        elif is_half(words, joined):
            low, high = low // 2, high if high is None else (high + 1) // 2
        quantity, person = group.quantity, who(words, joined)
        figure = _figure_of(
            sentence.field, start, end, words.between(group.start, group.end - 1), joined.kind, low, high, qualifier,
            words.between(quantity.start, quantity.end - 1) if quantity is not None else words.written(group.start),
            self.convention, words.written(group.noun) if group.noun >= 0 else "", group.victim_class,
            judged.assertion, judged.cue, source, where(sentence, start), False, joined.rule,
        )  # fmt: skip
        return Candidate(
            figure,
            number,
            joined.happening.start if joined.happening is not None else group.start,
            part=joined.part,
            counted=group.form in {"counted", "unknown", "elided", "pair"},
            aside=judged.aside or judged.assertion == "historical",
            earlier=judged.earlier,
            fresh=_is_fresh(words, group),
            nth=_nth(words, joined),
            total=joined.rule.startswith("toll") or is_risen(words, group),
            adds=_adds(words, joined),
            perpetrator=group.victim_class == "perpetrator",
            claimed=is_claimed(words, joined),
            name=frozenset(words.texts[group.start : group.end]) if group.named else frozenset(),
            age=person.age,
            sex=person.sex,
            kin=person.kin,
            scene=person.scene,
            later=person.later,
            also=person.also,
            town=person.town,
            opens=person.opens,
            severity=severity(words, group) if joined.kind == "injured" else "",
        )

    def _rejected(
        self,
        document: Document,
        folded: Mapping[FieldName, str],
        figures: Sequence[CasualtyFigure],
        found: Sequence[Rejected],
    ) -> list[Rejected]:
        """The rejected candidates in order: those of the sentences read, and digits with a unit elsewhere."""
        rows = {(row.field, row.start): row for row in found}
        for field, raw in document.fields():
            for match in _DIGITS.finditer(folded[field]):
                start, end = match.span()
                unit = match["unit"]
                reason = "share" if unit == "%" else self._pack.entry(unit).unit
                if reason is not None:
                    row = Rejected(field, start, end, raw[start:end], reason, "unit_after_number")
                    rows.setdefault((field, start), row)
        if not rows:
            return []
        taken = sorted((f.field, f.start, f.end) for f in figures)
        kept = [
            row
            for row in sorted(rows.values(), key=lambda row: (row.field != "title", row.start))
            if row.reason == "age" or not any(f == row.field and a < row.end and row.start < b for f, a, b in taken)
        ]
        return limits.within(kept, limits.most("rejected", document.characters))


def _without_animals(
    candidates: Sequence[Candidate], beasts: AbstractSet[int], pack: Pack, *, titled: bool
) -> list[Candidate]:
    """The candidates; where the title or the sentence counts animals, without numbers that have no people beside them.

    As in "four horses died, ten others were saved".
    """
    above = titled and 0 in beasts and not any(one.figure.field == "title" for one in candidates)
    return [
        one
        for one in candidates
        if not (above or one.sentence in beasts) or (_are_people(one, pack) and not one.fresh) or not one.figure.low
    ]


def _are_people(one: Candidate, pack: Pack) -> bool:
    """Whether a noun says that they are people, and no word that the pack has not ("elf Heidschnucken")."""
    if not one.figure.victims:
        return False
    entry = pack.entry(pack.folded(one.figure.victims))
    if entry.people is not None or not entry.cues:
        return entry.people is not None or bool(entry.says)
    before = pack.folded(one.figure.text).split(pack.folded(one.figure.victims))[0].split()
    return all(word[0].isdigit() or pack.entry(word).says for word in before)  # "doce merinas aparecieron muertas"


def _dated_alike(candidates: list[Candidate]) -> list[Candidate]:
    """The figures of a sentence; what stands behind one of another year is of it, too.

    As in "in 2019 four died, and 12 were hurt".
    """
    first = candidates[0].figure if candidates else None
    if first is None or first.assertion != "historical" or first.cue is None or not first.cue.isdecimal():
        return candidates
    return [
        one._replace(aside=True, figure=changed(one.figure, assertion="historical", cue=first.cue))
        if one.figure.assertion == "actual"
        else one
        for one in candidates
    ]


def _has_date(words: Words) -> bool:
    """Whether a day of a month stands there, as in "16 січня", "el 3 de mayo", and no year with it."""
    for k in words.digits:
        day = words.texts[k].partition("-")[0]
        if day.isdecimal() and int(day) in _DAYS and any(words.has(j, "months") for j in (k + 1, k + 2, k - 1)):
            return True
    return False


def _is_said(text: str, at: int) -> bool:
    """Whether a place in a sentence is speech: behind a dash that opens it, or between quotes."""
    before = text[:at]
    if text.lstrip()[:1] in _DASHES:
        return True
    opened = max(map(before.rfind, _OPENING))
    return (opened >= 0 and not any(mark in before[opened + 1 :] for mark in _CLOSING)) or before.count('"') % 2 == 1


def _counts(words: Words) -> bool:
    """Whether a sentence gives a number of anything but time: others may be home again than those told of before."""
    numbers = any(k + 1 >= words.size or words.entries[k + 1].unit != "time" for k in words.digits)
    return numbers or not words.said.isdisjoint(_NUMBERED)


def _is_negated(words: Words, at: int) -> bool:
    """Whether "not" stands before the words of `back_home` at a place, or among them."""
    _, end = words.look(at, "back_home") or ("", at + 1)
    return any("negation" in entry.says for entry in words.entries[max(0, at - _NEGATED) : end])


def _under(candidate: Candidate, topic: Hit | None) -> Candidate:
    """The candidate as it is told in an article with that topic; None for background: it is of another time."""
    if candidate.figure.assertion != "actual":
        return candidate
    if topic is None:
        return candidate._replace(figure=changed(candidate.figure, assertion="historical"))
    return candidate._replace(figure=changed(candidate.figure, assertion=TOPICS[topic.topic], cue=topic.cue))


def _together(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with what they say of one another.

    A title says a claim without who claims it. Who died later is added to a number of the text, and to no sum.
    """
    claims = {_number(one) for one in candidates if one.claimed}
    dead = [one for one in candidates if one.figure.kind == "killed" and one.figure.low and not one.adds]
    summed = any(one.total for one in dead)
    base = next((one for one in dead if one.figure.field == "text"), None)
    adding = any(one.adds for one in candidates)
    return [
        one._replace(
            claimed=one.claimed or _number(one) in claims,
            adds=one.adds and not summed and base is not None and base.figure.start < one.figure.start,
            counted=one.counted or (one is base and adding and not summed),
        )
        if claims or adding
        else one
        for one in candidates
    ]


def _number(one: Candidate) -> tuple[str, int, int | None]:
    return one.figure.kind, one.figure.low, one.figure.high


def _is_unhurt(head: Sequence[Candidate]) -> bool:
    """Whether the head says that nobody died: who is told of further down died another time."""
    told = {(one.figure.kind, one.figure.assertion) for one in head}
    return ("killed", "negated") in told and ("killed", "actual") not in told


def _is_of_past(head: Sequence[Candidate]) -> bool:
    """Whether the head tells of the dead of another time alone: so does what follows."""
    return {one.figure.assertion for one in head if one.figure.kind == "killed"} == {"historical"}


def _bounds(joined: Joined) -> tuple[int, int | None, Any]:
    """Bounds and qualifier of a figure; of "rose from 10 to 12" the last number."""
    quantity = joined.group.quantity
    if quantity is None:
        return 0, 0, "exact"
    if joined.rule.startswith("toll") and quantity.high is not None and quantity.qualifier in {"range", "at_most"}:
        return quantity.high, quantity.high, "exact"
    return quantity.low, quantity.high, quantity.qualifier


def _judged(words: Words, groups: Sequence[Group], one: Joined, year: Year) -> Judgement:
    """The assertion of a figure; who was missing and is found alive is missing no more."""
    safe = found_safe(words, groups, one)
    return judge(words, one, year, groups) if safe is None else Judgement("historical", safe)


def _is_of_sentence_before(candidate: Candidate, number: int) -> bool:
    """Whether a figure tells of the dead of now in the sentence before the one with that number."""
    figure = candidate.figure
    return figure.kind == "killed" and figure.assertion == "actual" and candidate.sentence == number - 1


def _is_fresh(words: Words, group: Group) -> bool:
    """Whether the words name somebody not met before: "another", "others"."""
    return "others" in words.said and any(words.has(k, "others") for k in range(group.start, group.end))


def _adds(words: Words, joined: Joined) -> bool:
    """As in "another of them died in hospital": one on top of those before."""
    if joined.kind != "killed" or "hospital" not in words.said or words.said.isdisjoint(_MORE):
        return False
    around = range(joined.group.start - 1, joined.group.end + 1)
    return any(not words.says[k].isdisjoint(_MORE) for k in around)


def _nth(words: Words, joined: Joined) -> int:
    """Which victim the sentence says it tells of, as in "a third skier", "already the third victim"; 0 for none.

    Of the dead one of the hurt may be: "a second injured man has died".
    """
    quantity = joined.group.quantity
    if quantity is None or quantity.low != 1 or (joined.group.following and joined.kind != "killed"):
        return 0
    return _ordinal(words, hurt=joined.kind == "killed")


def _rank_alone(words: Words) -> int:
    """The same of a sentence that says no more, as in "He is the third victim"; not of those of a year."""
    return _ordinal(words, alone=True) if words.said.isdisjoint(_OF_LONGER) else 0


def _rank(candidates: list[Candidate], number: int, rank: int) -> None:
    """Gives the dead told of nearest to a sentence, before it first, the rank that it says."""
    dead = [
        at
        for at, c in enumerate(candidates)
        if c.figure.kind == "killed" and c.figure.assertion == "actual" and abs(c.sentence - number) <= _RANK_REACH
    ]
    if dead:
        at = max((at for at in dead if candidates[at].sentence <= number), default=dead[0])
        candidates[at] = candidates[at]._replace(nth=max(candidates[at].nth, rank))


def _ordinal(words: Words, *, alone: bool = False, hurt: bool = False) -> int:
    """The number of an ordinal before a noun for one person; `alone` for one of the dead, `hurt` for the hurt, too."""
    places = [k for k in words.digits if "-" in words.texts[k]]
    if "ordinal" in words.said:
        places = sorted({*places, *words.at("ordinal")})
    behind = words.pack.order != "verb_first"
    for k in places:
        found = words.look(k, "ordinal") or _ordinal_in_digits(words, k)
        if found is not None and (
            _is_victim(words, range(found[1], found[1] + _NTH_REACH), alone=alone, hurt=hurt)
            or (not behind and _is_victim(words, range(k - 1, max(-1, k - _NTH_REACH), -1), alone=True, hurt=hurt))
        ):
            return int(found[0])
    return 0


def _ordinal_in_digits(words: Words, k: int) -> tuple[int, int] | None:
    """As in "5-та": the value and the place behind it."""
    text = words.texts[k]
    if not text[0].isdigit() or "-" not in text:
        return None
    value = words.pack.entry(text).tables.get("ordinal")
    return None if value is None else (value, k + 1)


def _is_victim(words: Words, places: range, *, alone: bool, hurt: bool) -> bool:
    """Whether a noun for one of the victims stands there; `alone` for one that says so by itself."""
    for k in places:
        people = words.look(k, "people")
        dead = k < words.size and "one_dead" in words.entries[k].says
        dead = dead or (hurt and is_hurt(words, k))
        if dead or (not alone and people is not None and people[0].form == "one"):
            return True
        if not words.is_word(k) or words.cues(k)[0] or (hurt and _is_verbal(words, k)):
            return False
    return False


def _is_verbal(words: Words, k: int) -> bool:
    """As in "one died, the second is badly hurt": what is said of him, and no noun of his."""
    return "function" in words.says[k] and "of" not in words.says[k]


def _row(words: Words, field: FieldName, one: NotPeople) -> Rejected:
    start, end = words.start(one.start), words.end(one.end - 1)
    return Rejected(field, start, end, words.between(one.start, one.end - 1), one.reason, "unit_after_number")
