"""Clauses that tell of nothing that happened: what others were wrong about, what if, what would have been.

Each is a frame as those of `frames.py` are, over the words of a sentence; none looks further than a clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from stream_app.core.languages.en.background import EVENTS, WEEKDAYS
from stream_app.core.languages.en.framing import Frame
from stream_app.core.languages.en.numerals import is_numeric

_ALL: Final = 10_000
_SOON: Final = 5
_CLAUSE: Final = 9
_SUBJECT: Final = 12
CONCEDING: Final = frozenset({"contrary", "despite", "against", "far"})
"""Words that open what a sentence goes on to put right."""
_DETERMINERS: Final = frozenset(
    {"the", "a", "an", "it", "they", "this", "that", "another", "such", "any", "its", "one"}
)
_ASKING: Final = frozenset({"what", "why", "how", "when", "where", "who", "which", "whether", "that", "?"})
_TURNS: Final = frozenset({";", "but", "while", "whereas"})
_JOINED: Final = frozenset({",", ";", "and", "or", "who", "which"})
WOULD: Final = frozenset({"would", "could", "might", "'d"})
"""Words behind which "have had" was not."""
_HAD: Final = frozenset({"had", "been", "lost", "seen", "buried", "left", "cost", "counted", "mourned", "pulled"})
_LETS_GO: Final = frozenset(
    {",", ";", "when", "who", "which", "that", "by", "because", "if", "after", "but", "where", '"', "”", "."}
)
TERMS: Final = frozenset({"serving", "served", "spent"})
"""Verbs of who is, or was, in prison."""
_PRISON: Final = frozenset({"years", "life", "sentence", "sentences", "term", "terms", "months", "decades"})
SOUGHT: Final = frozenset({"wanted"})
"""What he is who is looked for because of what he did."""
_SOUGHT_FOR: Final = frozenset({"for", "over", "in"})
_CRIMES: Final = frozenset({
    "death", "deaths", "killing", "killings", "murder", "murders", "murdering", "massacre", "massacres", "kidnapping",
    "kidnappings", "kidnap", "abduction", "abductions", "abducting", "slaying", "slayings",
})  # fmt: skip
_HUNTING: Final = frozenset(
    {"search", "searching", "searched", "hunt", "hunting", "hunted", "seek", "seeking", "appeal"}
)
_PUTTING: Final = frozenset({"puts", "estimates", "reckons", "assumes", "gives", "sees"})
_SURVEYED: Final = frozenset({"respondents", "surveyed", "polled", "interviewees"})
_ANSWERING: Final = frozenset({"said", "say", "knew", "know", "told", "reported", "had", "have", "admitted"})
MISTAKEN: Final = frozenset({"took", "turned", "proved"})
"""Verbs by which something was not what it seemed."""
_FIGURES_OF_WOOD: Final = frozenset({
    "mannequins", "mannequin", "dummies", "dummy", "logs", "log", "driftwood", "dolls", "doll", "seals", "seal", "pigs",
    "sheep", "dogs", "rubbish", "clothes", "props", "scarecrows", "scarecrow", "statues", "buoys", "bin", "sacks",
})  # fmt: skip

_PARTS: Final = frozenset({"act", "chapter", "volume", "episode", "mission", "level"})
_TELLING: Final = frozenset({
    "novel", "thriller", "blockbuster", "bestseller", "soap", "sitcom", "whodunit", "opera", "musical", "plot",
    "sequel", "finale", "storyline", "cartoon", "short", "episode", "videogame", "film", "movie",
})  # fmt: skip
_HELPING: Final = frozenset({"is", "was", "has", "as", "'s"})
_PARTICLES: Final = frozenset({"with", "on", "of", "out", "in", "around", "to", "as", "when", "up", "into"})
WORKS: Final = frozenset({
    "diorama", "painting", "mural", "fresco", "tapestry", "canvas", "sculpture", "frieze", "mosaic", "etching",
    "woodcut", "engraving", "installation", "tableau", "waxwork", "sculptor", "painter", "statue", "bronze",
    "relief", "window", "triptych", "altarpiece", "artist", "carving", "watercolour", "lithograph",
})  # fmt: skip
"""Works of art and who makes them."""
_SHOWING: Final = frozenset({"shows", "show", "depicts", "depict", "depicting", "portrays", "portraying", "features",
                             "cast", "carved", "painted", "has", "sculpted", "represents", "modelled"})  # fmt: skip
SEERS: Final = frozenset({
    "prophet", "prophetess", "seer", "psychic", "clairvoyant", "astrologer", "astrologers", "horoscope", "horoscopes",
    "nostradamus", "oracle", "soothsayer", "fortune-teller", "diviner", "stars", "almanac", "mystic", "tarot",
})  # fmt: skip
"""Those who see what is to come."""
_FORETELLING: Final = frozenset({"list", "sees", "see", "says", "say", "predicts", "predicted", "means", "shows",
                                 "show", "reveals", "declared", "declares", "warns", "verse", "foretell"})  # fmt: skip
SPIRITS: Final = frozenset({"god", "angel", "angels", "lord", "spirit", "spirits", "ancestors"})
"""Those who show it to them."""
_REVEALING: Final = frozenset({"showed", "revealed", "told", "shows", "reveals", "whispered", "warned"})
PERIODS: Final = frozenset({"months", "year", "quarter", "half"})
"""Times that are counted as a whole."""
_UNTIL: Final = frozenset({"to", "ended", "ending", "until", "through", "up"})
_WHICH: Final = frozenset({"first", "second", "third", "fourth", "last", "previous", "final", "this"})
_DURING: Final = frozenset({"in", "over", "during", "for"})
_NEAR: Final = 5
KIN: Final = frozenset({"relatives", "families", "family", "kin", "widows", "parents", "survivors", "heirs"})
"""Those whom courts and payers deal with."""
_LAW: Final = frozenset({
    "court", "judge", "jury", "sued", "sue", "suing", "suit", "lawsuit", "settled", "settlement", "damages", "awarded",
    "reopen", "appeal", "appealed", "tribunal", "insurers", "plaintiffs", "verdict",
})  # fmt: skip
_MONEY: Final = frozenset({"pay", "paid", "pays", "compensation", "award", "payout", "payouts", "rs", "lakh"})
_ASKS: Final = frozenset({"asked", "asks", "told", "are", "have", "will", "want", "met"})
_ENDS_KIN: Final = _LAW | _MONEY | _ASKS
HEARINGS: Final = frozenset({"inquest", "inquiry", "tribunal", "trial", "retrial"})
"""What is held over the dead."""
_GOING_ON: Final = frozenset({"resume", "resumes", "resumed", "reopen", "reopens", "reopened", "continues", "adjourned",
                              "concluded", "heard", "hear", "hears", "witness", "ended", "ends"})  # fmt: skip
_LATELY: Final = frozenset({"today", "yesterday", "tonight", "overnight", "week", "weekend", "morning"})
HOSTED: Final = frozenset({"refugees", "displaced", "idps", "asylum-seekers"})
"""Those who live in camps."""
_ROUGHLY: Final = frozenset({"about", "some", "nearly", "over", "around", "almost", "than"})
_HOUSES: Final = frozenset({"houses", "housing", "hosts", "hosting", "shelters", "accommodates"})
_SITES: Final = frozenset({"camp", "site", "settlement", "centre", "center", "shelter", "region", "country", "town",
                           "province", "state", "district"})  # fmt: skip
LABELS: Final = frozenset({"book", "books", "stage", "streaming", "puzzle", "quiz", "exam", "riddle", "trivia",
                           "theatre", "podcast", "novel", "recipe", "crossword", "screen", "review"})  # fmt: skip
"""Words of labels that head what is no news."""
RULES_MADE: Final = frozenset({"law", "laws", "rule", "rules", "act", "code", "ban", "system", "regulations",
                               "standard", "standards", "treaty", "agency", "charity", "foundation"})  # fmt: skip
"""What is made so that something does not happen again."""
_MADE: Final = frozenset({"passed", "introduced", "enacted", "adopted", "ordered", "installed", "written", "drafted",
                          "tightened", "founded", "created", "drawn", "brought", "changed", "imposed"})  # fmt: skip
_ENOUGH: Final = 2
_NEWS: Final = frozenset({"police", "said", "hospital", "officials", "rescuers", "firefighters", "ambulance",
                          "arrested", "yesterday", "told", "authorities", "died", "coroner"})  # fmt: skip
_PRESENT: Final = frozenset({"kills", "kill", "dies", "die", "drowns", "drown", "murders", "lie", "lies", "are", "is",
                             "have", "has", "begins", "opens", "ends", "follows", "tells", "turns", "must", "will",
                             "asks", "sends", "bows", "stars", "learn", "learns"})  # fmt: skip

Words = Sequence[str]
Sets = Mapping[str, frozenset[str]]


def contrary(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "Contrary to reports of 12 dead, ...", "Despite claims of 20 deaths, ...", "Far from the 50 spoken of"."""
    for k, word in enumerate(words):
        if word not in CONCEDING:
            continue
        ahead = words[k + 1 : k + _SOON]
        told = not sets["told_noun"].isdisjoint(ahead) or not sets["spread_word"].isdisjoint(ahead)
        stop = next((j for j in range(k, len(words)) if words[j] == ","), _ALL)
        far = word == "far" and ahead[:1] == ["from"] and ("spoken" in words[k:stop] or told)
        if (word == "contrary" and ahead[:1] == ["to"]) or far or (word in {"despite", "against"} and told):
            yield Frame("denied", word, k, stop)


