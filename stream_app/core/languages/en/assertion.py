"""Whether it happened: the assertion of a mention and the word that set it."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from stream_app.core.events import Assertion
from stream_app.core.language.tables import table
from stream_app.core.languages.en.background import WEEKDAYS
from stream_app.core.languages.en.framing import Frame
from stream_app.core.languages.en.lexicon import Lexicon
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.numerals import is_numeric
from stream_app.core.languages.en.phrases import Chunk
from stream_app.core.languages.en.tokens import Tokens

_YEARS: Final = frozenset(map(str, range(1800, 2100)))
_HYPOTHETICAL_OPENERS: Final = frozenset(["if", "unless", "whether"])
_LONG_TIMES: Final = frozenset({"year", "years", "decade", "decades", "month", "months"})
_ERAS: Final = frozenset({"ad", "bc", "bce", "ce"})
_IN_A_YEAR: Final = frozenset({"in", "since", "the", "of", "during", "throughout"})
_EARLIER_YEARS: Final = frozenset(map(str, range(1000, 1800)))
"""Years only behind a word that says so: "1755" may be a number of people."""
_MONTHS: Final = table("en", "calendar")["months"].split()
_EARLIER_MONTHS: Final = frozenset(_MONTHS[:-2])
"""Those of the year just gone of which an article of the next does not tell as of now."""
_AT_THAT_TIME: Final = frozenset({"in", "since", *_MONTHS})
_OLDER: Final = _YEARS | _EARLIER_YEARS | _ERAS | {"ago", "past"}
_IN_THE_PAST: Final = ["in", "the"]
_CLOSES: Final = frozenset({"", ".", ",", ";", "and", "but", "too", "as", ")"})
_FEAR: Final = frozenset({"feared", "fears", "fear", "fearing", "assumed", "assume", "assumes", "speculated"})
_DOUBTING: Final = _HYPOTHETICAL_OPENERS | _FEAR
_SINCE_REACH: Final = 3
_BARE: Final = frozenset({"determiner", "adverb", "who"})
_CHAIN: Final = 10
_VERBAL: Final = frozenset({"active_object", "passive_subject", "intransitive_subject", "left_home", "driven_out"})
_OUTCOMES: Final = frozenset({"counted_noun", "claimed_lives", "predicate", "reduced_passive"})
_BASES: Final = frozenset({"leave", "cause", "bring", "claim", "cost", "take", "make", "see"})
_CAUSING: Final = _BASES | {"seen", "caused", "mean", "meant", "produce", "yield", "render"}
_EXPECTING: Final = frozenset({"expect", "expects", "expecting", "anticipate", "anticipates", "foresee", "foresees"})
_PLANNING: Final = frozenset({"planning", "plotting", "plot"})
_ANYONE: Final = frozenset({"anyone", "anybody"})
_DATE: Final = 4
_OWNED: Final = frozenset({"a", "an", "his", "her", "their"})
_THAN: Final = 4
_COMMON: Final = frozenset({"common", "rise", "wave", "spate", "law", "crime", "crimes", "ban", "against"})
_SUSPECTED: Final = frozenset({"suspected", "probable", "possible", "presumed"})
_INSERTED: Final = 6
_TURNS: Final = frozenset({",", "where", "than", "which"})
_WHICH: Final = frozenset({"which", "who"})
_LIST: Final = 12
_OUTCOME_LIST: Final = frozenset({"people", "and", ","})
_ALTERNATIVES: Final = frozenset({"or", "nor"})
_IN_LIST: Final = frozenset({",", "people", "word", "name", "adverb", "determiner"})
_GUILTY: Final = frozenset({"convicted", "accused", "charged", "sentenced", "wanted", "arrested"})
_GERUNDS: Final = frozenset({"and", "adverb", ","})
_LEADING: Final = frozenset({"on", "at", "of", "to", "for", "in"})
_AIMS: Final = frozenset({
    "effort", "efforts", "focus", "focused", "focuses", "aim", "aims", "aimed", "concentrated", "concentrate",
    "dedicated", "mission", "task", "tasked", "goal", "goals", "priority", "policy", "strategy", "committed", "devoted",
})  # fmt: skip
_SPEAKERS: Final = frozenset({"i", "we", "they", "you", "n't", "not"})
_IS: Final = frozenset({"is", "are", "'s", "'re"})
_FIGURATIVELY: Final = frozenset({"politically", "metaphorically", "figuratively", "commercially", "electorally"})
_MANY: Final = ["too", "many"]
_REMARK: Final = 9
"""How many tokens behind its number a remark on a death ends: "one life lost on our roads is one too many"."""
_NEARLY: Final = frozenset({"nearly", "almost"})


class Judgement(NamedTuple):
    """An assertion and its cue, None for the plain actual."""

    assertion: Assertion
    cue: str | None


_ACTUAL: Final = Judgement("actual", None)


class Assessor:
    """Judges mentions of one sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._sets = lexicon.sets
        self._averting = lexicon.sets["avoid"] | {"attempted"}

    def __call__(
        self, mention: Mention, chunks: Sequence[Chunk], tokens: Tokens, year: int | None, frames: Sequence[Frame]
    ) -> Judgement:
        """The assertion of `mention`; `year` is that of the article, when known, `frames` how its sentence is told."""
        return (
            self._negation(mention, chunks)
            or self._figurative(mention, chunks, tokens)
            or self._too_many(mention, tokens)
            or self._suspected(mention, tokens)
            or (self._framed(mention, frames) if frames else None)
            or (_ACTUAL if mention.inner and mention.rule == "counted_noun" else None)
            or self._generic(mention, chunks)
            or self._aimed(mention, chunks)
            or self._verb_group(mention, chunks)
            or self._existence(mention, chunks)
            or self._outcome(mention, chunks)
            or self._coordinated(mention, chunks)
            or self._governor(mention, chunks)
            or self._clause(mention, chunks, tokens)
            or self._history(mention, tokens, year)
            or _ACTUAL
        )

    def _negation(self, mention: Mention, chunks: Sequence[Chunk]) -> Judgement | None:
        none = chunks[mention.at].word or "no" if mention.people.form == "nobody" else _none_of(mention, chunks)
        if none is not None:
            return Judgement("negated", none)
        if mention.negated:
            return Judgement("negated", chunks[mention.cue].word)
        if mention.at and chunks[mention.at - 1].word == "not" and _is_one(mention):
            return Judgement("negated", "not")
        for chunk in chunks[mention.group : mention.cue]:
            if chunk.tag == "not" and chunk.word != "only":
                return Judgement("negated", chunk.word)
        if mention.rule == "active_object" and mention.group and chunks[mention.group - 1].word == "without":
            return Judgement("negated", "without")
        return None

    @staticmethod
    def _figurative(mention: Mention, chunks: Sequence[Chunk], tokens: Tokens) -> Judgement | None:
        """As in "seven ministers lay politically dead"."""
        if _FIGURATIVELY.isdisjoint(tokens.words):
            return None
        word = next((c.word for c in chunks[mention.group : mention.cue] if c.word in _FIGURATIVELY), None)
        word = word or (chunks[mention.cue - 1].word if mention.cue else None)
        return Judgement("generic", word) if word in _FIGURATIVELY else None

    @staticmethod
    def _too_many(mention: Mention, tokens: Tokens) -> Judgement | None:
        """As in "even one death is too many", "a single life lost is one too many"."""
        if "too" not in tokens.words or not _is_one(mention):
            return None
        start = mention.people.start
        near = tokens.words[start : start + _REMARK]
        said = any(near[k : k + 2] == _MANY for k in range(1, len(near))) and not _IS.isdisjoint(near)
        return Judgement("generic", "too many") if said else None

    def _suspected(self, mention: Mention, tokens: Tokens) -> Judgement | None:
        """As in "19 suspected deaths", "that anyone was killed"; suspected militants who are killed are dead."""
        people = mention.people
        if tokens.words[people.end - 1] in _ANYONE:
            return Judgement("hypothetical", tokens.words[people.end - 1])
        if people.noun is not None or mention.rule != "counted_noun":
            return None
        word = next((w for w in tokens.words[people.start : people.head + 1] if w in _SUSPECTED), None)
        return Judgement("alleged", word) if word is not None else None

    @staticmethod
    def _generic(mention: Mention, chunks: Sequence[Chunk]) -> Judgement | None:
        """As in "kidnappings of priests", "attacks that kill civilians": nobody in particular."""
        people, cue = mention.people, chunks[mention.cue]
        if people.form != "plural" or people.quantity is not None or people.definite:
            return None
        running = mention.rule == "active_object" and cue.word.endswith("ing") and chunks[mention.at].word == "people"
        plain = mention.rule == "active_object" and "base" in (cue.roles or {}) and chunks[mention.at].word == "people"
        speaker = chunks[mention.cue - 1].word if mention.cue and "past" not in (cue.roles or {}) else ""
        if (running and speaker in _IS) or (plain and speaker in _SPEAKERS):
            return Judgement("generic", cue.word)  # "Delays are killing people"
        if mention.rule == "event_of" and (
            cue.word.endswith("s") or cue.word == "execution" or any(c.word in _COMMON for c in chunks)
        ):
            return Judgement("generic", cue.word)
        opener = chunks[mention.group - 1] if mention.group else None
        relative = opener is not None and (opener.tag == "who" or opener.word == "that")
        if mention.rule == "active_object" and relative and "base" in (cue.roles or {}):
            return Judgement("generic", cue.word)
        return None

    @staticmethod
    def _aimed(mention: Mention, chunks: Sequence[Chunk]) -> Judgement | None:
        """As in "focused its efforts on capturing and killing rebel leaders": an aim, and nobody in particular."""
        people, cue = mention.people, chunks[mention.cue]
        if mention.rule != "active_object" or people.quantity is not None or not cue.word.endswith("ing"):
            return None
        if people.form != "plural" or people.definite:
            return None
        j = mention.cue
        while j > max(0, mention.cue - _CHAIN) and _is_of_gerunds(chunks[j - 1]):
            j -= 1
        leads = j and chunks[j - 1].word in _LEADING
        before = (c.word for c in chunks[max(0, j - _INSERTED) : j - 1]) if leads else ()
        aim = next((word for word in before if word in _AIMS), None)
        return Judgement("hypothetical", aim) if aim is not None else None

    @staticmethod
    def _framed(mention: Mention, frames: Sequence[Frame]) -> Judgement | None:
        """The first frame that the people stand in."""
        at = mention.people.start
        frame = next((frame for frame in frames if frame.start <= at < frame.stop), None)
        return Judgement(frame.assertion, frame.cue) if frame is not None else None

    def _existence(self, mention: Mention, chunks: Sequence[Chunk]) -> Judgement | None:
        """As in "there may have been 70 others who drowned", "there are thought to be 12 more"."""
        perfect = False
        for j in range(mention.at - 1, max(-1, mention.at - 8), -1):
            chunk = chunks[j]
            if chunk.tag == "have":
                perfect = True
            elif chunk.tag == "modal":
                there = any(c.word == "there" for c in chunks[max(0, j - 2) : j + 1])
                return self._modal(chunk.word, perfect=perfect) if there else None
            elif chunk.word in self._sets["doubt"]:
                there = any(c.word in {"there", "to"} for c in chunks[max(0, j - 3) : mention.at])
                return Judgement("alleged", chunk.word) if there else None
            elif chunk.tag not in {"be", "adverb", "to", "not"} and chunk.word != "as":
                return None
        return None

    def _outcome(self, mention: Mention, chunks: Sequence[Chunk]) -> Judgement | None:
        """As in "could have had 300 dead", "might leave 20 dead", "threatened to make 500 homeless"."""
        if mention.rule not in _OUTCOMES:
            return None
        before = chunks[mention.at - 1].word if mention.at else ""
        j = end = _list_begin(chunks, mention.at) - 1
        while j >= 0 and (chunks[j].tag in {"be", "have", "adverb", "leave", "claim"} or chunks[j].word in _CAUSING):
            j -= 1
        if j < 0 or j == end:
            return Judgement("forecast", before) if before in _EXPECTING else None
        if chunks[j].tag == "modal":
            return self._modal(chunks[j].word, perfect=any(c.word == "have" for c in chunks[j + 1 : end]))
        if chunks[j].tag == "to":  # not "the only storm to cause several deaths"
            meant = next((c.word for c in chunks[max(0, j - 4) : j] if c.word in self._sets["threat"]), None)
            return Judgement("hypothetical", meant) if meant is not None else None
        if chunks[j].tag == "and" and chunks[j + 1].word in _BASES:
            back = (c for c in reversed(chunks[max(0, j - _CHAIN) : j]) if c.tag in {"modal", ";", ".", "say", '"'})
            opener = next(back, None)
            return self._modal(opener.word, perfect=False) if opener is not None and opener.tag == "modal" else None
        return None

    def _coordinated(self, mention: Mention, chunks: Sequence[Chunk]) -> Judgement | None:
        """A modal or "to" that an earlier verb of the same chain has: "could fall, kill thousands and ..."."""
        start = mention.group - 1
        roles = chunks[mention.cue].roles or {}
        bare = "base" in roles
        if (
            start < 2
            or not (chunks[start].tag == "and" or (chunks[start].tag == "," and bare and "past" not in roles))
            or mention.rule not in _VERBAL
            or any(c.tag in {"be", "have"} for c in chunks[mention.group : mention.cue])
        ):
            return None
        for j in range(start - 1, max(-1, start - _CHAIN), -1):
            chunk = chunks[j]
            if chunk.tag == "modal":
                return self._modal(chunk.word, perfect=False)
            if chunk.tag == "to" and bare and chunks[j + 1].tag != "people":
                return self._infinitive(j, chunks)
            if chunk.tag in {";", ".", "but", "who", "say", '"'}:
                return None
        return None

    def _verb_group(self, mention: Mention, chunks: Sequence[Chunk]) -> Judgement | None:
        """Modals and doubt inside the verb group: "could be killed", "feared dead", "may have killed"."""
        perfect = False
        for chunk in reversed(chunks[mention.group : mention.cue]):
            if chunk.tag == "have":
                perfect = True
            if chunk.tag == "modal":
                return self._modal(chunk.word, perfect=perfect)
            if chunk.word in self._sets["doubt"] and mention.kind != "missing":  # who is believed missing is
                return Judgement("alleged", chunk.word)
        if mention.rule == "toll":
            for chunk in chunks[mention.cue : mention.at]:
                if chunk.tag == "modal":
                    return Judgement("forecast", chunk.word)
                if chunk.word in {"expected", "likely", "feared"}:
                    return Judgement("forecast", chunk.word)
        return None

    @staticmethod
    def _modal(word: str, *, perfect: bool) -> Judgement:
        if perfect and word in {"may", "might", "could", "must"}:
            return Judgement("alleged", word)
        if word in {"would", "should", "must", "can"}:
            return Judgement("hypothetical", word)
        return Judgement("forecast", word)

    def _governor(self, mention: Mention, chunks: Sequence[Chunk]) -> Judgement | None:
        """What an infinitive or gerund hangs on: "threatened to kill", "avoid killing", "attempted murder of"."""
        if mention.rule == "event_of":
            planned = (c.word for c in chunks[max(0, mention.cue - 2) : mention.cue] if c.word in _PLANNING)
            plot = next(planned, None)
            if plot is not None:
                return Judgement("hypothetical", plot)
        if mention.cue and chunks[mention.cue - 1].word in _NEARLY and mention.rule == "active_object":
            return Judgement("hypothetical", chunks[mention.cue - 1].word)
        before = chunks[mention.group - 1] if mention.group else None
        if mention.rule == "event_of" and mention.group > 1 and before is not None and before.tag == "determiner":
            before = chunks[mention.group - 2]  # "prevented the deaths of"
        if before is not None and before.word in self._averting:
            return Judgement("hypothetical", before.word)
        if before is not None and mention.group > 1 and (before.tag == "of" or before.word == "from"):
            return self._of_or_from(mention, chunks)
        to_at = next((j for j in range(mention.group, mention.cue) if chunks[j].tag == "to"), None)
        if to_at is None or any(chunk.tag == "have" for chunk in chunks[to_at : mention.cue]):
            return None
        return self._infinitive(to_at, chunks)

    def _of_or_from(self, mention: Mention, chunks: Sequence[Chunk]) -> Judgement | None:
        """As in "warned of 3,000 deaths", "a risk of killing", "saved 60 pupils from being killed"."""
        if chunks[mention.group - 1].word == "from":
            saved = (c.word for c in chunks[max(0, mention.group - _CHAIN) : mention.group])
            saving = next((word for word in saved if word in self._sets["save"]), None)
            return Judgement("hypothetical", saving) if saving is not None else None
        word = chunks[mention.group - 2].word
        if word in self._sets["warn"] and chunks[mention.group - 2].tag != "people":
            return Judgement("forecast", word)
        return Judgement("hypothetical", word) if word in self._sets["prospect"] else None

    def _infinitive(self, to_at: int, chunks: Sequence[Chunk]) -> Judgement | None:
        """What the infinitive after the "to" at `to_at` hangs on; None when it came about ("forced to flee")."""
        if to_at > 1 and chunks[to_at - 1].word == "on" and chunks[to_at - 2].word in {"went", "goes", "gone", "going"}:
            return None
        for j in range(to_at - 1, max(-1, to_at - 5), -1):
            word = chunks[j].word
            if word in self._sets["threat"]:
                return Judgement("hypothetical", word)
            if word in self._sets["fulfilled"]:
                return None
            if chunks[j].tag not in {"people", "adverb", "pronoun", "name", "word", "determiner", "day"}:
                break
        return Judgement("hypothetical", "to")

    def _clause(self, mention: Mention, chunks: Sequence[Chunk], tokens: Tokens) -> Judgement | None:
        """A condition or fear earlier in the clause: "if ... are killed", "fears that 30 died"."""
        if _DOUBTING.isdisjoint(tokens.words):
            return None
        first = min(mention.at, mention.group)
        for j in range(first - 1, max(-1, first - 7), -1):
            chunk = chunks[j]
            if chunk.word in _HYPOTHETICAL_OPENERS:
                return Judgement("hypothetical", chunk.word)
            if (
                chunk.word in _FEAR
                and mention.kind != "missing"
                and all(c.tag in _BARE or c.word == "all" for c in chunks[j + 1 : first])
            ):
                return Judgement("alleged", chunk.word)
            if chunk.tag in {",", ";", ".", '"'}:
                break
        return None

    def _history(self, mention: Mention, tokens: Tokens, year: int | None) -> Judgement | None:
        """Another year, "years ago": an older event, or one to come; not a time after an inserted clause."""
        if _OLDER.isdisjoint(tokens.words):
            return None
        end = _insertion(tokens.words, mention.people.start) if mention.rule == "active_object" else None
        end = end or _end_of_now(tokens.words, mention.people.start)
        for k, word in enumerate(tokens.words[:end]):
            of_year = _of_year(mention, tokens, k, year, self._sets["superlative"])
            if of_year is not None:
                return Judgement(of_year, tokens.raw[k])
            if word == "past" and _is_in_the_past(mention, tokens, k):
                return Judgement("historical", "in the past")
            if word == "ago" and k and tokens.words[k - 1] in _LONG_TIMES:
                return Judgement("historical", f"{tokens.raw[k - 1]} {tokens.raw[k]}")
        return None


