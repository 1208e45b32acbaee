"""Which people a cue speaks of: the rules that join noun phrases to what happened to them.

Each rule is a function with one decision; its name is the `rule` of the figures that it makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from stream_app.core.casualties.lexicon import Lexicon
from stream_app.core.casualties.phrases import Chunk, People
from stream_app.core.casualties.tokens import Tokens
from stream_app.core.events import Kind

_GROUP: Final = frozenset("bhmtrg")
_LINK: Final = frozenset("bhmtrgd")
_BARRIER: Final = frozenset(';.:"u(')
_OBJECT_FORMS: Final = frozenset({"counted", "elided", "unknown", "single", "plural", "named", "nobody"})
_HE: Final = frozenset({"he", "she"})
_REACH: Final = 18
_SEIZING: Final = frozenset(["seize", "seizes", "seizing", "seized"])
_CROWD: Final = 50
_FORCED: Final = frozenset({"forced", "compelled", "obliged"})
_LEAVING: Final = frozenset(
    ["left", "leave", "leaving", "abandon", "abandoned", "abandoning", "fled", "lost", "lose", "losing"]
)
_DRIVING: Final = frozenset(
    ["forced", "forcing", "force", "forces", "drove", "driven", "driving", "drives", "chased", "expelled"]
)


@dataclass(slots=True)
class Mention:
    """People and what happened to them, by chunk: `cue` is the cue, `group` where its verb group begins.

    `inner` says that the people meant are those inside a partitive: "one of five Palestinians killed" are five. `part`
    marks people who are counted in another mention as well.
    """

    people: People
    kind: Kind
    rule: str
    cue: int
    group: int
    at: int
    negated: bool = False
    inner: bool = False
    part: bool = False


class Grammar:
    """Joins the chunks of one sentence; see `Mention`."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lex = lexicon

    def __call__(self, chunks: Sequence[Chunk], tokens: Tokens) -> list[Mention]:
        """Every mention of the sentence, in the order of their cues, one per phrase and kind."""
        reading = _Reading(chunks, tokens, self._lex)
        return reading.mentions()


_NOBODY: Final = People(0, 0, "nobody", None, None, -1)


