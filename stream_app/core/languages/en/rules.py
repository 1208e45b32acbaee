"""Which function reads which words, and the names it gives to figures: the table that the grammar goes by.

A reader who has the `rule` of a figure finds here what may have made it, and what sets that off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from stream_app.core.events import Kind
from stream_app.core.languages.en import afterwards, idioms, nouns, pronouns, states, verbs
from stream_app.core.languages.en.context import Context
from stream_app.core.languages.en.lexicon import Role, Roles
from stream_app.core.languages.en.mention import Mention

Sets = Mapping[str, AbstractSet[str]]
"""The lexicon's sets of words by name."""
Reads = Callable[[Context, int], Iterator[Mention]]
"""A function that reads a sentence from the chunk with an index."""


class OnSentence(NamedTuple):
    """Asked once of a sentence with the sign."""

    sign: str
    apply: Callable[[Context], Iterator[Mention]]
    gives: str


class OnPeople(NamedTuple):
    """Asked of people by their last word, as `OnWord` is; without words, of those whom a noun makes victims."""

    apply: Reads
    gives: str
    words: str = ""
    sets: str = ""


class OnCue(NamedTuple):
    """Asked of a cue that it `fits`."""

    fits: Callable[[Context, int, Roles], bool]
    apply: Callable[[Context, int, Roles], Iterator[Mention]]
    gives: str


class OnRole(NamedTuple):
    """Asked of a cue that can do this."""

    role: Role
    apply: Callable[[Context, int, Kind], Iterator[Mention]]
    gives: str


class OnWord(NamedTuple):
    """Asked of any of the `words` and those of `sets`, unless it is a cue; of a cue too if it is in `OF_CUES_TOO`."""

    apply: Reads
    gives: str
    words: str = ""
    sets: str = ""


class Adds(NamedTuple):
    """Asked when all else was: adds mentions to those of a sentence."""

    apply: Callable[[Context, Sequence[Mention]], Iterator[Mention]]
    gives: str


class Settles(NamedTuple):
    """Asked when all else was: says what the mentions of a sentence are in the end."""

    apply: Callable[[Context, Sequence[Mention]], Sequence[Mention]]
    gives: str


Rule = OnSentence | OnPeople | OnCue | OnRole | OnWord | Adds | Settles
"""What sets a function off, the function, and the names that it may give to figures."""

OF_CUES_TOO: Final = frozenset({"lives", "taken", "found", "fatal"})
"""Cues that begin an idiom as well."""

