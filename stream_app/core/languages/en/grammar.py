"""Which people a cue speaks of: the rules that join noun phrases to what happened to them.

Each rule is a function with one decision; its name is the `rule` of the figures that it makes. What a chunk is and what
a cue can do: `lexicon.Tag` and `lexicon.Role`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.languages.en.idioms import IdiomRules
from stream_app.core.languages.en.lexicon import Lexicon, Role
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.nouns import NounRules
from stream_app.core.languages.en.phrases import Chunk, People
from stream_app.core.languages.en.senses import Senses
from stream_app.core.languages.en.states import StateRules
from stream_app.core.languages.en.tokens import Tokens
from stream_app.core.languages.en.verbs import VerbRules


class Grammar:
    """Joins the chunks of one sentence; see `Mention`."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lex = lexicon
        self._triggers = _triggers(lexicon.sets)
        self._senses = Senses(lexicon.sets)
        self._telling = lexicon.sets["killers"] | lexicon.sets["kidnappers"] | {"families"}

    def __call__(self, chunks: Sequence[Chunk], tokens: Tokens) -> list[Mention]:
        """Every mention of the sentence, in the order of their cues, one per phrase and kind."""
        found = _Reading(chunks, tokens, self._lex).mentions(self._triggers, self._telling)
        return self._senses(found, chunks, tokens.words) if found else found


class _Reading(VerbRules, NounRules, StateRules, IdiomRules):
    """One sentence while it is read."""

    def mentions(self, triggers: Mapping[str, Sequence[_Rule]], telling: AbstractSet[str]) -> list[Mention]:
        """Every mention: those of the cues first, then the people who are joined to them or part of them.

        `triggers` are the rules that a word sets off, `telling` the nouns for people that say what they did.
        """
        found: list[Mention] = []
        bullets = self.bullets()
        if ":" in self.words:
            found.extend(self.listed(bullets))
        for i, chunk in enumerate(self.chunks):
            if chunk.people is not None and (chunk.people.made or chunk.word in telling):
                found.extend(self.noun(i, chunk.people))
            if chunk.roles is not None:
                tabled = i == bullets and self.tag(i + 1) in {":", "-"}
                found.extend(self.tabled(i) if tabled else self.cue(i, chunk))
            if chunk.word in triggers and (chunk.roles is None or chunk.word in _ALSO):
                for rule in triggers[chunk.word]:
                    found.extend(rule(self, i))
        if found:
            if "each" in self.words:
                found = [self.each_of(mention) or mention for mention in found]
            found.extend([added for mention in found for added in self.by_place(mention)])
            found.extend(list(self.companions(found)))
            found.extend(list(self.parts(found)))
            found.extend(list(self.breakdowns(found)))
        return _distinct(found, self.chunks, self.words)

    def noun(self, i: int, people: People) -> Iterator[Mention]:
        """What a noun phrase says by itself: "12 deaths", "killers of six priests"."""
        if people.made:
            yield from self.made_noun(i)
        after = i + 2 if self.tag(i + 1) == '"' else i + 1
        if self.tag(after) == "of" and self.word(i) in self.sets["killers"]:
            yield from self.emit(self.objects(after + 1), "killed", "killers_of", i, i)
        elif self.tag(i + 1) == "of" and self.word(i) in self.sets["kidnappers"]:
            yield from self.emit(self.objects(i + 2), "abducted", "kidnappers_of", i, i)
        elif self.word(i) == "families" and self.word(i - 1) == "host":
            yield from self.in_shelter(i)

    def cue(self, i: int, chunk: Chunk) -> Iterator[Mention]:
        """The mentions of one cue, by the first role that fits its surroundings."""
        roles = chunk.roles or {}
        if self.is_among(i) and ("past" in roles or "count" in roles):
            return self.among(i, roles.get("count") or roles["past"])
        put_at = "count" in roles and self.word(i - 1) == "the" and self.word(i + 1) == "at"  # "put the dead at 34"
        if put_at or self.is_number_of(i) or (self.word(i - 1) == "number" and self.word(i - 2) == "the"):
            return self.number_of(i, _counted_kind(roles))
        if chunk.word in {"lives", "life"}:
            return self.lives(i)
        if "event" in roles and self.is_event(i):
            return self.event(i, roles["event"])
        for role, rule in _ROLE_RULES.items():
            if role in roles:
                return rule(self, i, roles[role])
        return iter(())

    def companions(self, mentions: Sequence[Mention]) -> Iterator[Mention]:
        """As in "was killed along with two of his bodyguards"."""
        if "with" not in self.words:
            return
        for mention in mentions:
            yield from self.company(mention.cue, mention.kind, mention.group)

    def parts(self, mentions: Sequence[Mention]) -> Iterator[Mention]:
        """As in "killed 19 people, including 10 children": a part of those meant, never added to the toll."""
        if "including" not in self.words:
            return
        seen: set[int] = set()
        for mention in sorted(mentions, key=lambda m: -m.cue):
            start = min(mention.at, mention.cue)
            for k in range(start + 1, min(max(mention.at, mention.cue) + 10, len(self.chunks))):
                if self.tag(k) in {";", "."} or (self.tag(k) == "cue" and k > mention.cue):
                    break
                if self.word(k) == "including" and k not in seen:
                    seen.add(k)
                    counted = [j for j in self.objects(k + 1) if self.is_part(j)]
                    for part in self.emit(counted, mention.kind, "part", mention.cue, mention.group):
                        part.part = True
                        yield part
                    break

    def breakdowns(self, mentions: Sequence[Mention]) -> Iterator[Mention]:
        """As in "16 people - nine Pakistanis and seven Indians - died", "eight people (three soldiers, ...)"."""
        for mention in mentions:
            mark = {"(": ")", "-": "-", ",": ","}.get(self.tag(mention.at + 1))
            if mark is None or (mention.people.quantity is None and mention.people.form != "plural"):
                continue
            found = self.objects(mention.at + 2)
            closes = bool(found) and self.tag(found[-1] + 1) in {mark, "."} and mention.cue not in found
            if closes and len(found) > 1 and all(self.is_part(j) for j in found):
                for part in self.emit(found, mention.kind, "part", mention.cue, mention.group):
                    part.part = True
                    yield part


