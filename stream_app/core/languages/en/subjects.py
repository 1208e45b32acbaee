"""The people before a verb: subjects, over whatever stands between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stream_app.core.languages.en.context import Context
from stream_app.core.languages.en.phrases import People

_BARRIER: Final = frozenset({";", ".", ":", '"', "but", "("})
_NOMINATIVE: Final = frozenset({"he", "she", "they", "i", "we"})
_VERBAL: Final = frozenset({"verb", "be", "have", "modal", "cue", "say", "leave", "claim", "suffer"})
_PART: Final = frozenset({"including", "them", "whom", "which"})
_REACH: Final = 18
_CLAUSES: Final = frozenset({"after", "before", "since"})
"""Prepositions that begin a clause as well: "after a taxi boss was shot"."""
_CHAIN: Final = 10
_IN_CHAIN: Final = frozenset({"cue", "verb", "preposition", "adverb", ",", "and", "determiner", "word"})
_HOUSEHOLDS: Final = frozenset({"families", "households"})
_NOBODY: Final = People(0, 0, "nobody", None, None, -1)


class Subjects(Context):
    """Finds the people to the left of a verb."""

    def subjects(self, start: int, *, adjacent: bool) -> list[int]:
        """The noun phrases before the verb group that begins at chunk `start`.

        `adjacent` wants the phrase directly before it (a reduced passive); else a relative pronoun, an apposition or
        prepositional phrases may stand between.
        """
        j = start - 1
        self.relative = self.tag(j) == "who"
        if self.relative:
            first = self.antecedent(j - 1)
        elif self.tag(j) == "and" and not adjacent:
            return self.shared_subject(j)
        elif adjacent:
            first = _first(j, self.over_part, self.direct, self.over_apposition, self.over_name)
        else:
            first = self.subject(j)
        return self.coordinated(first) if first is not None else []

    def antecedent(self, j: int) -> int | None:
        """Whom a relative pronoun after chunk `j` means: "five people with passports who", "six priests, who"."""
        bound = self.people(j) is not None
        if self.tag(j) == ",":
            j -= 1
        if self.tag(j) in {"word", "name"}:
            return self.over_name(j)
        first = None if bound else self.over_part(j)
        return first if first is not None else _first(j, self.direct, self.over_apposition, self.walk)

    def subject(self, j: int) -> int | None:
        """The subject of a finite verb group after chunk `j`: rather not in a prepositional phrase."""
        first = self.over_part(j)
        clause = self.word(j - 1) in _CLAUSES or (self.word(j - 1) == "as" and self.counted_at([j]))
        if first is None and self.tag(j - 1) in {"preposition", "of", "by"} and not clause:
            first = self.walk(j)
            if first is None and self.tag(j - 1) in {"preposition", "by"} and not self.counted_at([j]):
                return None
        if first is None:
            first = self.direct(j)
        return first if first is not None else _first(j, self.over_apposition, self.walk)

    def shared_subject(self, j: int) -> list[int]:
        """The subject of the verb before "and": "a man was shot in the chest and died"."""
        for k in range(j - 1, max(-1, j - 14), -1):
            if self.tag(k) in _BARRIER:
                return []
            if self.tag(k) in {"cue", "verb", "be", "have", "leave", "suffer", "say"} and not self.is_noun(k):
                start = self.group_start(k)
                if self.tag(start - 1) == "," and self.tag(start - 2) in {"verb", "cue"}:
                    continue  # "slipped, fell and died"
                return self.subjects(start, adjacent=False) if start > 0 and self.tag(start - 1) != "and" else []
        return []

    def chained(self, group: int) -> int | None:
        """Where a passive begins that goes on after "and": "was shot at and killed", "were tied up and beaten"."""
        for j in range(group - 2, max(0, group - _CHAIN), -1):
            if self.tag(j) in {"cue", "verb"} and self.has_be(start := self.group_start(j), j):
                return start
            if self.tag(j) not in _IN_CHAIN:
                return None
        return None

    def direct(self, j: int) -> int | None:
        """The phrase at `j`, or what it is part of ("five members of the group")."""
        while j >= 0 and self.tag(j) in {"day", "adverb"}:
            j -= 1
        people = self.people(j)
        if people is None or (people.form == "named" and self.tag(j - 1) in {"preposition", "of", "by"}):
            return None
        if self.tag(j - 1) == "cue" and people.form == "elided" and self.tag(j - 2) == "who":
            return self.walk(j - 3)
        if self.word(j) in _HOUSEHOLDS and self.word(j - 1) == "from" and self.counted_at([j - 2]):
            return j - 2
        while self.tag(j - 1) == "of" and self.people(j - 2) is not None and not self.counted_at([j]):
            j -= 2
        return j

    def over_part(self, j: int) -> int | None:
        """Back over a part of the people meant: "four people including a child", "six priests, five of them"."""
        if _PART.isdisjoint(self.words):
            return None
        for k in range(j, max(-1, j - 9), -1):
            if self.word(k) == "including" or (self.tag(k) == "people" and self.word(k) in {"them", "whom"} and k < j):
                whole = k - (1 if self.tag(k - 1) != "," else 2)
                return self.direct(whole) if self.people(whole) is not None else None
            if self.tag(k) in {"verb", "be", "have", "who", ";", "."} or (self.tag(k) == "cue" and k < j):
                return None
        return None

    def over_name(self, j: int) -> int | None:
        """As in "three people in Basra killed": back over one prepositional phrase."""
        k = j
        for _ in range(3):
            end = k
            while k > end - 6 and self.tag(k) in {"word", "name", "determiner", "number", "day"}:
                k -= 1
            if k == end or self.tag(k) not in {"preposition", "of"}:
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
                if self.tag(k + 1) == "and" and self.word(k + 1) != "or":
                    return self.direct(j - 1)
                outer = self.walk(k - 1) if self.people(k - 1) is None or self.owned(k - 1) else self.direct(k - 1)
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
            if tag == ",":
                return self.over_apposition(j)
            if tag == "people" and not self.in_phrase(j):
                return j
            if tag == "people" and self.tag(j - 1) == "of" and self.tag(j - 2) == "people":
                return j - 2
            step = self.step_left(j, tag)
            if step is None:
                return None
            j = step
        return None

    def in_phrase(self, j: int) -> bool:
        """Whether the people at `j` stand in a prepositional phrase: "of the group", "of the city's best judge"."""
        return self.tag(j - 1) in {"preposition", "by", "of"} or self.owned(j)

    def owned(self, j: int) -> bool:
        """Whether the people at `j` are someone's, in a phrase: "a guard of Korin's feared militia chief"."""
        k = j - 1
        while k > j - 6 and self.tag(k) in {"word", "name", "possessive", "adverb"}:
            k -= 1
        return self.tag(k) in {"preposition", "by", "of"} and any(self.tag(i) == "possessive" for i in range(k, j))

    def step_left(self, j: int, tag: str) -> int | None:
        """The next chunk to look at on the way left, None at the edge of the clause."""
        if tag == "people" or (tag == "possessive" and self.tag(j + 1) == "word"):  # whose campaign is dead is alive
            return j - 2
        if tag == ")":
            return next((k - 1 for k in range(j, max(-1, j - 9), -1) if self.tag(k) == "("), -1)
        if tag in _BARRIER or (
            tag == "pronoun" and (self.word(j) in _NOMINATIVE or self.tag(j - 1) not in {"preposition", "of"})
        ):
            return None
        is_noun = (tag == "cue" and self.tag(j + 1) in {"of", "by"}) or (tag in {"verb", "cue"} and self.is_noun(j))
        if tag in _VERBAL and not is_noun:
            return self.relative_start(j)
        return j - 1

    def is_noun(self, j: int) -> bool:
        """Whether a word that may be a verb is a noun in a prepositional phrase: "in the attack", "of the fire"."""
        word = self.word(j)
        if word.endswith("ed") or (word.endswith("ing") and word not in self.sets["noun_ing"]):
            return False
        k = j - 1
        while k > j - 5 and self.tag(k) in {"word", "name", "determiner"}:
            k -= 1
        if self.tag(k) == "possessive" and self.tag(k - 1) == "day":  # "in Monday's shooting"
            k -= 2
        return self.tag(k) in {"preposition", "of", "by"}

    def relative_start(self, j: int) -> int | None:
        """The chunk before the relative or participle clause that the verb at `j` belongs to."""
        for k in range(j, max(-1, j - 8), -1):
            if self.tag(k) == "who":
                return k - 1 if self.tag(k - 1) != "," else k - 2
            if self.tag(k) == "people" and k < j:
                break
            if self.tag(k) in _BARRIER or self.tag(k) == ",":
                break
        if (
            self.tag(j) in {"verb", "cue"}
            and self.people(j - 1) is not None
            and (self.word(j).endswith(("ing", "ed")) or self.tag(j) == "cue")
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
            if self.tag(k) == "and" and self.word(k) in {"and", "&", "or"}:
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
            if self.tag(k) == "and":
                return found
            over = self.item_end(k)
            if over is None and seen_and and len(found) == 1:
                over = self.relative_item(k)
            if over is None or self.belongs_to_verb(over) or "count" in (self.chunks[over].people or _NOBODY).made:
                return found
            found.insert(0, over)
            k = over

    def item_end(self, k: int) -> int | None:
        """The list item that ends at `k`, a short prepositional phrase after it allowed."""
        stop = max(-1, k - 7)
        while k > stop:
            if self.people(k) is not None and self.tag(k - 1) not in {"preposition", "of", "to"}:
                return k
            if self.tag(k) in {")", "-"}:
                return self.over_apposition(k)
            if self.tag(k) not in {"preposition", "of", "word", "name", "determiner", "people", "number"}:
                return None
            k -= 1
        return None

    def relative_item(self, k: int) -> int | None:
        """An item with a relative clause: "two policemen who were guards and a citizen were wounded"."""
        verb = next((j for j in range(k, max(-1, k - 6), -1) if self.tag(j) in {"verb", "be"}), None)
        start = self.relative_start(verb) if verb is not None else None
        return start if start is not None and self.people(start) is not None and self.tag(start + 1) == "who" else None

    def belongs_to_verb(self, j: int) -> bool:
        """Whether the phrase at `j` is the object of an earlier verb."""
        before = self.tag(j - 1)
        return before in {"verb", "cue", "claim", "suffer"} or (
            before == "adverb" and self.tag(j - 2) in {"verb", "cue"}
        )


def _first(j: int, *looks: Callable[[int], int | None]) -> int | None:
    """What the first of the `looks` that finds anything finds; chunk 0 is a find."""
    for look in looks:
        found = look(j)
        if found is not None:
            return found
    return None
