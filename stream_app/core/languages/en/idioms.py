"""Rules for what is said without a verb for a casualty: lives, hands that seize, searches, shelters, lists of names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.languages.en.context import Context, Found
from stream_app.core.languages.en.lexicon import Roles
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.objects import is_sport, objects_after, predicated
from stream_app.core.languages.en.phrases import People
from stream_app.core.languages.en.pronouns import met_before
from stream_app.core.languages.en.subjects import in_phrase, subjects_before
from stream_app.core.languages.en.verbs import first_deadly

_ENDS: Final = frozenset({"", ",", ".", ";", ":", "-", ")", "and", "preposition", "but"})
_CROWD: Final = 10
_HEADING: Final = 5
_BULLETS: Final = frozenset("-*•·–—>+▪●")
_LISTED_PLACE: Final = ("name", "word")
_IN_LIST: Final = frozenset({",", "and", "number", "name", "(", ")", "preposition", "of", "determiner", "word", "day"})
_ENDING: Final = frozenset({"taking", "took", "takes", "take", "ending", "ended"})
_TWO: Final = 2
_STILL: Final = frozenset({"lie", "still", "remain", "remains", "remained", "remaining"})
_CAMPING: Final = frozenset({"camping", "camped", "slept", "sleeping"})
_MARTYRED: Final = frozenset(
    {"attained", "attain", "embraced", "embrace", "embraces", "achieved", "met", "paid", "made"}
)
_LIVED: Final = frozenset(
    {"none", "survived", "survives", "tried", "attempted", "critical", "hospital", "wounding", "themselves"}
)
_SAFE: Final = frozenset({"safety", "safer", "higher"})
_LISTED: Final = frozenset({"reported", "listed", "registered", "still"})
_BURYING: Final = frozenset({
    "mud", "rubble", "debris", "slide", "landslide", "mudslide", "avalanche", "snow", "collapse", "ruins", "quake",
    "earthquake", "mine", "pit", "officials",
})  # fmt: skip
_REST: Final = frozenset({"rest", "evacuation", "relief", "reception", "temporary", "shelter", "shelters", "school"})
_FOR: Final = "for"
_SEVERAL: Final = frozenset({"various", "different", "several", "nearby", "two", "three"})
_UNDER_CARE: Final = frozenset({"undergoing", "under", "receiving", "getting"})
_CARE_BEFORE: Final = frozenset(
    {"medical", "emergency", "urgent", "hospital", "specialist", "intensive", "life", "the"}
)
_GIVING: Final = frozenset({"gave", "given", "give", "gives"})
_THE_GHOST: Final = ["up", "the", "ghost"]
_SPORTING: Final = frozenset({"athletes", "physio", "physiotherapist"})
_SICK: Final = frozenset({"patient", "patients", "case", "cases"})
_LATE: Final = 14
_STATES: Final = frozenset({"killed", "injured", "wounded", "dead", "missing", "hurt"})
_NO_INVERSION: Final = frozenset({"be", "have", "modal", "cue", "who", "pronoun", "by", ";", ":", "say"})


def claims(s: Context, i: int) -> Iterator[Mention]:
    """As in "cholera claims 61 people", "the flames claimed a mother"; not "the firm claims 40 people back it"."""
    before = s.people(i - 1)
    if (before is not None and s.tag(i - 2) not in {"preposition", "of"}) or s.tag(i - 1) in {
        "pronoun",
        "say",
    }:
        return
    objects = objects_after(s, i + 1)
    if not objects or predicated(s, objects[-1]) or s.tag(objects[-1] + 1) in {"verb", "leave", "possessive"}:
        return
    hazard = not s.sets["hazard"].isdisjoint(s.words)
    if hazard or (s.counted_at(objects[:1]) and before is None and s.word(i) == "claims"):
        group = s.group_start(i)
        yield from s.emit(objects, "killed", "claimed_people", i, group)


def hands(s: Context, i: int) -> Iterator[Mention]:
    """As in "sank with the loss of all seven hands"."""
    if s.word(i - 1) == "of" and s.word(i - 2) == "loss" and s.counted_at([i]):
        yield from s.emit([i], "killed", "lives_of", i, i)


def costs(s: Context, i: int) -> Iterator[Mention]:
    """As in "cost 64 people their lives"."""
    objects = objects_after(s, i + 1)
    after = objects[-1] + 1 if objects else i + 1
    if objects and s.word(after) in {"their", "his", "her"} and s.word(after + 1) in {"lives", "life"}:
        yield from s.emit(objects, "killed", "cost_lives", i, s.group_start(i))


def own_life(s: Context, i: int) -> Iterator[Mention]:
    """As in "lost his life", "laid down their lives", "paid with their lives", "claimed the life of a man"."""
    if s.tag(i + 1) == "of":
        if any(s.word(j) in s.sets["claim"] for j in range(max(0, i - 4), i)):
            yield from s.emit(objects_after(s, i + 2), "killed", "lives_of", i, i)
        return
    if s.word(i + 1) == "out" and s.tag(i + 2) == "of" and s.word(i - 1) in s.sets["snuffing"]:
        yield from s.emit(objects_after(s, i + 3), "killed", "lives_of", i, i)
        return
    k = i - 1
    while s.word(k) in {"their", "his", "her", "young", "own"}:
        k -= 1
    if s.word(i - 1) == "own" and s.word(k) in _ENDING and s.word(i - 2) != "their":
        end = s.ends[i - 1]  # "killed his wife before taking his own life"
        himself = People(end - 1, end, "single", None, None, -1)
        group = s.group_start(k)
        yield Mention(himself, "killed", "reflexive", first_deadly(s, group - 1, "killed", i), group, i - 1)
        return
    if s.word(k) == _FOR and s.word(k - 1) in s.sets["rallying"] and k < i - 1:
        yield from _fighting_for_life(s, k - 1)
        return
    verb = next((j for j in range(k, max(-1, k - 3), -1) if s.word(j) in s.sets["losing"]), None)
    if k == i - 1 or verb is None:
        return
    group = s.group_start(verb)
    yield from s.emit(subjects_before(s, group, adjacent=False), "killed", "lost_lives", verb, group)


def _fighting_for_life(s: Context, verb: int) -> Iterator[Mention]:
    """As in "left a cyclist fighting for his life", "two are fighting for their lives"."""
    group = s.group_start(verb)
    found = subjects_before(s, group, adjacent=not s.has_be(group, verb))
    yield from s.emit(found.where(s.is_part), "injured", "in_condition", verb, group)


def suicide(s: Context, i: int) -> Iterator[Mention]:
    """As in "committed suicide"."""
    if s.word(i - 1) in s.sets["committing"]:
        group = s.group_start(i - 1)
        yield from s.emit(subjects_before(s, group, adjacent=False), "killed", "own_hand", i - 1, group)


def turned_on_self(s: Context, i: int) -> Iterator[Mention]:
    """As in "before turning the gun on himself", unless he lived."""
    at = next((j for j in range(i + 2, i + _HEADING) if s.word(j) in s.sets["reflexive"] and s.word(j - 1) == "on"), i)
    if at > i and not s.sets["weapon"].isdisjoint(map(s.word, range(i, at))) and _LIVED.isdisjoint(s.words):
        group = s.group_start(i)
        end = s.ends[at]
        himself = People(end - 1, end, "single", None, None, -1)
        yield Mention(himself, "killed", "reflexive", first_deadly(s, group - 1, "killed", i), group, at)


def martyrdom(s: Context, i: int) -> Iterator[Mention]:
    """As in "attained martyrdom", "embrace shahadat", "paid the ultimate sacrifice"."""
    k = i - 1
    while s.word(k) in {"the", "ultimate", "supreme"}:
        k -= 1
    if s.word(k) in _MARTYRED and (s.word(i) != "sacrifice" or k < i - 1):
        group = s.group_start(k)
        yield from s.emit(subjects_before(s, group, adjacent=False), "killed", "martyrdom", k, group)


def to_hell(s: Context, i: int) -> Iterator[Mention]:
    """As in the army's "eleven khwarij were sent to hell"."""
    if s.word(i - 1) == "to" and s.word(i - 2) in {"sent", "dispatched"}:
        group = s.group_start(i - 2)
        passive = group < i - 2
        yield from s.emit(subjects_before(s, group, adjacent=not passive), "killed", "early_grave", i - 2, group)