def _counted_kind(roles: Mapping[Role, Kind]) -> Kind | None:
    """What "the number of ..." counts, by the roles of the word that ends it."""
    order: tuple[Role, ...] = ("count", "event", "past", "state", "died")
    return next((roles[role] for role in order if role in roles), None)


_OR_REACH: Final = 5
_Rule = Callable[[_Reading, int], Iterator[Mention]]
_ROLE_RULES: Final[Mapping[Role, Callable[[_Reading, int, Kind], Iterator[Mention]]]] = {
    "unharmed": _Reading.unharmed,
    "toll": _Reading.toll,
    "ing": _Reading.gerund,
    "past": _Reading.participle,
    "died": _Reading.intransitive,
    "dying": _Reading.intransitive,
    "base": _Reading.active,
    "third": _Reading.active,
    "state": _Reading.predicate,
    "count": _Reading.count_noun,
}


_ALSO: Final = frozenset({"lives", "taken", "found", "seized", "fatal"})
"""Cues that begin an idiom as well."""


def _triggers(sets: Mapping[str, frozenset[str]]) -> dict[str, tuple[_Rule, ...]]:
    """The rules that a word sets off without being a cue for a casualty."""
    rules: tuple[tuple[frozenset[str], _Rule], ...] = (
        (sets["home"] | sets["refuge"] | sets["shelter"], _Reading.displaced),
        (frozenset({"condition"}), _Reading.in_condition),
        (frozenset({"crossed"}), _Reading.crossed),
        (frozenset({"with"}), _Reading.with_wounds),
        (frozenset({"fatally"}), _Reading.one_fatally),
        (sets["to_hospital"], _Reading.to_hospital),
        (sets["suffer"], _Reading.suffers),
        (sets["have"], _Reading.has_wounds),
        (frozenset({"recovering"}), _Reading.recovering),
        (frozenset({"hit", "struck"}), _Reading.hit_by_bullet),
        (frozenset({"claims", "claimed", "claim", "claiming"}), _Reading.claims),
        (frozenset({"cost", "costs", "costing"}), _Reading.costs),
        (frozenset({"life", "lives"}), _Reading.own_life),
        (frozenset({"martyrdom"}), _Reading.martyrdom),
        (frozenset({"suicide"}), _Reading.suicide),
        (frozenset({"breathed", "breathing"}), _Reading.last_breath),
        (frozenset({"grave", "graves"}), _Reading.early_grave),
        (frozenset({"fatal"}), _Reading.fatal_for),
        (frozenset({"saved", "revived", "resuscitated"}), _Reading.not_saved),
        (sets["limb"], _Reading.broken_limb),
        (frozenset({"fading", "faded"}), _Reading.hopes_fade),
        (frozenset({"off"}), _Reading.made_off),
        (frozenset({"night", "nights"}), _Reading.spent_night),
        (frozenset({"throats", "throat"}), _Reading.throats),
        (frozenset({"buried", "buries", "burying"}), _Reading.buried),
        (sets["taking"] | sets["herding"], _Reading.taken),
        (frozenset({"seen", "heard"}), _Reading.unseen),
        (frozenset({"found", "traced", "located"}), _Reading.unfound),
        (frozenset({"fate", "whereabouts", "trace"}), _Reading.fate),
        (frozenset({"looking", "searching", "search", "searched", "hunt", "hunting"}), _Reading.search),
        (frozenset({"contact"}), _Reading.contact),
        (frozenset({"critical", "serious", "critically"}), _Reading.critical),
        (frozenset({"hospital", "care", "hospitals"}), _Reading.in_hospital),
        (frozenset({"needed", "required", "needing", "requiring", "need", "require"}), _Reading.needs_care),
        (frozenset({"accommodating", "housing", "hosting", "sheltering", "hold", "holds", "house", "accommodates",
                    "accommodate", "hosts", "took"}), _Reading.sheltering),
        (frozenset({"up", "sheltering", "accommodated", "housed", "shelter", "living", "sleeping", "packed",
                    "crammed"}), _Reading.put_up),
        (frozenset({"told", "ordered", "orders", "ordering", "advised", "urged", "instructed", "asked", "tells"}),
         _Reading.told_to_go),
        (frozenset({"order", "orders"}), _Reading.orders),
        (frozenset({"rehoused", "moved"}), _Reading.rehoused),
        (frozenset({"return"}), _Reading.cannot_return),
        (frozenset({"survived", "survivors", "survivor", "survive", "alive"}), _Reading.survivors),
        (frozenset({"no"}), _Reading.no_survivors),
        (frozenset({"remains"}), _Reading.remains),
        (frozenset({"total"}), _Reading.total),
        (frozenset({"number"}), _Reading.number_found),
        (frozenset({"lost", "losing"}), _Reading.loses),
        (frozenset({"number", "past", "numbered", "numbers"}), _Reading.numbering),
        (frozenset({"named", "identified", "were", "are"}), _Reading.named),
    )  # fmt: skip
    table: dict[str, list[_Rule]] = {}
    for words, rule in rules:
        for word in words:
            table.setdefault(word, []).append(rule)
    return {word: tuple(found) for word, found in table.items()}


