"""What a sentence is told as: a denial, a rumour, a film, a drill, a memory, a yearly statistic, a question.

Each frame is a function with one decision over the words of a sentence; it says from which word to which it holds, so
that a figure before the denial stays what it is. The words are data (`frames.json`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from stream_app.core.languages.en.background import (
    EVENTS,
    WEEKDAYS,
    aside_words,
    asides,
    day_before,
    deeds,
    likened,
    superseded,
    superseded_words,
    war,
)
from stream_app.core.languages.en.framing import Frame
from stream_app.core.languages.en.lexicon import Lexicon
from stream_app.core.languages.en.numerals import is_numeric
from stream_app.core.languages.en.other_events import MARKS, other_events
from stream_app.core.languages.en.unreal import CONCEDING
from stream_app.core.languages.en.unreal import RULES as UNREAL

_ALL: Final = 10_000
_NEAR: Final = 6
_FAR: Final = 20
_SHORT: Final = 40
_PAIR: Final = 2
_POINTING: Final = frozenset({"it", "this", "that", "the", "these", "those", "its"})
_LINKS: Final = frozenset({"is", "was", "are", "were", "has", "have", "turned", "proved", "turns", "proves"})
_TAKING_BACK: Final = frozenset({"withdrew", "withdrawn", "retracted", "deleted", "removed", "corrected", "recanted"})
_NOMINAL: Final = frozenset({"a", "an", "the", "that", "if", "you", "one", "two", "three", "some", "there"})
_COMPARED: Final = frozenset({"every", "fewer"})
_CLEARING: Final = frozenset({"removed", "deleted"})
_PRONOUNS: Final = (["it"], ["this"], ["that"], ["these"], ["those"])
_ENDING: Final = frozenset({".", ",", ";", ":", "and", "as", "on", "in", "but", "!", "after", "saying", "later"})
_RELATIVE: Final = frozenset({"that", "which", "who"})
_HEADLINE: Final = 14
_QUOTES: Final = frozenset("\"'“”‘’)")
_WH: Final = frozenset({"who", "why", "how", "where", "when", "what", "which", "whom"})
_BEFORE_SPAN: Final = frozenset({"it", "is", "was", "has", "been", "a", "some", "nearly", "almost", "exactly", "more",
                                 "than", "just", "over", "about"})  # fmt: skip
_TURNING: Final = frozenset({";", "but"})
_TURNING_SOON: Final = _TURNING | {","}
_DASHES: Final = frozenset({"—", "–", "-"})
_PAST_SPANS: Final = frozenset({"year", "decade", "century"})
_NO_TIME: Final = frozenset({"than", "since", "from", "to", "of", "until", "till", "with", "the", "before"})
_LAST_BREAKS: Final = frozenset({";", "but", "while", "whereas", ","})
_LAST_ENDS: Final = frozenset(
    {",", ":", "(", ".", ";", "alone", "according", "when", "as", ")", "after", "by", "in", "-", "–"}
)
_WHOEVER: Final = frozenset({"anyone", "anybody", "whoever", "persons"})
_THOSE: Final = frozenset({"those", "anyone", "anybody", "persons"})
_GUILT: Final = frozenset({"convicted", "guilty", "kills", "causes", "causing", "killing"})
_PENALTY: Final = frozenset({"would", "shall", "could", "may", "face", "faces", "must"})
_INVENTING: Final = frozenset(
    {"inventing", "invented", "invents", "fabricating", "fabricated", "faking", "faked", "made", "making"}
)
_HAPPENINGS: Final = EVENTS | {"collapse", "shootout", "massacre", "story", "tale", "news", "disaster", "derailment"}
_NUMBERED: Final = frozenset({"many", "some", "several", "dozens", "hundreds", "thousands", "few", "any", "no"})
_COMPARES: Final = 14
_CLAUSE: Final = frozenset({",", ";", "where", "which", "who", "but", "while", "although", "because", "when"})
_ARTICLES: Final = frozenset({"a", "per", "each", "every"})
_RATE_OF: Final = frozenset({"per", "every"})
_MOMENTS: Final = frozenset({"minute", "hour", "second"})
_INTERVALS: Final = frozenset(
    {"seconds", "minutes", "hours", "days", "weeks", "months", "years", "day", "hour", "week"}
)
_SOME_OF: Final = frozenset({"few", "other", "second", "third", "couple"})
_WONDERING: Final = frozenset({"what", "as", "only"})
_VERBS_OF_DENIAL: Final = frozenset({"responsibility", "involvement", "charges", "charge", "calls", "guilt", "blame"})
_PLATFORMS: Final = frozenset(
    {"snapchat", "instagram", "media", "facebook", "twitter", "x", "telegram", "tiktok", "whatsapp", "weibo"}
)
_OUTLETS: Final = frozenset({"media", "outlets", "newspapers", "websites", "sites", "users", "accounts", "channels"})
_STUDIES: Final = frozenset({"study", "model", "simulation", "scenario", "researchers", "modelling"})
_PLAYING: Final = frozenset({"plays", "playing", "portrays", "portraying", "stars", "starring", "cast"})
_HONOURS: Final = frozenset({"memory", "honour", "honor", "remembrance", "tribute", "tributes"})
_TRIBUTES: Final = frozenset({"mural", "murals", "statue", "bench", "garden", "named", "wreath", "wreaths", "stone"})
_BASELESS: Final = frozenset({("no", "basis"), ("no", "foundation"), ("without", "foundation"), ("no", "substance"),
                               ("thin", "air")})  # fmt: skip
_SILENCES: Final = frozenset({"minute", "minutes", "moment"})
_TOLLED: Final = frozenset({"tolled", "tolls"})
_HONOURED: Final = frozenset({"the", "those", "all", "victims", "loved", "its", "their", "his", "her", "people", "men",
                              "our", "fallen", "dead", "some"})  # fmt: skip
_LOSSES: Final = frozenset({"killing", "killings", "death", "deaths", "loss", "massacre", "murder", "murders", "lives",
                            "slaughter", "execution", "drowning", "deadliest", "worst", "tragedy", "disaster", "fall",
                            "carnage", "bloodbath", "crash"})  # fmt: skip
_LATELY: Final = frozenset({"week", "weekend", "month", "recent", "recently", "ago", "earlier", "days", "latest"}) | {
    f"{day}'s" for day in WEEKDAYS
}
_SAW: Final = frozenset({"had", "has", "have", "saw", "seen", "sees", "received", "shown", "showed", "gave", "given",
                         "revealed", "shared", "described", "his", "her"})  # fmt: skip
_MINE: Final = frozenset({"his", "her", "my", "saw", "seen", "showed", "shown", "revealed"})
_PUNISHING: Final = frozenset({"penalty", "imprisonment", "punishment", "punishable"})
_DIGGING: Final = frozenset({"archaeologist", "archaeologists", "archaeological", "medieval", "neolithic",
                             "prehistoric", "excavations", "mesolithic"})  # fmt: skip
_REMAINS: Final = frozenset({"skeletons", "skeleton", "remains", "burials", "burial", "grave", "graves", "pit", "bones",
                             "skulls", "bodies"})  # fmt: skip
_PUBLISHED: Final = frozenset(
    {"desk", "column", "site", "website", "article", "story", "report", "page", "post", "magazine", "news"}
)
_SATIRE: Final = frozenset({"satirical", "spoof", "parody"})
_COUNTING: Final = frozenset({"round-up", "roundup", "tally", "report", "survey", "census", "index"})
_WORLDWIDE: Final = frozenset({"worldwide", "globally"})
_BOASTING: Final = frozenset({"boasted", "boasts", "boasting", "bragged", "brags", "bragging", "crowed"})
_CLAIMING: Final = frozenset({"claimed", "claims", "claiming"})
_WITNESSES: Final = frozenset({"medics", "witnesses", "residents", "hospital", "hospitals", "health", "doctors",
                               "survivors", "relatives", "rescuers", "villagers"})  # fmt: skip
_BRUSHED: Final = frozenset(
    {
        ("poured", "scorn"),
        ("pours", "scorn"),
        ("laughed", "off"),
        ("shrugged", "off"),
        ("waved", "away"),
        ("scoffed", "at"),
        ("poured", "cold"),
        ("brushed", "aside"),
        ("pours", "cold"),
        ("brushes", "aside"),
    }
)
_STATING: Final = frozenset({"said", "says", "put", "puts", "gave", "confirmed", "stated", "insisted", "added"})
_SPREADING: Final = frozenset({"spread", "spreads", "went", "got", "came", "reached"})
_HAS_IT: Final = (["has", "it"], ["had", "it"], ["have", "it"])
_PUT_THE_DEAD: Final = frozenset({("put", "the"), ("puts", "the"), ("spoke", "of"), ("speaks", "of"), ("speak", "of")})
_SPEAKING: Final = frozenset({"spoke", "spoken", "talked", "speak", "speaks", "speaking", "talk", "talks"})
_NO_VERBS: Final = frozenset({"was", "were", "is", "are", "has", "had", "have", "said", "who", "which", "that", "died",
                              "killed", "after", "when"})  # fmt: skip
_RATED: Final = frozenset((word, ":") for word in ("rating", "verdict", "ruling", "fact", "facts", "truth", "finding",
                                                   "conclusion", "assessment", "reality", "analysis"))  # fmt: skip
_ANEW: Final = frozenset({":", ";"})
_SENT: Final = frozenset({"responding", "responded", "sent", "called", "dispatched", "rushed", "hoax", "malicious"})
_EMPTY: Final = frozenset({"empty", "nothing", "nobody", "none", "mannequins"})
_CLAIMED_BY: Final = frozenset({"claimed", "alleged"})
_HAVING_SAID: Final = frozenset({"reported", "saying", "reporting", "claiming", "stating", "writing", "broadcasting"})
_TIPPED: Final = frozenset({"that", "he", "she", "say", "saying", "said", "claimed", "report", "reported", "reporting"})
_OTHERS: Final = frozenset({"other", "others", "further", "more", "arrests", "immediate"})
_SHOWING: Final = frozenset({"shows", "depicts", "features", "teases", "sees"})
_PLAYERS: Final = frozenset({"players", "gamers", "player", "gamer", "you"})
_WHICH_PART: Final = frozenset({"first", "second", "third", "fourth", "fifth", "opening", "final", "last", "closing",
                                "new", "latest", "next", "pilot", "debut"})  # fmt: skip
_ONE_PART: Final = frozenset({"opening", "closing", "first", "second", "third", "fourth", "final", "last", "pilot"})
_ONE_OF_THEM: Final = frozenset({"one", "single", "a", "last", "first", "each", "every"})
_SCENES: Final = frozenset({"scene", "scenes", "chapter", "chapters", "reel", "act"})
_SUBJECTS: Final = frozenset({",", "'s", "a", "an", "the", "one", "two", "three", "he", "she", "they", "episode"})
_OPENS_WITH: Final = (["opens", "with"], ["begins", "with"], ["ends", "with"], ["starts", "with"], ["closes", "with"])
_TRAINING: Final = frozenset({"trained", "training", "rehearsed"})
_BYGONE: Final = frozenset({"war", "wwi", "wwii", "ww1", "ww2", "holocaust", "waterloo"})
_BEGINS: Final = frozenset({"in", "the", "a", "an", "his", "her", "their", "its", "this", "that", "new", "during"})

Words = Sequence[str]
Sets = Mapping[str, frozenset[str]]
_Rule = Callable[[Words, Sets], Iterator[Frame]]


class Frames:
    """Finds the frames of a sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._sets = lexicon.sets
        self._beside = aside_words(lexicon.sets) | MARKS
        self._changed = superseded_words(lexicon.sets)
        wanted = {rule: self._words_for(rule) for rule in _RULES}
        self._marks = frozenset().union(*wanted.values())
        self._rules = {word: [n for n, rule in enumerate(_RULES) if word in wanted[rule]] for word in self._marks}

    def _words_for(self, rule: _Rule) -> frozenset[str]:
        """The words one of which a sentence must hold for the rule to find anything."""
        names, literal = _NEEDS.get(rule, (_RULES[rule], frozenset()))
        return literal.union(*[self._sets[name] for name in names])

    def __call__(self, words: Words) -> list[Frame]:
        """The frames of a sentence (lower-case words), most telling first; nearly every sentence has none."""
        met = self._marks.intersection(words)
        if not met:
            return []
        found: list[Frame] = []
        for number in sorted({number for word in met for number in self._rules[word]}):
            found.extend(_IN_ORDER[number](words, self._sets))
        return found

    def aside(self, words: Words) -> list[tuple[int, int]]:
        """The stretches of a sentence that tell of another time or incident."""
        return [*asides(words, self._sets), *other_events(words)] if not self._beside.isdisjoint(words) else []

    def superseded(self, words: Words) -> list[tuple[int, int]]:
        """The stretches of a sentence that tell what was put right since."""
        return list(superseded(words, self._sets)) if not self._changed.isdisjoint(words) else []

    def genre(self, words: Words) -> Frame | None:
        """How a whole article is told, by its headline and first words: a fact check tells of what is past or false."""
        pairs = set(pairwise(words))
        if not _CHECKS.isdisjoint(words) or ("fact", "check") in pairs or ("verdict", ":") in pairs:
            return Frame("historical", "fact check", 0, _ALL)
        if (words[0] in {"claim", "rating"} or ("claim", ":") in pairs) and not _RATED.isdisjoint(pairs):
            return Frame("denied", "claim", 0, _ALL)
        if words[:3] == ["on", "this", "day"]:
            return Frame("historical", "on this day", 0, _ALL)
        if "review" in words[:2] and words[0] not in _OFFICIAL and not {":", "|", "-"}.isdisjoint(words[1:3]):
            return Frame("fictional", "review", 0, _ALL)
        head = words[:_HEADLINE]
        if not _STUDIES.isdisjoint(head) and not {"could", "would", "may", "might"}.isdisjoint(head):
            return Frame("forecast", "study", 0, _ALL)
        return None

    def rebuttal(self, following: Words) -> bool:
        """Whether a sentence says no more than that the one before it is false: "The ministry denies this"."""
        return rebuts(following, self._sets) if len(following) <= _SHORT else False

    def retort(self, following: Words) -> bool:
        """Whether a sentence says that what was told before it is false: "The claim is wrong"."""
        if len(following) > _SHORT:
            return False
        start = following[:8]
        points = not {"claim", "claims", "this", "that", "it", "post", "posts", "video", "photo", "photos", "picture",
                      "image", "verdict", "report", "reports", "story", "clip", "footage", "there", "fact", "rumour",
                      "pictures", "images", "videos"}.isdisjoint(start)  # fmt: skip
        if not points:
            return False
        if not (self._sets["false"].isdisjoint(following) and self._sets["false_after"].isdisjoint(following)):
            return True
        return not _REFUTING.isdisjoint(pairwise(following))

    def tip(self, words: Words) -> bool:
        """Whether a sentence gives what somebody phoned in, or told those whom he called out."""
        return not (self._sets["tip"].isdisjoint(words) or _TIPPED.isdisjoint(words))

    def countered(self, following: Words) -> bool:
        """Whether a sentence says that nothing of what was phoned in had happened: "Nobody was hurt"."""
        return _is_countered(following, self._sets)

    def hearsay(self, words: Words) -> int | None:
        """Where a sentence begins to give what a post or picture is said to show; None when it gives no such thing."""
        if self._sets["shown"].isdisjoint(words):
            return None
        shown = next(k for k, word in enumerate(words) if word in self._sets["shown"])
        for k in range(shown + 1, len(words)):
            claiming = words[k] in self._sets["claiming"] and words[k] != "said"
            showing = words[k] == "said" and words[k + 1 : k + 3] == ["to", "show"]
            if claiming or showing or words[k - 1 : k + 1] == ["false", "claim"]:
                return k
        return None