def set_ablaze(s: Context, i: int) -> Iterator[Mention]:
    """As in "a mob set four suspected robbers ablaze": whom a crowd burns is dead."""
    if s.sets["mob"].isdisjoint(s.words):
        return
    verb = next((j for j in range(i - 1, max(-1, i - 6), -1) if s.word(j) in {"set", "sets", "setting"}), None)
    if verb is not None:
        found = objects_after(s, verb + 1).where(s.is_part)
        yield from s.emit(found, "killed", "burnt_by_mob", verb, s.group_start(verb))


def met_death(s: Context, i: int) -> Iterator[Mention]:
    """As in "three miners met their untimely death"."""
    end = next((j for j in range(i + 2, i + 5) if s.word(j) in {"death", "deaths"}), None)
    if s.word(i + 1) in {"a", "an", "their", "his", "her"} and end is not None:
        group = s.group_start(i)
        yield from s.emit(subjects_before(s, group, adjacent=False), "killed", "met_death", i, group)


def last_breath(s: Context, i: int) -> Iterator[Mention]:
    """As in "four others breathed their last on the way to hospital", "two gave up the ghost"."""
    if s.word(i + 2) == "last" or (s.word(i) in _GIVING and s.words[s.ends[i] : s.ends[i] + 3] == _THE_GHOST):
        group = s.group_start(i)
        yield from s.emit(subjects_before(s, group, adjacent=False), "killed", "last_breath", i, group)


def early_grave(s: Context, i: int) -> Iterator[Mention]:
    """As in "sent five traders to their early graves"."""
    sent = next((j for j in range(i - 1, max(-1, i - 8), -1) if s.word(j) in {"sent", "sends", "sending"}), None)
    if sent is not None and s.word(i - 1) in {"early", "untimely", "watery"}:
        found = objects_after(s, sent + 1).where(s.is_part)
        yield from s.emit(found, "killed", "early_grave", sent, sent)
    elif s.word(i - 1) == "watery":  # "met a watery grave"
        verb = next((j for j in (i - 2, i - 3) if s.word(j) in {"met", "meet", "found", "find"}), None)
        group = s.group_start(verb) if verb is not None else 0
        if verb is not None:
            yield from s.emit(subjects_before(s, group, adjacent=False), "killed", "early_grave", verb, group)


