"""Earlier deeds of a fighter who is held or sought: what he ordered, led or is blamed for was another event.

As in the releases of armies, police and prosecutors: "Troops detained a paymaster. He ordered the execution of three
chiefs." Only in articles that open with an arrest or a search; in others the deed is the news.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from stream_app.core.languages.en.framing import Frame

HOLDING: Final = frozenset({
    "detained", "detains", "detaining", "detention", "arrested", "arrests", "arrest", "arresting", "captured",
    "captures", "capturing", "capture", "apprehended", "nabbed", "nab", "custody", "targeted", "targets", "targeting",
    "searched", "raided", "pursued",
})  # fmt: skip
"""Words by which an article opens with somebody held or sought."""
FORCES: Final = frozenset({
    "insurgent", "insurgents", "militant", "militants", "rebel", "rebels", "terrorist", "terrorists", "terror",
    "commander", "commanders", "warlord", "jihadist", "jihadists", "guerrilla", "guerrillas", "militia", "cartel",
    "gang", "network", "cell", "facilitator", "troops", "soldiers", "army", "forces", "force", "commandos", "fighters",
    "assassination", "bomber", "sniper", "gunmen", "gunman", "bandit", "bandits", "hitman", "separatist", "separatists",
})  # fmt: skip
_COURTS: Final = frozenset({"court", "trial", "jury", "tribunal", "sentenced", "convicted"})
"""A court's news is the deed that it tries."""
_HAVING_DONE: Final = frozenset({
    "planned", "plotted", "ordered", "masterminded", "orchestrated", "directed", "commanded", "coordinated", "oversaw",
    "assisted", "helped", "participated", "led", "executed", "organised", "organized", "facilitated", "financed",
    "part", "out", "responsibility", "behind", "perpetrated", "committed",
})  # fmt: skip
_PARTICLES: Final = {
    "part": frozenset({"took", "taken", "taking"}),
    "out": frozenset({"carried"}),
    "responsibility": frozenset({"claimed"}),
}
_BLAMED: Final = frozenset({"responsible", "linked", "involved", "implicated", "connected", "tied", "blamed"})
_TO: Final = frozenset({"for", "to", "in", "with", "of", "over"})
_KILLINGS: Final = frozenset({
    "assassination", "assassinations", "execution", "executions", "murder", "murders", "killing", "killings", "death",
    "deaths", "massacre", "massacres", "slaying", "beheading", "beheadings", "ambush", "ambushes", "bombing",
    "bombings", "attack", "attacks", "assault", "assaults", "explosion", "blast", "shooting", "shootings", "kidnapping",
    "abduction",
})  # fmt: skip
_LED: Final = _KILLINGS | {"raid", "raids"}
_AGENTS: Final = frozenset({"troops", "forces", "force", "soldiers", "army", "police", "commandos", "officers", "we"})
_BEFORE: Final = frozenset({"prior", "before"})
_ARREST: Final = frozenset({"arrest", "capture", "detention", "death"})
_OWN: Final = frozenset({"his", "her", "their", "its", "being"})
_REACH: Final = 9
_SUBJECT: Final = 7
_FOUR: Final = 4
_ALL: Final = 10_000
_THE: Final = frozenset({"the", "that", "this"})
MARKS: Final = _HAVING_DONE | _BLAMED | _BEFORE | {"past", "during", "in"}
"""The words one of which a sentence that tells of a deed has."""

Words = Sequence[str]


def opens_with_arrest(words: AbstractSet[str]) -> bool:
    """Whether the words of an opening tell of fighters or forces, and of somebody held or sought."""
    return not HOLDING.isdisjoint(words) and not FORCES.isdisjoint(words) and _COURTS.isdisjoint(words)


def earlier_deed(words: Words) -> Iterator[Frame]:
    """What a sentence of such an article tells of the deeds of who is held: "He led an ambush that killed nine"."""
    if words[0] in _BEFORE and not _OWN.isdisjoint(words[1:_FOUR]) and not _ARREST.isdisjoint(words[1 : _FOUR + 1]):
        yield Frame("historical", words[0], 0, _ALL)
    elif words[:3] == ["in", "the", "past"]:
        yield Frame("historical", "in the past", 0, _ALL)
    for k, word in enumerate(words):
        if _is_done(words, k) or _is_blame(words, k):
            yield Frame("historical", word, k, next((j for j in range(k, len(words)) if words[j] == ";"), _ALL))
            return


def goes_on(words: Words, before: Words) -> Frame | None:
    """As in "He led an ambush on Friday. During the ambush, five died": what the sentence before told goes on."""
    if words[0] not in {"during", "in"} or words[1:2] == [] or words[1] not in _THE:
        return None
    deed = next((word for word in words[2 : _FOUR + 1] if word in _LED), None)
    told = deed is not None and deed in before and any(_is_done(before, k) or _is_blame(before, k)
                                                       for k in range(len(before)))  # fmt: skip
    return Frame("historical", words[0], 0, _ALL) if told else None


def _is_done(words: Words, k: int) -> bool:
    """As in "he ordered the execution of"; what the forces themselves carried out is the news."""
    word = words[k]
    if word not in _HAVING_DONE or _LED.isdisjoint(words[k + 1 : k + _REACH]):
        return False
    if word in _PARTICLES and _PARTICLES[word].isdisjoint(words[max(0, k - 1) : k]):
        return False
    return _AGENTS.isdisjoint(words[max(0, k - _SUBJECT) : k]) or "who" in words[max(0, k - _FOUR) : k]


def _is_blame(words: Words, k: int) -> bool:
    """As in "is believed to be responsible for the deaths of four"."""
    if words[k] not in _BLAMED or words[k + 1 : k + 2] == [] or words[k + 1] not in _TO:
        return False
    return not _KILLINGS.isdisjoint(words[k + 2 : k + 2 + _REACH])
