"""Plain English words of what happened, for where no tagger of causes names it."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from stream_app.core.incidents.causes import MOST_CAUSES
from stream_app.core.language.any_case import AnyCase, by_letter

_ATTACKERS = (
    "gunmen gunman riflemen tribesmen policemen attackers assailants militants rebels insurgents fighters troops "
    "soldiers forces police bandits raiders terrorists jihadists commandos protesters rioters mob crowd to"
)
_NO_ATTACKERS = "".join(rf"(?<!{word} storm)" for word in ("armed men", *_ATTACKERS.split()))
"""Before "storm" it is no weather: "Gunmen storm school"."""
_FALLEN = (
    r" (?:\w+ ){0,2}(?:to (?:his|her|their) deaths?|(?:from|off) (?:an?|the) (?:\w+ )?"
    r"(?:mountain|cliff|ridge|roof|balcony|building|window|bridge|tree|ladder))"
)
_WORDS: dict[str, str] = {
    "airstrike": r"air ?strikes?|air raids?|warplanes?|fighter jets?|bombard\w*",
    "shelling": r"shell(?:s|ed|ing)|artillery|mortars?|rocket(?:s| fire| attack\w*)|grad",
    "drone": r"drones?|uavs?|shahed",
    "missile": r"missiles?|ballistic",
    "bombing": r"bomb(?:s|ed|er|ers|ing|ings|)|suicide (?:attack\w*|blast\w*)|ied|ieds|grenades?|landmines?",
    "explosion": r"explo(?:sion|sions|ded|des|de)|blasts?",
    "shooting": r"shoot(?:ing|ings|out|outs|s|er)?|shot|gunm[ae]n|gunfire|gunned down|opened fire|gunshots?",
    "stabbing": r"stab(?:bed|bing|bings)|knif\w+|machete\w*",
    "abduction": r"kidnap\w*|abduct\w*|hostages?|seized",
    "clash": r"clash(?:es|ed)?|fighting|battles?|ambush\w*",
    "attack": r"attack(?:s|ed|ers?)?|massacre\w*|raid(?:s|ed|ers)?|assault\w*|murder\w*|homicide\w*",
    "earthquake": r"earthquakes?|quakes?|tremors?|aftershocks?|magnitude",
    "tsunami": r"tsunamis?",
    "flood": r"flood(?:s|ed|ing|waters?)?|dams? burst\w*|burst dams?|inundat\w*",
    "storm": rf"storm{_NO_ATTACKERS}s?|hurricanes?|typhoons?|cyclones?|tornado\w*|twisters?|blizzards?",
    "landslide": r"landslides?|mudslides?|landslips?|rockfalls?",
    "avalanche": r"avalanches?",
    "volcano": r"volcan\w+|erupt\w+",
    "fire": r"fires?|blazes?|wildfires?|burn(?:s|ed|t|ing)|arson\w*|flames?",
    "collapse": r"collaps\w+|caved? in|rubble",
    "road": r"bus|buses|cars?|trucks?|lorry|lorries|vans?|minibus\w*|vehicles?|motorcycl\w+|highway|tanker"
    r"|crash(?:es|ed)?|motorists?|pedestrians?|hit-and-run",
    "rail": r"trains?|railway|derail\w*|locomotive",
    "air": r"planes?|aircraft|airliners?|helicopters?|jetliner|airlines?",
    "sea": r"boats?|ferr(?:y|ies)|ships?|vessels?|caps\w+|sank|sunk|sinks?|drown\w*",
    "industrial": r"coal ?mines?|gold ?mines?|miners?|colliery",
    "epidemic": r"cholera|ebola|measles|outbreak|virus|disease|infect\w+|dengue|meningitis",
    "poisoning": r"poison\w*|methanol|toxic|bootleg",
    "heat": r"heat ?waves?|scorching",
    "cold": r"cold (?:snap|wave)|freez\w+|frost\w*",
    "crowd": r"stampedes?|crush(?:ed)?|trampled",
    "protest": r"protest\w*|demonstrat\w*|riot\w*",
    "migration": r"migrants?",
    "fall": r"climbers?|climbing|mountaineer\w*|abseil\w*"
    rf"|f(?:ell|alls?|allen|alling){_FALLEN}|plung(?:e|es|ed|ing){_FALLEN}",
}
"""Alternatives that each begin with their own letter."""


_ANY = AnyCase(rf"\b(?:{by_letter(_WORDS.values())})\b")
_NAMED = [(name, re.compile(words, re.IGNORECASE)) for name, words in _WORDS.items()]
_FAINT = frozenset({"attack", "explosion", "road", "migration", "fire", "collapse", "abduction"})
"""Said beside another cause they are its detail: a bus in a flood, a blast of a bomb."""


def rough_causes(title: str, opening: str) -> list[str]:
    """The causes that title and opening speak of most, the first the likeliest.

    >>> rough_causes("Gunmen kill 3 in Jos", "Three people were shot dead when gunmen attacked a bus in Jos.")
    ['shooting', 'attack', 'road']
    >>> rough_causes("", "A guest fell from the roof to his death."), rough_causes("", "Prices fell from a high.")
    (['fall'], [])
    """
    votes: Counter[str] = Counter()
    for text, weight in ((title, 3), (opening, 1)):
        for name in map(_name, _ANY.found(text)):
            votes[name] += weight if name in _FAINT else 2 * weight
    return [name for name, _ in votes.most_common(MOST_CAUSES)]


@lru_cache(maxsize=4_096)
def _name(words: str) -> str:
    """The first cause that these words are for."""
    return next(name for name, pattern in _NAMED if pattern.fullmatch(words))