def fatal_for(s: Context, i: int) -> Iterator[Mention]:
    """As in "proved fatal for three skiers"."""
    if s.word(i + 1) in {"for", "to"} and (s.tag(i - 1) == "be" or s.word(i - 1).startswith("prove")):
        counted = objects_after(s, i + 2).where(s.is_part)
        yield from s.emit(counted, "killed", "fatal_for", i, s.group_start(i))


def not_saved(s: Context, i: int) -> Iterator[Mention]:
    """As in "two of them could not be saved"."""
    group = s.group_start(i)
    if s.has_be(group, i) and any(s.tag(j) == "not" for j in range(group, i)):
        start = next((j for j in range(max(0, i - 5), i) if s.tag(j) == "modal"), group)
        if s.tag(start) == "modal" and s.word(start) != "could":
            return
        counted = subjects_before(s, start, adjacent=False).where(s.is_part)
        yield from s.emit(counted, "killed", "not_survived", i, i)


def broken_limb(s: Context, i: int) -> Iterator[Mention]:
    """As in "a passenger broke an arm", "lost both legs"; players' bones are no news here."""
    verb = next((j for j in (i - 1, i - 2, i - 3) if s.word(j) in {"broke", "fractured", "lost"}), None)
    if verb is not None and not is_sport(s):
        group = s.group_start(verb)
        found = subjects_before(s, group, adjacent=False).where(s.is_part)
        yield from s.emit(found, "injured", "suffered_wounds", verb, group)


def hopes_fade(s: Context, i: int) -> Iterator[Mention]:
    """As in "hopes are fading for the 16 crew"."""
    at = next((j for j in (i + 1, i + 2, i + 3) if s.word(j) == _FOR), None)
    if at is not None and "hopes" in {s.word(j) for j in range(max(0, i - 4), i)}:
        counted = objects_after(s, at + 1).where(lambda j: s.counted_at([j]) and not _is_armed(s, j))
        yield from s.emit(counted, "missing", "hopes_fade", i, i)


def made_off(s: Context, i: int) -> Iterator[Mention]:
    """As in "pirates made off with the captain and five crew"."""
    armed = not s.sets["armed"].isdisjoint(s.words)
    if armed and s.word(i - 1) == "made" and s.word(i + 1) == "with":
        yield from s.emit(_persons(s, objects_after(s, i + 2)), "abducted", "taken_away", i, i)


def spent_night(s: Context, i: int) -> Iterator[Mention]:
    """As in "3,000 people spent the night in gyms" after a flood; fans who camp before a match are no displaced."""
    if (s.sets["hazard"] | s.sets["far"]).isdisjoint(s.words):
        return
    if s.sets["shelter_place"].isdisjoint(map(s.word, range(i + 1, i + 8))):
        return
    verb = next((j for j in (i - 1, i - 2, i - 3) if s.word(j).startswith(("spent", "spend"))), None)
    if verb is not None:
        group = s.group_start(verb)
        counted = _persons(s, subjects_before(s, group, adjacent=False)).where(lambda j: s.counted_at([j]))
        yield from s.emit(counted, "displaced", "put_up", verb, group)


def throats(s: Context, i: int) -> Iterator[Mention]:
    """As in "slit the throats of six drivers"."""
    cut = any(s.word(j) in {"slit", "cut", "slitting", "cutting", "slashed"} for j in range(max(0, i - 3), i))
    if cut and s.tag(i + 1) == "of":
        yield from s.emit(objects_after(s, i + 2), "killed", "throats_of", i, i)


def buried(s: Context, i: int) -> Iterator[Mention]:
    """As in "buried 14 villagers alive": "alive" after its object."""
    group = s.group_start(i)
    if "alive" not in map(s.word, range(i + 1, i + 5)):
        return
    found = subjects_before(s, group, adjacent=False) if s.has_be(group, i) else objects_after(s, i + 1)
    yield from s.emit(found, "killed", "buried_alive", i, group)


def taken(s: Context, i: int) -> Iterator[Mention]:
    """As in "gunmen took away 12 villagers", "raiders carried off 40"; not "medics took two men to hospital"."""
    if not s.sets["medical"].isdisjoint(s.words):
        return
    if s.sets["armed"].isdisjoint(s.words) and not _is_carried_off(s, i):
        return
    if s.word(i + 1) == "place" or "hostage" in s.words or "prisoner" in s.words:
        return
    group = s.group_start(i)
    away = s.word(i + 1) in s.sets["away"]
    if s.word(i + 1) == "them" and s.word(i + 2) in s.sets["away"]:  # "met nine women and took them away"
        before = met_before(s, group, plural=True)
        yield from s.emit([before] if before is not None else [], "abducted", "taken_away", i, group)
        return
    if s.has_be(group, i):
        if away or s.word(i + 1) in {"from", "at"}:
            yield from s.emit(subjects_before(s, group, adjacent=False), "abducted", "taken_away", i, group)
        return
    objects = objects_after(s, i + 2 if away else i + 1)
    last = objects[-1] + 1 if objects else i
    verb, after = s.word(i), s.word(last)
    seizes = after in {"from", "in"} and verb.startswith(("took", "take", "taking"))
    seizes = seizes or ("off" in s.words and not {"them", "him", "her"}.isdisjoint(s.words))
    leads = away or seizes or verb in s.sets["herding"] or after in s.sets["away"]
    if objects and leads:
        yield from s.emit(_persons(s, objects), "abducted", "taken_away", i, group)


