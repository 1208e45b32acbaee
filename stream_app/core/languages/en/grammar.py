"""Which people a cue speaks of: the rules that join noun phrases to what happened to them.

Each rule is a plain function of the sentence (`Context`) and the index of a chunk, with one decision; `_ROLE_RULES` and
`_triggers` say what sets it off, `rules.RULES` which names it gives to the figures that it makes. What a chunk is and
what a cue can do: `lexicon.Tag` and `lexicon.Role`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.languages.en.context import Context
from stream_app.core.languages.en.idioms import (
    broken_limb,
    bullet_at,
    buried,
    by_place,
    cannot_return,
    claims,
    contact,
    costs,
    critical,
    each_of,
    early_grave,
    fatal_for,
    fate,
    hopes_fade,
    in_hospital,
    last_breath,
    listed,
    loses,
    made_off,
    martyrdom,
    named,
    needs_care,
    not_saved,
    number_found,
    numbering,
    orders,
    own_life,
    put_up,
    rehoused,
    remains,
    search,
    sheltering,
    spent_night,
    suicide,
    tabled_line,
    taken,
    throats,
    told_to_go,
    total,
    unfound,
    unseen,
)
from stream_app.core.languages.en.lexicon import Lexicon, Role
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.nouns import (
    among,
    count_noun,
    event,
    is_among,
    is_event,
    is_number_of,
    lives,
    made_noun,
    number_of,
    toll,
)
from stream_app.core.languages.en.objects import objects_after
from stream_app.core.languages.en.phrases import Chunk, People
from stream_app.core.languages.en.pronouns import no_survivors, survivors
from stream_app.core.languages.en.senses import Senses
from stream_app.core.languages.en.states import (
    crossed,
    displaced,
    has_wounds,
    hit_by_bullet,
    in_condition,
    in_shelter,
    one_fatally,
    recovering,
    suffers,
    to_hospital,
    with_wounds,
)
from stream_app.core.languages.en.tokens import Tokens
from stream_app.core.languages.en.verbs import active, company, gerund, intransitive, participle, predicate, unharmed


class Grammar:
    """Joins the chunks of one sentence; see `Mention`."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lex = lexicon
        self._triggers = _triggers(lexicon.sets)
        self._senses = Senses(lexicon.sets)
        self._telling = lexicon.sets["killers"] | lexicon.sets["kidnappers"] | {"families"}

    def __call__(self, chunks: Sequence[Chunk], tokens: Tokens) -> list[Mention]:
        """Every mention of the sentence, in the order of their cues, one per phrase and kind."""
        found = mentions(Context(chunks, tokens, self._lex), self._triggers, self._telling)
        return self._senses(found, chunks, tokens.words) if found else found


def mentions(s: Context, triggers: Mapping[str, Sequence[_Rule]], telling: AbstractSet[str]) -> list[Mention]:
    """Every mention: those of the cues first, then the people who are joined to them or part of them.

    `triggers` are the rules that a word sets off, `telling` the nouns for people that say what they did.
    """
    found: list[Mention] = []
    bullets = bullet_at(s)
    if ":" in s.words:
        found.extend(listed(s, bullets))
    for i, chunk in enumerate(s.chunks):
        if chunk.people is not None and (chunk.people.made or chunk.word in telling):
            found.extend(noun(s, i, chunk.people))
        if chunk.roles is not None:
            tabled = i == bullets and s.tag(i + 1) in {":", "-"}
            found.extend(tabled_line(s, i) if tabled else cue(s, i, chunk))
        if chunk.word in triggers and (chunk.roles is None or chunk.word in _ALSO):
            for rule in triggers[chunk.word]:
                found.extend(rule(s, i))
    if found:
        if "each" in s.words:
            found = [each_of(s, mention) or mention for mention in found]
        found.extend([added for mention in found for added in by_place(s, mention)])
        found.extend(list(companions(s, found)))
        found.extend(list(parts(s, found)))
        found.extend(list(breakdowns(s, found)))
    return distinct(found, s.chunks, s.words)