def _is_countered(following: Words, sets: Sets) -> bool:
    """Whether words say that nobody came to harm or nothing had happened."""
    if not sets["prank"].isdisjoint(following):
        return True
    for k, word in enumerate(following[:-1]):
        after = following[k + 1 : k + _NEAR]
        nobody = word in {"nobody", "none"} or (word == "no" and after[0] == "one")
        if nobody and after[1:2] != ["else"] and "else" not in after[:2] and not sets["come_to_harm"].isdisjoint(after):
            return True
        nothing = word == "no" and (after[0] in sets["nothing"] or not sets["come_to_harm"].isdisjoint(after[1:4]))
        if nothing and _OTHERS.isdisjoint(after[:2]):
            return True
        if word == "found" and not sets["found_well"].isdisjoint(after):
            return True
    return False


def rebuts(words: Words, sets: Sets) -> bool:
    """As in "It is false", "That claim was a hoax", "Police deny it", "No such blast took place".

    Not "It is not true that the gunman knew them", which has something of its own to deny.
    """
    if words[:2] in (["no", "such"], ["nothing", "of"]):
        return True
    if words[0] in _POINTING and ("that" not in words[1:] or words[0] == "that") and _is_called_false(words, sets):
        return True
    for k, word in enumerate(words):
        if word in sets["deny"] and _is_object(words, k + 1, sets):
            return True
        if _is_so_called(words, k, sets):
            return True
        taken_back = word in _TAKING_BACK and (word not in _CLEARING or words[k + 1 : k + 2] not in _PRONOUNS)
        if taken_back and _is_object(words, k + 1, sets) and _RELATIVE.isdisjoint(words[:k]):
            return True
    return False


