"""The casualty tagger of a language that has a word pack: figures, rejected candidates and the toll."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from stream_app.core import limits
from stream_app.core.casualties.free.groups import Group, NotPeople, Reader
from stream_app.core.casualties.free.joining import Joined, join
from stream_app.core.casualties.free.judging import Judgement, attribution, judge
from stream_app.core.casualties.free.pack import Pack
from stream_app.core.casualties.free.quantities import Numbers
from stream_app.core.casualties.free.words import Words
from stream_app.core.casualties.toll import Candidate, article_toll
from stream_app.core.casualties.where import Whereabouts
from stream_app.core.events import Attribution, CasualtyFigure, FieldName, Rejected, Tagged
from stream_app.core.frozen import twin
from stream_app.core.language.document import Document, Sentence
from stream_app.core.language.numerals import CONVENTIONS

_LONGEST: Final = 2000
_YEAR: Final = re.compile(r"(?:19|20)\d\d\b")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_LAST_WORD: Final = re.compile(r"([^\W\d_]+)\.$")
_DIGITS: Final = re.compile(r"\d[\d.,]*(?:[ \u00a0-]?[^\W\d_]+|[ \u00a0]?%)")
_NUMBER: Final = re.compile(r"\d[\d.,]*")
_REMEMBERED: Final = 60_000
_Draft: Final = twin(CasualtyFigure)


class FreeTagger:
    """Adds casualty figures, rejected candidates and the toll, by the word pack of one language."""

    name = "casualties"

    def __init__(self, pack: Pack, convention: str = "literal") -> None:
        if convention not in CONVENTIONS:
            raise ValueError(f"unknown convention {convention!r}: choose one of {', '.join(CONVENTIONS)}")
        self.convention = convention
        self._pack = pack
        self._read = Reader(Numbers(CONVENTIONS[convention]))
        self._telling: dict[str, bool] = {}

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """Everything said before, with the casualties of this document."""
        sentences = list(self._sentences(document))
        where, year = Whereabouts(document, before.places), _year(document)
        candidates: list[Candidate] = []
        rejected: list[Rejected] = []
        room = limits.most("casualties", document.characters)
        for number, sentence in enumerate(sentences):
            if len(candidates) >= room:
                break
            if self._tells(sentence.text):
                for piece in _pieces(sentence):
                    found, not_people = self._sentence(number, piece, where, year)
                    candidates.extend(found)
                    rejected.extend(not_people)
        candidates = [one for one in candidates if one.figure.end - one.figure.start <= limits.LONGEST_SPAN][:room]
        toll, members = article_toll(candidates) if candidates else ({}, set())
        for index, candidate in enumerate(candidates):
            draft: Any = candidate.figure
            draft.in_toll = index in members
            draft.__class__ = CasualtyFigure  # see `frozen.twin`
        figures = tuple(candidate.figure for candidate in candidates)
        return replace(
            before,
            casualties=(*before.casualties, *figures),
            rejected=(*before.rejected, *self._rejected(document, figures, rejected)),
            toll={**before.toll, **toll},
        )

    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """The same for several documents."""
        return list(map(self, documents, before))

    def _sentences(self, document: Document) -> Iterator[Sentence]:
        """The sentences of the document; those that an abbreviation of the language cut in two are one."""
        fields = dict(document.fields())
        held: Sentence | None = None
        for sentence in document.sentences:
            if held is not None and held.field == sentence.field and self._is_cut(held.text):
                text = fields[held.field][held.start : sentence.end]
                held = Sentence(held.field, held.start, sentence.end, text)
                continue
            if held is not None:
                yield held
            held = sentence
        if held is not None:
            yield held

    def _is_cut(self, text: str) -> bool:
        last = _LAST_WORD.search(text[-20:])
        return last is not None and self._pack.folded(last.group(1)) in self._pack.abbreviations

    def _tells(self, text: str) -> bool:
        """Whether a word of the sentence may say what happened to people."""
        telling = self._telling
        for word in _WORD.findall(self._pack.folded(text)):
            known = telling.get(word)
            if known is None:
                if len(telling) >= _REMEMBERED:
                    telling.clear()
                known = telling[word] = self._is_telling(word)
            if known:
                return True
        return False

    def _is_telling(self, word: str) -> bool:
        entries = Words(self._pack, word, 0).entries
        return any(entry.cues or any(phrase.table == "cues" for phrase in entry.starts) for entry in entries)

    def _sentence(
        self, number: int, sentence: Sentence, where: Whereabouts, year: int | None
    ) -> tuple[list[Candidate], list[Rejected]]:
        """The figures and rejected candidates of one sentence."""
        words = Words(self._pack, sentence.text, sentence.start)
        reading = self._read(words)
        source = attribution(words)
        found = [
            self._candidate(words, number, sentence, joined, judge(words, joined, year), source, where)
            for joined in join(words, reading)
        ]
        return found, [_row(words, sentence.field, one) for one in reading.rejected]

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
        quantity = group.quantity
        draft = _Draft(
            sentence.field, start, end, words.between(group.start, group.end - 1), joined.kind, low, high, qualifier,
            words.between(quantity.start, quantity.end - 1) if quantity is not None else words.written(group.start),
            self.convention, words.written(group.noun) if group.noun >= 0 else "", group.victim_class,
            judged.assertion, judged.cue, source, where(sentence, start), False, joined.rule,
        )  # fmt: skip
        return Candidate(
            cast("CasualtyFigure", draft),
            number,
            joined.happening.start if joined.happening is not None else group.start,
            part=joined.part,
            counted=group.form in {"counted", "unknown", "elided", "pair"},
            aside=judged.aside or judged.assertion == "historical",
            fresh=_is_fresh(words, group),
        )

    def _rejected(
        self, document: Document, figures: Sequence[CasualtyFigure], found: Sequence[Rejected]
    ) -> list[Rejected]:
        """The rejected candidates in order: those of the sentences read, and digits with a unit elsewhere."""
        rows = {(row.field, row.start): row for row in found}
        for field, raw in document.fields():
            for match in _DIGITS.finditer(raw):
                number = _NUMBER.match(match.group())
                unit = match.group()[number.end() :].lstrip(" \u00a0-") if number is not None else ""
                reason = "share" if unit == "%" else self._pack.entry(self._pack.folded(unit)).unit
                if reason is not None:
                    row = Rejected(field, match.start(), match.end(), match.group(), reason, "unit_after_number")
                    rows.setdefault((field, match.start()), row)
        taken = sorted((f.field, f.start, f.end) for f in figures)
        kept = [
            row
            for row in sorted(rows.values(), key=lambda row: (row.field != "title", row.start))
            if row.reason == "age" or not any(f == row.field and a < row.end and row.start < b for f, a, b in taken)
        ]
        return limits.within(kept, limits.most("rejected", document.characters))


def _bounds(joined: Joined) -> tuple[int, int | None, Any]:
    """Bounds and qualifier of a figure; of "rose from 10 to 12" the last number."""
    quantity = joined.group.quantity
    if quantity is None:
        return 0, 0, "exact"
    if joined.rule == "toll_after" and quantity.high is not None and quantity.qualifier in {"range", "at_most"}:
        return quantity.high, quantity.high, "exact"
    return quantity.low, quantity.high, quantity.qualifier


def _is_fresh(words: Words, group: Group) -> bool:
    """Whether the words name somebody not met before: "another", "others"."""
    return any(words.has(k, "others") for k in range(group.start, group.end))


def _row(words: Words, field: FieldName, one: NotPeople) -> Rejected:
    start, end = words.start(one.start), words.end(one.end - 1)
    return Rejected(field, start, end, words.between(one.start, one.end - 1), one.reason, "unit_after_number")


def _pieces(sentence: Sentence) -> Iterator[Sentence]:
    """The sentence, or, when it is endless, pieces of it: reading stays linear in the text."""
    for start in range(0, len(sentence.text), _LONGEST):
        text = sentence.text[start : start + _LONGEST]
        first = sentence.start + start
        yield Sentence(sentence.field, first, first + len(text), text)


def _year(document: Document) -> int | None:
    """The year of publication; else the latest year that the article names, None when it names none."""
    published = document.article.published_at
    if published:
        return int(published[:4])
    named = _YEAR.findall(document.plain.text)
    return int(max(named)) if named else None