def held_by(s: Context, i: int) -> Iterator[Mention]:
    """As in "two seafarers are being held by pirates"; not by the police."""
    by = i + 2 if s.word(i + 1) == "captive" else i + 1
    group = s.group_start(i)
    if s.word(by) != "by" or not s.has_be(group, i) or s.sets["armed"].isdisjoint(map(s.word, range(by + 1, by + 5))):
        return
    held = _persons(s, subjects_before(s, group, adjacent=False)).where(s.is_part)
    yield from s.emit(held, "abducted", "taken_away", i, group)


def _is_carried_off(s: Context, i: int) -> bool:
    """As in "nine people were carried off", by whom the sentence before may say; not by a flood."""
    if s.word(i) != "carried" or s.word(i + 1) != "off" or is_sport(s):
        return False
    if not s.sets["players"].isdisjoint(s.words):
        return False
    group = s.group_start(i)
    counted = s.has_be(group, i) and s.counted_at(subjects_before(s, group, adjacent=False))
    return counted and s.sets["swept_by"].isdisjoint(s.words)


def loses(s: Context, i: int) -> Iterator[Mention]:
    """As in "the army lost 30 soldiers", "we lost our two sisters in the fire"; not "lost 50 men to desertion"."""
    if not s.sets["sent_off_to"].isdisjoint(s.words) or is_sport(s):
        return
    disaster = not s.sets["hazard"].isdisjoint(s.words) and s.sets["conflict"].isdisjoint(s.words)
    own = False
    for mention in s.emit(objects_after(s, i + 1), "killed", "lost_people", i, s.group_start(i)):
        noun = mention.people.noun
        fought = noun is not None and noun.victim_class in {"combatant", "police"} and s.counted_at([mention.at])
        own = own or s.words[mention.people.start] in s.sets["possessive"]
        if fought or (disaster and own and noun is not None):
            yield mention


def _persons(s: Context, found: Found) -> Found:
    """Those of the phrases that name persons, not paintings, and no armed ones."""
    return found.where(lambda j: not _is_armed(s, j) and (p := s.people(j)) is not None and p.form != "unknown")


def _is_armed(s: Context, j: int) -> bool:
    people = s.people(j)
    return people is None or (people.noun is not None and people.noun.victim_class == "perpetrator")


# --- missing -------------------------------------------------------------------------------------------------


def unseen(s: Context, i: int) -> Iterator[Mention]:
    """As in "have not been seen since", "has not been heard from"."""
    group = s.group_start(i)
    if any(s.tag(j) == "not" for j in range(group, i)) and s.has_be(group, i):
        if s.word(i) == "heard" and s.word(i + 1) not in {"from", "of"}:
            return
        yield from _not_negated(s, subjects_before(s, group, adjacent=False), "unseen", i)


def unfound(s: Context, i: int) -> Iterator[Mention]:
    """As in "are yet to be found", "could not be traced", "have not been found", "12 reported as not located"."""
    group = s.group_start(i)
    yet = any(s.word(j) == "yet" for j in range(max(0, i - 4), i))
    negated = any(s.tag(j) == "not" for j in range(group, i))
    if negated and s.counted_at([group - 1]) and not _LISTED.isdisjoint(map(s.word, range(group, i))):
        yield from _not_negated(s, subjects_before(s, group, adjacent=not s.has_be(group, i)), "not_found", i)
    elif s.has_be(group, i) and (yet or negated):
        start = next((j for j in range(max(0, i - 6), i) if s.tag(j) in {"be", "have", "modal"}), group)
        yield from _not_negated(s, subjects_before(s, start, adjacent=False), "not_found", i)


def _not_negated(s: Context, found: Found, rule: str, i: int) -> Iterator[Mention]:
    """Missing people: the "not" before the verb is what makes them so, hence no verb group."""
    yield from s.emit(_persons(s, found), "missing", rule, i, i)


def fate(s: Context, i: int) -> Iterator[Mention]:
    """As in "the fate of 12 miners is unknown", "no trace of the seven sailors", "their whereabouts"."""
    if s.tag(i + 1) != "of" or (s.word(i) in {"word", "news"} and s.sets["rescue"].isdisjoint(s.words)):
        return
    lost = not {"unknown", "unclear", "uncertain", "known"}.isdisjoint(s.words)
    if lost or (s.word(i) in {"trace", "word", "news"} and s.word(i - 1) == "no") or s.word(i) == "sign":
        yield from s.emit(_persons(s, objects_after(s, i + 2)), "missing", "fate_of", i, i)


def trapped(s: Context, i: int) -> Iterator[Mention]:
    """As in "nine remain buried under the mud", "30 are still trapped"; who was trapped for an hour is not lost."""
    here = s.word(i) in {"trapped", "buried"}
    before = {s.word(j) for j in range(max(0, i - 3), i)}
    still = bool(before & _STILL) and ("lie" not in before or not _BURYING.isdisjoint(s.words))
    if here:
        ahead = {s.word(j) for j in range(i + 1, i + 6)}
        now = bool(before & {"are", "is"}) and not s.sets["under"].isdisjoint(ahead)
        if not (still or now):
            return
    elif s.word(i) not in _STILL or not {s.word(i + 1), s.word(i + 2)} & {"under", "beneath"}:
        return
    group = i
    while s.word(group - 1) in _STILL or s.tag(group - 1) in {"be", "have", "adverb"}:
        group -= 1
    yield from _not_negated(
        s, subjects_before(s, group, adjacent=False).where(lambda j: s.counted_at([j])), "trapped", group
    )