class _Reading:
    """One sentence while it is read."""

    def __init__(self, chunks: Sequence[Chunk], tokens: Tokens, lexicon: Lexicon) -> None:
        self.chunks = chunks
        self.words = tokens.words
        self.cased = tokens.cased
        self.sets = lexicon.sets
        self.relative = False

    # --- driver --------------------------------------------------------------------------------------------------

    def mentions(self) -> list[Mention]:
        found: list[Mention] = []
        for i, chunk in enumerate(self.chunks):
            if chunk.people is not None:
                found.extend(self.noun(i, chunk.people))
            if chunk.roles is not None:
                found.extend(self.cue(i, chunk))
            elif chunk.word in {"hit", "struck"}:
                found.extend(self.hit_by_bullet(i))
            elif chunk.tag == "h" and self.tag(i + 1) in {"z", "k"} and self.has_wounds(i):
                found.extend(self.suffers(i))
            elif chunk.word == "recovering":
                group = self.group_start(i)
                victims = self.emit(self.subjects(group, adjacent=False), "injured", "recovering", i, group)
                found.extend(m for m in victims if not m.people.definite)
            elif chunk.tag == "s":
                found.extend(self.suffers(i) if self.sets["sport"].isdisjoint(self.words) else [])
            elif chunk.tag in {"v", "c"} and chunk.word in self.sets["to_hospital"]:
                found.extend(self.to_hospital(i))
            elif chunk.word == "fatally" and self.tag(i + 1) not in {"k", "v"}:
                found.extend(self.emit(self.subjects(i, adjacent=True), "killed", "one_fatally", i, i))
            elif chunk.tag == "p" and chunk.word == "with":
                found.extend(self.with_wounds(i))
            elif chunk.word == "crossed":
                found.extend(self.crossed(i))
            elif chunk.word == "condition":
                found.extend(self.in_condition(i))
            elif (
                chunk.word in self.sets["home"]
                or chunk.word in self.sets["refuge"]
                or chunk.word in self.sets["shelter"]
            ):
                found.extend(self.displaced(i))
        found.extend(list(self.companions(found)))
        found.extend(list(self.parts(found)))
        found.extend(list(self.breakdowns(found)))
        return _distinct(found)

    def noun(self, i: int, people: People) -> Iterator[Mention]:
        """What a noun phrase says by itself: "12 deaths", "killers of six priests"."""
        if people.made:
            yield from self.made_noun(i)
        if self.tag(i + 1) == "f" and self.word(i) in self.sets["killers"]:
            yield from self.emit(self.objects(i + 2), "killed", "killers_of", i, i)
        elif self.tag(i + 1) == "f" and self.word(i) in self.sets["kidnappers"]:
            yield from self.emit(self.objects(i + 2), "abducted", "kidnappers_of", i, i)
        elif self.word(i) == "families" and self.word(i - 1) == "host":
            yield from self.in_shelter(i)

    def companions(self, mentions: Sequence[Mention]) -> Iterator[Mention]:
        """ "was killed along with two of his bodyguards"."""
        for mention in mentions:
            for k in range(mention.cue + 1, min(mention.cue + 14, len(self.chunks))):
                if self.tag(k) in {";", "."} or self.tag(k) == "k":
                    break
                if self.word(k) in self.sets["join"] and self.word(k + 1) == "with" and self.people(k + 2):
                    yield from self.emit(self.objects(k + 2), mention.kind, "along_with", mention.cue, mention.group)
                    break

    def parts(self, mentions: Sequence[Mention]) -> Iterator[Mention]:
        """ "killed 19 people, including 10 children": a part of those meant, never added to the toll."""
        seen: set[int] = set()
        for mention in sorted(mentions, key=lambda m: -m.cue):
            start = min(mention.at, mention.cue)
            for k in range(start + 1, min(max(mention.at, mention.cue) + 10, len(self.chunks))):
                if self.tag(k) in {";", "."} or (self.tag(k) == "k" and k > mention.cue):
                    break
                if self.word(k) == "including" and k not in seen:
                    seen.add(k)
                    counted = [j for j in self.objects(k + 1) if self.is_part(j)]
                    for part in self.emit(counted, mention.kind, "part", mention.cue, mention.group):
                        part.part = True
                        yield part
                    break

    def breakdowns(self, mentions: Sequence[Mention]) -> Iterator[Mention]:
        """ "16 people - nine Pakistanis and seven Indians - died", "eight people (three soldiers and five civilians)"."""
        for mention in mentions:
            mark = {"(": ")", "-": "-", ",": ","}.get(self.tag(mention.at + 1))
            if mark is None or mention.people.quantity is None:
                continue
            found = self.objects(mention.at + 2)
            closes = bool(found) and self.tag(found[-1] + 1) in {mark, "."} and mention.cue not in found
            if closes and len(found) > 1 and all(self.is_part(j) for j in found):
                for part in self.emit(found, mention.kind, "part", mention.cue, mention.group):
                    part.part = True
                    yield part

    def is_part(self, j: int) -> bool:
        people = self.people(j)
        return people is not None and people.form in {"counted", "elided", "single"}

    def cue(self, i: int, chunk: Chunk) -> Iterator[Mention]:
        """The mentions of one cue, by the role that fits its surroundings."""
        roles = chunk.roles or {}
        if self.word(i - 2) == "among" and self.word(i - 1) in {"those", "the"} and ("K" in roles or "F" in roles):
            yield from self.among(i, roles.get("F") or roles["K"])
            return
        if self.is_number_of(i):
            yield from self.number_of(i, roles.get("F") or roles.get("O") or roles.get("K") or roles.get("J"))
            return
        if "U" in roles:
            yield from self.unharmed(i, roles["U"])
        elif "T" in roles:
            yield from self.toll(i, roles["T"])
        elif chunk.word in {"lives", "life"}:
            yield from self.lives(i)
        elif "O" in roles and self.is_event(i):
            yield from self.event(i, roles["O"])
        elif "I" in roles:
            yield from self.active(i, roles["I"], i)
        elif "K" in roles:
            yield from self.participle(i, roles)
        elif "D" in roles or "G" in roles:
            yield from self.intransitive(i, roles.get("D") or roles["G"])
        elif "B" in roles or "S" in roles:
            yield from self.active(i, roles.get("B") or roles["S"], self.group_start(i))
        elif "J" in roles:
            yield from self.predicate(i, roles["J"])
        elif "F" in roles:
            yield from self.count_noun(i, roles["F"])

    # --- looking around --------------------------------------------------------------------------------------------

    def tag(self, i: int) -> str:
        return self.chunks[i].tag if 0 <= i < len(self.chunks) else ""

    def word(self, i: int) -> str:
        return self.chunks[i].word if 0 <= i < len(self.chunks) else ""

    def people(self, i: int) -> People | None:
        """The people at chunk `i`, pronouns apart."""
        return self.chunks[i].people if 0 <= i < len(self.chunks) else None

    def group_start(self, i: int) -> int:
        """Where the verb group that ends in cue `i` begins: auxiliaries, adverbs, "reported", "found"."""
        g = i
        while g > 0:
            before = g - 1
            tag, word = self.tag(before), self.word(before)
            if word == "as" and self.word(before - 1) in self.sets["predicative"]:
                g -= 2
            elif tag in _GROUP or (tag in "vqlc" and word in self.sets["predicative"]) or word in _FORCED:
                g -= 1
            elif tag == "&" and word in {"and", "or"} and self.tag(before - 1) == "k" and self.tag(g) != "n":
                g -= 2
            elif tag == "d" and self.tag(before - 1) in {"b", "h"}:
                g -= 1
            else:
                break
        return g

    def has_be(self, start: int, end: int) -> bool:
        return any(self.tag(j) == "b" for j in range(start, end))

    # --- objects ----------------------------------------------------------------------------------------------------

    def objects(self, start: int) -> list[int]:
        """The noun phrases after an active verb that ends before chunk `start`, coordinated ones included."""
        self.relative = False
        j = start
        while self.tag(j) in {"r", "-"} or (self.tag(j) == '"' and self.people(j + 1)):
            j += 1
        found = [j] if self.people(j) is not None else []
        if not found:
            after = self.after_name(j)
            if after is None:
                return []
            found = [after]
        while True:
            following = self.next_conjunct(found[-1] + 1)
            if following is None:
                return found
            found.append(following)

    def after_name(self, j: int) -> int | None:
        """The first people after a name or an insertion: "of JUAN PEREZ, his wife, and two others"."""
        if self.tag(j) == ",":
            close = next((k for k in range(j + 1, min(j + 9, len(self.chunks))) if self.tag(k) == ","), None)
            return close + 1 if close is not None and self.counted_at([close + 1]) else None
        k = j
        while k < j + 6 and self.tag(k) in {"z", "Z"}:
            k += 1
        if k > j and self.people(k) is not None and (self.cased or not self.predicated(k)):
            return k
        if self.cased or self.tag(j) != "z":
            return None
        while k < j + 6 and self.tag(k) in {"z", "."}:
            k += 1
        return self.next_conjunct(k) if self.tag(k) in {",", "&"} else None

    def next_conjunct(self, j: int) -> int | None:
        """The next coordinated phrase: "two guards, a driver and his son", a short "in X" between them allowed."""
        begin = j
        while j - begin < 8 and self.tag(j) in {"p", "f", "z", "Z", "x", "d", "e", "n", "a"}:
            if self.tag(j) == "n" and self.tag(j - 1) not in {"p", "f", "e", "y"} and j > begin:
                return None
            j += 1
        comma = self.tag(j) == ","
        if comma:
            j += 1
        if self.tag(j) == "&" and self.word(j) in {"and", "&", "plus", "or"}:
            j += 1
        elif not comma:
            return None
        while self.tag(j) == "r" or self.word(j) == "at least":
            j += 1
        people = self.people(j)
        if people is None or self.predicated(j):
            return None
        if comma and people.form in {"named", "plural", "single"} and not self.list_goes_on(j):
            return None
        return j

    def list_goes_on(self, j: int) -> bool:
        """Whether the phrase at `j` is an item of a list rather than an apposition ("a hostage, a Briton, ...")."""
        k = j + 1
        while k < j + 6 and self.tag(k) in {"p", "f", "z", "Z", "e", "x"}:
            k += 1
        if self.tag(k) == ",":
            k += 1
        if self.tag(k) != "&":
            return False
        return self.tag(k + 1) == "o" or (self.people(k + 1) is not None and not self.predicated(k + 1))

    def predicated(self, j: int) -> bool:
        """Whether the phrase at `j` is the subject of a verb of its own."""
        k = j + 1
        while self.tag(k) in {"r", "p", "f", "z", "Z", "e", "d"} and k < j + 7:
            if self.tag(k) == "p" and self.tag(k + 1) == "n":
                k += 1
            k += 1
        return (
            self.tag(k) in {"b", "h", "m", "q"}
            or (self.tag(k) == "k" and not {"F"} >= set(self.chunks[k].roles or {}) and k == j + 1)
            or (self.tag(k) == "v" and k == j + 1 and not self.word(k).endswith("ing"))
        )

    # --- subjects ---------------------------------------------------------------------------------------------------

    def subjects(self, start: int, *, adjacent: bool) -> list[int]:
        """The noun phrases before the verb group that begins at chunk `start`.

        `adjacent` wants the phrase directly before it (a reduced passive); else a relative pronoun, an apposition or
        prepositional phrases may stand between.
        """
        j = start - 1
        self.relative = self.tag(j) == "w"
        if self.relative:
            j -= 1
            if self.tag(j) == ",":
                j -= 1
        if self.tag(j) == "&" and not adjacent:
            return self.shared_subject(j)
        first = None if self.relative and self.people(j) is not None else self.over_part(j)
        if first is None and not adjacent and not self.relative and self.tag(j - 1) in {"p", "f", "y"}:
            first = self.walk(j)
            if first is None and self.tag(j - 1) in {"p", "y"} and not self.counted_at([j]):
                return []
        if first is None:
            first = self.direct(j)
        if first is None:
            first = self.over_apposition(j)
        if first is None and not adjacent:
            first = self.walk(j)
        if first is None and adjacent:
            first = self.over_name(j)
        return self.coordinated(first) if first is not None else []

    def shared_subject(self, j: int) -> list[int]:
        """The subject of the verb before "and": "a man was shot in the chest and died"."""
        for k in range(j - 1, max(-1, j - 14), -1):
            if self.tag(k) in _BARRIER:
                return []
            if self.tag(k) in {"k", "v", "b", "h", "l", "s", "q"} and not self.is_noun(k):
                start = self.group_start(k)
                return self.subjects(start, adjacent=False) if start > 0 and self.tag(start - 1) != "&" else []
        return []

    def direct(self, j: int) -> int | None:
        """The phrase at `j`, or what it is part of ("five members of the group")."""
        while j >= 0 and self.tag(j) in {"d", "r"}:
            j -= 1
        people = self.people(j)
        if people is None or (people.form == "named" and self.tag(j - 1) in {"p", "f", "y"}):
            return None
        if self.tag(j - 1) == "k" and people.form == "elided" and self.tag(j - 2) == "w":
            return self.walk(j - 3)
        while self.tag(j - 1) == "f" and self.people(j - 2) is not None and not self.counted_at([j]):
            j -= 2
        return j

    def over_part(self, j: int) -> int | None:
        """Back over a part of the people meant: "four people including a child", "six priests, five of them Jesuits,"."""
        for k in range(j, max(-1, j - 9), -1):
            if self.word(k) == "including" or (self.tag(k) == "n" and self.word(k) in {"them", "whom"} and k < j):
                k -= 1 if self.tag(k - 1) != "," else 2
                return self.direct(k) if self.people(k) is not None else None
            if self.tag(k) in {"v", "b", "h", "w", ";", "."} or (self.tag(k) == "k" and k < j):
                return None
        return None

    def over_name(self, j: int) -> int | None:
        """ "three people in Basra killed": back over one prepositional phrase."""
        k = j
        for _ in range(3):
            end = k
            while k > end - 6 and self.tag(k) in {"z", "Z", "e", "x", "d"}:
                k -= 1
            if k == end or self.tag(k) not in {"p", "f"}:
                return None
            k -= 1
            if self.people(k) is not None:
                return k
        return None

    def over_apposition(self, j: int) -> int | None:
        """The phrase before a parenthesis, a pair of commas or dashes that ends at `j`."""
        mark = self.tag(j)
        opening = {",": ",", "-": "-", ")": "("}.get(mark)
        if opening is None:
            return None
        for k in range(j - 1, max(-1, j - _REACH), -1):
            if self.tag(k) == opening:
                if self.tag(k + 1) == "&" and self.word(k + 1) != "or":
                    return self.direct(j - 1)
                outer = self.direct(k - 1) if self.people(k - 1) is not None else self.walk(k - 1)
                inner = self.people(k + 1)
                return k + 1 if outer is None and inner is not None and inner.form == "single" else outer
            if self.tag(k) in {";", "."}:
                return None
        return None

    def walk(self, j: int) -> int | None:
        """The subject further left: past prepositional phrases and relative clauses, up to a clause's edge."""
        stop = max(-1, j - _REACH)
        while j > stop:
            tag = self.tag(j)
            if tag == ")":
                j = next((k - 1 for k in range(j, max(-1, j - 9), -1) if self.tag(k) == "("), -1)
                continue
            if tag in _BARRIER or (tag == "o" and self.tag(j - 1) not in {"p", "f"}):
                return None
            if tag == "k" and self.tag(j + 1) in {"f", "y"}:
                j -= 1
                continue
            if tag == "n":
                if self.tag(j - 1) in {"p", "y"} or (self.tag(j - 1) == "f"):
                    j -= 2
                    if self.tag(j) == "n" and self.tag(j + 1) == "f":
                        return j
                    continue
                return j
            if tag in {"v", "k"} and self.is_noun(j):
                j -= 1
                continue
            if tag in {"v", "b", "h", "m", "k", "q", "l", "c", "s"}:
                relative = self.relative_start(j)
                if relative is None:
                    return None
                j = relative
                continue
            if tag == ",":
                over = self.over_apposition(j)
                return over
            j -= 1
        return None

    def is_noun(self, j: int) -> bool:
        """Whether a word that may be a verb is a noun in a prepositional phrase: "in the attack", "of the fire"."""
        word = self.word(j)
        if word.endswith("ed") or (word.endswith("ing") and word not in self.sets["noun_ing"]):
            return False
        k = j - 1
        while k > j - 5 and self.tag(k) in {"z", "Z", "e"}:
            k -= 1
        return self.tag(k) in {"p", "f", "y"}

    def relative_start(self, j: int) -> int | None:
        """The chunk before the relative or participle clause that the verb at `j` belongs to."""
        for k in range(j, max(-1, j - 8), -1):
            if self.tag(k) == "w":
                return k - 1 if self.tag(k - 1) != "," else k - 2
            if self.tag(k) == "n" and k < j:
                break
            if self.tag(k) in _BARRIER or self.tag(k) == ",":
                break
        if (
            self.tag(j) in {"v", "k"}
            and self.people(j - 1) is not None
            and (self.word(j).endswith(("ing", "ed")) or self.tag(j) == "k")
        ):
            return j - 1
        return None

    def coordinated(self, j: int) -> list[int]:
        """Phrase `j` and those joined to it on its left."""
        found = [j]
        k = j
        seen_and = False
        while True:
            k -= 1
            if self.tag(k) == "&" and self.word(k) in {"and", "&", "or"}:
                seen_and = True
                k -= 1
                if self.tag(k) == ",":
                    k -= 1
                if self.word(k + 1) == "or" and self.counted_at([k]):
                    return [k] if self.counted_at(found) else found
            elif self.tag(k) == "," and seen_and:
                k -= 1
            else:
                return found
            if self.tag(k) == "&":
                return found
            over = self.item_end(k)
            if over is None and seen_and and len(found) == 1:
                over = self.relative_item(k)
            if over is None or self.belongs_to_verb(over) or "F" in (self.chunks[over].people or _NOBODY).made:
                return found
            found.insert(0, over)
            k = over

    def item_end(self, k: int) -> int | None:
        """The list item that ends at `k`, a short prepositional phrase after it allowed."""
        stop = max(-1, k - 7)
        while k > stop:
            if self.people(k) is not None and self.tag(k - 1) not in {"p", "f"}:
                return k
            if self.tag(k) in {")", "-"}:
                return self.over_apposition(k)
            if self.tag(k) not in {"p", "f", "z", "Z", "e", "n", "x"}:
                return None
            k -= 1
        return None

    def relative_item(self, k: int) -> int | None:
        """An item with a relative clause: "two policemen who were guards and a citizen were wounded"."""
        verb = next((j for j in range(k, max(-1, k - 6), -1) if self.tag(j) in {"v", "b"}), None)
        start = self.relative_start(verb) if verb is not None else None
        return start if start is not None and self.people(start) is not None and self.tag(start + 1) == "w" else None

    def belongs_to_verb(self, j: int) -> bool:
        """Whether the phrase at `j` is the object of an earlier verb."""
        before = self.tag(j - 1)
        return before in {"v", "k", "c", "s"} or (before == "r" and self.tag(j - 2) in {"v", "k"})

    # --- rules -------------------------------------------------------------------------------------------------------

    def emit(self, indexes: Sequence[int], kind: Kind, rule: str, cue: int, group: int) -> Iterator[Mention]:
        for j in indexes:
            people = self.people(j)
            if people is not None and people.form in _OBJECT_FORMS:
                yield Mention(people, kind, rule, cue, group, j, inner=self.relative)

    def active(self, i: int, kind: Kind, group: int) -> Iterator[Mention]:
        """ "killed two people", "wounding more than 50", "Bomb kills one"."""
        if self.word(i + 1) in self.sets["reflexive"]:
            yield from self.reflexive(i, kind)
            return
        objects = self.objects(i + 1)
        if not objects and kind == "displaced":
            yield from self.forced_to(i, kind)
        elif self.word(i) in _SEIZING:
            yield from (m for m in self.emit(objects, kind, "active_object", i, group) if self.may_be_seized(m.people))
        elif not (self.word(i) in {"shooting", "stabbing"} and self.is_compound(objects)):
            yield from self.emit(objects, kind, "active_object", i, group)

    def reflexive(self, i: int, kind: Kind) -> Iterator[Mention]:
        """ "a boy accidentally shot himself": the subject is the victim."""
        group = self.group_start(i)
        if self.tag(i - 1) == "&" and self.tag(i - 2) == "k":
            group = self.group_start(i - 2)
        yield from self.emit(self.subjects(group, adjacent=False)[-1:], kind, "reflexive", i, group)

    @staticmethod
    def may_be_seized(people: People) -> bool:
        """ "seized two drug traffickers" is an arrest; things are seized too."""
        return people.noun is not None and people.noun.victim_class != "perpetrator"

    def is_compound(self, objects: Sequence[int]) -> bool:
        """ "shooting suspects": the cue is part of a noun."""
        return any(
            (p := self.people(j)) is not None and p.form in {"plural", "single"} and p.end - p.start == 1
            for j in objects
        )

    def forced_to(self, i: int, kind: Kind) -> Iterator[Mention]:
        """ "forced 2,500 people to flee", "had to evacuate"."""
        group = self.group_start(i)
        if self.tag(i - 1) != "t":
            return
        people = self.people(i - 2)
        if people is not None and any(self.word(j) in self.sets["forcing"] for j in range(max(0, i - 6), i - 2)):
            yield from self.emit([i - 2], kind, "forced_to", i, i)
        elif any(self.word(j) in {"forced", "had", "have", "compelled", "obliged"} for j in range(group, i)):
            yield from self.emit(self.subjects(group, adjacent=False), kind, "forced_to", i, group)

    def participle(self, i: int, roles: dict[str, Kind] | object) -> Iterator[Mention]:
        """ "were killed", "two killed in", or an active past: decided by the auxiliary and by what stands around."""
        kind = (self.chunks[i].roles or {})["K"]
        group = self.group_start(i)
        if self.has_be(group, i) or any(
            self.word(j) in {"found", "reported", "left", "feared"} for j in range(group, i)
        ):
            yield from self.pronoun(i, kind, group)
            yield from self.emit(self.subjects(group, adjacent=False), kind, "passive_subject", i, group)
            return
        if self.word(i + 1) in self.sets["reflexive"] or (
            self.tag(i + 1) == "&" and self.word(i + 3) in self.sets["reflexive"]
        ):
            yield from self.reflexive(i, kind)
            return
        if kind == "displaced" and (self.tag(i + 1) == "e" or any(self.tag(j) == "h" for j in range(group, i))):
            objects = self.objects(i + 1)
            found = objects or self.subjects(group, adjacent=False)
            rule = "active_object" if objects else "left_home"
            yield from (m for m in self.emit(found, kind, rule, i, group) if self.may_be_displaced(m.people))
            return
        if self.tag(i + 1) in {"o", "e", "Z"}:
            return
        shared = i + 3 if self.tag(i + 1) == "&" and self.tag(i + 2) == "k" else i + 1
        objects = self.objects(shared)
        left = self.subjects(group, adjacent=True)
        if not left and self.tag(group - 1) == "," and self.tag(i + 1) == "y" and self.counted_at([group - 2]):
            left = [group - 2]
        if objects and not (self.counted_at(left) and self.elliptic(objects[0])):
            found = self.emit(objects, kind, "active_object", i, group)
            yield from (m for m in found if self.word(i) not in _SEIZING or self.may_be_seized(m.people))
        elif left and not any(self.tag(j) == "h" for j in range(group, i)):
            for mention in self.emit(left, kind, "reduced_passive", i, group):
                if mention.people.form == "plural" and self.cased:
                    continue
                mention.inner = True
                yield mention

    def counted_at(self, indexes: Sequence[int]) -> bool:
        return any((p := self.people(j)) is not None and p.quantity is not None for j in indexes)

    def elliptic(self, j: int) -> bool:
        """Whether the phrase at `j` starts the next item of a list of outcomes: "2 killed 3 injured"."""
        return self.tag(j + 1) == "k"

    def intransitive(self, i: int, kind: Kind) -> Iterator[Mention]:
        """ "three people died", "thousands have fled their homes"."""
        group = self.group_start(i)
        if kind == "displaced" and self.is_flight(i):
            return
        found = self.forced_objects(i) if kind == "displaced" else []
        found = found or self.subjects(group, adjacent=False)
        yield from self.pronoun(i, kind, group)
        for mention in self.emit(found, kind, "intransitive_subject", i, group):
            if kind == "displaced" and not self.may_be_displaced(mention.people):
                continue
            if mention.people.form in {"named", "single"} and not self.is_violent(mention.people.form):
                continue
            yield mention

    def pronoun(self, i: int, kind: Kind, group: int) -> Iterator[Mention]:
        """ "he died", "she was pronounced dead": a victim met before, if the reader knows of one."""
        subject = self.chunks[group - 1] if group else None
        if kind == "killed" and subject is not None and subject.word in _HE:
            people = People(subject.start, subject.end, "pronoun", None, None, -1)
            yield Mention(people, kind, "pronoun", i, group, group - 1)

    def forced_objects(self, i: int) -> list[int]:
        """ "forcing 300 families to flee"."""
        if self.tag(i - 1) == "t" and self.people(i - 2) is not None:
            return [i - 2]
        return []

    @staticmethod
    def may_be_displaced(people: People) -> bool:
        """One person or a suspect who flees is running, not displaced."""
        if people.noun is not None and people.noun.victim_class == "perpetrator":
            return False
        return people.form not in {"single", "named"}

    def is_violent(self, form: str) -> bool:
        """Whether a single death is not a natural one: a name wants violence in the sentence, others no illness or age."""
        violent = not self.sets["violence"].isdisjoint(self.words)
        natural = not self.sets["natural"].isdisjoint(self.words)
        return violent and not natural if form == "named" else violent or not natural

    def is_flight(self, i: int) -> bool:
        """ "fled the scene", "fled on foot": running away, not being displaced."""
        return any(self.word(j) in self.sets["scene"] for j in range(i + 1, min(i + 6, len(self.chunks))))

    def predicate(self, i: int, kind: Kind) -> Iterator[Mention]:
        """ "left 14 people dead", "two dead", "are still missing", "took 26 people hostage"."""
        group = self.group_start(i)
        if kind == "missing" and self.tag(i + 1) in {"e", "x"} and not self.has_be(group, i):
            return
        plain = group == i
        yield from self.pronoun(i, kind, group)
        if kind in {"abducted", "captured"} and not self.is_held(i):
            return
        yield from self.emit(self.subjects(group, adjacent=plain), kind, "predicate", i, group)

    def is_held(self, i: int) -> bool:
        """ "took 26 people hostage", "was held captive": the noun is a predicate only after such a verb."""
        return any(self.word(j) in self.sets["held"] for j in range(max(0, i - 8), i))

    def unharmed(self, i: int, kind: Kind) -> Iterator[Mention]:
        """ "was unharmed", "escaped unhurt": nobody of those named."""
        group = self.group_start(i)
        while self.tag(group - 1) in {"v", "r", "b"}:
            group -= 1
        for mention in self.emit(self.subjects(group, adjacent=False), kind, "unharmed", i, group):
            mention.negated = True
            yield mention

    def is_event(self, i: int) -> bool:
        """Whether a word that may be a noun or a verb is the noun here: "the killing of", "girl's killing"."""
        following = self.tag(i + 1)
        if self.event_object(i) is not None:
            return True
        before = self.tag(i - 1)
        return (before == "a" or (before == '"' and self.word(i - 1) == "'")) and following != "n"

    def event_object(self, i: int) -> int | None:
        """Where the people of an event begin: "murder of", "murder case of", "the death yesterday of nine people"."""
        if self.tag(i + 1) == "f":
            return i + 2
        if self.tag(i + 2) == "f" and self.word(i + 1) in {"case", "trial", "charges", "charge"}:
            return i + 3
        for k in range(i + 1, i + 10):
            people = self.people(k + 1)
            if self.tag(k) == "f" and people is not None and people.form in {"counted", "single"}:
                return k + 1
            if self.tag(k) not in {"p", "d", "e", "x", "z", "Z", "f", "("} and not (self.tag(k) == "n" and k > i + 1):
                return None
        return None

    def event(self, i: int, kind: Kind) -> Iterator[Mention]:
        """ "the death of 12 miners", "the girl's killing"."""
        if kind == "injured" and any(self.word(j) in {"fatal", "deadly", "fatally"} for j in range(i - 3, i)):
            kind = "killed"
        after = self.event_object(i)
        if after is not None:
            yield from self.emit(self.objects(after), kind, "event_of", i, i)
        elif self.tag(i - 1) in {"a", '"'} and self.people(i - 2) is not None:
            yield from self.emit([i - 2], kind, "possessed_event", i, i)

    def count_noun(self, i: int, kind: Kind) -> Iterator[Mention]:
        """ "the bodies of 12 miners", "deaths rose to 39"."""
        if self.word(i) in self.sets["body"] and self.tag(i + 1) == "f":
            yield from self.emit(self.objects(i + 2), "killed", "bodies_of", i, i)
        elif self.word(i) in {
            "deaths",
            "fatalities",
            "dead",
            "casualties",
            "injuries",
            "injured",
            "wounded",
            "missing",
        }:
            yield from self.toll(i, kind)

    def toll(self, i: int, kind: Kind) -> Iterator[Mention]:
        """ "death toll rises to 39", "the toll stood at 12", "taking the toll to 62"."""
        k = i + 1
        start_from = False
        while k < min(i + 14, len(self.chunks)):
            tag = self.tag(k)
            if tag in {";", "."}:
                return
            people = self.people(k)
            if people is not None and people.quantity is not None and people.form in {"elided", "counted"}:
                if self.word(k - 1) == "from":
                    start_from = True
                    k += 1
                    continue
                if self.tag(k - 1) in {"t", "p", "b", "v", "f", "c", "-", ":", "r", "q", "(", "h"} or start_from:
                    yield Mention(people, kind, "toll", i, i, k)
                return
            if tag in {"k", "w"}:
                return
            k += 1

    def among(self, i: int, kind: Kind) -> Iterator[Mention]:
        """ "two policemen were among those killed", "among the dead were three children"."""
        after = self.objects(i + 2) if self.tag(i + 1) == "b" else []
        group = self.group_start(i - 2)
        found = after or (self.subjects(group, adjacent=False) if self.has_be(group, i - 2) else [])
        for mention in self.emit(found, kind, "among", i, group):
            mention.part = True
            yield mention

    def is_number_of(self, i: int) -> bool:
        """Whether the cue ends "the number of people displaced" or "the number of dead"."""
        j = i - 1
        while j > i - 7 and self.tag(j) in {"n", "e", "z", "h", "b", "w", "Z"} and not self.counted_at([j]):
            j -= 1
        return self.tag(j) == "f" and self.word(j - 1) in self.sets["crowd"]

    def number_of(self, i: int, kind: Kind | None) -> Iterator[Mention]:
        """ "brings to 332,000 the number of people displaced", "the number of dead rose to 39"."""
        if kind is None:
            return
        for k in range(i - 2, max(-1, i - 8), -1):
            people = self.people(k)
            if people is not None and people.quantity is not None and self.tag(k - 1) == "t":
                yield Mention(people, kind, "number_of", i, i, k)
                return
        yield from self.toll(i, kind)

    def lives(self, i: int) -> Iterator[Mention]:
        """ "lost their lives", "claimed the lives of 30 people"."""
        if self.tag(i + 1) == "f":
            if any(self.word(j) in self.sets["claim"] for j in range(max(0, i - 4), i)):
                yield from self.emit(self.objects(i + 2), "killed", "lives_of", i, i)
            return
        if self.word(i - 1) in {"their", "his", "her"} and self.word(i - 2) in {"lost", "lose", "loses", "losing"}:
            group = self.group_start(i - 2)
            yield from self.emit(self.subjects(group, adjacent=False), "killed", "lost_lives", i - 2, group)

    def made_noun(self, i: int) -> Iterator[Mention]:
        """ "12 deaths", "at least 25 bodies", "two kidnapped journalists", "no injuries"."""
        people = self.people(i)
        if people is None:
            return
        head = self.words[people.head] if 0 <= people.head < len(self.words) else ""
        if people.noun is None and head == "lives":
            if (
                self.word(i - 1) in self.sets["claim"]
                or self.word(i - 1) in {"lost", "losing"}
                or self.word(i + 2) == "lost"
            ):
                yield Mention(people, "killed", "claimed_lives", i, i, i)
            return
        if people.noun is None:
            if head in self.sets["body"] and self.tag(i + 1) == "f":
                found = self.objects(i + 2)
                if people.quantity is None or self.counted_at(found):
                    yield from self.emit(found, "killed", "bodies_of", i, i)
                    return
            kind = people.made["F"]
            if kind == "abducted" and self.word(i - 1) in self.sets["release"]:
                return
            if kind == "casualty" and self.word(i - 1) in self.sets["claim"]:
                kind = "killed"
            yield Mention(people, kind, "counted_noun", i, i, i)
        elif people.form != "plural":
            kind = people.made.get("K") or people.made.get("J") or people.made.get("F")
            if kind is not None:
                yield Mention(people, kind, "participle_modifier", i, i, i, inner=True)

    def suffers(self, i: int) -> Iterator[Mention]:
        """ "suffered severe knife wounds"."""
        for k in range(i + 1, min(i + 8, len(self.chunks))):
            if self.tag(k) in {"b", "v", ";", "."}:
                return
            last = self.words[self.chunks[k].end - 1]
            if last in self.sets["hurt_noun"]:
                group = self.group_start(i)
                yield from self.emit(self.subjects(group, adjacent=False), "injured", "suffered_wounds", i, group)
                return

    def has_wounds(self, i: int) -> bool:
        """ "four people have bullet wounds"."""
        return any(self.word(k) in self.sets["hurt_noun"] for k in range(i + 1, i + 4))

    def hit_by_bullet(self, i: int) -> Iterator[Mention]:
        """ "was struck in the hand by a stray bullet"."""
        group = self.group_start(i)
        if not self.has_be(group, i) and self.tag(i - 1) != "n":
            return
        if any(self.words[c.end - 1] in self.sets["bullet"] for c in self.chunks[i + 1 : i + 10]):
            yield from self.emit(self.subjects(group, adjacent=False), "injured", "hit_by_bullet", i, group)

    def with_wounds(self, i: int) -> Iterator[Mention]:
        """ "found a man with gunshot wounds"."""
        for k in range(i + 1, min(i + 5, len(self.chunks))):
            if self.words[self.chunks[k].end - 1] in self.sets["hurt_noun"] - {"gunshot"}:
                yield from self.emit(self.subjects(i, adjacent=True), "injured", "suffered_wounds", i, i)
                return
            if self.tag(k) not in {"z", "e", "x", "r", "k", "n"}:
                return

    def to_hospital(self, i: int) -> Iterator[Mention]:
        """ "were taken to hospital", "was treated for burns"."""
        group = self.group_start(i)
        passive = self.has_be(group, i)
        for k in range(i + 1, min(i + 8, len(self.chunks))):
            if self.tag(k) in {";", ".", "v", "b"}:
                return
            if self.words[self.chunks[k].end - 1] in self.sets["hospital"]:
                found = self.subjects(group, adjacent=False) if passive else self.sent(i)
                yield from self.emit(found, "injured", "to_hospital", i, group)
                return

    def sent(self, i: int) -> list[int]:
        """ "sends 4 people to the hospital": the objects, when they are counted."""
        return self.objects(i + 1) if self.word(i) in {"sends", "sent", "sending", "puts", "lands"} else []

    def in_condition(self, i: int) -> Iterator[Mention]:
        """ "is in critical condition", "was listed in serious condition"."""
        if self.word(i - 1) not in self.sets["condition"]:
            return
        k = i - 1
        while self.word(k) in self.sets["condition"] or self.tag(k) == "&":
            k -= 1
        if self.word(k) != "in":
            return
        group = self.group_start(k)
        yield from self.emit(self.subjects(group, adjacent=False), "injured", "in_condition", k, group)

    def displaced(self, i: int) -> Iterator[Mention]:
        """ "forced 2,500 people out of their homes", "1,900 people were in evacuation centres", "sought refuge"."""
        word = self.word(i)
        if word in self.sets["refuge"] and self.word(i - 1) in {
            "sought",
            "seeking",
            "seek",
            "took",
            "taken",
            "taking",
            "found",
        }:
            group = self.group_start(i - 1)
            yield from self.emit(self.subjects(group, adjacent=False), "displaced", "sought_refuge", i - 1, group)
        elif word in self.sets["home"]:
            yield from self.driven_out(i)
        elif word in self.sets["shelter"]:
            yield from self.in_shelter(i)

    def driven_out(self, i: int) -> Iterator[Mention]:
        """ "forced 2,500 people out of their homes", "were driven from their villages", "left their homes"."""
        for k in range(i - 1, max(-1, i - 7), -1):
            group = self.group_start(k)
            if self.word(k) in _LEAVING and k == i - 2 and self.tag(k + 1) == "e":
                counted = [j for j in self.subjects(group, adjacent=False) if self.counted_at([j])]
                yield from self.emit(counted, "displaced", "left_home", k, group)
                return
            if self.word(k) in _DRIVING:
                found = self.objects(k + 1) or (self.subjects(group, adjacent=False) if self.has_be(group, k) else [])
                yield from self.emit(found, "displaced", "driven_out", k, group)
                return

    def crossed(self, i: int) -> Iterator[Mention]:
        """ "52,000 Afghans crossed the border": a crowd that crosses is displaced, a few people are not."""
        if not any(self.word(j) in {"border", "into"} for j in range(i + 1, i + 4)):
            return
        group = self.group_start(i)
        for mention in self.emit(self.subjects(group, adjacent=False), "displaced", "crossed_border", i, group):
            if mention.people.quantity is not None and mention.people.quantity.low >= _CROWD:
                yield mention

    def in_shelter(self, i: int) -> Iterator[Mention]:
        """ "leave thousands in shelters", "1,900 people were still in nine evacuation centres"."""
        for k in range(i - 1, max(-1, i - 8), -1):
            if self.word(k) in {"in", "at", "into", "inside", "with", "to"}:
                group = k
                while self.word(group - 1) in self.sets["stay"] or self.tag(group - 1) in _LINK:
                    group -= 1
                found = self.subjects(group, adjacent=True)
                counted = [j for j in found if (p := self.people(j)) is not None and p.quantity is not None]
                yield from self.emit(counted, "displaced", "in_shelter", k, group)
                return


def _distinct(mentions: Sequence[Mention]) -> list[Mention]:
    """One mention for each phrase and kind, the first rule wins; a death leaves no room for the shot that caused it."""
    kept: dict[tuple[int, Kind], Mention] = {}
    for mention in mentions:
        kept.setdefault((mention.people.start, mention.kind), mention)
    killed = {m.people.start for m in kept.values() if m.kind == "killed" and m.people.form != "nobody"}
    return [m for m in kept.values() if not (m.kind == "injured" and m.people.start in killed)]
