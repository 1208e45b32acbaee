"""The toll of an article: what it reports, all told, for its own current incident."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from stream_app.core.events import KINDS, Bounds, CasualtyFigure, Kind
from stream_app.core.frozen import changed
from stream_app.core.language.numerals import MAX_PERSONS

Sex = Literal["male", "female"]
_LOOSE: Final = 3
_REMEMBERED: Final = 50
_NEAR: Final = 3
_FAR: Final = 8
_LAST: Final = 40
_LATE: Final = 4
_TENFOLD: Final = 10
_HUNDREDFOLD: Final = 100
_MANY: Final = 500
_BY_SOMEBODY: Final = ("object_before", "object_after")
_SOON: Final = 2
_MOST_PLACES: Final = 8
_OPENS: Final = 2
_ARMED: Final = frozenset({"combatant", "police", "perpetrator"})
_SUMS: Final = frozenset({"toll", "number_of"})
_PRONOUNS: Final = frozenset({"pronoun", "object_pronoun"})
_DONE: Final = frozenset({"active_object", "passive_subject"})
"""Rules for those to whom somebody did it."""
_LASTING: Final = frozenset({"suffered_wounds", "to_hospital", "in_condition", "recovering"})
"""Rules for the hurt that say what state they are in: who died of it is not told so."""


class Candidate(NamedTuple):
    """A figure with what the toll needs to know of it.

    `sentence` and `cue` say where it was read; `part` that another figure counts the same people; `counted` that
    the text gives a number; `unresolved` that the victim may have died of it ("shot"); `aside` that the sentence
    speaks of another time or incident; `reached` that a ceiling is the number reported ("as many as 20"); `fresh`
    that it names somebody not met before ("another", "a second"), `bare` that this goes for its own sentence only
    ("one dead, another hurt"), `definite` that it speaks of somebody who was ("the victim"), `final` that it puts
    an earlier number right, `total` that the sentence sums up ("a total of"), `sums` that it begins so ("Overall,
    ..."), `adds` that it comes on top of the number before ("two more have died in hospital"), `met` that it speaks of
    all those before ("all five"), `rank` which of them it is (3 for "a third victim"), `nth` the same where those
    before it may be untold. `name`, `age` and `sex` tell single victims apart, and so does that one is a
    `perpetrator`. `claimed` is what an army says that it did to its enemy: a figure, and no toll. `earlier` that words
    beside it set it on a day before that of the article ("the day before"), `placed` that its sentence tells of one
    place of several ("In Masuku, 54 bodies ..."). `scene` and `later` say where somebody died ("on the spot", "in
    hospital"), `also` that the sentence adds them to those before ("died as well"), `kin` is the noun of who belongs to
    somebody told of ("his father"), `side` that of those who fight ("of_state", "irregular"), `day` the weekday that
    their sentence names. `besides`
    says that they are none of those told of before ("five more"), `share` that they are some of them ("21 of them").
    `town` is a name that its sentence puts it in, `opens` that the sentence opens with it ("In Kaltenau two drowned").
    `listed` that it is one of a list by place, `section` the place whose name heads its lines ("Lanark County: ...").
    `others` that a sentence begins with them ("three others died in Sule"). `doer` says that somebody is who did it
    ("the gunman", "himself"), `severity` how badly the hurt are hurt. `was_hurt` that the dead are some of the hurt
    ("one of the injured died").
    """

    figure: CasualtyFigure
    sentence: int
    cue: int
    part: bool = False
    counted: bool = False
    unresolved: bool = False
    aside: bool = False
    reached: bool = False
    fresh: bool = False
    bare: bool = False
    definite: bool = False
    final: bool = False
    total: bool = False
    sums: bool = False
    adds: bool = False
    met: bool = False
    rank: int = 0
    name: frozenset[str] = frozenset()
    age: int | None = None
    sex: Sex | None = None
    nth: int = 0
    claimed: bool = False
    perpetrator: bool = False
    placed: bool = False
    earlier: bool = False
    scene: bool = False
    later: bool = False
    also: bool = False
    kin: str = ""
    side: str = ""
    day: str = ""
    besides: bool = False
    share: bool = False
    town: str = ""
    doer: bool = False
    others: bool = False
    severity: str = ""
    opens: bool = False
    section: str = ""
    listed: bool = False
    was_hurt: bool = False


@dataclass(slots=True)
class _Person:
    """A victim put together from the mentions that may mean the same person."""

    sentences: set[int]
    cues: set[tuple[int, int]]
    members: list[int]
    name: frozenset[str]
    age: int | None
    sex: Sex | None
    perpetrator: bool = False
    scene: bool = False
    nouns: set[str] = field(default_factory=set)


def article_toll(candidates: Sequence[Candidate]) -> tuple[dict[Kind, Bounds], set[int]]:
    """The toll by kind and the indexes of the figures that it is made of; the candidates come in reading order.

    Parts that share one verb are added ("four civilians and three police"); of the sums the largest of the lead stands,
    so a repeated figure counts once and a part never adds to its total. Without any number the single victims are
    counted, each once. Those who died are not counted among the injured.
    """
    toll: dict[Kind, Bounds] = {}
    members: set[int] = set()
    usable = _usable(candidates)
    current = min((i for indexes in usable.values() for i in indexes if not candidates[i].aside), default=None)
    if current is not None:
        usable = {
            k: found
            for k, found in usable.items()
            if not all(
                candidates[i].aside and (i > current or _is_before(candidates[i], candidates[current])) for i in found
            )
        }
    dead = _persons(candidates, _current(candidates, usable.get("killed", [])), [])
    for kind in filter(usable.__contains__, KINDS):
        found = _of_kind(candidates, kind, usable[kind], toll.get("killed"), dead)
        if found is not None:
            toll[kind] = _at_least_nth(candidates, kind, found[0])
            members.update(found[1])
    return toll, members


def _is_before(aside: Candidate, current: Candidate) -> bool:
    """Whether a figure of another time only leads up to that of now: "Since the truce 88 have died. On Monday ..."."""
    return 0 < current.sentence - aside.sentence <= _SOON and aside.figure.kind != current.figure.kind


def _at_least_nth(candidates: Sequence[Candidate], kind: Kind, bounds: Bounds) -> Bounds:
    """The bounds, or as many as the words count up to: "a third skier has died"."""
    nth = max(
        (c.nth for c in candidates if c.figure.kind == kind and c.figure.assertion == "actual" and not c.aside),
        default=0,
    )
    return Bounds(nth, nth) if nth > bounds.low and bounds.high is not None and nth > bounds.high else bounds


def settled(candidates: Sequence[Candidate], members: AbstractSet[int]) -> tuple[CasualtyFigure, ...]:
    """The figures of the candidates; those with the indexes `members` are of the toll."""
    return tuple(
        [
            changed(candidate.figure, in_toll=True) if index in members else candidate.figure
            for index, candidate in enumerate(candidates)
        ]
    )


def _of_kind(
    candidates: Sequence[Candidate],
    kind: Kind,
    usable: Sequence[int],
    killed: Bounds | None,
    dead: Sequence[_Person],
) -> tuple[Bounds, Sequence[int]] | None:
    """Bounds and members for one kind, whose figures are `usable`; None when the article reports nothing of it."""
    usable = _current(candidates, usable)
    persons = _persons(candidates, usable, dead if kind == "injured" else [])
    groups = _lead(candidates, _wholes(candidates, _groups(candidates, usable)), persons)
    if groups:
        groups = _without_all(candidates, groups) if kind == "displaced" else groups
        if kind == "killed":
            groups = [
                *groups,
                *_with_later(candidates, usable, groups),
                *_with_others_later(candidates, usable, groups),
                *_both_sides(candidates, usable, groups),
                *_other_side(candidates, usable, groups),
                *_by_places(candidates, groups),
            ]
            groups = [*groups, *_with_doer(candidates, usable, groups)]
        elif kind == "injured":
            also = _with_others_later(candidates, usable, groups)
            groups = [*groups, *_by_severity(candidates, groups), *also]
        groups = [*groups, *_with_another(candidates, usable, groups), *_by_sections(candidates, usable)]
        best = _standing(candidates, groups)
        best = _with_killer(candidates, best, usable) if kind == "killed" else best
        bounds = _bounds(candidates, best)
        parted = len({candidates[i].section for i in best}) > 1
        if kind == "injured" and not parted and killed is not None and _among_them(candidates, groups, best, killed):
            bounds = _less(bounds, killed)
        elif kind == "injured" and (died := _of_the_hurt(candidates, best)):
            bounds = _less(bounds, Bounds(died, died))
        return (bounds, best) if bounds.low or not killed else None
    members = [person.members[0] for person in persons]
    if persons:
        return Bounds(len(persons), len(persons)), members
    plural = [i for i in usable if candidates[i].figure.low > 1]
    return (_bounds(candidates, plural[:1]), plural[:1]) if plural and not (kind == "injured" and killed) else None


def _with_killer(candidates: Sequence[Candidate], best: list[int], usable: Sequence[int]) -> list[int]:
    """With who killed them and died, too: "killed two pupils, then himself". Of "three dead" he may be one."""
    if not any(candidates[i].figure.rule.startswith(_BY_SOMEBODY) for i in best):
        return best
    killer = next((i for i in usable if candidates[i].perpetrator and candidates[i].figure.low == 1), None)
    return best if killer is None or any(candidates[i].perpetrator for i in best) else sorted([*best, killer])


def _lead(candidates: Sequence[Candidate], groups: list[list[int]], persons: Sequence[_Person]) -> list[list[int]]:
    """The numbers of the current incident: those near the first; none when single victims lead and they come late."""
    if not groups:
        return groups
    first = candidates[groups[0][0]].sentence
    single = min(persons[0].sentences) if persons else first
    if first - single > _LATE:
        return []
    near = [g for g in groups if candidates[g[0]].sentence - first <= _reach(candidates[g[0]])]
    told = max(reported_by(candidates, g) for g in near)  # "many", and further down "about five"
    if all(_is_loose(candidates[i]) for g in near for i in g):
        return near + [g for g in groups if g not in near and reported_by(candidates, g) > told]
    if all(candidates[i].figure.qualifier == "vague" for g in near for i in g):  # "scores", and further down "86"
        late = (g for g in groups if g not in near and told < reported_by(candidates, g) < _TENFOLD * told)
        return near + [g for g in late if candidates[g[0]].sentence - first <= _FAR]
    return near


def _without_all(candidates: Sequence[Candidate], groups: list[list[int]]) -> list[list[int]]:
    """Without all whom a crisis has displaced, told behind those of now: "3,200 lost their homes. 960,000 have fled".

    Where the first number is small, it is that of one household or village among them.
    """
    first = groups[0]
    told = reported_by(candidates, first)
    if told < _MANY or candidates[first[0]].figure.qualifier == "vague" or candidates[first[0]].figure.field == "title":
        return groups
    return [
        g
        for g in groups
        if candidates[g[0]].sentence == candidates[first[0]].sentence
        or reported_by(candidates, g) < _HUNDREDFOLD * told
    ]


def _reach(candidate: Candidate) -> int:
    """How many sentences after the first number another may speak of the same incident: sums come late."""
    return _LAST if candidate.sums else _FAR if candidate.total else _NEAR


def _usable(candidates: Sequence[Candidate]) -> dict[Kind, list[int]]:
    """The figures that count towards a toll, by kind; those of other times or incidents included."""
    usable: dict[Kind, list[int]] = {}
    for index, candidate in enumerate(candidates):
        if candidate.figure.assertion == "actual" and not candidate.part and not candidate.claimed:
            usable.setdefault(candidate.figure.kind, []).append(index)
    return usable


def _current(candidates: Sequence[Candidate], indexes: Sequence[int]) -> Sequence[int]:
    """Those told of here and now; when none is, those that the article opens with, and any of homes that were left."""
    here = [index for index in indexes if not candidates[index].aside]
    if any(candidates[index].counted or candidates[index].figure.low == 1 for index in here):
        return here
    return [i for i in indexes if not candidates[i].aside or _is_opening(candidates[i])]


def _is_opening(candidate: Candidate) -> bool:
    """Whether a figure of another time may be what the article is about; who left home months ago is away still."""
    return candidate.sentence <= _OPENS or candidate.figure.kind == "displaced"


def _groups(candidates: Sequence[Candidate], usable: Sequence[int]) -> list[list[int]]:
    """Figures added to one another: those of one verb, when at least one of them is a number."""
    counted = [index for index in usable if candidates[index].counted]
    cues = {(candidates[i].sentence, candidates[i].cue) for i in counted}
    groups: dict[tuple[int, int], list[int]] = {}
    for index in usable:
        key = candidates[index].sentence, candidates[index].cue
        if key in cues:
            groups.setdefault(key, []).append(index)
    return _with_others(candidates, list(groups.values()))


def _wholes(candidates: Sequence[Candidate], groups: list[list[int]]) -> list[list[int]]:
    """Without those that are some of a group before: "37 people were treated; 21 of them were kept in hospital"."""
    if not any(candidates[g[0]].share for g in groups):
        return groups
    told = [(n, reported_by(candidates, g)) for n, g in enumerate(groups)]
    return [g for n, g in enumerate(groups)
            if not candidates[g[0]].share or not any(m < n and low >= told[n][1] for m, low in told)]  # fmt: skip


def _with_others(candidates: Sequence[Candidate], groups: Sequence[list[int]]) -> list[list[int]]:
    """As in "two are in critical condition and two others injured": others of the same sentence are added."""
    joined: list[list[int]] = []
    for group in groups:
        sentence = candidates[group[0]].sentence
        beside = bool(joined) and candidates[joined[-1][0]].sentence == sentence
        beside = beside and candidates[joined[-1][-1]].figure.rule != "some_died"  # "the other six" are of the nine
        if beside and any(candidates[i].fresh for i in group):
            joined[-1] = joined[-1] + group
        else:
            joined.append(group)
    return joined


def _with_later(
    candidates: Sequence[Candidate], usable: Sequence[int], groups: Sequence[list[int]]
) -> Iterator[list[int]]:
    """The sums that stand nowhere: "Two people died. A third victim died on Monday", "two more have died since"."""
    for index in usable:
        c = candidates[index]
        own = next((g for g in groups if index in g), [])
        before = [g for g in groups if g[-1] < index or (c.rank and index not in g)]
        if not (c.adds or c.rank) or not before or any(candidates[i].cue != c.cue for i in own):
            continue
        base = before[-1]
        far = c.sentence - candidates[base[-1]].sentence
        if c.rank:
            if abs(far) <= _FAR and reported_by(candidates, base) == c.rank - 1:
                yield sorted([*base, index])
        elif far <= _SOON and not any(candidates[i].final or candidates[i].figure.rule in _SUMS for i in base):
            yield [*base, index]


def _with_another(
    candidates: Sequence[Candidate], usable: Sequence[int], groups: Sequence[list[int]]
) -> Iterator[list[int]]:
    """As in "One worker was killed on the spot and another died in the ambulance": of the same sentence, and new."""
    counted = {i for group in groups for i in group}
    new = [i for i in usable if i not in counted and candidates[i].fresh and candidates[i].bare]
    for index in new:
        c = candidates[index]
        before = [g for g in groups if g[-1] < index and candidates[g[0]].sentence == c.sentence]
        if before and c.figure.low == reported_by(candidates, before[-1]) == 1:  # not "Two died, one at home, another"
            yield [*before[-1], index]


def _with_others_later(
    candidates: Sequence[Candidate], usable: Sequence[int], groups: Sequence[list[int]]
) -> Iterator[list[int]]:
    """The sums that stand nowhere where one part died at once: "A man died at the scene, two more in hospital".

    Also "Two brothers drowned. A neighbour drowned as well", right behind them.
    """
    runs = runs_of(candidates, usable)
    headed = {reported_by(candidates, run) for run in runs if candidates[run[0]].figure.field == "title"}
    for before, own in pairwise(runs):
        base, c = candidates[before[-1]], candidates[own[0]]
        far = c.sentence - base.sentence
        if base.figure.rule in _SUMS or c.definite or base.figure.field != c.figure.field or c.met:
            continue
        told = base.scene and not base.later and c.later and not c.scene and far <= _SOON
        counted = before in groups or own in groups
        others = c.others and far == 1 and before in groups and own in groups and _is_number(base) and _is_number(c)
        others = others and reported_by(candidates, before) not in headed  # "Six die" may count them all
        if counted and (told or others or (c.also and far == 1) or (c.adds and before not in groups and far <= _SOON)):
            yield [*before, *own]


def _with_doer(
    candidates: Sequence[Candidate], usable: Sequence[int], groups: Sequence[list[int]]
) -> Iterator[list[int]]:
    """With who did it, told of later: "A man shot dead four colleagues. The gunman was killed by police".

    Not where he is one of them: "including the gunman", "the gunman is among the five dead".
    """
    doers = [i for i, c in enumerate(candidates) if c.doer and c.figure.kind == "killed" and c.figure.low == 1]
    if not doers or any(candidates[i].part for i in doers):
        return
    for group in groups:
        first, last = candidates[group[0]], candidates[group[-1]]
        if first.figure.rule in _SUMS or any(candidates[i].doer or _is_of_doers(candidates[i]) for i in group):
            continue
        done = first.figure.rule in _DONE and (first.figure.rule != "passive_subject" or first.figure.low > 1)
        later = (i for i in doers if i in usable and i not in group and _is_behind(candidates[i], last))
        doer = next(later, None)
        if doer is not None and (done or candidates[doer].also):
            yield [*group, doer]


def _is_behind(one: Candidate, other: Candidate) -> bool:
    """Whether a figure is told behind another, in the same field and not far."""
    after = one.figure.field == other.figure.field and one.figure.start > other.figure.start
    return after and one.sentence - other.sentence <= _FAR


def _is_of_doers(candidate: Candidate) -> bool:
    return candidate.figure.victim_class == "perpetrator"


def _by_severity(candidates: Sequence[Candidate], groups: Sequence[list[int]]) -> Iterator[list[int]]:
    """The hurt in parts that cannot be of one another: "five were badly hurt and four slightly"."""
    for before, own in pairwise(groups):
        one, other = candidates[before[-1]], candidates[own[0]]
        if (
            other.sentence - one.sentence > 1
            or other.share
            or other.met
            or not _is_number(one)
            or not _is_number(other)
        ):
            continue
        if one.severity and other.severity and one.severity != other.severity:
            yield [*before, *own]


def _is_number(candidate: Candidate) -> bool:
    return candidate.counted and candidate.figure.qualifier != "vague"


def runs_of(candidates: Sequence[Candidate], usable: Sequence[int]) -> list[list[int]]:
    """The figures in reading order, those of one verb together."""
    runs: list[list[int]] = []
    for index in usable:
        c = candidates[index]
        last = candidates[runs[-1][0]] if runs else None
        if last is not None and (last.sentence, last.cue) == (c.sentence, c.cue):
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _other_side(
    candidates: Sequence[Candidate], usable: Sequence[int], groups: Sequence[list[int]]
) -> Iterator[list[int]]:
    """The dead of two sides, told one after the other: "Six gunmen were shot dead. An officer was also killed"."""
    for group in groups:
        first = candidates[group[0]]
        if first.figure.rule in _SUMS or not first.side or any(candidates[i].side != first.side for i in group):
            continue
        for run in runs_of(candidates, usable):
            c = candidates[run[0]]
            apart = c.side and c.side != first.side and all(candidates[i].side == c.side for i in run)
            apart = apart and c.day in {"", first.day}  # "On Tuesday rebels killed 12 soldiers in revenge"
            if apart and 0 < c.sentence - first.sentence <= _NEAR and c.figure.rule not in _SUMS:
                yield [*group, *run]
                break


def _both_sides(
    candidates: Sequence[Candidate], usable: Sequence[int], groups: Sequence[list[int]]
) -> Iterator[list[int]]:
    """The dead of two sides in one sentence: "seven gunmen were shot dead and two policemen killed"."""
    for group in groups:
        first = candidates[group[0]]
        classes = {candidates[i].figure.victim_class for i in group}
        if "unknown" in classes or first.figure.rule in _SUMS:
            continue
        beside = [i for i in usable if i not in group and candidates[i].sentence == first.sentence]
        others = [i for i in beside if candidates[i].figure.rule not in _SUMS and candidates[i].figure.low >= 1]
        sides = {candidates[i].figure.victim_class for i in others}
        if not others or "unknown" in sides or _ARMED.isdisjoint(sides | classes):
            continue
        if sides.isdisjoint(classes) or _of_other_nouns(candidates, group, others):
            yield sorted([*group, *others])


def _by_places(candidates: Sequence[Candidate], groups: Sequence[list[int]]) -> Iterator[list[int]]:
    """As in "In Masuku, 54 bodies were counted. In Kitolu, nine were killed": added where no number came before."""
    counted = [g for g in groups if not all(candidates[i].figure.qualifier == "vague" for i in g)]
    placed = [g for n, g in enumerate(counted) if n < _MOST_PLACES and candidates[g[0]].placed]
    run = [g for n, g in enumerate(placed) if candidates[g[0]].sentence - candidates[placed[0][0]].sentence == n]
    if len(run) > 1 and counted[: len(run)] == run:
        yield [i for g in run for i in g]


def _by_sections(candidates: Sequence[Candidate], usable: Sequence[int]) -> Iterator[list[int]]:
    """As in "Lanark County: one death ... Hastings County: two killed": the most of each part of such a list, added."""
    best: dict[str, list[int]] = {}
    for run in runs_of(candidates, [i for i in usable if candidates[i].section]):
        section = candidates[run[0]].section
        if reported_by(candidates, run) > reported_by(candidates, best.get(section, [])):
            best[section] = run
    if len(best) > 1:
        yield [i for run in best.values() for i in run]


def _of_other_nouns(candidates: Sequence[Candidate], group: Sequence[int], others: Sequence[int]) -> bool:
    """As in "five commandos and ten rebels": both fight, and are told apart by their nouns."""
    figures = [candidates[i].figure for i in (*group, *others)]
    if not all(one.low == one.high or candidates[i].counted for i, one in zip((*group, *others), figures, strict=True)):
        return False
    nouns = [{candidates[i].figure.victims.lower() for i in indexes} for indexes in (group, others)]
    return "" not in nouns[0] | nouns[1] and nouns[0].isdisjoint(nouns[1])


def _standing(candidates: Sequence[Candidate], groups: Sequence[list[int]]) -> list[int]:
    """The group that stands: explicit outcomes before "shot" and those before "in critical condition"; the largest."""
    if len(groups) == 1:
        return groups[0]
    final = [g for g in groups if any(candidates[i].final for i in g)]
    if final:
        return final[-1]
    resolved = [g for g in groups if not (candidates[g[0]].unresolved or _is_state(candidates[g[0]]))]
    told = [g for g in groups if not _is_state(candidates[g[0]])]
    certain = [g for g in resolved or told or groups if not any(_is_loose(candidates[i]) for i in g)]
    best = max(certain or groups, key=lambda g: reported_by(candidates, g))
    return _spelt_out(candidates, best, certain or groups)


def _spelt_out(candidates: Sequence[Candidate], best: list[int], groups: Sequence[list[int]]) -> list[int]:
    """The same number in the text where `best` stands in the headline: "at least 50" says more than "50"."""
    first, low = candidates[best[0]], reported_by(candidates, best)
    same = (g for g in groups if candidates[g[0]].figure.field == "text" and reported_by(candidates, g) == low)
    if first.figure.field == "title":
        return next(same, best)
    if first.sentence or first.figure.high is None:
        return best
    soon = (g for g in same if 0 < candidates[g[0]].sentence <= _SOON)  # a headline that is part of the text
    return next((g for g in soon if all(candidates[i].figure.qualifier == "at_least" for i in g)), best)


def _is_loose(candidate: Candidate) -> bool:
    """As in "several people": any number that the article gives says more."""
    return candidate.figure.qualifier == "vague" and candidate.figure.low <= _LOOSE


def _is_state(candidate: Candidate) -> bool:
    """As in "Two remain in critical condition": usually some of the injured, not all."""
    return candidate.figure.rule in {"in_condition", "critical", "to_hospital", "suffered_wounds", "recovering"}


def _among_them(
    candidates: Sequence[Candidate], groups: Sequence[list[int]], best: Sequence[int], killed: Bounds
) -> bool:
    """Whether the dead are counted in the `best` number of the hurt."""
    first = candidates[best[0]]
    lasting = first.figure.rule in _LASTING and not first.met
    if lasting and (killed.low > reported_by(candidates, best) or _come_after_dead(candidates, best, killed.low)):
        return False
    return _includes_dead(candidates, best) and not _told_apart(candidates, groups)


def _come_after_dead(candidates: Sequence[Candidate], group: Sequence[int], killed: int) -> bool:
    """As in "Two bodies have been found. Four people are in hospital": the hurt are told after the dead.

    Who is told of later ("one of them has died") is not all of the `killed` told of before.
    """
    first = candidates[group[0]]
    dead = [c for c in candidates if _is_dead(c) and c.figure.field == "text"]
    if killed > 1 and any(c.sentence < first.sentence and c.figure.low == killed for c in dead):
        dead = [c for c in dead if c.figure.low >= killed]
    later = any(
        c.sentence >= first.sentence and not c.definite and not c.aside for c in dead
    )  # "the dead man" was told of before
    return not later and any(c.sentence < first.sentence for c in dead)


def _is_dead(c: Candidate) -> bool:
    return c.figure.kind == "killed" and c.figure.assertion == "actual"


def _includes_dead(candidates: Sequence[Candidate], group: Sequence[int]) -> bool:
    """As in "Six people were shot", two of whom died: the dead are among them unless named before, in one breath.

    "1 dead, 3 shot" leaves three injured, "4 shot, 1 fatally" three as well.
    """
    if not any(candidates[i].unresolved for i in group) or candidates[group[0]].besides:
        return False
    first = candidates[group[0]]
    return not any(
        c.sentence == first.sentence
        and c.figure.kind == "killed"
        and c.figure.assertion == "actual"
        and (c.figure.start < first.figure.start or c.figure.low >= first.figure.low)
        for c in candidates
    )


def _told_apart(candidates: Sequence[Candidate], groups: Sequence[list[int]]) -> bool:
    """As in "killing six and injuring many": the hurt are told beside the dead, so the dead are none of them."""
    deadly = {c.sentence for c in candidates if c.figure.kind == "killed"}
    return any(not candidates[g[0]].unresolved and candidates[g[0]].sentence in deadly for g in groups)


def _of_the_hurt(candidates: Sequence[Candidate], best: Sequence[int]) -> int:
    """How many of the `best` number of the hurt are told dead: "nine were wounded, two of whom died later"."""
    first, hurt = candidates[best[0]], reported_by(candidates, best)
    if any(_is_dead(c) for c in candidates[: best[0]]):
        return 0  # "Four were killed. Ten were burned, two of whom died": who is counted where is not said
    for index in range(best[-1] + 1, len(candidates)):
        c = candidates[index]
        if c.sentence - first.sentence > _SOON:
            break
        if not _is_dead(c) or not (c.share or c.was_hurt) or not 0 < c.figure.low < hurt:
            continue
        behind = candidates[index - 1]
        whom = index - 1 == best[-1] or behind.figure.kind != "killed"  # "nine died, two of them later"
        if c.was_hurt or whom:
            return c.figure.low
    return 0


def _less(bounds: Bounds, killed: Bounds) -> Bounds:
    low = max(0, bounds.low - killed.low)
    return Bounds(low, None if bounds.high is None else max(low, bounds.high - killed.low))


def reported_by(candidates: Sequence[Candidate], members: Sequence[int]) -> int:
    """The number that these figures together put into a toll."""
    return sum(_reported(candidates[index]) for index in members)


def _reported(candidate: Candidate) -> int:
    """The number that a figure puts into a toll: its lower bound, but N for "as many as N" and "up to N".

    So the analysts of IDMC record such reports; a true ceiling ("fewer than N") says nothing of what was reached.
    """
    figure = candidate.figure
    if candidate.reached and figure.qualifier == "at_most" and figure.high is not None:
        return figure.high
    return figure.low


def _bounds(candidates: Sequence[Candidate], members: Sequence[int]) -> Bounds:
    """The sum of the members; more people than there are is no ceiling, and no floor."""
    highs = [candidates[index].figure.high for index in members]
    high = None if None in highs else sum(h for h in highs if h is not None)
    low = min(reported_by(candidates, members), MAX_PERSONS)
    return Bounds(low, high if high is not None and high <= MAX_PERSONS else None)


def _persons(candidates: Sequence[Candidate], usable: Sequence[int], dead: Sequence[_Person]) -> list[_Person]:
    """The single victims among the `usable`, mentions of the same person joined; not those who turn out `dead`."""
    persons: list[_Person] = []
    for index in usable:
        c = candidates[index]
        if c.figure.low != 1 or any(
            _same(person, c, strict=True) or _is_named_again(candidates[person.members[0]], c)
            for person in dead[-_REMEMBERED:]
        ):
            continue
        met = persons[-_REMEMBERED:]
        if c.kin and any(c.sentence - max(person.sentences) <= 1 for person in met):
            met = [person for person in met if c.kin in person.nouns]  # "A boy drowned. His father drowned, too"
        known = next((person for person in met if _same(person, c, strict=False)), None)
        if known is None:
            cues = {(c.sentence, c.cue)}
            persons.append(_Person({c.sentence}, cues, [index], c.name, c.age, c.sex, c.perpetrator, c.scene))
            persons[-1].nouns.add(c.figure.victims.lower())
        else:
            _join(known, c, index)
    return persons


def _same(person: _Person, c: Candidate, *, strict: bool) -> bool:
    """Whether a mention may mean a person already met."""
    if (c.sentence, c.cue) in person.cues or (strict and not c.definite and c.sentence in person.sentences):
        return False
    if c.perpetrator != person.perpetrator or _is_other(person, c) or (strict and _is_hurt_apart(person, c)):
        return False
    if c.fresh and not c.name & person.name:
        return c.bare and c.sentence not in person.sentences
    if c.name and person.name:
        return bool(c.name & person.name)
    if c.age is not None and person.age is not None and c.age != person.age:
        return False
    return c.sex is None or person.sex is None or c.sex == person.sex


def _is_other(person: _Person, c: Candidate) -> bool:
    """As in "One died on the spot, a girl in hospital", "killed a guard and a nurse before he was shot dead"."""
    doer = c.doer and c.figure.rule in _PRONOUNS and c.sentence in person.sentences
    return doer or (person.scene and c.later and not c.scene and not c.definite)


def _is_hurt_apart(person: _Person, c: Candidate) -> bool:
    """Whether who is hurt cannot be the dead: treated on the spot, or told of behind them ("was hurt")."""
    somebody = not c.definite or c.figure.victim_class != "unknown"  # "the driver", but not "the victim"
    named = person.nouns == {""} and bool(person.name) and not c.name and somebody
    later = c.sentence > max(person.sentences)
    sure = later and not c.unresolved and not c.definite and c.figure.rule == "passive_subject"
    return c.figure.rule == "needed_care" or sure or (named and later and c.figure.rule == "to_hospital")


def _is_named_again(dead: Candidate, hurt: Candidate) -> bool:
    """As in "shot a farmer and his son; the son died": the noun says which of them; "gored Ann Roe, and she died"."""
    behind = dead.sentence == hurt.sentence and dead.figure.start > hurt.figure.start
    if behind and dead.figure.rule in _PRONOUNS and hurt.name:
        return dead.sex is None or hurt.sex is None or dead.sex == hurt.sex
    return dead.definite and dead.sentence == hurt.sentence and dead.figure.victims == hurt.figure.victims != ""


def _join(person: _Person, c: Candidate, index: int) -> None:
    person.sentences.add(c.sentence)
    person.cues.add((c.sentence, c.cue))
    person.members.append(index)
    person.nouns.add(c.figure.victims.lower())
    person.name |= c.name
    person.age = person.age if person.age is not None else c.age
    person.sex = person.sex or c.sex