def noun(s: Context, i: int, people: People) -> Iterator[Mention]:
    """What a noun phrase says by itself: "12 deaths", "killers of six priests"."""
    if people.made:
        yield from made_noun(s, i)
    after = i + 2 if s.tag(i + 1) == '"' else i + 1
    if s.tag(after) == "of" and s.word(i) in s.sets["killers"]:
        yield from s.emit(objects_after(s, after + 1), "killed", "killers_of", i, i)
    elif s.tag(i + 1) == "of" and s.word(i) in s.sets["kidnappers"]:
        yield from s.emit(objects_after(s, i + 2), "abducted", "kidnappers_of", i, i)
    elif s.word(i) == "families" and s.word(i - 1) == "host":
        yield from in_shelter(s, i)


def cue(s: Context, i: int, chunk: Chunk) -> Iterator[Mention]:
    """The mentions of one cue, by the first role that fits its surroundings."""
    roles = chunk.roles or {}
    if is_among(s, i) and ("past" in roles or "count" in roles):
        return among(s, i, roles.get("count") or roles["past"])
    put_at = "count" in roles and s.word(i - 1) == "the" and s.word(i + 1) == "at"  # "put the dead at 34"
    if put_at or is_number_of(s, i) or (s.word(i - 1) == "number" and s.word(i - 2) == "the"):
        return number_of(s, i, _counted_kind(roles))
    if chunk.word in {"lives", "life"}:
        return lives(s, i)
    if "event" in roles and is_event(s, i):
        return event(s, i, roles["event"])
    for role, rule in _ROLE_RULES.items():
        if role in roles:
            return rule(s, i, roles[role])
    return iter(())