def not_located(s: Context, i: int) -> Iterator[Mention]:
    """As in "have yet to locate five walkers", "have been unable to reach 12 miners"."""
    before = {s.word(j) for j in range(max(0, i - 4), i)}
    if s.tag(i - 1) == "to" and before & {"yet", "unable", "failed"} and "police" not in s.words:
        found = objects_after(s, i + 1).where(lambda j: s.counted_at([j]) and not _is_armed(s, j))
        yield from s.emit(_persons(s, found), "missing", "not_found", i, i)


def search(s: Context, i: int) -> Iterator[Mention]:
    """As in "rescuers are looking for nine people"; police who search for two men want to arrest them."""
    at = next((j for j in range(i + 1, i + 6) if s.word(j) == _FOR), None)
    if at is None or s.sets["rescue"].isdisjoint(s.words):
        return
    single = "police" not in s.words  # "coastguards are looking for a sailor"
    sought_for = objects_after(s, at + 1).where(lambda j: not _is_armed(s, j))
    counted = sought_for.where(lambda j: s.counted_at([j]) or (single and s.is_part(j)))
    found = counted.where(lambda j: (p := s.people(j)) is not None and (p.form != "unknown" or s.word(j) == "crew"))
    yield from s.emit(found, "missing", "searched_for", i, i)


def sought(s: Context, i: int) -> Iterator[Mention]:
    """As in "three more men are still being sought" after a disaster; whom the police seek are none."""
    group = s.group_start(i)
    rescuing = not (s.sets["rescue"] | s.sets["body"] | s.sets["hazard"]).isdisjoint(s.words)
    if rescuing and s.has_be(group, i) and "police" not in s.words:
        counted = _persons(s, subjects_before(s, group, adjacent=False)).where(lambda j: s.counted_at([j]))
        yield from s.emit(counted, "missing", "searched_for", i, i)


def contact(s: Context, i: int) -> Iterator[Mention]:
    """As in "contact was lost with 15 climbers"."""
    at = next((j for j in range(i + 1, i + 5) if s.word(j) == "with"), None)
    if at is not None and "lost" in s.words:
        yield from s.emit(objects_after(s, at + 1), "missing", "contact_lost", i, i)


# --- hurt ----------------------------------------------------------------------------------------------------


def critical(s: Context, i: int) -> Iterator[Mention]:
    """As in "5 dead, 14 critical", "three people are critical"."""
    people = s.people(i)
    if people is not None:  # "14 critical" is one phrase
        if people.form == "unknown" and people.quantity is not None and people.end - people.start == _TWO:
            yield Mention(people, "injured", "critical", i, i, i)
        return
    if s.tag(i + 1) not in _ENDS or s.word(i + 1) in {"of", "about", "to", "for"}:
        return
    group = s.group_start(i)
    found = subjects_before(s, group, adjacent=group == i)
    counted = found.where(
        lambda j: (p := s.people(j)) is not None and p.quantity is not None and p.end - p.start < _CROWD
    )
    elided = counted.where(lambda j: ((p := s.people(j)) is not None and p.form == "elided") or s.has_be(group, i))
    yield from s.emit(elided, "injured", "critical", i, group)


def in_hospital(s: Context, i: int) -> Iterator[Mention]:
    """As in "six are in hospital with burns", "five ended up in hospital", "eight remain in intensive care"."""
    k = i - 1
    while s.word(k) in {"the", "intensive", "a", "local"}:
        k -= 1
    if s.word(i) == "hospitals" and (s.tag(k) == "name" or s.word(k) in _SEVERAL):
        k -= 1  # "are in Saudi hospitals", "are in two hospitals"
    if s.word(k) not in {"in", "into"}:
        return
    group = s.group_start(k)
    if s.word(k - 1) == "later" and any("died" in (chunk.roles or ()) for chunk in s.chunks[:k]):
        return  # "three died on the spot and two others later in hospital"
    if s.word(k - 1) == "up":
        group = s.group_start(k - 2)
    if group < k and s.word(k - 1) not in s.sets["doubt"]:
        found = subjects_before(s, group, adjacent=False).where(s.is_part)
        yield from s.emit(found, "injured", "to_hospital", k, group)


def under_treatment(s: Context, i: int) -> Iterator[Mention]:
    """As in "seven others are undergoing treatment", "37 are under treatment", "11 remain on ventilators".

    Whoever is treated for a disease is not hurt.
    """
    k = i - 1
    while s.word(k) in _CARE_BEFORE:
        k -= 1
    on = s.word(k) == "on" and (s.word(i).startswith("ventilator") or k == i - 2)
    if not (on or s.word(k) in _UNDER_CARE) or not s.sets["sickness"].isdisjoint(s.words) or _is_sporting(s):
        return
    if s.word(i) == "care" and s.word(i - 1) not in _CARE_BEFORE - {"the"}:
        return  # "under the care of a guardian"
    group = s.group_start(k)
    if s.has_be(group, k) or s.word(group) in _STILL:
        counted = subjects_before(s, group, adjacent=False).where(lambda j: s.counted_at([j]) and not _is_armed(s, j))
        found = _persons(s, counted).where(lambda j: s.word(j) not in _SICK)
        yield from s.emit(found, "injured", "to_hospital", k, group)