RULES: Final[Sequence[Rule]] = (
    OnSentence(":", idioms.listed, "tabled"),
    OnSentence("-", idioms.listed, "tabled"),
    OnSentence("–", idioms.listed, "tabled"),
    OnPeople(nouns.made_noun, "bodies_of claimed_lives counted_noun participle_modifier"),
    OnPeople(nouns.killers_of, "killers_of", sets="killers"),
    OnPeople(nouns.kidnappers_of, "kidnappers_of", sets="kidnappers"),
    OnPeople(states.host_families, "in_shelter", words="families"),
    # The first of these that fits a cue, else the first of its roles, reads it.
    OnCue(idioms.is_tabled, idioms.tabled_line, "tabled"),
    OnCue(nouns.is_among, nouns.among, "among"),
    OnCue(nouns.is_number_of, nouns.number_of, "number_of toll"),
    OnCue(nouns.is_lives, nouns.lives, "lives_of lost_lives"),
    OnCue(nouns.is_event, nouns.event, "event_of possessed_event"),
    OnRole("unharmed", verbs.unharmed, "unharmed"),
    OnRole("toll", nouns.toll, "toll"),
    OnRole("ing", verbs.gerund, "active_object forced_to object_pronoun reflexive they"),
    OnRole(
        "past",
        verbs.participle,
        "active_object along_with intransitive_subject object_pronoun passive_subject pronoun reduced_passive "
        "reflexive relative_object they",
    ),
    OnRole("died", verbs.intransitive, "along_with intransitive_subject passive_subject pronoun they"),
    OnRole("dying", verbs.intransitive, "along_with intransitive_subject passive_subject pronoun they"),
    OnRole("base", verbs.active, "active_object forced_to object_pronoun reflexive they"),
    OnRole("third", verbs.active, "active_object forced_to object_pronoun reflexive they"),
    OnRole("state", verbs.predicate, "passive_subject predicate pronoun they"),
    OnRole("count", nouns.count_noun, "bodies_of own_body they toll"),
    # All that a word sets off read it.
    OnWord(states.displaced, "driven_out in_shelter left_home sought_refuge", sets="home refuge shelter"),
    OnWord(states.in_condition, "in_condition", words="condition"),
    OnWord(states.driven_from, "driven_out", words="drove driven forced forcing chased"),
    OnWord(states.crossed, "crossed_border", words="crossed"),
    OnWord(states.with_wounds, "suffered_wounds", words="with"),
    OnWord(states.one_fatally, "one_fatally", words="fatally"),
    OnWord(states.to_hospital, "to_hospital needed_care", sets="to_hospital"),
    OnWord(states.suffers, "suffered_wounds", sets="suffer"),
    OnWord(states.has_wounds, "suffered_wounds", sets="have"),
    OnWord(states.recovering, "recovering", words="recovering recuperating"),
    OnWord(states.hit_by_bullet, "hit_by_bullet", words="hit struck"),
    OnWord(idioms.claims, "claimed_people", words="claims claimed claim claiming"),
    OnWord(idioms.hands, "lives_of", words="hands"),
    OnWord(idioms.costs, "cost_lives", words="cost costs costing"),
    OnWord(idioms.own_life, "in_condition lives_of lost_lives reflexive", words="life lives"),
    OnWord(idioms.martyrdom, "martyrdom", words="martyrdom shahadat sacrifice"),
    OnWord(idioms.to_hell, "early_grave", words="hell"),
    OnWord(idioms.set_ablaze, "burnt_by_mob", words="ablaze alight"),
    OnWord(idioms.suicide, "own_hand", words="suicide"),
    OnWord(idioms.turned_on_self, "reflexive", words="turned turning turns"),
    OnWord(idioms.met_death, "met_death", words="met meets"),
    OnWord(idioms.last_breath, "last_breath", words="breathed breathing gave given give gives"),
    OnWord(idioms.early_grave, "early_grave", words="grave graves"),
    OnWord(idioms.fatal_for, "fatal_for", words="fatal"),
    OnWord(idioms.not_saved, "not_survived", words="saved revived resuscitated"),
    OnWord(idioms.broken_limb, "suffered_wounds", sets="limb"),
    OnWord(idioms.hopes_fade, "hopes_fade", words="fading faded"),
    OnWord(idioms.made_off, "taken_away", words="off"),
    OnWord(idioms.spent_night, "put_up", words="night nights"),
    OnWord(idioms.throats, "throats_of", words="throats throat"),
    OnWord(idioms.buried, "buried_alive", words="buried buries burying"),
    OnWord(idioms.taken, "taken_away", sets="taking herding"),
    OnWord(idioms.held_by, "taken_away", words="held"),
    OnWord(idioms.unseen, "unseen", words="seen heard"),
    OnWord(idioms.unfound, "not_found", words="found traced located accounted"),
    OnWord(idioms.trapped, "trapped", words="trapped buried remain remains remained"),
    OnWord(idioms.not_located, "not_found", words="locate find reach trace"),
    OnWord(idioms.fate, "fate_of", words="fate whereabouts trace word news"),
    OnWord(idioms.search, "searched_for", words="looking searching search searched hunt hunting"),
    OnWord(idioms.sought, "searched_for", words="sought"),
    OnWord(idioms.contact, "contact_lost", words="contact"),
    OnWord(idioms.critical, "critical", words="critical serious critically"),
    OnWord(idioms.in_hospital, "to_hospital", words="hospital care hospitals"),
    OnWord(idioms.under_treatment, "to_hospital", words="treatment care support ventilator ventilators"),
    OnWord(idioms.still_admitted, "to_hospital", words="admitted"),
    OnWord(idioms.needs_care, "needed_care", words="needed required needing requiring need require"),
    OnWord(
        idioms.sheltering,
        "sheltering",
        words="accommodating housing hosting sheltering hold holds house accommodates accommodate hosts took",
    ),
    OnWord(
        idioms.put_up,
        "put_up",
        words="up sheltering sheltered accommodated housed shelter living sleeping slept camping camped packed crammed",
    ),
    OnWord(
        idioms.told_to_go, "told_to_leave", words="told ordered orders ordering advised urged instructed asked tells"
    ),
    OnWord(idioms.orders, "evacuation_order", words="order orders"),
    OnWord(idioms.rehoused, "rehoused", words="rehoused moved"),
    OnWord(idioms.cannot_return, "cannot_return", words="return"),
    OnWord(
        pronouns.survivors,
        "no_survivors not_survived pronoun survivors they",
        words="survived survivors survivor survive alive",
    ),
    OnWord(pronouns.neither, "no_survivors", words="survived survive alive"),
    OnWord(pronouns.few_survived, "they", words="survived"),
    OnWord(pronouns.all_but, "survivors they", words="everyone everybody all"),
    OnWord(pronouns.no_survivors, "no_survivors not_survived pronoun survivors they", words="no"),
    OnWord(idioms.remains, "bodies_of", words="remains"),
    OnWord(idioms.total, "toll", words="total"),
    OnWord(idioms.number_found, "toll", words="number"),
    OnWord(idioms.loses, "lost_people", words="lost losing"),
    OnWord(idioms.numbering, "toll", words="number past numbered numbers"),
    OnWord(idioms.inverted, "passive_subject", words="was were"),
    OnWord(idioms.named, "named", words="named identified were are"),
    # In this order, when the whole sentence was read.
    Settles(afterwards.ages, ""),
    Settles(afterwards.each, ""),
    Settles(afterwards.turned_on_self, ""),
    Settles(afterwards.persons, ""),
    Adds(afterwards.by_place, "by_place"),
    Adds(afterwards.reporters, "by_place"),
    Settles(afterwards.of_reporters, ""),
    Adds(afterwards.gapped, "gapped"),
    Adds(afterwards.as_did, "along_with"),
    Adds(afterwards.companions, "along_with"),
    Adds(afterwards.parts, "part"),
    Adds(afterwards.breakdowns, "part"),
    Settles(afterwards.distinct, "some_died"),
)


class Table:
    """The rules by what sets them off, with the words of a lexicon's sets."""

    def __init__(self, sets: Sets) -> None:
        people = [rule for rule in RULES if isinstance(rule, OnPeople)]
        self.on_sentence = [(rule.sign, rule.apply) for rule in RULES if isinstance(rule, OnSentence)]
        self.on_made = [rule.apply for rule in people if not rule.words and not rule.sets]
        self.on_people = _by_word(people, sets)
        self.on_cue = [(rule.fits, rule.apply) for rule in RULES if isinstance(rule, OnCue)]
        self.on_role = [(rule.role, rule.apply) for rule in RULES if isinstance(rule, OnRole)]
        self.on_word = _by_word([rule for rule in RULES if isinstance(rule, OnWord)], sets)
        self.after = [rule for rule in RULES if isinstance(rule, Adds | Settles)]


def _by_word(rules: Sequence[OnPeople | OnWord], sets: Sets) -> Mapping[str, Sequence[Reads]]:
    """The functions that each word sets off, in the table's order."""
    table: dict[str, list[Reads]] = {}
    for rule in rules:
        for word in {*rule.words.split(), *[word for name in rule.sets.split() for word in sets[name]]}:
            table.setdefault(word, []).append(rule.apply)
    return table
