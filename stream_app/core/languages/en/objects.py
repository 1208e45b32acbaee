"""The people after a verb: objects and what is joined to them."""

from __future__ import annotations

from stream_app.core.languages.en.context import Context


class Objects(Context):
    """Finds the people to the right of a verb."""

    def objects(self, start: int, *, inside: bool = False) -> list[int]:
        """The noun phrases after an active verb that ends before chunk `start`, coordinated ones included.

        `inside` says that they belong to a noun whose verb may follow: "the bodies of a man and a woman were found".
        """
        self.relative = False
        j = start
        while self.tag(j) == "adverb" or (self.tag(j) == '"' and self.people(j + 1)):
            j += 1
        if self.tag(j) == "number" and self.tag(j + 1) == "and" and self.people(j + 2) is not None:
            j += 2  # "killed 22 cows and the herdsman"
        found = [j] if self.people(j) is not None else []
        if not found:
            after = self.after_name(j)
            if after is None:
                return []
            found = [after]
        while True:
            following = self.next_conjunct(found[-1] + 1, inside=inside)
            if following is None:
                return found
            found.append(following)

    def is_sport(self) -> bool:
        """Whether the sentence tells of a match; a coach that crashes is a bus."""
        return not self.sets["sport"].isdisjoint(self.words) and self.sets["physical"].isdisjoint(self.words)

    def after_name(self, j: int) -> int | None:
        """The first people after a name or an insertion: "of JUAN PEREZ, his wife, and two others"."""
        if self.tag(j) == ",":
            close = next((k for k in range(j + 1, min(j + 9, len(self.chunks))) if self.tag(k) == ","), None)
            return close + 1 if close is not None and self.counted_at([close + 1]) else None
        k = j
        while k < j + 6 and self.tag(k) in {"word", "name"}:
            k += 1
        people = self.people(k)
        if k > j and people is not None and people.form != "elided" and (self.cased or not self.predicated(k)):
            return k
        if self.cased or self.tag(j) != "word":
            return None
        while k < j + 6 and self.tag(k) in {"word", "."}:
            k += 1
        return self.next_conjunct(k) if self.tag(k) in {",", "and"} else None

    def next_conjunct(self, j: int, *, inside: bool = False) -> int | None:
        """The next coordinated phrase: "two guards, a driver and his son", a short "in X" between them allowed."""
        begin = j
        while j - begin < 8 and self.tag(j) in {
            "preposition",
            "of",
            "word",
            "name",
            "number",
            "day",
            "determiner",
            "people",
            "possessive",
        }:
            if (
                self.tag(j) == "people"
                and self.tag(j - 1) not in {"preposition", "of", "determiner", "by"}
                and j > begin
            ):
                return None
            j += 1
        comma = self.tag(j) == ","
        if comma and self.word(j + 1) in {"them", "whom"}:
            j = next((k for k in range(j + 2, min(j + 10, len(self.chunks))) if self.tag(k) == ","), j)
        if comma:
            j += 1
        if self.tag(j) == "and" and self.word(j) in {"and", "&", "plus", "or"}:
            j += 1
        elif not comma:
            return None
        while self.tag(j) == "adverb" or self.word(j) == "at least":
            j += 1
        people = self.people(j)
        if people is None or (self.predicated(j) and not (inside and not comma)):
            return None
        if comma and people.form in {"named", "plural", "single"} and not self.list_goes_on(j):
            return None
        return j

    def list_goes_on(self, j: int) -> bool:
        """Whether the phrase at `j` is an item of a list rather than an apposition ("a hostage, a Briton, ...")."""
        k = j + 1
        while k < j + 6 and self.tag(k) in {"preposition", "of", "word", "name", "determiner", "number"}:
            k += 1
        if self.tag(k) == ",":
            k += 1
        if self.tag(k) != "and":
            return False
        return self.tag(k + 1) == "pronoun" or (self.people(k + 1) is not None and not self.predicated(k + 1))

    def predicated(self, j: int) -> bool:
        """Whether the phrase at `j` is the subject of a verb of its own."""
        k = j + 1
        while self.tag(k) in {"adverb", "preposition", "of", "word", "name", "determiner", "day"} and k < j + 7:
            if self.tag(k) == "preposition" and self.tag(k + 1) == "people":
                k += 1
            k += 1
        return (
            self.tag(k) in {"be", "have", "modal", "say"}
            or (self.tag(k) == "cue" and not {"count"} >= set(self.chunks[k].roles or {}) and k == j + 1)
            or (self.tag(k) == "verb" and k == j + 1 and not self.word(k).endswith("ing"))
        )