def _is_sporting(s: Context) -> bool:
    """Whether the sentence tells of a match or of who is fit for it."""
    return is_sport(s) or not _SPORTING.isdisjoint(s.words) or not s.sets["players"].isdisjoint(s.words)


def still_admitted(s: Context, i: int) -> Iterator[Mention]:
    """As in "six passengers are still admitted", "14 are still admitted at the general hospital"."""
    group = s.group_start(i)
    if s.word(i - 1) == "still" and s.tag(i + 1) in _ENDS and s.sets["sickness"].isdisjoint(s.words):
        counted = subjects_before(s, group, adjacent=False).where(lambda j: s.counted_at([j]))
        found = _persons(s, counted).where(lambda j: s.word(j) not in _SICK)
        yield from s.emit(found, "injured", "to_hospital", i, group)


def needs_care(s: Context, i: int) -> Iterator[Mention]:
    """As in "eleven required hospital treatment", "three needed stitches"."""
    if not {"treatment", "stitches", "surgery", "care", "oxygen"}.isdisjoint(map(s.word, range(i + 1, i + 5))):
        group = s.group_start(i)
        found = subjects_before(s, group, adjacent=False).where(lambda j: s.counted_at([j]))
        yield from s.emit(found, "injured", "needed_care", i, group)


# --- displaced -----------------------------------------------------------------------------------------------


def sheltering(s: Context, i: int) -> Iterator[Mention]:
    """As in "schools are accommodating 2,100 people", "the camps hold 80,000"."""
    if s.sets["shelter_place"].isdisjoint(s.words):
        return
    after = i + 2 if s.word(i) == "took" and s.word(i + 1) == "in" else i + 1
    if s.word(i) == "took" and after == i + 1:
        return
    for mention in s.emit(_persons(s, objects_after(s, after)), "displaced", "sheltering", i, s.group_start(i)):
        quantity = mention.people.quantity
        if quantity is not None and quantity.low >= _CROWD and not _is_armed(s, mention.at):
            yield mention


def put_up(s: Context, i: int) -> Iterator[Mention]:
    """As in "900 families were put up in schools", "are sheltering in churches"."""
    inside = s.words if s.word(i) in s.sets["housed"] else map(s.word, range(i + 1, i + 8))
    if s.sets["shelter_place"].isdisjoint(inside) and "open" not in {s.word(j) for j in range(i + 1, i + 4)}:
        return
    if s.word(i) in _CAMPING and (s.sets["hazard"] | s.sets["far"] | s.sets["conflict"]).isdisjoint(s.words):
        return  # fans camp before a match
    group = s.group_start(i - 1 if s.word(i) == "up" and s.word(i - 1) == "put" else i)
    counted = _persons(s, subjects_before(s, group, adjacent=False)).where(lambda j: s.counted_at([j]))
    yield from s.emit(counted, "displaced", "put_up", i, group)


def told_to_go(s: Context, i: int) -> Iterator[Mention]:
    """As in "ordered 5,000 people to leave", "8,000 residents were told to get out"."""
    group = s.group_start(i)
    passive = s.has_be(group, i)
    found = subjects_before(s, group, adjacent=False) if passive else objects_after(s, i + 1)
    start = i if passive or not found else found[-1]
    to = next((j for j in range(start + 1, start + 6) if s.tag(j) == "to"), None)
    behind = s.words[s.ends[start] : s.ends[start] + 4]  # "ordered out of their homes"
    out = behind[:1] in (["out"], ["from"]) and not s.sets["home"].isdisjoint(behind)
    if not out and (to is None or s.sets["going"].isdisjoint(map(s.word, range(to + 1, to + 4)))):
        return
    if s.sets["going_far"].isdisjoint(s.words):
        return
    yield from s.emit(_persons(s, found).where(lambda j: s.counted_at([j])), "displaced", "told_to_leave", i, i)


def orders(s: Context, i: int) -> Iterator[Mention]:
    """As in "evacuation orders for 30,000 residents", "60,000 people were under evacuation orders"."""
    if s.word(i - 1) not in {"evacuation", "mandatory"} and "evacuate" not in s.words:
        return
    at = next((j for j in range(i + 1, i + 6) if s.word(j) in {"for", "covering", "affecting"}), None)
    if at is not None and s.counted_at([at + 1]):
        yield from s.emit([at + 1], "displaced", "evacuation_order", i, i)
        return
    k = i - 1
    while s.word(k) in {"evacuation", "mandatory", "the"}:
        k -= 1
    if s.word(k) == "under":
        group = s.group_start(k)
        yield from s.emit(subjects_before(s, group, adjacent=False), "displaced", "evacuation_order", k, group)


def rehoused(s: Context, i: int) -> Iterator[Mention]:
    """As in "6,000 people have been rehoused", "400 had to be moved"."""
    group = s.group_start(i)
    where = [s.word(j) for j in range(i + 2, i + 6)]
    safe = (
        s.word(i + 1) == "to"
        and (  # "were moved to safety", "to a rest centre"
            not _SAFE.isdisjoint(where[:2])
            or (not _REST.isdisjoint(where) and not s.sets["shelter_place"].isdisjoint(where))
        )
    )
    forced = (
        s.word(i) == "rehoused" or safe or (s.tag(group) == "have" and any(s.tag(j) == "to" for j in range(group, i)))
    )
    if forced and s.has_be(group, i):
        counted = _persons(s, subjects_before(s, group, adjacent=False)).where(lambda j: s.counted_at([j]))
        yield from s.emit(counted, "displaced", "rehoused", i, group)


