"""Rules for verbs and predicates: who was killed, who died, who is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.languages.en.amounts import FRACTIONS
from stream_app.core.languages.en.context import Context, Found
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.objects import objects_after
from stream_app.core.languages.en.phrases import People
from stream_app.core.languages.en.pronouns import is_object_pronoun, object_pronoun, they
from stream_app.core.languages.en.subjects import belongs_to_verb, chained, item_end, subjects_before

_FOUND: Final = frozenset({"found", "reported", "left", "feared", "remained"})
_SOMEBODY: Final = frozenset({"someone", "somebody", "anyone", "anybody", "another"})
_BY_THEMSELVES: Final = frozenset({"drowned", "burned", "burnt", "starved"})
_DROWNED: Final = frozenset({"drowned", "starved"})
"""What nobody else needs to have done."""
_NO_DEATH: Final = frozenset({"out", "by", "of"})
_OLD_AGE: Final = range(70, 111)
_LISTED: Final = 10
_OWNED: Final = frozenset(
    {"dog", "dogs", "horse", "horses", "cat", "cow", "cows", "sheep", "goats", "pet", "career", "hopes"}
)
_DONE_FIRST: Final = frozenset(
    {
        "ambushed", "assaulted", "attacked", "beaten", "bound", "chased", "clubbed", "dragged", "gagged", "gored",
        "hit", "knocked", "mauled", "mobbed", "mugged", "raped", "robbed", "run", "stoned", "struck", "thrown", "tied",
        "tortured", "trampled", "waylaid",
    }
)  # fmt: skip
"""What is done to people before they are killed."""
_NOBODY: Final = People(0, 0, "nobody", None, None, -1)
_THE_HURT: Final = frozenset({"injured", "wounded", "casualties", "patients", "sick"})
_HE: Final = frozenset({"he", "she"})
_SEIZING: Final = frozenset(["seize", "seizes", "seizing", "seized"])


def gerund(s: Context, i: int, kind: Kind) -> Iterator[Mention]:
    """As in "killing two people": what stands before it is no verb group of its own."""
    return _active(s, i, kind, i)


def active(s: Context, i: int, kind: Kind) -> Iterator[Mention]:
    """As in "to kill two people", "Bomb kills one"."""
    return _active(s, i, kind, s.group_start(i))


def _active(s: Context, i: int, kind: Kind, group: int) -> Iterator[Mention]:
    """As in "killed two people", "wounding more than 50", "Bomb kills one"."""
    if s.word(i + 1) in s.sets["reflexive"]:
        yield from reflexive(s, i, kind)
        return
    if is_object_pronoun(s, i):
        yield from object_pronoun(s, i, kind, group)
        return
    objects = objects_after(s, i + 1)
    if not objects and kind == "displaced":
        yield from forced_to(s, i, kind)
    elif s.word(i) in _SEIZING:
        yield from (m for m in s.emit(objects, kind, "active_object", i, group) if may_be_seized(m.people))
    elif not (s.word(i) in {"shooting", "stabbing"} and is_compound(s, objects)):
        found = s.emit(objects, kind, "active_object", i, group)
        yield from (mention for mention in found if not is_loose(s, mention))
        if objects:
            yield from also_oneself(s, i, kind, group, objects[-1])


def reflexive(s: Context, i: int, kind: Kind) -> Iterator[Mention]:
    """As in "a boy accidentally shot himself": the subject is the victim."""
    group = s.group_start(i)
    if s.tag(i - 1) == "and" and s.tag(i - 2) == "cue":
        group = s.group_start(i - 2)
    himself = s.word(i + 1) if s.tag(i + 1) == "pronoun" else s.word(i + 3)
    found = Found()
    if kind != "killed" or s.tag(group - 1) != "preposition":
        before = subjects_before(s, group, adjacent=False)
        found = Found.of(before[-1:], relative=before.relative)
    if himself == "themselves" or (found and not s.counted_at(found)):
        yield from s.emit(found, kind, "reflexive", first_deadly(s, group - 1, kind, i), group)
    elif kind == "killed" and s.tag(i + 1) == "pronoun":
        yield from _oneself(s, i, kind, group, i + 1)
    if s.tag(i + 2) == "," and s.counted_at([i + 3]):  # "kills self, 12 others"
        yield from s.emit(objects_after(s, i + 3), kind, "active_object", i, group)
    if s.tag(i + 1) == "pronoun" and s.tag(i + 2) == "and":
        yield from s.emit(objects_after(s, i + 3), kind, "active_object", i, group)


def _oneself(s: Context, i: int, kind: Kind, group: int, at: int) -> Iterator[Mention]:
    """The "himself" at chunk `at` as a victim; who killed others in the same sentence is added to them."""
    if s.word(at) != "themselves":
        end = s.ends[at]
        himself = People(end - 1, end, "single", None, None, -1)
        yield Mention(himself, kind, "reflexive", first_deadly(s, i if at > i + 1 else group - 1, kind, i), group, at)


def first_deadly(s: Context, before: int, kind: Kind, i: int) -> int:
    """The cue of the others killed before chunk `before`; `i` itself where there are none."""
    if kind != "killed":
        return i
    cues = (j for j in range(before, -1, -1) if "killed" in (s.chunks[j].roles or {}).values())
    return next(cues, i)


def also_oneself(s: Context, i: int, kind: Kind, group: int, last: int) -> Iterator[Mention]:
    """As in "killed his wife, two sons and himself", "shot three musicians, self"."""
    if s.sets["reflexive"].isdisjoint(s.words):
        return
    for k in range(last + 1, last + _LISTED):
        if s.word(k) in s.sets["reflexive"]:
            if s.tag(k - 1) in {"and", "adverb", ","}:
                yield from _oneself(s, i, kind, group, k)
            return
        if s.tag(k) in {"verb", "cue", "be", "have", "say", ";", ".", "but", "who", ""}:
            return


def may_be_seized(people: People) -> bool:
    """As in "seized two drug traffickers" is an arrest; things are seized too."""
    return people.noun is not None and people.noun.victim_class != "perpetrator"


def is_compound(s: Context, objects: Sequence[int]) -> bool:
    """As in "shooting suspects": the cue is part of a noun."""
    return any(
        (p := s.people(j)) is not None and p.form in {"plural", "single"} and p.end - p.start == 1 for j in objects
    )


def forced_to(s: Context, i: int, kind: Kind) -> Iterator[Mention]:
    """As in "forced 2,500 people to flee", "had to evacuate"."""
    group = s.group_start(i)
    if s.tag(i - 1) != "to":
        return
    people = s.people(i - 2)
    if people is not None and any(s.word(j) in s.sets["forcing"] for j in range(max(0, i - 6), i - 2)):
        yield from s.emit([i - 2], kind, "forced_to", i, i)
    elif any(s.word(j) in {"forced", "had", "have", "compelled", "obliged"} for j in range(group, i)):
        yield from s.emit(subjects_before(s, group, adjacent=False), kind, "forced_to", i, group)


def passive_victims(s: Context, i: int, kind: Kind, group: int) -> Iterator[Mention]:
    """As in "two guards who stood at the gate were killed"."""
    yield from pronoun(s, i, kind, group)
    victims = subjects_before(s, group, adjacent=False)
    yield from _with_pronoun(s, i, kind, group, victims)
    if s.word(group) == "being" and s.word(group - 1) in {"before", "after", "while"}:
        victims = victims.where(lambda j: not belongs_to_verb(s, j))
    for mention in s.emit(victims, kind, "passive_subject", i, group):
        if kind != "displaced" or not _is_of_the_hurt(s, mention.people):
            yield mention
    if not victims:
        yield from company(s, i, kind, group)


def participle(s: Context, i: int, kind: Kind) -> Iterator[Mention]:
    """As in "were killed", "two killed in", "killed two": told apart by the auxiliary and by what stands around."""
    group = s.group_start(i)
    perfect = "have" in map(s.tag, range(group, i))
    passive = passive_start(s, i, group)
    if passive is not None:
        return passive_victims(s, i, kind, passive)
    if is_reflexive(s, i):
        return reflexive(s, i, kind)
    if kind == "displaced" and (s.tag(i + 1) == "determiner" or perfect):
        return left(s, i, kind, group)
    if is_object_pronoun(s, i):
        return object_pronoun(s, i, kind, group)
    animals = s.tag(i + 1) == "number" and s.tag(i + 2) == "and" and s.people(i + 3) is not None
    is_noun = kind == "displaced" and s.tag(i - 1) == "determiner"  # "a camp for the displaced"
    if (s.tag(i + 1) in {"pronoun", "determiner", "name", "number"} and not animals) or is_aimed(s, i) or is_noun:
        return iter(())
    return past(s, i, kind, group, perfect=perfect)


def passive_start(s: Context, i: int, group: int) -> int | None:
    """Where the passive begins that ends in cue `i`; None when it is none ("is known to have killed")."""
    have = max((j for j in range(group, i) if s.tag(j) == "have"), default=group)
    if s.has_be(have, i) or not _FOUND.isdisjoint(map(s.word, range(have, i))):
        return group
    alone = s.people(i + 1) is None and s.tag(i + 1) != "pronoun" and not is_reflexive(s, i)
    return chained(s, group) if alone and s.tag(group - 1) == "and" else None


def is_reflexive(s: Context, i: int) -> bool:
    """As in "shot himself", "shot and killed herself"."""
    after = i + 3 if s.tag(i + 1) == "and" or s.is_asyndeton(i + 1) else i + 1
    return s.word(after) in s.sets["reflexive"]


def left(s: Context, i: int, kind: Kind, group: int) -> Iterator[Mention]:
    """As in "30,000 people had evacuated", "evacuated their homes"; with an object, the people moved."""
    objects = objects_after(s, i + 1)
    people = objects or subjects_before(s, group, adjacent=False)
    rule = "active_object" if objects else "left_home"
    return (m for m in s.emit(people, kind, rule, i, group) if may_be_displaced(m.people))


def past(s: Context, i: int, kind: Kind, group: int, *, perfect: bool) -> Iterator[Mention]:
    """A past without auxiliary: active with an object, else a participle after its noun."""
    shared = i + 3 if s.is_chained(i + 1) else i + 1
    objects = objects_after(s, shared)
    before = subjects_before(s, group, adjacent=True)
    if not before and s.tag(group - 1) == "," and s.tag(i + 1) == "by" and s.counted_at([group - 2]):
        before = Found([group - 2])
    before_it = s.word(group - 2) if s.tag(group - 1) in {"and", ","} else ""
    if before_it in _DONE_FIRST and not (before or objects) and s.tag(i + 1) != "and":
        before = subjects_before(s, s.group_start(group - 2), adjacent=True)  # "woman raped, murdered"
    if objects and not (s.counted_at(before) and elliptic(s, objects[0])):
        yield from past_object(s, i, kind, group, objects)
    elif not objects and _is_they(s, group) and s.word(i) in _BY_THEMSELVES:
        yield from pronoun(s, i, kind, group)  # "They drowned", "They all drowned"
    elif not objects and s.tag(group - 1) == "pronoun":
        yield from relative_object(s, i, kind, group)
    elif before and not perfect:
        yield from reduced(s, i, kind, group, before)
    elif (perfect and s.word(i) in _BY_THEMSELVES) or (s.word(i) in _DROWNED and s.word(i + 1) not in _NO_DEATH):
        yield from s.emit(subjects_before(s, group, adjacent=False), kind, "intransitive_subject", i, group)


def _is_they(s: Context, group: int) -> bool:
    """Whether a pronoun stands before the verb group, but not behind whom others did it to ("the men they burned")."""
    at = group - 2 if s.word(group - 1) in {"all", "both"} and s.word(group - 2) == "they" else group - 1
    return s.tag(at) == "pronoun" and s.tag(at - 1) != "people"


def past_object(s: Context, i: int, kind: Kind, group: int, objects: Sequence[int]) -> Iterator[Mention]:
    """As in "guerrillas killed 43 peasants"; "he shot 68" is a score."""
    if s.tag(i - 1) == "pronoun" and s.word(i) == "shot" and is_bare_number(s, objects[0]):
        return
    for mention in s.emit(objects, kind, "active_object", i, group):
        if is_loose(s, mention):
            continue
        if s.word(i) not in _SEIZING or may_be_seized(mention.people):
            yield mention
    yield from also_oneself(s, i, kind, group, objects[-1])


def reduced(s: Context, i: int, kind: Kind, group: int, before: Sequence[int]) -> Iterator[Mention]:
    """As in "five Palestinians killed on Saturday"; a bare plural counts in headlines and upper case only."""
    for mention in s.emit(before, kind, "reduced_passive", i, group):
        if mention.people.form != "plural" or mention.people.quantity is not None or not s.cased:
            main = s.word(i) in _DROWNED or _is_share(s, mention)
            mention.inner = not main or any(s.tag(j) == "be" for j in range(i + 1, len(s.chunks)))
            yield mention


def _is_share(s: Context, mention: Mention) -> bool:
    """Whether somebody is a share: "half of the 20 sailors drowned" are ten, "half of the 20 hurt were boys" twenty."""
    people = mention.people
    return people.inner is not None and not FRACTIONS.isdisjoint(s.words[people.start : people.inner.start])


def is_loose(s: Context, mention: Mention) -> bool:
    """As in "hurt student learning": a bare singular is no victim in running text, unless a name follows."""
    people = mention.people
    if mention.kind == "abducted" and s.tag(mention.at + 1) == "possessive":  # "snatched a trader's bag"
        return True
    if s.tag(mention.at + 1) == "possessive" and s.word(mention.at + 2) in _OWNED:  # "injured a shepherd's dog"
        return True
    bare = people.form == "single" and people.end - people.start == 1
    if bare and s.tag(mention.at - 1) == "and" and s.word(mention.at) in s.sets["kin"]:
        return False  # "killed her parents and brother"
    if bare and mention.kind == "killed" and s.word(mention.at) in s.sets["kin"]:
        return False  # "kills wife, mother-in-law"
    return s.cased and bare and s.word(mention.at) not in _SOMEBODY and not s.is_name(mention.at + 1)


def is_bare_number(s: Context, j: int) -> bool:
    """As in "he shot 68": a score, when nobody is named."""
    people = s.people(j)
    return people is not None and people.form == "elided"


def is_aimed(s: Context, i: int) -> bool:
    """As in "shot at police": fired, not hit; "two shot at a bar" were."""
    return s.word(i) == "shot" and s.word(i + 1) == "at" and s.tag(i + 2) in {"people", "pronoun"}


def relative_object(s: Context, i: int, kind: Kind, group: int) -> Iterator[Mention]:
    """As in "the seven engineers they had abducted", "a man whom she had shot"."""
    j = group - 2
    if s.tag(j) == "who":
        j -= 1
    for mention in s.emit([j], kind, "relative_object", i, group):
        mention.inner = True
        yield mention


def company(s: Context, i: int, kind: Kind, group: int) -> Iterator[Mention]:
    """As in "was killed ... along with two of his bodyguards", whoever is killed first."""
    for k in range(i + 1, min(i + 14, len(s.chunks))):
        if s.tag(k) in {";", ".", "cue"}:
            return
        if s.word(k) in s.sets["join"] and s.word(k + 1) == "with" and s.people(k + 2):
            hurt = (s.people(k + 2) or _NOBODY).made.get("count") == "injured"
            yield from s.emit(_together(s, k + 2), "injured" if hurt else kind, "along_with", i, k if hurt else group)
            return


def _together(s: Context, start: int) -> Found:
    """The people from `start` on who are told of together; not "63 injured" behind them."""
    return objects_after(s, start).where(lambda j: j == start or not (elliptic(s, j) or has_made(s, j)))


def has_made(s: Context, j: int) -> bool:
    """Whether a word for what happened is the noun of the phrase at `j`: "63 injured"."""
    people = s.people(j)
    return people is not None and bool(people.made)


def elliptic(s: Context, j: int) -> bool:
    """Whether the phrase at `j` starts the next item of a list of outcomes: "2 killed 3 injured"."""
    return s.tag(j + 1) == "cue"


def intransitive(s: Context, i: int, kind: Kind) -> Iterator[Mention]:
    """As in "three people died", "thousands have fled their homes"."""
    group = s.group_start(i)
    if kind == "displaced" and is_flight(s, i):
        return
    found = forced_objects(s, i) if kind == "displaced" else []
    running = kind == "displaced" and s.word(i).endswith("ing") and not s.has_be(group, i)
    if kind == "displaced" and s.word(i - 1) == "having" and s.tag(i - 2) == ",":  # "12 came to Pagak, having fled"
        found = [j for j in range(i - 2) if s.counted_at([j])][:1]
    found = found or subjects_before(s, group, adjacent=running)
    yield from pronoun(s, i, kind, group)
    if kind == "killed" and found and s.word(i + 1) == "with":  # "the bomber died with nine worshippers"
        named = objects_after(s, i + 2).where(
            lambda j: s.counted_at([j]) and (p := s.people(j)) is not None and p.noun is not None
        )
        yield from s.emit(named, kind, "along_with", i, group)
    if kind == "killed":
        yield from _with_pronoun(s, i, kind, group, found)
    for mention in s.emit(found, kind, "intransitive_subject", i, group):
        if kind == "displaced" and not may_be_displaced(mention.people):
            continue
        alone = mention.people.form in {"named", "single"} and s.word(i + 1) != "when"  # "died when their glider fell"
        if alone and not is_violent(s, mention.people.form):
            continue
        yield mention


def _with_pronoun(s: Context, i: int, kind: Kind, group: int, found: Sequence[int]) -> Iterator[Mention]:
    """As in "He and his passenger died", "She and two customers were hurt": one person whom the text named before."""
    at = found[0] - 2 if found else -1
    if at < 0 or s.word(at) not in _HE or s.tag(at + 1) != "and" or s.tag(at - 1) in {"who", "people"}:
        return
    if kind in {"killed", "injured", "abducted", "missing"}:
        end = s.ends[at]
        person = People(end - 1, end, "single", None, None, -1, definite=True)
        yield Mention(person, kind, "passive_subject", i, group, at)


def pronoun(s: Context, i: int, kind: Kind, group: int) -> Iterator[Mention]:
    """As in "he died", "she was pronounced dead": a victim met before, if the reader knows of one."""
    yield from they(s, i, kind, group)
    subject = s.chunks[group - 1] if group else None
    if kind == "killed" and subject is not None and subject.word in _HE:
        end = s.ends[group - 1]
        people = People(end - subject.size, end, "pronoun", None, None, -1)
        yield Mention(people, kind, "pronoun", i, group, group - 1)


def forced_objects(s: Context, i: int) -> list[int]:
    """As in "forcing 300 families to flee"."""
    if s.tag(i - 1) == "to" and s.people(i - 2) is not None:
        return [i - 2]
    return []


def may_be_displaced(people: People) -> bool:
    """One person or a suspect who flees is running, not displaced."""
    if people.noun is not None and people.noun.victim_class == "perpetrator":
        return False
    return people.form not in {"single", "named"}


def _is_of_the_hurt(s: Context, people: People) -> bool:
    """As in "eight of the injured have been evacuated": to a hospital, and not from home."""
    return not _THE_HURT.isdisjoint(s.words[people.start : people.end])


def is_violent(s: Context, form: str) -> bool:
    """Whether a single death is no natural one: a name wants violence beside it, others no illness or age."""
    violent = not s.sets["violence"].isdisjoint(s.words)
    natural = not s.sets["natural"].isdisjoint(s.words)
    if "aged" in s.words and any(word.isdecimal() and int(word) in _OLD_AGE for word in s.words):
        return False
    return violent and not natural if form == "named" else violent or not natural


def is_flight(s: Context, i: int) -> bool:
    """As in "fled the scene", "fled on foot": running away, not being displaced."""
    return not s.sets["scene"].isdisjoint(map(s.word, range(i + 1, i + 6)))


def predicate(s: Context, i: int, kind: Kind) -> Iterator[Mention]:
    """As in "left 14 people dead", "two dead", "are still missing", "took 26 people hostage"."""
    group = s.group_start(i)
    if kind == "missing" and s.tag(i + 1) in {"determiner", "number"} and not s.has_be(group, i):
        return
    plain = group == i
    yield from pronoun(s, i, kind, group)
    if (kind in {"abducted", "captured"} or s.word(i) == "homeless") and not is_held(s, i):
        return
    if kind == "abducted" and s.tag(i - 1) == "claim" and s.counted_at(taken := objects_after(s, i + 1)):
        yield from s.emit(taken, kind, "predicate", i, group)  # "took hostage six engineers"
        return
    loose = all(s.tag(j) == "adverb" for j in range(group, i))  # "with 38 others still missing"
    found = subjects_before(s, group, adjacent=loose)
    if plain and found and s.tag(found[0] - 1) == "and":  # "shot his wife and her sister dead"
        over = item_end(s, found[0] - 2)
        if over is not None and s.tag(over - 1) in {"cue", "claim", "verb"}:
            found.insert(0, over)
    if not found and kind == "killed" and s.tag(group - 1) == "name" and s.word(i - 1) in {"pronounced", "declared"}:
        end = s.ends[group - 1]  # "Hutzler was pronounced dead"
        yield Mention(People(end - 1, end, "named", None, None, -1), kind, "predicate", i, group, group - 1)
    yield from s.emit(found, kind, "predicate", i, group)


def is_held(s: Context, i: int) -> bool:
    """As in "took 26 people hostage", "was held captive": the noun is a predicate only after such a verb."""
    return not s.sets["held"].isdisjoint(map(s.word, range(max(0, i - 8), i)))


def unharmed(s: Context, i: int, kind: Kind) -> Iterator[Mention]:
    """As in "was unharmed", "escaped unhurt": nobody of those named."""
    group = s.group_start(i)
    while s.tag(group - 1) in {"verb", "adverb", "be"}:
        group -= 1
    for mention in s.emit(subjects_before(s, group, adjacent=False), kind, "unharmed", i, group):
        mention.negated = True
        yield mention