def _is_so_called(words: Words, k: int, sets: Sets) -> bool:
    """As in "called that propaganda", "described the figure as a lie", "said that was untrue".

    Not where rebels do, who say so of whatever is told of them.
    """
    if words[k] in _LINKS and k > 0 and words[k - 1] in _POINTING:
        return not sets["false"].isdisjoint(words[k + 1 : k + 3])
    calls = words[k] in sets["calling"] and words[k + 1 : k + 2] != [] and words[k + 1] in _POINTING
    if not calls or not sets["irregular"].isdisjoint(words[:k]):
        return False
    ahead = words[k + 1 : k + 1 + _NEAR]
    end = next((n for n, word in enumerate(ahead) if word in {"and", ",", ";", "but"}), len(ahead))
    return not (sets["false"] | sets["false_after"]).isdisjoint(ahead[:end])


def _is_called_false(words: Words, sets: Sets) -> bool:
    """As in "it is a hoax", "the report turned out to be false"."""
    at = 1 if words[1:2] and words[1] in _LINKS else 2
    if at == _PAIR and not (words[1:2] and words[1] in sets["told_noun"] | sets["shown"]):
        return False
    if words[at : at + 1] == [] or words[at] not in _LINKS:
        return False
    ahead = words[at : at + _NEAR]
    negated = "not" in ahead and "true" in ahead
    return negated or not (sets["false"] | sets["false_after"]).isdisjoint(ahead)


def _is_object(words: Words, k: int, sets: Sets) -> bool:
    """As in "it", "the claim", "this report" and no more, behind a verb of denial."""
    if words[k : k + 1] and words[k] in _POINTING - {"the"}:
        return words[k + 1 : k + 2] == [] or words[k + 1] in _ENDING
    noun = words[k + 1 : k + 2]
    told = bool(noun) and words[k] in _POINTING and noun[0] in sets["told_noun"]
    return told and (words[k + 2 : k + 3] == [] or words[k + 2] in _ENDING)