def cannot_return(s: Context, i: int) -> Iterator[Mention]:
    """As in "2,200 people cannot return to their homes"."""
    if s.word(i + 1) == "to" and s.sets["home"].isdisjoint(map(s.word, range(i + 1, i + 5))):
        return
    if s.word(i + 1) not in {"to", "home"}:
        return
    group = s.group_start(i)
    if any(s.tag(j) == "not" or s.word(j) == "unable" for j in range(max(0, i - 4), i)):
        start = next((j for j in range(max(0, i - 4), i) if s.tag(j) in {"modal", "be", "not"}), group)
        counted = subjects_before(s, start, adjacent=False).where(lambda j: s.counted_at([j]))
        yield from s.emit(counted, "displaced", "cannot_return", i, i)


# --- bodies, totals, names -------------------------------------------------------------------------------------


def remains(s: Context, i: int) -> Iterator[Mention]:
    """As in "the remains of 28 people were exhumed"."""
    if s.tag(i + 1) == "of":
        counted = objects_after(s, i + 2, inside=True).where(s.is_part)
        yield from s.emit(counted, "killed", "bodies_of", i, i)


def total(s: Context, i: int) -> Iterator[Mention]:
    """As in "two more deaths, bringing the total to three", "six more died, for a total of 50"."""
    if s.sets["fatal_word"].isdisjoint(s.words):
        return
    bringing = s.word(i - 1) in {"the", "a"} and (
        not s.sets["bringing"].isdisjoint(map(s.word, range(max(0, i - 3), i))) or s.word(i - 2) == "for"
    )
    if not bringing:
        return
    yield from _sum_after(s, i)


def _sum_after(s: Context, i: int) -> Iterator[Mention]:
    """The number of dead behind a word for a sum."""
    for k in range(i + 1, i + 9):
        people = s.people(k)
        if people is not None and people.quantity is not None and s.tag(k - 1) in {"to", "of", "preposition"}:
            yield Mention(people, "killed", "toll", i, i, k)
            return


def number_found(s: Context, i: int) -> Iterator[Mention]:
    """As in "four more bodies, taking the number recovered to 17"."""
    brought = not s.sets["bringing"].isdisjoint(map(s.word, range(max(0, i - 3), i)))
    put = any(s.word(j) in {"put", "puts", "putting"} for j in (i - 2, i - 3)) and s.word(i + 1) == "at"
    people = s.people(i + 2)
    if put and people is not None and people.quantity is not None and not s.sets["fatal_word"].isdisjoint(s.words):
        yield Mention(people, "killed", "toll", i, i, i + 2)  # "put the number at nine"
    if brought and s.word(i + 1) in s.sets["found_body"] and not s.sets["body"].isdisjoint(s.words):
        yield from _sum_after(s, i)


def numbering(s: Context, i: int) -> Iterator[Mention]:
    """As in "the dead now number 72", "the number of dead rose past 4,000"."""
    people = s.people(i + 1)
    dead = next((j for j in range(max(0, i - 6), i) if s.word(j) in {"dead", "deaths", "fatalities"}), None)
    if dead is not None and people is not None and people.quantity is not None:
        quantity = people.quantity
        if s.word(i) == "past" and quantity.qualifier == "exact":
            people = replace(people, quantity=quantity._replace(high=None, qualifier="at_least"))
        yield Mention(people, "killed", "toll", i, i, i + 1)


def named(s: Context, i: int) -> Iterator[Mention]:
    """As in "the dead were named as Iris Holt, 30, and Tom Reed, 9", "killed were Ana Ruiz and their son"."""
    kind = _named_kind(s, i)
    if kind is None:
        return
    start = i + 1
    while s.tag(start) in {"be", "have", "determiner", "cue"} or s.word(start) in {
        "as",
        "named",
        "identified",
        "victims",
    }:
        start += 1
    names = _listed_names(s, start)
    if kind == "missing" and names[:1] != [start]:
        return  # "Missing are the signatures of Ann Roe and Tom Lee"
    if len(names) > 1 and any(s.tag(k) == "and" for k in range(names[0], names[-1])):
        yield from s.emit(names, kind, "named", i, i)


def inverted(s: Context, i: int) -> Iterator[Mention]:
    """As in "Killed in the crash was a woman, 61": what happened to them stands before the verb."""
    roles = s.chunks[0].roles
    if not roles or not 1 < i < _LATE or s.tag(0) != "cue" or not _STATES.issuperset(s.words[:1]):
        return
    between = range(1, i)
    if any(s.tag(j) in _NO_INVERSION or (s.people(j) is not None and not in_phrase(s, j)) for j in between):
        return
    kind = roles.get("past") or roles.get("state")
    if kind is not None:
        yield from s.emit(objects_after(s, i + 1, inside=True).where(s.is_part_or_named), kind, "passive_subject", i, i)