def _list_begin(chunks: Sequence[Chunk], at: int) -> int:
    """The first chunk of the list of outcomes that the people at `at` stand in: "900 dead and 2,000 hurt"."""
    begin = at
    while begin and at - begin < _LIST and (chunks[begin - 1].tag in _OUTCOME_LIST or _is_state(chunks[begin - 1])):
        begin -= 1
    return begin if chunks[begin].tag == "people" else at


def _is_state(chunk: Chunk) -> bool:
    """As "dead" in "leave 900 people dead and 2,000 injured"."""
    return chunk.tag == "cue" and "state" in (chunk.roles or {})


def _is_of_gerunds(chunk: Chunk) -> bool:
    """Whether a chunk belongs to a chain as "capturing, hunting down and"."""
    return chunk.word.endswith("ing") or chunk.word == "down" or chunk.tag in _GERUNDS


def _none_of(mention: Mention, chunks: Sequence[Chunk]) -> str | None:
    """The "no" of a list that has the people, as in "no residents, tourists or staff", "neither women nor children"."""
    if mention.people.quantity is not None:
        return None
    joined = _has_alternative(chunks, mention.at)
    for j in range(mention.at - 1, max(-1, mention.at - _LIST), -1):
        chunk = chunks[j]
        if chunk.people is not None and chunk.people.form == "nobody":
            return chunk.word or "no" if joined else None
        if chunk.word == "neither":
            return chunk.word
        joined = joined or chunk.word in _ALTERNATIVES
        if chunk.tag not in _IN_LIST and chunk.word not in _ALTERNATIVES:
            return None
    return None