def question(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "Did 30 soldiers die?"; "Who killed the 12 miners?" takes their death for granted."""
    end = len(words)
    while end and words[end - 1] in _QUOTES:
        end -= 1
    if not end or words[end - 1] != "?":
        return
    begin = 1 if words[0] in _QUOTES else 0
    if words[begin] in sets["aux"] or (end < _HEADLINE and words[begin] not in _WH):
        yield Frame("hypothetical", "?", 0, _ALL)


def supposed(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "Suppose a driver overtakes and 14 are killed", "If A waits for B and kills him, that is murder".

    And "what if the wall had come down and crushed 40?", "just think if the boat had sunk and drowned them".
    """
    del sets
    if words[0] in {"suppose", "imagine", "supposing"} and not _NOMINAL.isdisjoint(words[1:2]):
        yield Frame("hypothetical", words[0], 0, _ALL)
    elif words[0] == "if":
        yield Frame("hypothetical", "if", 0, next((k for k, word in enumerate(words) if word == ","), 0))
    for k in range(1, len(words)):
        if words[k] != "if":
            continue
        if words[k - 1] in _WONDERING:
            yield Frame("hypothetical", f"{words[k - 1]} if", k, _turn(words, k))
        elif "had" in words[k + 1 : k + _NEAR]:
            yield Frame("hypothetical", "if", k, next((j for j in range(k, len(words)) if words[j] == ","), _ALL))


def statute(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "anybody convicted of killing five or more would be hanged", "those whose acts leave ten injured could"."""
    del sets
    for k, word in enumerate(words):
        of_all = word in _WHOEVER and not _GUILT.isdisjoint(words[k + 1 : k + 5])
        where = word in _PUNISHING and any(
            w in {"where", "if", "when"} and words[j + 1 : j + 2] in (["the"], ["a"], ["an"], ["no"], ["any"])
            for j, w in enumerate(words[k + 1 : k + 2 * _NEAR], k + 1)
        )
        if where:
            yield Frame("hypothetical", word, k, _ALL)
            return
        if (of_all or (word == "whose" and k and words[k - 1] in _THOSE)) and not _PENALTY.isdisjoint(words):
            yield Frame("hypothetical", word, k, _ALL)
            return


def denial(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "denied reports that 20 had died", "dismissed as rumours"; not "denied responsibility for the crash"."""
    for k, word in enumerate(words):
        if word not in sets["deny"] and (word, *words[k + 1 : k + 2]) not in _BRUSHED:
            continue
        ahead = words[k + 1 : k + 1 + (2 * _NEAR if words[k + 1 : k + 2] in (["as"], ["aside"]) else _NEAR)]
        object_at = next(
            (n for n, w in enumerate(ahead) if (w in sets["told"] or w == "any") and not _is_that(ahead, n)), None
        )
        if object_at is None or not _VERBS_OF_DENIAL.isdisjoint(words[k + 1 : k + object_at + 4]):
            which = "which" in words[max(0, k - 4) : k] and words[k + 1 : k + 2] in ([], ["."], [","])
            if object_at is None and not which and sets["told_noun"].isdisjoint(words[:k]):
                continue
            if object_at is not None:
                continue
            yield Frame("denied", word, 0, k)
        else:
            yield Frame("denied", word, k, _own_words(words, k))


def _is_that(words: Words, n: int) -> bool:
    """As in "dismissed that as propaganda": a pronoun, which has been told before."""
    return words[n] == "that" and words[n + 1 : n + 2] in (["as"], ["and"], [","], [])


def _own_words(words: Words, k: int) -> int:
    """Where those who deny tell what they know: "denied that 30 had died and said two were killed"."""
    turns = (j for j in range(k + 2, len(words) - 1) if words[j] in {"and", "but"} and words[j + 1] in _STATING)
    return next(turns, _ALL)


def falsehood(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "reports that 40 died are untrue", "called the report of eight deaths a fabrication", "false claims"."""
    false = next((k for k, word in enumerate(words) if word in sets["false"]), None)
    if false is None:
        yield from _wrong(words, sets)
        return
    told = next((k for k, word in enumerate(words)
                 if k != false and (word in sets["told_noun"] or word in {"claiming", "hoax"})), None)  # fmt: skip
    if told is not None:
        begin = 0 if told < false and _sums_up(words, told) else min(told, false)
        yield Frame("denied", words[false], begin, _ALL if false < told else false)
    elif words[false] == "hoax" or (words[false] == "true" and "not" in words[max(0, false - 2) : false]):
        yield Frame("denied", words[false], false, _ALL)


def _sums_up(words: Words, told: int) -> bool:
    """As in "..., a claim the army called false": what stands before is the claim; not what they say who saw it."""
    return (
        told > 1
        and words[told - 2] in {",", "-", "–", "—"}
        and words[told - 1] in {"a", "an"}
        and (_WITNESSES.isdisjoint(words[:told]))
    )


def boast(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "boasted of killing 20 soldiers", "claimed to have killed 40; the army said no soldier was hurt"."""
    for k, word in enumerate(words):
        if word in _BOASTING and "of" in words[k + 1 : k + 2 * _NEAR]:
            yield Frame("alleged", word, k, _turn(words, k))
        elif word in _CLAIMING:
            turn = _turn(words, k)
            if turn < _ALL and (
                _is_countered(words[turn + 1 :], sets) or ("accounted", "for") in pairwise(words[turn:])
            ):
                yield Frame("denied", word, k, turn)
        elif (
            word == "had"
            and words[k + 1 : k + 2] in (["killed"], ["slain"])
            and words[k - 1] in {"they", "it", "fighters"}
        ):
            turn = _turn(words, k)
            if turn < _ALL and ("none" in words[turn:] or ("lost", "no") in pairwise(words[turn:])):
                yield Frame("denied", word, k, turn)


def called_out(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "Deputies sent to a report of five people shot found an empty house": in one sentence what was phoned in.

    Told up to where those who were called out find nothing.
    """
    for k, word in enumerate(words):
        tip = word in sets["tip"] or (word in {"report", "reports", "call", "calls"} and words[k + 1 : k + 2] == ["of"])
        sent = word in sets["tip"] or not _SENT.isdisjoint(words[max(0, k - _NEAR) : k])
        if not tip or not sent:
            continue
        found = next((j for j in range(k + 2, len(words)) if words[j] in {"found", "hoax", "hoaxer", "but"}), None)
        if found is None:
            continue
        empty = words[found] == "found" and not _EMPTY.isdisjoint(words[found + 1 : found + 4])
        if empty or _is_countered(words[found:], sets):
            yield Frame("denied", word, k, found)


def invention(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "held for inventing a bridge collapse that killed 16", "had made up a story of 40 dead"."""
    for k, word in enumerate(words):
        ahead = words[k + 1 : k + _NEAR]
        made = word in _INVENTING and (word not in {"made", "making"} or ahead[:1] == ["up"])
        if word in {"made", "making"} and ahead[:2] == ["it", "up"]:
            yield Frame("denied", "made it up", 0, _ALL)
            return
        if word == "satire" and words[k + 1 : k + 2] == [":"]:
            yield Frame("fictional", word, 0, _ALL)
            return
        if word in _SATIRE and not _PUBLISHED.isdisjoint(ahead):
            yield Frame("fictional", word, k, _ALL)
            return
        if made and not (_HAPPENINGS.isdisjoint(ahead) and sets["told_noun"].isdisjoint(ahead)):
            yield Frame("denied", word, k, _ALL)
            return


def _wrong(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "Earlier reports of 15 dead were wrong"."""
    wrong = next((k for k in range(1, len(words)) if words[k] == "wrong" and words[k - 1] in {"was", "were"}), None)
    told = next((k for k, word in enumerate(words[:wrong]) if word in sets["told_noun"]), None)
    if wrong is not None and told is not None:
        yield Frame("denied", "wrong", told, wrong)


def untruth(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "it is not true that 15 were killed", "no evidence that", "the photo does not show 40 drowned"."""
    for k in range(1, len(words)):
        pair = (words[k - 1], words[k])
        shown = pair == ("not", "show") and not sets["shown"].isdisjoint(words[:k])
        if shown or pair in {
            ("not", "true"),
            ("no", "truth"),
            ("no", "evidence"),
            ("never", "happened"),
            ("no", "proof"),
        }:
            yield Frame("denied", f"{pair[0]} {pair[1]}", 0, _ALL)
        elif pair in _BASELESS:
            yield Frame("denied", f"{pair[0]} {pair[1]}", 0, k)
        elif pair in {("without", "evidence"), ("without", "proof")}:  # "claimed, without evidence, to have killed 21"
            yield Frame("alleged", f"{pair[0]} {pair[1]}", k, _ALL)


def retraction(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "withdrew its report that nine had died", "an earlier version said wrongly that"."""
    for k, word in enumerate(words):
        if word in sets["retract"]:
            ahead = words[k + 1 : k + 1 + _NEAR]
            if not sets["told_noun"].isdisjoint(ahead) or not _HAVING_SAID.isdisjoint(ahead):
                yield Frame("denied", word, k, _ALL)
            elif words[k - 1] in {"was", "were", "been"} and (told := _claim(words, k, sets)) is not None:
                yield Frame("denied", word, told, k)
        elif word in sets["mistaken"]:
            yield Frame("denied", word, k, _ALL)
        elif word == "back" and words[max(0, k - 1)] in {"took", "taken"} and "statement" in words[k:]:
            yield Frame("denied", "took back", k, _ALL)
        elif word == "earlier" and words[k + 1 : k + 2] and words[k + 1] in sets["version"]:
            yield Frame("denied", word, k, _ALL)


def _claim(words: Words, k: int, sets: Sets) -> int | None:
    """Where "a claim that ..." begins before the verb at `k`; None where there is none."""
    nouns = (j for j in range(k) if words[j] in sets["told_noun"] and words[j + 1] in {"that", "of"})
    return next(nouns, None)


def claimed_by(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "the 27 deaths claimed by the rebels"; not "lives claimed by the flood"."""
    del sets
    for k in range(1, len(words) - 1):
        if words[k] in _CLAIMED_BY and words[k + 1] == "by" and words[k - 1] not in {"lives", "life"}:
            yield Frame("alleged", words[k], max(0, k - 3), k)


def rumour(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "unconfirmed reports of 30 dead", "without naming a source", "citing nobody"."""
    for k, word in enumerate(words):
        if word in sets["doubtful"] and (word[:4] in {"unco", "unve", "unsu", "purp"} or
                not sets["rumour_of"].isdisjoint(words[k + 1 : k + 2])):  # fmt: skip
            yield Frame("alleged", word, 0 if word in {"purported", "purportedly"} else k, _turn(words, k))
        elif (word in sets["spread_word"] and _is_spread(words, k)) or (
            word in sets["doubtful"] and words[max(0, k - 2) : k] == ["according", "to"]
        ):
            yield Frame("alleged", word, k, _turn(words, k))
        elif _is_hearsay(words, k) and (said := _said(words, sets, k)):
            yield Frame("alleged", word, said, _turn(words, said))
        elif word in sets["uncited"]:
            before, after = words[max(0, k - 1) : k], words[k + 1 : k + 4]
            if (before == ["without"] and not {"source", "sources"}.isdisjoint(after)) or (
                after[:1] and after[0] in sets["nobody_cited"]
            ):
                yield Frame("alleged", word, 0, _ALL)
        elif word in _SPEAKING and words[k + 1 : k + 2] == ["of"]:
            before = words[max(0, k - _NEAR) : k]
            if not (sets["told_noun"].isdisjoint(before) and sets["social"].isdisjoint(before)):
                yield Frame("alleged", word, k, _turn(words, k))
        elif word == "anonymous" and words[k + 1 : k + 2] in (["blog"], ["website"], ["post"], ["account"]):
            yield Frame("alleged", word, k, _ALL)


def _is_spread(words: Words, k: int) -> bool:
    """As in "Word went round that", "there was talk that", "gossip had it that", "whispers put the dead at"."""
    ahead = words[k + 1 : k + 2 * _NEAR]
    if "that" in ahead:
        until = ahead[: ahead.index("that")]
        spread = until[:1] != [] and until[0] in _SPREADING and words[k] == "word"
        if spread or until[-2:] in _HAS_IT or until[-1:] in (["was"], ["is"]):
            return True
        if words[k - 1 : k] in (["was"], ["is"], ["be"]) and words[k] != "word":
            return True
    return words[k] != "word" and any(pair in _PUT_THE_DEAD for pair in pairwise(ahead))


def unchecked(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "a claim that could not be verified", "police could not confirm that six had died"."""
    del sets
    for k, word in enumerate(words):
        if word in {"confirmed", "verified"} and words[max(0, k - 2) : k] in (["not", "be"], ["be", "independently"]):
            start = next((j + 1 for j in range(k, -1, -1) if words[j] == ";"), 0)
            yield Frame("alleged", f"not be {word}", start, _ALL)
        elif word in {"confirm", "verify"} and words[k - 1 : k] in (["not"], ["to"], ["n't"]) and _is_unable(words, k):
            yield Frame("alleged", f"not {word}", k, _turn(words, k))


def _is_unable(words: Words, k: int) -> bool:
    """As in "could not confirm", "was unable to confirm"."""
    return words[k - 1] != "to" or words[max(0, k - 2) : k - 1] in (["unable"], ["declined"], ["refused"])


def _turn(words: Words, k: int) -> int:
    """Where what is told otherwise begins: behind a semicolon or "but", or the comma of "Despite rumours of"."""
    ends = _TURNING_SOON if words[0] in CONCEDING else _TURNING
    return next((j for j in range(k + 2, len(words)) if words[j] in ends), _ALL)


def _is_hearsay(words: Words, k: int) -> bool:
    """As in "social media users", "on Facebook", "some outlets"."""
    if words[k] in _PLATFORMS:
        return words[k - 1 : k] in (["social"], ["on"])
    return words[k] in _OUTLETS and words[k - 1 : k] == ["some"]


def _said(words: Words, sets: Sets, k: int) -> int:
    """The claim behind a platform or outlet at `k`: "social media users claimed that ..."; 0 when none is made."""
    ahead = range(k + 1, min(k + _NEAR, len(words)))
    if words[0] in CONCEDING and "," in words[k : k + _NEAR]:
        return 0
    return next((j for j in ahead if words[j] in sets["claiming"] or words[j : j + 2] == ["spoke", "of"]), 0)


def staging(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "a drill in which 500 are killed", "mock attack"; not "two died during a live-fire drill"."""
    staged = next((word for word in words if word in sets["staged"]), None)
    if staged is not None:
        begins = words.index(staged) if staged.startswith("rehears") else 0  # not "died while he rehearsed for a show"
        yield Frame("fictional", staged, begins, _ALL)
        return
    for k, word in enumerate(words):
        if word in _TRAINING and words[k + 1 : k + 2] == ["for"] and "which" in words[k : k + 9]:
            yield Frame("fictional", word, k, _ALL)  # "trained for a fire in which 15 died"
            return
        if word in sets["exercise"] and (
            not sets["acting"].isdisjoint(words[k + 1 :])
            or word.startswith(("scenario", "simulation", "rehears", "practi"))
        ):
            yield Frame("fictional", word, 0, _ALL)
            return


def fiction(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "In the film, ...", "a novel about", "the comic's villain"; a book of what happened is a chronicle."""
    for k, word in enumerate(words):
        if word in sets["part"] and _is_part(words, k, sets):
            yield Frame("fictional", word, 0, _ALL)
            return
        made_up = word in sets["fiction"] and (word != "season" or words[k + 1 : k + 3] in _OPENS_WITH)
        if (not made_up and word not in sets["chronicle"]) or not _is_told_in(words[k + 1 : k + _NEAR], word, sets):
            continue
        ahead = words[k + 1 : k + 4]
        opening = k < _NEAR and words[0] in {"in", "during"} and _BEGINS.issuperset(words[: min(k, 2)])
        opening = opening and k + 1 < len(words) and (words[k + 1] in _SUBJECTS or word == "episode")
        opening = opening or _is_work(words, k)
        opening = opening or (words[0] == "in" and not _SCENES.isdisjoint(words[:_NEAR]) and k < 2 * _NEAR)
        tells = not sets["telling"].isdisjoint(ahead[:1]) or (ahead[:1] in ([","], ["in"], ["'s"]) and
                not (sets["telling"] | sets["role"]).isdisjoint(ahead[1:2]))  # fmt: skip
        if opening or tells:
            yield Frame("fictional" if made_up else "historical", word, 0 if opening else k, _ALL)
            return


def _is_work(words: Words, k: int) -> bool:
    """As in "who killed six guests in this new board game", "the second season opens with a crash that kills 80"."""
    before = words[max(0, k - 4) : k]
    named = "in" in before and not {"this", "new", "latest", "debut"}.isdisjoint(before[before.index("in") :])
    return named or (words[k + 1 : k + 3] in _OPENS_WITH)


def _is_part(words: Words, k: int, sets: Sets) -> bool:
    """As in "in the last episode", "the opening scene of this drama"; not "in the latest episode, nine died"."""
    if words[k - 1 : k] == [] or words[k - 1] not in _WHICH_PART:
        return False
    ahead = words[k + 1 : k + _NEAR]
    if ahead[:1] == ["of"] and not sets["fiction"].isdisjoint(ahead):
        return True
    sure = words[k - 1] in _ONE_PART and words[max(0, k - 3) : k - 1] == ["in", "the"]
    return sure and ahead[:1] in ([","], ["."], [], [";"])


def _is_told_in(ahead: Words, word: str, sets: Sets) -> bool:
    """Whether an episode is none of news, as one "of violence" is."""
    return word != "episode" or ahead[:1] != ["of"] or not sets["fiction"].isdisjoint(ahead)


def acting(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "she plays a nurse who kills seven", "stars as a pilot whose crash leaves 90 dead"."""
    if words[0] == "set" and words[1:2] in (["in"], ["during"], ["on"], ["against"]):
        work = next((word for word in words if word in sets["fiction"]), None)
        if work is not None:
            yield Frame("fictional", work, 0, _ALL)
    for k, word in enumerate(words):
        ahead = words[k + 1 : k + _NEAR]
        if word in {"trailer", "teaser"} and ahead[:1] != [] and ahead[0] in _SHOWING:
            yield Frame("fictional", word, k, _ALL)
        part = word in _PLAYING and (ahead[:1] != [] and ahead[0] in _ARTICLES | {"an", "the", "as"})
        if part and not {"who", "whose"}.isdisjoint(ahead):
            yield Frame("fictional", word, k, _ALL)


def gaming(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "in the second mission players hunt the bombers who killed 60", "I shot 31 people in one match".

    Not "four players were killed on the way to a match": of players it needs what they do in a game.
    """
    if not sets["gaming"].isdisjoint(words):
        yield Frame("fictional", next(word for word in words if word in sets["gaming"]), 0, _ALL)
        return
    for k, word in enumerate(words):
        ahead = words[k + 1 : k + 3]
        plays = word in {"players", "you", "player", "gamers", "gamer"} and not sets["in_game"].isdisjoint(ahead[:1])
        stage = word in sets["stage"] and k and words[k - 1] in _WHICH_PART
        mine = word in sets["stage"] and "i" in words[:k] and words[k - 1 : k] != [] and words[k - 1] in _ONE_OF_THEM
        if (plays and not sets["stage"].isdisjoint(words)) or mine:
            yield Frame("fictional", word, 0, _ALL)
            return
        if stage and (ahead[:2] in _OPENS_WITH or (ahead[:1] in ([","], []) and not _PLAYERS.isdisjoint(words))):
            yield Frame("fictional", word, 0, _ALL)
            return


def memory(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "he recalls how 300 were massacred when he was a boy"; what happened this week is no memory."""
    if not sets["weekday"].isdisjoint(words):
        return
    for k, word in enumerate(words):
        if word in sets["recall"] and words[k + 1 : k + 3] in (["that", "of"], ["those", "of"]):
            yield Frame("historical", word, k, _ALL)  # "the collapse, which killed nine, recalled that of a bridge"
            return
        memoir = word.endswith(("memoir", "memoirs", "autobiography", "diary", "youth", "hood"))
        person = word == "youth" and words[max(0, k - 1)] not in {"his", "her", "their", "my", "of"}  # "a youth died"
        if (
            word in sets["recall"]
            and not person
            and (memoir or not sets["recall_how"].isdisjoint(words[k + 1 : k + 3]))
        ):
            dreams = word.startswith(("dream", "nightmare"))
            yield Frame("fictional" if dreams else "historical", word, k if dreams else 0, _ALL)
            return
        if word == "used" and words[k + 1 : k + 3] == ["to", "tell"]:
            yield Frame("historical", "used to tell", 0, _ALL)
        if word == "as" and words[k + 1 : k + 3] in (["a", "child"], ["a", "boy"], ["a", "girl"]):
            yield Frame("historical", "as a child", 0, _ALL)
            return


def remembrance(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "a memorial for the 168 killed", "20 years since", "three decades on", "the passage of 20 years"."""
    for k, word in enumerate(words):
        remembered = word in sets["memorial"] and sets["weekday"].isdisjoint(words) and _is_for(words, k)
        if remembered or (word in _ANNIVERSARIES and not _is_of_joy(words, k)):
            struck = not _GATHERINGS.isdisjoint(words[max(0, k - _NEAR) : k])
            yield Frame("historical", word, k if struck else 0, _outcome(words, k) if struck else _ALL)
        elif word in sets["span"]:
            yield from _span(words, k)
        elif word in {"century", "decade"} and words[k + 1 : k + 2] == ["ago"]:
            yield Frame("historical", f"{word} ago", 0, _ALL)
        elif (
            word in {"century", "decade", "year"}
            and words[k - 1 : k] in (["a"], ["one"])
            and (
                words[k + 1 : k + 2] in (["after"], ["since"]) or words[k + 1 : k + 3] in (["on", ","], ["on", "from"])
            )
        ):
            yield Frame("historical", f"{word} {words[k + 1]}", k, _end_of_clause(words, k))
        elif word in _BYGONE and _is_bygone(words, k, sets):
            yield Frame("historical", word, max(0, k - _FAR), k + _FAR)
        elif word == "day" and words[max(0, k - 2) : k] == ["on", "this"] and words[k + 1 : k + 2] == ["in"]:
            yield Frame("historical", "on this day", 0, _ALL)


def _outcome(words: Words, k: int) -> int:
    """Where what came of it begins behind word `k`: "at a parade for the anniversary of the coup, killing nine"."""
    return next((j for j in range(k, len(words) - 1) if words[j] == "," and words[j + 1] in _LEAVING), _ALL)


def _is_of_joy(words: Words, k: int) -> bool:
    """As in "a bomb at a parade for the anniversary of independence": nobody's death is remembered there."""
    return not _JOYS.isdisjoint(words[max(0, k - 2) : k + 5])


def _is_bygone(words: Words, k: int, sets: Sets) -> bool:
    """As in "killed in the First World War", "the Holocaust"; not of what is left of it, "a bomb of World War Two"."""
    if not sets["weekday"].isdisjoint(words) and words[max(0, k - 2) : k - 1] not in (["first"], ["second"]):
        return False
    if words[k] == "war" and words[k - 1 : k] not in (["world"], ["vietnam"], ["korean"]):
        return False
    return {"bomb", "shell", "grenade", "ordnance", "mine", "munition", "tank", "veteran"}.isdisjoint(words)


def _is_for(words: Words, k: int) -> bool:
    """As in "the memorial for the 168 killed"; a hospital or a day may be called so."""
    return not words[k].startswith(("memorial", "monument", "plaque", "cenotaph")) or words[k + 1 : k + 2] in (
        ["for"],
        ["to"],
    )


def _span(words: Words, k: int) -> Iterator[Frame]:
    """What "years" at `k` says of the time of the rest."""
    at = k + 1
    if words[at : at + 1] in (["have"], ["had"]) and words[at + 1 : at + 2] in (["passed"], ["gone"], ["elapsed"]):
        at += 2
    following = words[at] if at < len(words) else ""
    if following in {"on", "later"} and words[k + 2 : k + 3] in ([","], ["the"], []):
        yield Frame("historical", f"{words[k]} {following}", k, _ALL)
    elif following in {"since", "after"} or words[at : at + 2] == ["on", "from"]:
        yield Frame("historical", f"{words[k]} {following}", k, _end_of_clause(words, k))
    elif "passage" in words[max(0, k - 4) : k]:
        yield Frame("historical", f"passage of {words[k]}", 0, _ALL)


def honouring(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "gathered to remember the 67 boys who died", "the names of the 97 killed", "in memory of the miners".

    From that word on: "a blast at a rally marking the killing of 30" was now. Not "the 11 killed in Sunday's shooting".
    """
    for k, word in enumerate(words):
        if word not in sets["honouring"] or not _is_honoured(words, k):
            continue
        stop = _end_of_memory(words, k)
        if sets["weekday"].isdisjoint(words[k:stop]) and _LATELY.isdisjoint(words[k:stop]):
            tolled = word in _TOLLED or (word.startswith("remember") and "as" in words[max(0, k - 3) : k])
            yield Frame("historical", word, 0 if tolled else k, stop)


def _end_of_memory(words: Words, k: int) -> int:
    """The end of the clause, or of what a remembered day brought: "the day the tip slid, killing 116"."""
    day = ["the", "day"] in (words[k + 1 : k + 3], words[k + 2 : k + 4])
    return next((j for j in range(k, len(words)) if words[j] == ";"), _ALL) if day else _end_of_clause(words, k)


def _is_honoured(words: Words, k: int) -> bool:
    """Whether the words behind one of honour at `k` name people or what was done to them."""
    ahead = words[k + 1 : k + 3]
    if words[k] in _HONOURS and words[k - 1 : k] != ["to"]:
        return ahead[:1] == ["of"] or ahead == ["to", "the"]
    if words[k] == "names":
        return ahead[:1] == ["of"] and words[k - 1 : k] == ["the"]
    if words[k] in _SILENCES:
        return "for" in words[k + 1 : k + 2 * _NEAR] and "silence" in words[k : k + 3]
    if words[k] in _TRIBUTES:
        return ahead[:1] != [] and ahead[0] in {"for", "to", "after"} and words[k + 2 : k + 3] == ["the"]
    if words[k].startswith("mark"):
        return ahead[:1] == ["the"] and not _LOSSES.isdisjoint(words[k + 2 : k + 5])
    return ahead[:1] != [] and (ahead[0] in _HONOURED or is_numeric(ahead[0]))


def vision(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "he had a vision of 40 dead", "saw in a dream 12 drowned children", "prophesied that two would perish".

    Not "dreamed of a better life", nor "was told in a dream to kill".
    """
    for k, word in enumerate(words):
        ahead = words[k + 1 : k + 2]
        told = word in {"prophecy", "prophecies"} and "according" in words[max(0, k - _NEAR) : k]
        if word in sets["foreseeing"] or told:
            yield Frame("fictional", word, k, _ALL)
            return
        seen = word in sets["vision"] and ahead not in (["to"], ["told"], ["ordered"], ["commanded"])
        asleep = (
            word in {"dream", "nightmare"} and words[max(0, k - 2) : k] in (["in", "the"], ["in", "my"]) and k < _NEAR
        )
        within = seen and words[max(0, k - 2) : k] in (
            ["in", "a"],
            ["in", "his"],
            ["in", "her"],
            ["in", "my"],
            ["in", "the"],
        )
        had = seen and (
            ahead in (["of"], ["that"], ["in"], ["where"]) and not _SAW.isdisjoint(words[max(0, k - _NEAR) : k])
        )
        which = seen and words[k + 1 : k + 3] == ["in", "which"]
        if (within and (k > _NEAR or not _MINE.isdisjoint(words[: k + 2]))) or had or which or asleep:
            yield Frame("fictional", word, k, _ALL)
            return


def near_miss(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "averting what would have been the deaths of 48", up to the comma that ends it."""
    del sets
    for k in range(1, len(words) - 2):
        been = words[k + 1 : k + 3] == ["have", "been"] and words[k] in {"would", "could", "might"}
        if been and words[k - 1] == "what" and not _LOSSES.isdisjoint(words[k + 3 : k + 3 + _NEAR]):
            yield Frame(
                "hypothetical", "would have been", k, next((j for j in range(k, len(words)) if words[j] == ","), _ALL)
            )


def projection(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "the model sees between 2,000 and 5,000 deaths": what is reckoned, and has not come."""
    for k, word in enumerate(words):
        if word in sets["projection"] and _is_projecting(words[k + 1 : k + 2 * _NEAR], sets):
            yield Frame("forecast", word, k, _ALL)
            return
        after = words[k + 1 : k + 2]
        if word in sets["foretelling"] and after and (after[0][0].isdigit() or after[0] in sets["foretold"]):
            yield Frame("forecast", word, k, _ALL)
            return


def _is_projecting(ahead: Words, sets: Sets) -> bool:
    """Whether the first verb behind a model is what models do: "by seismologists in Yerevan puts"."""
    at = next((j for j, word in enumerate(ahead) if word in sets["projecting"]), None)
    return at is not None and _NO_VERBS.isdisjoint(ahead[:at]) and {",", ";"}.isdisjoint(ahead[:at])


def annual(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "according to an annual round-up", "280 killed worldwide last year": who counts them counts all."""
    del sets
    for k, word in enumerate(words):
        if word == "annual" and not _COUNTING.isdisjoint(words[k + 1 : k + 3]):
            yield Frame("generic", word, 0, _ALL)
        elif word in _WORLDWIDE and words[k + 1 : k + 3] in (["this", "year"], ["last", "year"]):
            yield Frame("generic", f"{word} {words[k + 1]} year", 0, _ALL)


def yearly(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "kills 8 million a year", "every year dozens die", "14 murders per 100,000": no incident at all."""
    for k, word in enumerate(words):
        cue = ""
        if word in sets["yearly"] or (word == "average" and k and words[k - 1] == "on"):
            cue = word
        elif word in sets["rate_spans"] and k and words[k - 1] in _ARTICLES and words[k + 1 : k + 2] not in (
                ["after"], ["ago"], ["later"], ["before"], ["earlier"], ["old"], ["into"], ["since"]):  # fmt: skip
            loose = words[k - 1] == "a" and (k < 2 or words[k - 2] in _NO_RATE)
            if word != "year":  # "15 people a month"; not "were killed a day apart"
                loose = words[k - 1] not in {"every", "each"} and (
                    loose or not any(map(is_numeric, words[max(0, k - 4) : k - 1])) or words[k + 1 : k + 2] == ["of"]
                )
            cue = "" if loose else f"{words[k - 1]} {word}"
        elif word in sets["spans"] and words[max(0, k - 2) : k] in (["a", "typical"], ["an", "average"]):
            cue = f"typical {word}"
        elif word == "between" and _is_span_of_months(words, k, sets) and not _TALLIED.isdisjoint(words):
            cue = "between"
        elif word in _RATE_OF and words[k + 1 : k + 2] and words[k + 1][0].isdigit():
            cue = f"{word} {words[k + 1]}"
        elif word == "than" and k and words[k - 1] in _COMPARING and _is_year_before(words, k + 1):
            yield Frame("generic", f"{words[k - 1]} than a year before", 0, _ALL)
        if cue:
            start = max((j for j in range(k) if words[j] in _CLAUSE and (words[j] != "," or j > _NEAR)), default=0)
            stop = next((j for j in range(k, len(words)) if words[j] in _CLAUSE and not _goes_on(words, j)), _ALL)
            yield Frame("generic", cue, start, stop)


def interval(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "one woman is killed every three days": a rate."""
    for k, word in enumerate(words):
        if word == "every" and _is_interval(words, k):
            yield Frame("generic", f"every {words[k + 1]}", *_told_beside(words, k, sets))


def _is_interval(words: Words, k: int) -> bool:
    """As in "every three days", "every few hours", "every other day", "every minute" at "every"."""
    ahead = words[k + 1 : k + 3]
    if ahead[:1] and ahead[0] in _MOMENTS:
        return True
    counted = bool(ahead[:1]) and (is_numeric(ahead[0]) or ahead[0] in _SOME_OF)
    return counted and ahead[1:] != [] and ahead[1] in _INTERVALS


def _told_beside(words: Words, k: int, sets: Sets) -> tuple[int, int]:
    """What is told in one breath with "every three days": no more than a clause, and nothing of a named day."""
    ends = _CLAUSE | sets["weekday"] | {"as"}
    start = max((j + 1 for j in range(k) if words[j] in ends), default=0)
    return start, next((j for j in range(k, len(words)) if words[j] in ends and k - start > 1), _ALL)


def _goes_on(words: Words, j: int) -> bool:
    """Whether a comma or a ", which" goes on with what was counted: "24 million strikes a year, which kill 250"."""
    return words[j] == "," or (words[j] == "which" and words[j - 1] == ",")


def last_year(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "the 2,276 people killed on the roads last year", "Last year 300 drowned", "Last May two died": not now.

    Not "killed three, more than last year", nor "a man who was freed last year killed three".
    """
    for k, word in enumerate(words[:-1]):
        if word != "last" or (words[k + 1] not in _PAST_SPANS and (k or words[1] not in sets["month"])):
            continue
        if k == 0 or (k == 1 and words[0] == "in"):
            yield Frame("historical", f"last {words[k + 1]}", 0, next(
                (j for j in range(k, len(words)) if words[j] in _LAST_BREAKS), _ALL))  # fmt: skip
        elif (words[k - 1] not in _NO_TIME or words[k - 2 : k] == ["end", "of"]) and (
            k + 2 >= len(words) or words[k + 2] in _LAST_ENDS
        ):
            breaks = (j for j in range(k - 1, -1, -1) if words[j] in _LAST_BREAKS or words[j] in _RELATIVE)
            yield Frame("historical", f"last {words[k + 1]}", next(breaks, 0), k)


def compared(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "600 fewer deaths", "For every life lost, five more people suffer": numbers that count nobody."""
    del sets
    for k, word in enumerate(words):
        if word == "more" and _is_more_than(words, k):
            yield Frame("generic", word, k, k + 2)
        elif word in _COMPARED and _is_compared(words, k):
            yield Frame("generic", word, max(0, k - 1), _ALL if word == "every" else k + 2)


def _is_compared(words: Words, k: int) -> bool:
    """As in "600 fewer deaths", "For every life lost, five more people suffer"."""
    after = words[k + 1 : k + 2]
    if words[k] == "every":
        return words[k - 1 : k] == ["for"] and after not in (["one"], [])
    return k > 0 and is_numeric(words[k - 1]) and after != [] and after[0] in _TALLIED


def _is_more_than(words: Words, k: int) -> bool:
    """As in "More people died in floods than in fires"; not "More than 30", "two more people"."""
    counted = k > 0 and (is_numeric(words[k - 1]) or words[k - 1] in _NUMBERED)
    return not counted and "than" in words[k + 2 : k + _COMPARES] and words[k + 1] != "than"


def extreme(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "1,310 died on the roads, the lowest number for six years": a tally; not what a named day brought."""
    if not sets["weekday"].isdisjoint(words):
        return
    for k, word in enumerate(words):
        since = words[k + 2 : k + 3] in (["for"], ["since"], ["on"])
        if word in _EXTREMES and since and words[k + 1] in _TALLIES:
            yield Frame("generic", f"{word} {words[k + 1]}", 0, _ALL)


def _is_span_of_months(words: Words, k: int, sets: Sets) -> bool:
    """As in "between April and June"."""
    return words[k + 2 : k + 3] == ["and"] and {words[k + 1], *words[k + 3 : k + 4]} <= sets["month"]


def _is_year_before(words: Words, k: int) -> bool:
    """As in "(fewer than) a year earlier", "the year before", "in the same period of last year"."""
    ahead = words[k : k + 8]
    at = next((j for j, word in enumerate(ahead) if word in {"year", "years"}), None)
    if at is None:
        return False
    beside = {*ahead[max(0, at - 2) : at], *words[k + at + 1 : k + at + 2]}
    return not {"earlier", "before", "ago", "previous", "last"}.isdisjoint(beside)


def era(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "lost their lives in the twenty years it took": so long a time is no incident."""
    for k, word in enumerate(words):
        if word in {"years", "decades"} and words[k + 1 : k + 2] in (["it"], ["they"], ["of"], ["that"]):
            span = words[max(0, k - 4) : k]
            if not {"the", "those", "these"}.isdisjoint(span) and not _DURING.isdisjoint(span):
                yield Frame("historical", f"{words[k - 1]} {word}", 0, _ALL)
    del sets
    digging = next((word for word in words if word in _DIGGING), None)
    if digging is not None and not _REMAINS.isdisjoint(words):
        yield Frame("historical", digging, 0, _ALL)  # "Archaeologists found the skeletons of 17 people in a well"


def record(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "the worst wreck since 2,000 drowned": what was worse, or last, is another event."""
    for k, word in enumerate(words):
        if word == "since" and (words[:k] == ["not"] or not sets["superlative"].isdisjoint(words[:k])):
            ends = (j for j in range(k + 1, len(words)) if words[j] in _ANEW)
            yield Frame("historical", "since", k, min(_end_of_clause(words, k), next(ends, _ALL)))


def _end_of_clause(words: Words, k: int) -> int:
    """The first comma behind `k`, but for one before more of the same: ", which", ", in which", ", killing"."""
    dateline = next((j for j in range(min(k, _NEAR)) if words[j] in _DASHES), -1)
    opens = all(word in _BEFORE_SPAN or is_numeric(word) for word in words[dateline + 1 : k])
    more = _LEAVING if opens else frozenset()
    commas = (j for j in range(k, len(words)) if words[j] == "," and _WH.isdisjoint(words[j + 1 : j + 3]))
    return next((j for j in commas if more.isdisjoint(words[j + 1 : j + 2])), _ALL)


_COMPARING: Final = frozenset({"fewer", "more", "less", "lower", "higher", "down", "up", "worse", "better"})
_TALLIED: Final = frozenset({"murders", "homicides", "killings", "fatalities", "suicides", "deaths"})
_NO_RATE: Final = frozenset({"for", "after", "within", "in", "by", "over", "nearly", "about", "of", "than", "is", "was",
                             "once", "twice", "times", "half", "almost", "only", "just"})  # fmt: skip
_OFFICIAL: Final = frozenset({
    "judicial", "safety", "police", "case", "policy", "government", "independent", "internal", "external", "urgent",
    "homicide", "security", "army", "navy", "spending", "week", "year", "month", "hospital", "prison", "court",
})  # fmt: skip
"""What a review is of that is none of a film or a book."""
_CHECKS: Final = frozenset({"factcheck", "fact-check", "fact-checkers", "fact-checker", "fact-checking"})
_REFUTING: Final = frozenset({("no", "evidence"), ("is", "from"), ("are", "from"), ("not", "true"), ("it", "shows"),
                              ("taken", "in"), ("never", "happened"), ("were", "taken"), ("was", "wrong"),
                              ("no", "such")})  # fmt: skip
_ANNIVERSARIES: Final = frozenset({"anniversary", "anniversaries", "centenary", "bicentenary"})
_DURING: Final = frozenset({"in", "over", "during", "through", "across", "throughout"})
_GATHERINGS: Final = frozenset({"rally", "ceremony", "march", "parade", "gathering", "procession", "prayers", "event"})
"""What may be struck itself: "killed 12 at a rally to mark the anniversary"."""
_EXTREMES: Final = frozenset({"lowest", "highest"})
_TALLIES: Final = frozenset({"number", "figure", "count", "tally", "total", "rate"})
_LEAVING: Final = frozenset({"killing", "leaving", "wounding", "injuring"})
_JOYS: Final = frozenset({"independence", "wedding", "revolution", "founding", "republic", "victory", "birth", "unity",
                          "liberation", "reunification", "coronation"})  # fmt: skip
_RULES: Final[Mapping[_Rule, Sequence[str]]] = {
    question: (),
    supposed: (),
    statute: (),
    invention: (),
    called_out: ("tip",),
    boast: (),
    untruth: (),
    denial: ("deny", "brushing"),
    **{rule: () if needed else ("of_story",) for rule, needed in UNREAL.items()},
    falsehood: ("false", "false_after"),
    retraction: ("retract", "mistaken", "told_noun", "version"),
    rumour: ("spread_word", "doubtful", "uncited", "told_noun", "outlet"),
    claimed_by: (),
    unchecked: ("checking",),
    staging: ("staged", "exercise", "training"),
    fiction: ("fiction", "chronicle", "part"),
    acting: (),
    gaming: ("gaming", "stage"),
    memory: (),
    remembrance: (),
    honouring: ("honouring",),
    vision: ("foreseeing", "vision"),
    near_miss: (),
    projection: ("projection", "foretelling"),
    yearly: (),
    annual: (),
    interval: (),
    compared: (),
    last_year: (),
    extreme: (),
    record: (),
    era: (),
    war: ("conflict",),
    day_before: (),
    likened: (),
    deeds: ("behind_it",),
}
"""Each frame with the word lists one of whose words it needs; those without any are in `_NEEDS`."""
_NEEDS: Final[Mapping[_Rule, tuple[Sequence[str], frozenset[str]]]] = {
    question: ((), frozenset({"?"})),
    supposed: ((), frozenset({"suppose", "imagine", "supposing", "if"})),
    statute: ((), _WHOEVER | _PUNISHING | {"whose"}),
    invention: ((), _INVENTING | _SATIRE | {"satire"}),
    called_out: (("tip",), _SENT),
    claimed_by: ((), _CLAIMED_BY),
    boast: ((), _BOASTING | _CLAIMING | {"had"}),
    untruth: (
        (),
        frozenset(
            {"true", "truth", "evidence", "proof", "happened", "show", "basis", "foundation", "substance", "air"}
        ),
    ),
    acting: ((), _PLAYING | {"set", "trailer", "teaser"}),
    memory: (("recall",), frozenset({"used", "as"})),
    remembrance: (("memorial", "span"), _ANNIVERSARIES | _BYGONE | {"century", "decade", "day", "year"}),
    annual: ((), _WORLDWIDE | {"annual"}),
    yearly: (("yearly", "rate_spans"), _RATE_OF | {"average", "typical", "than", "between"}),
    interval: ((), frozenset({"every"})),
    compared: ((), frozenset({"every", "fewer", "more"})),
    last_year: ((), frozenset({"last"})),
    near_miss: ((), frozenset({"what"})),
    extreme: ((), _EXTREMES),
    record: ((), frozenset({"since"})),
    era: ((), _DIGGING | {"years", "decades"}),
    day_before: ((), frozenset({"after"})),
    likened: ((), frozenset({"than", "as", "like", "unlike"})),
    **{rule: ((), needed) for rule, needed in UNREAL.items() if needed},
}
"""What the rules that are always asked need, in word lists and in words: they read no sentence without."""
_IN_ORDER: Final = tuple(_RULES)
