"""Rules without a casualty verb: wounds, hospitals, flight from home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stream_app.core.languages.en.context import Context, Found
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.objects import is_sport, objects_after
from stream_app.core.languages.en.subjects import subjects_before

_LINK: Final = frozenset({"be", "have", "modal", "to", "adverb", "not", "day"})
_CLAUSE_ENDS: Final = frozenset({"", ".", ",", ";", "and"})
_CARERS: Final = frozenset({"at", "by", "on"})
_CONDITIONS: Final = frozenset({"gunshot", "injury", "trauma"})
_CROWD: Final = 50
_LEAVING: Final = frozenset(
    ["left", "leave", "leaving", "abandon", "abandoned", "abandoning", "fled", "lost", "lose", "losing"]
)
_SITES: Final = frozenset(
    {"campsite", "campsites", "island", "islands", "valley", "settlement", "slums", "suburb", "suburbs"}
)
_STRUCK: Final = frozenset({"killed", "injured"})
_ICU: Final = ["in", "intensive"]
_CENTERS: Final = frozenset({"center", "centers", "centre", "centres", "facility", "facilities"})
_OF_CARE: Final = frozenset({"trauma", "medical", "health", "burns"})
_BROKEN: Final = frozenset({"broken", "fractured", "shattered", "severed"})
_BROUGHT: Final = frozenset({"treated", "taken", "flown", "airlifted", "transported"})
"""Behind people without "be", these can be no past tense of what they did themselves."""
_DRIVING: Final = frozenset(
    ["forced", "forcing", "force", "forces", "drove", "driven", "driving", "drives", "chased", "expelled"]
)


def suffers(s: Context, i: int) -> Iterator[Mention]:
    """As in "suffered severe knife wounds"."""
    if is_sport(s):
        return
    for k in range(i + 1, min(i + 8, len(s.chunks))):
        broken = s.word(k) in _BROKEN
        if s.tag(k) in {"be", "verb", ";", "."} and not (k == i + 1 and s.word(k).endswith("ing")) and not broken:
            return
        last = s.last(k)
        if last in s.sets["hurt_noun"] or (last in s.sets["limb"] and s.word(k - 1) in _BROKEN):
            group = s.group_start(i)
            yield from s.emit(subjects_before(s, group, adjacent=False), "injured", "suffered_wounds", i, group)
            return


def has_wounds(s: Context, i: int) -> Iterator[Mention]:
    """As in "four people have bullet wounds"."""
    opens = s.tag(i + 1) in {"word", "cue"} or s.word(i + 1) in s.sets["slight"]
    if opens and any(s.word(k) in s.sets["hurt_noun"] for k in range(i + 1, i + 4)):
        yield from suffers(s, i)


def recovering(s: Context, i: int) -> Iterator[Mention]:
    """As in "a boy is recovering"; one met before tells nothing new."""
    group = s.group_start(i)
    victims = s.emit(subjects_before(s, group, adjacent=False), "injured", "recovering", i, group)
    yield from (mention for mention in victims if not mention.people.definite)


def one_fatally(s: Context, i: int) -> Iterator[Mention]:
    """As in "four shot, one fatally"."""
    if s.tag(i + 1) not in {"cue", "verb"}:
        yield from s.emit(subjects_before(s, i, adjacent=True), "killed", "one_fatally", i, i)


def hit_by_bullet(s: Context, i: int) -> Iterator[Mention]:
    """As in "was struck in the hand by a stray bullet"; "shots were fired, and a man was hit in the leg"."""
    group = s.group_start(i)
    if not s.has_be(group, i) and s.tag(i - 1) != "people":
        return
    if "fatally" in s.words and s.tag(i + 1) in {",", "-"}:  # "three were hit, one fatally"
        yield from s.emit(subjects_before(s, group, adjacent=False), "injured", "hit_by_bullet", i, group)
        return
    counted = subjects_before(s, group, adjacent=False).where(lambda j: s.counted_at([j]))
    if s.tag(i + 1) in _CLAUSE_ENDS and not s.sets["gunfire"].isdisjoint(s.words):  # "a gunman fired and two were hit"
        yield from s.emit(counted, "injured", "hit_by_bullet", i, group)
        return
    after = range(i + 1, min(i + 10, len(s.chunks)))
    fired = not s.sets["bullet"].isdisjoint(s.words) and any(s.word(k) in s.sets["limb"] for k in after)
    if fired or any(s.last(k) in s.sets["bullet"] for k in after):
        yield from s.emit(subjects_before(s, group, adjacent=False), "injured", "hit_by_bullet", i, group)


def with_wounds(s: Context, i: int) -> Iterator[Mention]:
    """As in "found a man with gunshot wounds"."""
    alive = s.word(i - 1) == "alive"
    for k in range(i + 1, min(i + 5, len(s.chunks))):
        escapes = s.word(i - 1) in s.sets["escaping"] or (s.word(i - 1) == "found" and s.has_be(i - 4, i - 1))
        if s.last(k) in s.sets["limb"] and s.word(k - 1) in _BROKEN and s.tag(i - 1) == "people":
            yield from s.emit(subjects_before(s, i, adjacent=True).where(s.is_part), "injured", "suffered_wounds", i, i)
            return
        if alive and s.last(k) in s.sets["hurt_noun"]:
            yield from _pulled_out(s, i - 2)
            return
        if s.last(k) in s.sets["hurt_noun"] and (escapes or s.last(k) not in _CONDITIONS):
            group = s.group_start(i - 1) if escapes else i
            found = subjects_before(s, group, adjacent=not escapes).where(lambda j: not _is_named_place(s, j))
            yield from s.emit(found, "injured", "suffered_wounds", i, group)
            return
        if (
            s.tag(k) not in {"word", "determiner", "number", "adverb", "cue", "people", "of"}
            and s.word(k) not in _BROKEN
        ):
            return


def _is_named_place(s: Context, j: int) -> bool:
    """As in "was flown to St Mary with burns": a name behind "to" is a hospital."""
    return s.is_named(j) and s.tag(j - 1) in {"to", "preposition"}


def _pulled_out(s: Context, k: int) -> Iterator[Mention]:
    """As in "two children were pulled out alive with broken bones": `k` is the chunk before "alive"."""
    while s.tag(k) in {"preposition", "adverb"}:
        k -= 1
    group = s.group_start(k)
    yield from s.emit(subjects_before(s, group, adjacent=False), "injured", "suffered_wounds", k, group)


def to_hospital(s: Context, i: int) -> Iterator[Mention]:
    """As in "were taken to hospital", "was treated for burns"."""
    group = s.group_start(i)
    passive = s.has_be(group, i)
    for k in range(i + 1, min(i + 8, len(s.chunks))):
        if s.tag(k) in {";", ".", "verb", "be"}:
            break
        if s.last(k) in s.sets["hospital"] or (s.word(k) in _CENTERS and s.word(k - 1) in _OF_CARE):
            found = subjects_before(s, group, adjacent=False) if passive else sent(s, i)
            yield from s.emit(found, "injured", "to_hospital", i, group)
            return
    if passive and s.tag(i + 1) == "to" and _is_brought_wounded(s, i + 2):
        found = subjects_before(s, group, adjacent=False).where(s.is_part_or_named)
        yield from s.emit(found, "injured", "to_hospital", i, group)
    elif passive and s.word(i) == "treated" and (_is_for_wounds(s, i) or s.words[s.ends[i] : s.ends[i] + 2] == _ICU):
        found = subjects_before(s, group, adjacent=False).where(s.is_part)
        yield from s.emit(found, "injured", "needed_care", i, group)
    elif passive and s.word(i) == "treated" and (s.tag(i + 1) in _CLAUSE_ENDS or s.word(i + 1) in _CARERS):
        many = subjects_before(s, group, adjacent=False).where(
            lambda j: (p := s.people(j)) is not None and p.quantity is not None and p.quantity.low > 1
        )
        yield from s.emit(many, "injured", "needed_care", i, group)


def _is_brought_wounded(s: Context, j: int) -> bool:
    """As in "was rushed to Grady Memorial with a gunshot wound": wounds behind the name of where they were brought."""
    j += s.tag(j) == "determiner"
    at = next((k for k in range(j + 1, j + 4) if s.word(k) == "with"), None)
    return s.is_name(j) and at is not None and not s.sets["hurt_noun"].isdisjoint(map(s.word, range(at + 1, at + 5)))


def _is_for_wounds(s: Context, i: int) -> bool:
    """As in "was treated at the scene for cuts"."""
    at = next((k for k in range(i + 1, i + 8) if s.word(k) == "for"), None)
    return at is not None and not s.sets["hurt_noun"].isdisjoint(map(s.word, range(at + 1, at + 4)))


def sent(s: Context, i: int) -> Found:
    """As in "sends 4 people to the hospital", "took five to hospital", "three people treated for smoke"."""
    if s.word(i) in _BROUGHT and s.counted_at([i - 1]):  # "one was killed and three taken to hospital"
        return Found.of(subjects_before(s, i, adjacent=True), relative=True)
    found = objects_after(s, i + 1) if s.word(i) in s.sets["taken_to_care"] else Found()
    sends = s.word(i).startswith(("sen", "put", "land"))
    return found if sends or (s.counted_at(found) and "patients" not in s.words) else Found()


def in_condition(s: Context, i: int) -> Iterator[Mention]:
    """As in "is in critical condition", "was listed in serious condition"."""
    if s.word(i - 1) not in s.sets["condition"]:
        return
    k = i - 1
    while s.word(k) in s.sets["condition"] or s.tag(k) == "and":
        k -= 1
    if s.word(k) == "a":
        k -= 1
    if s.word(k) != "in":
        return
    group = s.group_start(k)
    yield from s.emit(subjects_before(s, group, adjacent=False), "injured", "in_condition", k, group)


def displaced(s: Context, i: int) -> Iterator[Mention]:
    """As in "forced 2,500 people out of their homes", "1,900 were in evacuation centres", "sought refuge"."""
    word = s.word(i)
    if word in s.sets["refuge"] and s.word(i - 1) in {
        "sought",
        "seeking",
        "seek",
        "took",
        "taken",
        "taking",
        "found",
    }:
        group = s.group_start(i - 1)
        yield from s.emit(subjects_before(s, group, adjacent=False), "displaced", "sought_refuge", i - 1, group)
    elif word in s.sets["refuge"] and s.word(i - 1) == "without":
        who = i - 2
        while s.tag(who) in {"be", "leave", "have", "adverb"}:  # "2,000 people have been left without shelter"
            who -= 1
        if s.counted_at([who]):
            yield from s.emit([who], "displaced", "left_home", i - 1, i - 1)
    elif word in s.sets["home"]:
        yield from driven_out(s, i)
    elif word in s.sets["shelter"]:
        yield from in_shelter(s, i)


def driven_out(s: Context, i: int) -> Iterator[Mention]:
    """As in "forced 2,500 people out of their homes", "were driven from their villages", "left their homes"."""
    for k in range(i - 1, max(-1, i - 7), -1):
        group = s.group_start(k)
        if s.word(k) in _LEAVING and k == i - 2 and s.tag(k + 1) == "determiner":
            counted = subjects_before(s, group, adjacent=False).where(lambda j: s.counted_at([j]))
            yield from s.emit(counted, "displaced", "left_home", k, group)
            return
        if s.word(k) == "without" and k == i - 1 and s.counted_at([k - 1]):
            yield from s.emit([k - 1], "displaced", "left_home", k, k)
            return
        if s.word(k).removesuffix(" out") in _DRIVING:
            objects = objects_after(s, k + 1)  # "1,500 residents and tourists" are 1,500
            objects = objects.where(lambda j: s.counted_at([j])) if s.counted_at(objects) else objects
            found = objects or (subjects_before(s, group, adjacent=False) if s.has_be(group, k) else [])
            yield from s.emit(found, "displaced", "driven_out", k, group)
            return


def driven_from(s: Context, i: int) -> Iterator[Mention]:
    """As in "the flood drove 700 people out of Maidstone", "fire forced 1,200 people from a campsite"."""
    found = objects_after(s, i + 1)
    after = found[-1] + 1 if found else i + 1
    away = s.word(after) == "from" or (s.word(after) == "out" and s.tag(after + 1) == "of")
    if not away or (s.sets["hazard"] | s.sets["conflict"]).isdisjoint(s.words):
        return
    place = after + 2 if s.word(after) == "out" else after + 1
    around = {s.word(k) for k in range(place, place + 3)}
    if (s.tag(place) == "name" or not around.isdisjoint(s.sets["far"] | _SITES)) and around.isdisjoint(
        s.sets["building"]
    ):
        many = found.where(lambda j: (p := s.people(j)) is not None and p.quantity is not None and p.quantity.low > 1)
        yield from s.emit(many, "displaced", "driven_out", i, s.group_start(i))


def crossed(s: Context, i: int) -> Iterator[Mention]:
    """As in "52,000 Afghans crossed the border": a crowd that crosses is displaced, a few people are not."""
    if not any(s.word(j) in {"border", "into"} for j in range(i + 1, i + 4)):
        return
    group = s.group_start(i)
    for mention in s.emit(subjects_before(s, group, adjacent=False), "displaced", "crossed_border", i, group):
        if mention.people.quantity is not None and mention.people.quantity.low >= _CROWD:
            yield mention


def in_shelter(s: Context, i: int) -> Iterator[Mention]:
    """As in "leave thousands in shelters", "1,900 people were still in nine evacuation centres"."""
    for k in range(i - 1, max(-1, i - 8), -1):
        if s.word(k) in s.sets["needing"]:  # "people in need of shelter"
            return
        if s.word(k) in {"in", "at", "into", "inside", "with", "to"}:
            group = k
            while s.word(group - 1) in s.sets["stay"] or s.tag(group - 1) in _LINK:
                group -= 1
            found = subjects_before(s, group, adjacent=True).where(lambda j: not _is_struck(s, j))
            counted = found.where(lambda j: (p := s.people(j)) is not None and p.quantity is not None and not p.made)
            yield from s.emit(counted, "displaced", "in_shelter", k, group)
            return


def _is_struck(s: Context, j: int) -> bool:
    """As in "killed 50 people in a raid on a camp": whom somebody killed there is not at home in it."""
    roles = s.chunks[j - 1].roles if j else None
    return bool(roles) and not _STRUCK.isdisjoint((roles or {}).values())


def host_families(s: Context, i: int) -> Iterator[Mention]:
    """As in "400 people are with host families"."""
    if s.word(i - 1) == "host":
        yield from in_shelter(s, i)