def _has_alternative(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether the list that has the phrase at `at` goes on with an "or"."""
    end = next((j for j in range(at + 1, min(len(chunks), at + _LIST)) if chunks[j].tag not in _IN_LIST), None)
    return end is not None and chunks[end].word in _ALTERNATIVES


def _is_in_the_past(mention: Mention, tokens: Tokens, k: int) -> bool:
    """As in "have killed people in the past", without a comma between."""
    told = tokens.words[max(0, k - 2) : k] == _IN_THE_PAST and tokens.word(k + 1) in _CLOSES
    return told and mention.people.start < k and "," not in tokens.words[mention.people.start : k]


def _is_of_guilt(mention: Mention, tokens: Tokens, k: int) -> bool:
    """As in "hanged four men who had been convicted of killing a guard in 2022": the year is that of their deed."""
    return not _GUILTY.isdisjoint(tokens.words[mention.people.end : k])


def _insertion(words: Sequence[str], at: int) -> int | None:
    """Where the clause ", which killed nine," ends that token `at` stands in; None where it is in none."""
    begin = next((k for k in range(at, max(0, at - _INSERTED), -1) if words[k] == ","), None)
    inserted = begin is not None and words[begin + 1] in _WHICH
    return next((k for k in range(at, len(words)) if words[k] == ","), None) if inserted else None


def _end_of_now(words: Sequence[str], at: int) -> int | None:
    """Where the clause behind a weekday ends: "Nine died off Cebu on Friday, in waters where 300 did in 1998"."""
    day = next((k for k in range(at, len(words)) if words[k] in WEEKDAYS), None)
    if day is None:
        return None
    ends = (k for k in range(day + 1, len(words) - 1) if words[k] in _TURNS)
    end = next(ends, None)
    dated = end is not None and (words[end + 1] in _MONTHS or words[end + 1][:1].isdigit())
    return None if dated else end


def _is_one(mention: Mention) -> bool:
    """As in "not one of the passengers", "not a single child"."""
    people = mention.people
    return people.form == "single" or (people.quantity is not None and people.quantity.high == 1)


def _of_year(
    mention: Mention, tokens: Tokens, k: int, year: int | None, superlatives: AbstractSet[str]
) -> Assertion | None:
    """What the word at `k` says where it is a year or an era: that of an older event, or of one to come."""
    word, before = tokens.words[k], tokens.words[k - 1] if k else ""
    if word in _YEARS and year is not None:
        if not _is_of_guilt(mention, tokens, k) and _is_past_year(tokens, k, year, superlatives):
            return "historical"
        return "forecast" if int(word) > year and before in _IN_A_YEAR else None
    named = word in _EARLIER_YEARS and before in _AT_THAT_TIME
    era = word in _ERAS and k > 0 and (is_numeric(before) or is_numeric(tokens.word(k + 1)))
    return "historical" if named or era else None


def _is_model(tokens: Tokens, k: int) -> bool:
    """As in "in a 2009 Chevrolet": when the car was made."""
    owned = k > 0 and tokens.words[k - 1] in _OWNED and k + 1 < len(tokens.words)
    return owned and tokens.raw[k + 1][:1].isupper()


def _is_past_year(tokens: Tokens, k: int, year: int, superlatives: AbstractSet[str]) -> bool:
    """Whether the token, a year, is before `year`; the year just gone must be named as a time ("in 2013")."""
    since = "since" in tokens.words[max(0, k - _SINCE_REACH) : k]
    if since and (not superlatives.isdisjoint(tokens.words) or tokens.words[:2] == ["not", "since"]):
        return False
    if tokens.word(k + 1) == "usd":  # "$750 million (1998 USD)"
        return False
    if _is_model(tokens, k):
        return False
    if "than" in tokens.words[max(0, k - _THAN) : k]:  # "three more than in the 1998 disaster"
        return False
    value = int(tokens.words[k])
    reported = tokens.word(0) == "on" and k <= _DATE  # "On 3 May 2023, gunmen raided Boni" opens a report
    before = tokens.words[k - 1] if k else ""
    since = tokens.words[max(0, k - 2) : k] == ["since", before]  # "since May 2023"
    named = before in _IN_A_YEAR or since or (before in _EARLIER_MONTHS and not reported)
    return value < year - 1 or (value < year and named)