def _distinct(mentions: Sequence[Mention], chunks: Sequence[Chunk], words: Sequence[str]) -> list[Mention]:
    """One mention for each phrase and kind, the first rule wins; a death leaves no room for the shot that caused it.

    "Killed or wounded" and "dead or missing" say of nobody which of the two: one figure, of kind `casualty`.
    """
    if not mentions:
        return []
    kept: dict[tuple[int, Kind], Mention] = {}
    for mention in mentions:
        kept.setdefault((mention.people.start, mention.kind), mention)
    killed = {m.people.start: m for m in kept.values() if m.kind == "killed" and m.people.form != "nobody"}
    found = []
    for mention in kept.values():
        death = killed.get(mention.people.start)
        if death is None or mention.kind not in {"injured", "missing"} or _presumed(death, mention, chunks):
            found.append(mention)
        elif _is_one_of_them(death, mention, words):
            found.append(replace(mention, rule="some_died"))
        elif _either(death, mention, chunks):
            death.kind = "casualty"
    return found


def _is_one_of_them(death: Mention, hurt: Mention, words: Sequence[str]) -> bool:
    """As in "one of the five people hurt has died": five were hurt, and the dead are among them."""
    whole, dead = hurt.people.inner, death.people.quantity
    if hurt.kind != "injured" or not hurt.inner or death.inner or whole is None or dead is None:
        return False
    return dead.low < whole.low and "the" in words[hurt.people.start : whole.start]


def _presumed(death: Mention, other: Mention, chunks: Sequence[Chunk]) -> bool:
    """As in "nine are missing and presumed dead": they are missing all the same."""
    return other.kind == "missing" and any(
        chunk.word in {"presumed", "feared", "believed", "thought"} for chunk in chunks[other.cue : death.cue]
    )


def _either(one: Mention, other: Mention, chunks: Sequence[Chunk]) -> bool:
    """Whether two cues are joined by "or"."""
    low, high = sorted((one.cue, other.cue))
    return high - low < _OR_REACH and any(chunk.word == "or" for chunk in chunks[low:high])