def companions(s: Context, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """As in "was killed along with two of his bodyguards"."""
    if "with" not in s.words:
        return
    for mention in mentions:
        yield from company(s, mention.cue, mention.kind, mention.group)


def parts(s: Context, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """As in "killed 19 people, including 10 children": a part of those meant, never added to the toll."""
    if "including" not in s.words:
        return
    seen: set[int] = set()
    for mention in sorted(mentions, key=lambda m: -m.cue):
        start = min(mention.at, mention.cue)
        for k in range(start + 1, min(max(mention.at, mention.cue) + 10, len(s.chunks))):
            if s.tag(k) in {";", "."} or (s.tag(k) == "cue" and k > mention.cue):
                break
            if s.word(k) == "including" and k not in seen:
                seen.add(k)
                counted = objects_after(s, k + 1).where(s.is_part)
                for part in s.emit(counted, mention.kind, "part", mention.cue, mention.group):
                    part.part = True
                    yield part
                break


def breakdowns(s: Context, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """As in "16 people - nine Pakistanis and seven Indians - died", "eight people (three soldiers, ...)"."""
    for mention in mentions:
        mark = {"(": ")", "-": "-", ",": ","}.get(s.tag(mention.at + 1))
        if mark is None or (mention.people.quantity is None and mention.people.form != "plural"):
            continue
        found = objects_after(s, mention.at + 2)
        closes = bool(found) and s.tag(found[-1] + 1) in {mark, "."} and mention.cue not in found
        if closes and len(found) > 1 and all(s.is_part(j) for j in found):
            for part in s.emit(found, mention.kind, "part", mention.cue, mention.group):
                part.part = True
                yield part


def _counted_kind(roles: Mapping[Role, Kind]) -> Kind | None:
    """What "the number of ..." counts, by the roles of the word that ends it."""
    order: tuple[Role, ...] = ("count", "event", "past", "state", "died")
    return next((roles[role] for role in order if role in roles), None)


_OR_REACH: Final = 5
_Rule = Callable[[Context, int], Iterator[Mention]]
_ROLE_RULES: Final[Mapping[Role, Callable[[Context, int, Kind], Iterator[Mention]]]] = {
    "unharmed": unharmed,
    "toll": toll,
    "ing": gerund,
    "past": participle,
    "died": intransitive,
    "dying": intransitive,
    "base": active,
    "third": active,
    "state": predicate,
    "count": count_noun,
}


_ALSO: Final = frozenset({"lives", "taken", "found", "seized", "fatal"})
"""Cues that begin an idiom as well."""


def _triggers(sets: Mapping[str, frozenset[str]]) -> dict[str, tuple[_Rule, ...]]:
    """The rules that a word sets off without being a cue for a casualty."""
    rules: tuple[tuple[frozenset[str], _Rule], ...] = (
        (sets["home"] | sets["refuge"] | sets["shelter"], displaced),
        (frozenset({"condition"}), in_condition),
        (frozenset({"crossed"}), crossed),
        (frozenset({"with"}), with_wounds),
        (frozenset({"fatally"}), one_fatally),
        (sets["to_hospital"], to_hospital),
        (sets["suffer"], suffers),
        (sets["have"], has_wounds),
        (frozenset({"recovering"}), recovering),
        (frozenset({"hit", "struck"}), hit_by_bullet),
        (frozenset({"claims", "claimed", "claim", "claiming"}), claims),
        (frozenset({"cost", "costs", "costing"}), costs),
        (frozenset({"life", "lives"}), own_life),
        (frozenset({"martyrdom"}), martyrdom),
        (frozenset({"suicide"}), suicide),
        (frozenset({"breathed", "breathing"}), last_breath),
        (frozenset({"grave", "graves"}), early_grave),
        (frozenset({"fatal"}), fatal_for),
        (frozenset({"saved", "revived", "resuscitated"}), not_saved),
        (sets["limb"], broken_limb),
        (frozenset({"fading", "faded"}), hopes_fade),
        (frozenset({"off"}), made_off),
        (frozenset({"night", "nights"}), spent_night),
        (frozenset({"throats", "throat"}), throats),
        (frozenset({"buried", "buries", "burying"}), buried),
        (sets["taking"] | sets["herding"], taken),
        (frozenset({"seen", "heard"}), unseen),
        (frozenset({"found", "traced", "located"}), unfound),
        (frozenset({"fate", "whereabouts", "trace"}), fate),
        (frozenset({"looking", "searching", "search", "searched", "hunt", "hunting"}), search),
        (frozenset({"contact"}), contact),
        (frozenset({"critical", "serious", "critically"}), critical),
        (frozenset({"hospital", "care", "hospitals"}), in_hospital),
        (frozenset({"needed", "required", "needing", "requiring", "need", "require"}), needs_care),
        (frozenset({"accommodating", "housing", "hosting", "sheltering", "hold", "holds", "house", "accommodates",
                    "accommodate", "hosts", "took"}), sheltering),
        (frozenset({"up", "sheltering", "accommodated", "housed", "shelter", "living", "sleeping", "packed",
                    "crammed"}), put_up),
        (frozenset({"told", "ordered", "orders", "ordering", "advised", "urged", "instructed", "asked", "tells"}),
         told_to_go),
        (frozenset({"order", "orders"}), orders),
        (frozenset({"rehoused", "moved"}), rehoused),
        (frozenset({"return"}), cannot_return),
        (frozenset({"survived", "survivors", "survivor", "survive", "alive"}), survivors),
        (frozenset({"no"}), no_survivors),
        (frozenset({"remains"}), remains),
        (frozenset({"total"}), total),
        (frozenset({"number"}), number_found),
        (frozenset({"lost", "losing"}), loses),
        (frozenset({"number", "past", "numbered", "numbers"}), numbering),
        (frozenset({"named", "identified", "were", "are"}), named),
    )  # fmt: skip
    table: dict[str, list[_Rule]] = {}
    for words, rule in rules:
        for word in words:
            table.setdefault(word, []).append(rule)
    return {word: tuple(found) for word, found in table.items()}


def distinct(mentions: Sequence[Mention], chunks: Sequence[Chunk], words: Sequence[str]) -> list[Mention]:
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