def inverted(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "puts the dead at 6,400 should the fault slip", "were the dam to break, 900 drown", "in the worst case"."""
    del sets
    if "?" in words or not WEEKDAYS.isdisjoint(words):
        return
    for k, word in enumerate(words):
        ahead = words[k + 1 : k + _SOON]
        begin = next((j + 1 for j in range(k, -1, -1) if words[j] in _TURNS), 0)
        should = word == "should" and (not k or words[k - 1] not in _ASKING)
        were = word == "were" and _is_to(words[k + 1 : k + _CLAUSE])
        if (should or were) and ahead[:1] and ahead[0] in _DETERMINERS:
            yield Frame("hypothetical", word, begin, _ALL)
        elif word == "worst-case" or (word == "worst" and ahead[:1] == ["case"] and ahead[1:2] != ["of"]):
            yield Frame("forecast", "worst case", begin, _ALL)
        elif word == "event" and ahead[:1] == ["of"] and words[max(0, k - 2) : k] == ["in", "the"]:
            yield Frame("forecast", "in the event of", begin, _ALL)
        elif word in _PUTTING and "if" in words[k:]:
            yield Frame("forecast", word, k, _ALL)


def _is_to(ahead: Words) -> bool:
    """As in "(were) the levee to break": an infinitive, and nothing joined before it."""
    return "to" in ahead[1:] and _JOINED.isdisjoint(ahead[: ahead.index("to")])


def spared(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "ten seconds later and we'd have had 22 dead", "it could so easily have been 30 people dead"."""
    del sets
    for k, word in enumerate(words):
        if word not in WOULD or "have" not in words[k + 1 : k + _SOON]:
            continue
        have = words.index("have", k)
        if words[have + 1 : have + 2] and not _HAD.isdisjoint(words[have + 1 : have + 3]):
            stop = next((j for j in range(have + 2, len(words)) if words[j] in _LETS_GO), _ALL)
            yield Frame("hypothetical", f"{word} have", k, stop)


def punished(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "had served 15 years for killing three", "wanted for the deaths of 53 villagers": a deed of before.

    Not "wanted for shooting three people on Monday".
    """
    del sets
    for k, word in enumerate(words):
        if word in TERMS and not _PRISON.isdisjoint(words[k + 1 : k + _SOON + 1]):
            at = next((j for j in range(k + 2, min(k + _SUBJECT, len(words))) if words[j] in {"for", "over"}), None)
        else:
            sought = (
                word in SOUGHT
                and _HUNTING.isdisjoint(words)
                and words[k + 1 : k + 2] != []
                and words[k + 1] in _SOUGHT_FOR
            )
            at = k + 1 if sought and not _CRIMES.isdisjoint(words[k + 2 : k + _CLAUSE]) else None
        if at is None:
            continue
        stop = next((j for j in range(at, len(words)) if words[j] in {",", ";"}), len(words))
        if WEEKDAYS.isdisjoint(words[at:stop]):
            yield Frame("historical", word, at, stop)


def surveyed(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "41 per cent of those polled said a relative had been hurt": what many people answer is no incident."""
    del sets
    word = next((word for word in words if word in _SURVEYED), None)
    if word is not None and not _ANSWERING.isdisjoint(words):
        yield Frame("generic", word, 0, _ALL)


def seeming(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "the corpses turned out to be mannequins", "what they took for three bodies were logs"."""
    del sets
    for k, (word, after) in enumerate(pairwise(words)):
        seemed = word == "took" and after == "for" and "what" in words[max(0, k - _SOON) : k]
        proved = word in {"turned", "proved"} and "be" in words[k + 1 : k + _SOON]
        if seemed or (proved and not _FIGURES_OF_WOOD.isdisjoint(words[k + 2 : k + _CLAUSE])):
            yield Frame("denied", word, 0, _ALL)


def told_as_story(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "By the final curtain three suitors lie dead and the audience cheers": two words of a story, none of news.

    A story is told in the present, news in the past or with who says so; a headline is in the present as well, so one
    word is never enough.
    """
    if not WEEKDAYS.isdisjoint(words[:_SOON]):
        return
    cue = _subject_of_story(words, sets)
    if cue is not None:
        yield Frame("fictional", cue, 0, _ALL)
        return
    met = sets["of_story"].intersection(words)
    if len(met) < _ENOUGH or not _NEWS.isdisjoint(words):
        return
    present = not _PRESENT.isdisjoint(words)
    if present or any(word in met and after.endswith("s") for word, after in pairwise(words)):
        yield Frame("fictional", next(word for word in words if word in met), 0, _ALL)


def _subject_of_story(words: Words, sets: Sets) -> str | None:
    """The word of a story that opens its sentence as stories do: "The soap bows out with", "Act two opens"."""
    for k, word in enumerate(words[:_CLAUSE]):
        if word not in sets["of_story"] and word != "act":
            continue
        ahead = [*words[k + 1 : k + 4], "", "", ""]
        if word.startswith("spoiler") and ahead[0] in {":", "alert", "ahead"}:
            return word
        if word in {"gamers", "gamer"} and ahead[0] in sets["in_game"]:
            return word
        numbered = word in _PARTS and is_numeric(ahead[0])
        verb, particle = (ahead[1], ahead[2]) if numbered else (ahead[0], ahead[1])
        if (numbered or word in _TELLING) and verb.endswith("s") and verb not in _HELPING and particle in _PARTICLES:
            return word
    return None


def depicted(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "The diorama shows 17 villagers lying dead", "the sculptor cast 22 drowned sailors": a work of art.

    Not "killed when a sculpture fell on them", where nothing is shown.
    """
    del sets
    for k, word in enumerate(words):
        if word in WORKS and not _SHOWING.isdisjoint(words[k + 1 : k + _CLAUSE]):
            yield Frame("fictional", word, k, next((j for j in range(k, len(words)) if words[j] == ";"), _ALL))
            return
        if word in WORKS and words[max(0, k - 2) : k] in (["in", "the"], ["in", "his"], ["in", "her"], ["in", "this"]):
            yield Frame("fictional", word, 0, _ALL)
            return


def seen_by_seers(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "Prophet's list for the year: a crash that kills 200", "God showed him 90 dead", "the oracle sees two die".

    Not "a prophet and two followers were shot dead, police said".
    """
    del sets
    for k, word in enumerate(words):
        ahead = words[k + 1 : k + _CLAUSE]
        foretells = word in SEERS and not _FORETELLING.isdisjoint(ahead)
        if foretells or (word in SPIRITS and not _REVEALING.isdisjoint(ahead[:1])):
            yield Frame("fictional", word, k, _ALL)
            return


def over_a_period(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "in the 12 months to June", "in the year to March", "in the first quarter": what a long time counts.

    What a weekday of the same sentence tells is now.
    """
    for k, word in enumerate(words):
        if word not in PERIODS:
            continue
        before, ahead = words[max(0, k - _NEAR) : k], words[k + 1 : k + 3]
        until = ahead[:1] != [] and ahead[0] in _UNTIL and not sets["month"].isdisjoint(words[k + 2 : k + _SOON])
        months = word in {"months", "year"} and until and not _DURING.isdisjoint(before)
        part = (
            word in {"quarter", "half"}
            and not _WHICH.isdisjoint(before[-1:])
            and (word == "quarter" or ahead == ["of", "the"])
        )
        so_far = word == "year" and before[-3:] == ["so", "far", "this"] and k < _SOON
        if not (months or (part and not _DURING.isdisjoint(before)) or so_far):
            continue
        begin = next((j + 1 for j in range(k, -1, -1) if words[j] in _TURNS), 0)
        stop = next((j for j in range(k, len(words)) if words[j] in _TURNS), _ALL)
        if WEEKDAYS.isdisjoint(words[begin:k]) and HOSTED.isdisjoint(words):
            yield Frame("generic", f"{words[k - 1]} {word}", begin, stop)


def owed_to_kin(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "Relatives of 346 people killed in two crashes asked a judge", "inquest into the deaths of 72 resumes".

    Courts and those who pay come long after. Not "for the families of the 12 people killed in Monday's crash".
    """
    del sets
    late = not _MONEY.isdisjoint(words) and ("last", "year") in pairwise(words)
    legal = late or not _LAW.isdisjoint(words)
    for k, word in enumerate(words):
        kin = word in KIN and words[k + 1 : k + 2] == ["of"] and legal
        hearing = word in HEARINGS and words[k + 1 : k + 2] in (["into"], ["over"]) and not _GOING_ON.isdisjoint(words)
        if not (kin or hearing):
            continue
        stop = next((j for j in range(k, len(words)) if words[j] in {",", ";"}), len(words))
        first = next((j for j in range(k + 2, stop) if is_numeric(words[j])), None)
        if first is None:
            continue
        behind = words[first + 1 : first + _SUBJECT]
        behind = behind[: next((j for j, word in enumerate(behind) if word in _ENDS_KIN), len(behind))]
        if _LATELY.isdisjoint(behind) and WEEKDAYS.isdisjoint(behind):
            yield Frame("historical", word, k, first + 1)


def hosting(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "a camp, home to 280,000 refugees", "a site for 30,000 displaced people": who lives there anyhow."""
    del sets
    for k, word in enumerate(words):
        if word not in HOSTED:
            continue
        at = next((j for j in range(k - 1, max(-1, k - _SOON), -1) if is_numeric(words[j])), None)
        while at and (is_numeric(words[at - 1]) or words[at - 1] in _ROUGHLY):
            at -= 1
        stop = next((j for j in range(k, len(words)) if words[j] in {",", ";", "and", "left"}), len(words))
        if at is None or at < 2 or not WEEKDAYS.isdisjoint(words[k:stop]):
            continue
        pair = words[at - 2 : at]
        home = pair == ["home", "to"] or pair[1] in _HOUSES
        site = pair[1] in {"for", "of", "that", "has"} and pair[0] in _SITES
        if home or site:
            yield Frame("generic", pair[0] if site else pair[1], at - 1, k + 1)


def labelled(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "Book of the week: a debut in which five sisters drown", "Puzzle: a train kills two of nine travellers"."""
    label = words[: words.index(":")] if ":" in words[:_SOON] else ()
    word = next((word for word in label if word in LABELS), None)
    if word is not None and EVENTS.isdisjoint(label) and sets["physical"].isdisjoint(label):
        yield Frame("fictional", word, 0, _ALL)


def in_consequence(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "The law was passed after a gunman murdered 35 people": what rules were made for was before.

    Not where a weekday or a time of now follows.
    """
    del sets
    for k, word in enumerate(words):
        if word != "after" or k < _ENOUGH or _MADE.isdisjoint(words[max(0, k - 3) : k]):
            continue
        if not RULES_MADE.isdisjoint(words[max(0, k - _SUBJECT) : k]) and WEEKDAYS.isdisjoint(words[k:]):
            yield Frame("historical", word, k, _ALL)


RULES: Final[Mapping[Callable[[Words, Sets], Iterator[Frame]], frozenset[str]]] = {
    told_as_story: frozenset(),
    labelled: LABELS,
    in_consequence: RULES_MADE,
    depicted: WORKS,
    seen_by_seers: SEERS | SPIRITS,
    over_a_period: PERIODS,
    owed_to_kin: KIN | HEARINGS,
    hosting: HOSTED,
    contrary: CONCEDING,
    inverted: frozenset({"should", "were", "worst", "worst-case", "event"}) | _PUTTING,
    spared: WOULD,
    punished: TERMS | SOUGHT,
    surveyed: _SURVEYED,
    seeming: MISTAKEN,
}
"""Each with the words one of which it needs."""