def _listed_names(s: Context, start: int) -> list[int]:
    """The people of a list of names; those who are named behind a noun for several ("their friends X and Y") once."""
    names: list[int] = []
    for j in range(start, min(start + 60, len(s.chunks))):
        people = s.people(j)
        if people is None:
            if s.tag(j) not in _IN_LIST and not (s.tag(j) == ";" and _goes_on(s, j + 1)):
                break
        elif s.word(j) == "both" or s.word(j - 1) == "both":
            continue
        elif (
            people.form == "named" and s.tag(j - 1) == "," and names and names[-1] == j - 2 and _is_described(s, j - 2)
        ):
            continue  # "a neighbour, Tunde Bello, 55"
        elif people.form == "named" and names and names[-1] == j - 1 and _is_described(s, j - 1):
            continue  # "neighbour Tunde Bello, 55"
        elif people.form == "plural":
            if not s.is_name(j + 1):
                break
        elif people.form not in {"named", "single", "counted"} or _is_subject(s, j) or s.word(j) == "police":
            break
        else:
            names.append(j)
    return names


def _is_subject(s: Context, j: int) -> bool:
    """Whether who stands at `j` has a verb of their own; "a man known only as Rasta" has none."""
    return predicated(s, j) and s.word(j + 1) != "known"


def _goes_on(s: Context, j: int) -> bool:
    """Whether a list whose names are parted by semicolons goes on at `j`: "; Ann Roe", "; and a man"."""
    people = s.people(j + 1 if s.tag(j) == "and" else j)
    return people is not None and people.form in {"named", "single"}


def _is_described(s: Context, j: int) -> bool:
    """As in "a neighbour", behind which a name says who that is."""
    people = s.people(j)
    return people is not None and people.form == "single"


def _named_kind(s: Context, i: int) -> Kind | None:
    """What became of those whose names follow the verb at `i`; None when no list begins there."""
    naming = s.word(i) in {"named", "identified"}
    before = {s.word(j) for j in range(max(0, i - 5 if naming else i - 1), i)}
    if not naming and s.word(0) == "killed" and i < _CROWD and s.word(i) in {"were", "are"}:
        return "killed"
    if not naming and s.word(i - 1) == "missing" and i <= _TWO and s.word(0) in {"still", "missing", "also"}:
        return "missing"
    if naming and s.tag(i + 1) != "preposition" and s.word(i + 1) not in {"the", "as"}:
        return None
    after = {s.word(j) for j in range(i + 1, i + 4)} if naming else set()
    if not {"dead", "victims", "killed", "deceased"}.isdisjoint(before | after):
        return "killed"
    return "injured" if not {"injured", "wounded"}.isdisjoint(before) else None


def bullet_at(s: Context) -> int:
    """Where a line begins behind its dash or dot: 1 in "- Killed: 8", 0 elsewhere."""
    return 1 if s.words[:1] and s.words[0] in _BULLETS else 0


def is_tabled(s: Context, i: int, _: Roles) -> bool:
    """Whether the cue begins a line of a table: "Dead:", "- Killed -"; or goes on with it: "Dead: 5; Injured: 17"."""
    if s.tag(i + 1) not in {":", "-"}:
        return False
    return (i <= 1 and i == bullet_at(s)) or _goes_on_with_table(s, i)


def _goes_on_with_table(s: Context, i: int) -> bool:
    """Whether the same mark as behind the cue at `i` stands behind the cue and before the number right before it."""
    before = i - 1 - (s.tag(i - 1) in {",", ";", "and"})
    return s.tag(before) == "people" and s.tag(before - 1) == s.tag(i + 1) and s.tag(before - 2) == "cue"


def listed(s: Context) -> Iterator[Mention]:
    """As in "Fatalities by county: Turkana 6; Marsabit 4; Wajir 1.": the lines of a table in one, added."""
    i = bullet_at(s)
    i = next((j for j in range(i, i + _HEADING) if s.tag(j) == "cue"), i)
    roles = s.chunks[i].roles or {} if i < len(s.chunks) else {}
    kind = roles.get("count") or roles.get("state")
    colon = next((j for j in range(i + 1, i + _HEADING) if s.tag(j) in {":", "-"}), None)
    if kind is None or colon is None or s.tag(colon + 1) not in _LISTED_PLACE:
        return
    found = []
    for j in range(colon + 1, len(s.chunks)):
        people = s.people(j)
        if people is not None and people.form == "elided" and people.quantity is not None:
            if s.tag(j - 1) not in _LISTED_PLACE:
                return
            found.append(j)
        elif s.tag(j) == "," and len(found) > 1 and s.people(j + 2) is None:
            break  # "Banka 3, Gaya 2, says the department"
        elif s.tag(j) not in {*_LISTED_PLACE, ",", ";", "and", "."}:
            return
    if len(found) > 1:
        yield from s.emit(found, kind, "tabled", i, i)


def tabled_line(s: Context, i: int, roles: Roles) -> Iterator[Mention]:
    """As in "Dead: 14", "Injured - 39": a line of a table."""
    in_table = s.tag(i + 1) == ":" or _goes_on_with_table(s, i)
    kind = roles.get("count") or roles.get("state") or (roles.get("past") if in_table else None)
    people = s.people(i + 2)
    if kind is None or people is None or people.quantity is None or people.form == "unknown":
        return
    if s.tag(i + 3) in {"", ".", ",", ";", "("}:
        yield Mention(people, kind, "tabled", i, i, i + 2)
