"""The people before a verb: subjects, over whatever stands between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stream_app.core.languages.en.context import Context, Found
from stream_app.core.languages.en.objects import is_age
from stream_app.core.languages.en.phrases import People

_BARRIER: Final = frozenset({";", ".", ":", '"', "but", "("})
_NOMINATIVE: Final = frozenset({"he", "she", "they", "i", "we"})
_VERBAL: Final = frozenset({"verb", "be", "have", "modal", "cue", "say", "leave", "claim", "suffer"})
_PART: Final = frozenset({"including", "them", "whom", "which"})
_REACH: Final = 18
_AMONG: Final = frozenset({"among", "including"})
_CLAUSES: Final = frozenset({"after", "before", "since"})
"""Prepositions that begin a clause as well: "after a taxi boss was shot"."""
_CHAIN: Final = 10
_CHAINED: Final = frozenset({"verb", "say", "of", "to", "adverb"})
_PARTICIPLES: Final = frozenset({"struck", "hit", "caught", "swept", "hurt", "stuck", "held", "thrown", "run", "taken"})
_CLAUSE: Final = 5
_RELATIVES: Final = frozenset({
    "parents", "mother", "father", "relatives", "widow", "brother", "sister", "friends", "son", "daughter", "wife",
    "husband", "friend", "family",
})  # fmt: skip
_DETERMINERS: Final = frozenset({"a", "an", "the", "his", "her", "their", "one", "another", "this", "that"})
_EVERYONE: Final = frozenset({"everyone", "everybody", "all"})
_NO_CLAUSE: Final = frozenset({",", ";", ".", ":", "-", '"', "(", "and", "say", "cue"})
_SAVE: Final = frozenset({"except", "but"})
_SAVES: Final = (["except"], ["excepting"], ["excluding"], ["bar"], ["barring"], ["besides"])
_SAVING: Final = (["except", "for"], ["save", "for"], ["apart", "from"], ["aside", "from"], ["other", "than"])
_IN_CHAIN: Final = frozenset({"cue", "verb", "preposition", "adverb", ",", "and", "determiner", "word"})
_SOMEBODY: Final = frozenset({"man", "woman", "boy", "girl", "child", "teenager"})
_HELD_TO_BE: Final = frozenset({"believed", "thought", "suspected", "said", "alleged", "understood", "known"})
_HOMES: Final = frozenset({"of", "from"})
_KNOWN: Final = frozenset({"the", "his", "her", "their"})
_FAMILIES: Final = frozenset({"family", "families", "household", "households", "crew", "clan"})
_HOUSEHOLDS: Final = frozenset({"families", "households"})
_NOBODY: Final = People(0, 0, "nobody", None, None, -1)


def subjects_before(s: Context, start: int, *, adjacent: bool) -> Found:
    """The noun phrases before the verb group that begins at chunk `start`.

    `adjacent` wants the phrase directly before it (a reduced passive); else a relative pronoun, an apposition or
    prepositional phrases may stand between.
    """
    j = start - 1
    relative = s.tag(j) == "who"
    if "whose" in s.words and _is_owned_thing(s, j):
        return Found()
    if s.word(j - 1) in _SAVE and s.word(j - 2) in _EVERYONE:
        return Found()  # "everyone except the driver was killed"
    if relative:
        first = antecedent(s, j - 1)
    elif s.tag(j) == "and" and not adjacent:
        return shared_subject(s, j)
    elif adjacent:
        first = _first(s, j, over_part, direct, over_apposition, over_name)
    else:
        first = subject(s, j)
    found = coordinated(s, first) if first is not None else []
    return Found() if found and _is_saved(s, found[0]) else Found.of(found, relative=relative)


def _is_saved(s: Context, j: int) -> bool:
    """As in "All except the driver and two girls were killed", "apart from the pilot, all drowned": the others."""
    while s.tag(j - 1) == "and" and s.people(j - 2) is not None:
        j -= 2
    before = s.words[max(0, s.ends[j] - s.chunks[j].size - 2) : s.ends[j] - s.chunks[j].size]
    return before[-1:] in _SAVES or before in _SAVING


def _is_owned_thing(s: Context, j: int) -> bool:
    """Whether chunk `j` ends the subject of a clause with "whose": "160 people whose houses were crushed"."""
    k = j
    while k > j - _CLAUSE and s.tag(k) in {"word", "name", "determiner", "adverb"} and s.word(k) != "whose":
        k -= 1
    return s.word(k) == "whose" and k < j


def antecedent(s: Context, j: int) -> int | None:
    """Whom a relative pronoun after chunk `j` means: "five people with passports who", "six priests, who"."""
    bound = s.people(j) is not None
    if s.tag(j) == ",":
        j -= 1
    if s.tag(j) in {"word", "name"}:
        return over_name(s, j)
    first = None if bound else over_part(s, j)
    return first if first is not None else _first(s, j, direct, over_apposition, walk)


def subject(s: Context, j: int) -> int | None:
    """The subject of a finite verb group after chunk `j`: rather not in a prepositional phrase."""
    first = over_part(s, j)
    if s.tag(j - 1) == "be" and s.tag(j - 2) == "to" and s.counted_at([j - 4]) and s.word(j - 3) in _HELD_TO_BE:
        return j - 4  # "four men believed to be smugglers were shot dead"
    clause = s.word(j - 1) in _CLAUSES or (s.word(j - 1) == "as" and s.counted_at([j]))
    if first is None and s.tag(j - 1) in {"preposition", "of", "by"} and not clause:
        first = walk(s, j)
        if first is None and s.tag(j - 1) in {"preposition", "by"} and not s.counted_at([j]):
            return None
    if first is None:
        first = direct(s, j)
    if first is None:
        first = _first(s, j, over_apposition, walk)
    return 0 if first is None and _is_behind_clause(s, j) else first


def _is_behind_clause(s: Context, j: int) -> bool:
    """As in "Half of the 20 miners who were underground when the shaft flooded drowned": over a clause in a clause."""
    if s.tag(1) != "who" or not s.counted_at([0]) or j > _REACH:
        return False
    inside = range(2, j + 1)
    when = next((k for k in inside if s.tag(k) == "but"), None)
    if when is None or any(s.tag(k) in _NO_CLAUSE or s.people(k) is not None for k in inside):
        return False
    return any(s.tag(k) in {"verb", "be"} for k in range(when + 1, j + 1))


def shared_subject(s: Context, j: int) -> Found:
    """The subject of the verb before "and": "a man was shot in the chest and died"."""
    for k in range(j - 1, max(-1, j - 14), -1):
        if s.tag(k) == "but" and s.word(k + 1).endswith("ing"):
            continue  # "were swept away while crossing the river and have not been found"
        if s.tag(k) in _BARRIER:
            return Found()
        if s.tag(k) == "verb" and s.tag(k - 1) == "but" and s.word(k).endswith("ing"):
            continue
        if s.tag(k) in {"cue", "verb", "be", "have", "leave", "suffer", "say"} and not is_noun_here(s, k):
            start = s.group_start(k)
            if s.tag(start - 1) == "," and s.tag(start - 2) in {"verb", "cue"}:
                continue  # "slipped, fell and died"
            if s.tag(start - 1) == "," and s.word(start - 2).endswith(("ed", "aid")) and s.tag(start - 3) == "be":
                continue  # "was waylaid, robbed and killed"
            if s.tag(start - 1) == "but" and s.has_be(start, k):
                continue  # "was hit but was revived and is recovering"
            return subjects_before(s, start, adjacent=False) if start > 0 and s.tag(start - 1) != "and" else Found()
    return Found()


def chained(s: Context, group: int) -> int | None:
    """Where a passive begins that goes on after "and": "was shot at and killed", "were tied up and beaten"."""
    for j in range(group - 2, max(0, group - _CHAIN), -1):
        if s.tag(j) in {"cue", "verb"} and s.has_be(start := s.group_start(j), j):
            return start
        if s.tag(j) == "be" and s.tag(j + 1) == "word" and s.word(j + 1).endswith(("ed", "aid")):
            return s.group_start(j)  # "was waylaid, robbed and killed"
        if s.tag(j) not in _IN_CHAIN:
            return None
    return None


def direct(s: Context, j: int) -> int | None:
    """The phrase at `j`, or what it is part of ("five members of the group")."""
    while j >= 0 and (s.tag(j) in {"day", "adverb"} or s.word(j) == "each"):
        j -= 1
    people = s.people(j)
    if people is None or (people.form == "named" and s.tag(j - 1) in {"preposition", "of", "by"}):
        return None
    if s.tag(j - 1) == "cue" and people.form == "elided" and s.tag(j - 2) == "who":
        return walk(s, j - 3)
    if s.word(j) in _HOUSEHOLDS and s.word(j - 1) == "from" and s.counted_at([j - 2]):
        return j - 2
    while s.tag(j - 1) == "of" and s.people(j - 2) is not None and (not s.counted_at([j]) or _is_of_families(s, j)):
        if s.word(j - 2) in _RELATIVES and s.tag(j + 1) == "who":  # "the parents of a girl who died"
            break
        j -= 2
    return j


def _is_of_families(s: Context, j: int) -> bool:
    """As in "four members of one family", who are four; "one of five families" is another matter."""
    whole = s.people(j - 2)
    return s.word(j) in _FAMILIES and s.counted_at([j - 2]) and whole is not None and whole.noun is not None


def over_part(s: Context, j: int) -> int | None:
    """Back over a part of the people meant: "four people including a child", "six priests, five of them"."""
    if _PART.isdisjoint(s.words):
        return None
    for k in range(j, max(-1, j - 9), -1):
        if s.word(k) == "including" or (s.tag(k) == "people" and s.word(k) in {"them", "whom"} and k < j):
            whole = k - (1 if s.tag(k - 1) != "," else 2)
            return direct(s, whole) if s.people(whole) is not None else None
        if s.tag(k) in {"verb", "be", "have", "who", ";", "."} or (s.tag(k) == "cue" and k < j):
            return None
    return None


def over_name(s: Context, j: int) -> int | None:
    """As in "three people in Basra killed": back over one prepositional phrase."""
    k = j
    for _ in range(3):
        end = k
        while k > end - 6 and s.tag(k) in {"word", "name", "determiner", "number", "day"}:
            k -= 1
        if k == end or s.tag(k) not in {"preposition", "of"}:
            return None
        k -= 1
        if s.people(k) is not None:
            return k
    return None


def over_apposition(s: Context, j: int) -> int | None:
    """The phrase before a parenthesis, a pair of commas or dashes that ends at `j`."""
    mark = s.tag(j)
    opening = {",": ",", "-": "-", ")": "("}.get(mark)
    if opening is None:
        return None
    start = _before_parts(s, j)
    if start is not None:
        return start
    for k in range(j - 1, max(-1, j - _REACH), -1):
        if s.tag(k) == opening:
            if s.tag(k + 1) == "and" and s.word(k + 1) != "or":
                return direct(s, j - 1)
            outer = walk(s, k - 1) if s.people(k - 1) is None or owned(s, k - 1) else direct(s, k - 1)
            outer = k + 1 if _is_named_apart(s, outer, k + 1) else _bearer(s, outer)
            inner = s.people(k + 1)
            if outer is not None or inner is None:
                return outer
            told = inner.form == "single" or (inner.quantity is not None and not _EVERYONE.isdisjoint(s.words[:k]))
            return k + 1 if told else None  # "everyone on board, eight people, was killed"
        if s.tag(k) in {";", "."}:
            break
    return None


def _is_named_apart(s: Context, outer: int | None, inner: int) -> bool:
    """As in "a guard who tried to stop the robbers, Ali Bux, was killed": the name is none of theirs."""
    many, one = s.people(outer) if outer is not None else None, s.people(inner)
    if outer is None or many is None or one is None or one.form != "named" or many.form != "plural":
        return False
    return "who" in map(s.tag, range(max(0, outer - _CHAIN), outer))


def _before_parts(s: Context, j: int) -> int | None:
    """The people whose ages, or of whom some, are told up to the comma at `j`; None for none with a number.

    As in "three brothers, 9, 12 and 15, were", "28 people, among them patients, their relatives and a nurse, were".
    """
    start = before_ages(s, j - 1)
    if start < j - 1 and s.counted_at([start]):
        return start
    for k in range(j - 1, max(-1, j - _REACH), -1):
        if s.tag(k) in {";", ".", "cue", "be"}:
            return None
        if s.word(k) in _AMONG and s.tag(k - 1) == s.tag(j) == ",":
            return direct(s, k - 2) if s.counted_at([k - 2]) else None
    return None


def before_ages(s: Context, j: int) -> int:
    """Where the people end whose ages end at `j`, as in "two men, 29 and 58"; `j` itself where it is no age."""
    k = j
    while k > 0 and (is_age(s, k) or (k < j and s.tag(k) in {",", "and"})):
        k -= 1
    if k == j or s.word(k) != "aged":
        return k
    return k - 2 if s.tag(k - 1) == "," else k - 1


def ages_told(s: Context, j: int) -> int:
    """How many ages stand behind the people at `j`: three in "children aged 3, 5 and 9", none in "aged 5 and over"."""
    people = s.people(j)
    j += s.tag(j + 1) == ","
    if people is None or people.form != "plural" or s.word(j + 1) != "aged":
        return 0
    told, k = 0, j + 2
    while is_age(s, k):
        told += 1
        if s.tag(k + 1) not in {",", "and"}:
            break
        k += 3 if s.tag(k + 1) == "," and s.tag(k + 2) == "and" else 2
    else:
        return 0
    return told


def _bearer(s: Context, j: int | None) -> int | None:
    """Who bears the name at `j`: the uncle of "her uncle, Sani Bello, 52, was killed"."""
    people = s.people(j) if j is not None else None
    if j is None or people is None or people.form != "named" or s.tag(j - 1) != ",":
        return j
    before = s.people(j - 2)
    return j - 2 if before is not None and before.form == "single" and s.tag(j - 3) != "preposition" else j


def walk(s: Context, j: int) -> int | None:
    """The subject further left: past prepositional phrases and relative clauses, up to a clause's edge."""
    stop = max(-1, j - _REACH)
    while j > stop:
        tag = s.tag(j)
        if tag == "number" and (s.counted_at([start := before_ages(s, j)]) or ages_told(s, start) > 1):
            return start  # "three boys aged six, eight and nine were"
        if tag == ",":
            return over_apposition(s, j)
        if tag == "people" and (not in_phrase(s, j) or s.word(j - 1) in _CLAUSES):
            if s.tag(j - 1) == "determiner" and s.is_named(j):
                j -= 1  # "aboard a Twin Otter"
                continue
            return j
        if tag == "people" and s.tag(j - 1) == "of" and s.tag(j - 2) == "people":
            return j - 2
        step = step_left(s, j, tag)
        if step is None:
            return None
        j = step
    return None


def in_phrase(s: Context, j: int) -> bool:
    """Whether the people at `j` stand in a prepositional phrase: "of the group", "of the city's best judge"."""
    return s.tag(j - 1) in {"preposition", "by", "of"} or owned(s, j)


def owned(s: Context, j: int) -> bool:
    """Whether the people at `j` are someone's, in a phrase: "a guard of Korin's feared militia chief"."""
    k = j - 1
    while k > j - 6 and s.tag(k) in {"word", "name", "possessive", "adverb"}:
        k -= 1
    return s.tag(k) in {"preposition", "by", "of"} and any(s.tag(i) == "possessive" for i in range(k, j))


def step_left(s: Context, j: int, tag: str) -> int | None:
    """The next chunk to look at on the way left, None at the edge of the clause."""
    if tag == "people" or (tag == "possessive" and s.tag(j + 1) == "word"):  # whose campaign is dead is alive
        return j - 2
    if tag == ")":
        return next((k - 1 for k in range(j, max(-1, j - 9), -1) if s.tag(k) == "("), -1)
    if tag in _BARRIER or (
        tag == "pronoun" and (s.word(j) in _NOMINATIVE or s.tag(j - 1) not in {"preposition", "of", "verb"})
    ):
        return None
    is_noun = (tag == "cue" and s.tag(j + 1) in {"of", "by"}) or (tag in {"verb", "cue"} and is_noun_here(s, j))
    if tag in _VERBAL and not is_noun:
        return relative_start(s, j)
    return j - 1


def is_noun_here(s: Context, j: int) -> bool:
    """Whether a word that may be a verb is a noun in a prepositional phrase: "in the attack", "of the fire"."""
    word = s.word(j)
    attribute = word.endswith("ing") and s.tag(j - 1) == "determiner" and s.tag(j + 1) == "word"  # "the burning house"
    if not attribute and _is_verb_form(s, word):
        return False
    k = j - 1
    while k > j - 5 and s.tag(k) in {"word", "name", "determiner"}:
        k -= 1
    if s.tag(k) == "possessive" and s.tag(k - 1) == "day":  # "in Monday's shooting"
        k -= 2
    return s.tag(k) in {"preposition", "of", "by"}


def _is_verb_form(s: Context, word: str) -> bool:
    """Whether a word that may be a verb has the ending of one."""
    return word.endswith("ed") or (word.endswith("ing") and word not in s.sets["noun_ing"])


def relative_start(s: Context, j: int) -> int | None:
    """The chunk before the relative or participle clause that the verb at `j` belongs to."""
    for k in range(j, max(-1, j - 8), -1):
        that = k == j - 1 and s.word(k) == "that" and s.tag(k - 1) in {"word", "name", "people"}
        if s.tag(k) == "who" or s.word(k) == "whose" or that:
            return k - 1 if s.tag(k - 1) != "," else k - 2
        if s.tag(k) == "people" and k < j:
            break
        if s.tag(k) in _BARRIER or s.tag(k) == ",":
            break
    if (
        s.tag(j) in {"verb", "cue"}
        and s.people(j - 1) is not None
        and (s.word(j).endswith(("ing", "ed")) or s.tag(j) == "cue" or s.word(j) in _PARTICIPLES)
    ):
        return j - 1
    return _before_chain(s, j)


def _before_chain(s: Context, j: int) -> int | None:
    """As in "two men accused of stealing a car were", "a boy trying to cross the river": back over several verbs."""
    k = j
    while k > j - _CLAUSE and s.tag(k - 1) in _CHAINED:
        k -= 1
    participle = k < j and s.tag(k) in {"verb", "say"} and s.word(k).endswith(("ing", "ed"))
    return k - 1 if participle and s.tag(j) == "verb" and s.people(k - 1) is not None else None


def coordinated(s: Context, j: int) -> list[int]:
    """Phrase `j` and those joined to it on its left."""
    found = [j]
    k = j
    seen_and = False
    while True:
        k -= 1 + _has_rank(s, k)
        if s.tag(k) == "and" and s.word(k) in {"and", "&", "or"}:
            seen_and = True
            k -= 1
            if s.tag(k) == ",":
                k -= 1
            if s.word(k + 1) == "or" and s.counted_at([k]):
                return [k] if s.counted_at(found) else found
        elif s.tag(k) == "," and (seen_and or (k == 1 and _is_bare(s, 0) and _is_bare(s, j))):
            k -= 1  # "Truck driver, cleaner killed"
        else:
            return found
        if s.tag(k) == "and":
            return found
        over = item_end(s, k)
        if over is None and seen_and and len(found) == 1:
            over = relative_item(s, k)
        over = _described(s, over) if over is not None and seen_and else over
        if over is None or belongs_to_verb(s, over) or "count" in (s.chunks[over].people or _NOBODY).made:
            return found
        found.insert(0, over)
        k = over


def _has_rank(s: Context, j: int) -> bool:
    """As in "Gunner Ian Shaw": whether what somebody is stands right before the name at `j`."""
    before = s.people(j - 1)
    called = before is not None and before.form == "single" and before.noun is not None
    return s.is_named(j) and (called or s.word(j - 1) in s.sets["rank"])


def _described(s: Context, j: int) -> int:
    """The driver of "the driver of the car, a 24-year-old woman, and ..."; `j` itself where it is no such item."""
    people = s.people(j)
    if people is None or people.form != "single" or s.word(j) not in _SOMEBODY or s.tag(j - 1) != ",":
        return j
    if not any(word.endswith("-old") for word in s.words[people.start : people.end]):
        return j
    before = item_end(s, j - 2)
    other = s.people(before) if before is not None else None
    known = other is not None and other.form == "single" and s.words[other.start] in _KNOWN
    return before if before is not None and known else j


def _is_bare(s: Context, j: int) -> bool:
    """Whether one person stands at `j` without a determiner, as in headlines."""
    people = s.people(j)
    return people is not None and people.form == "single" and s.words[people.start] not in _DETERMINERS


def item_end(s: Context, k: int) -> int | None:
    """The list item that ends at `k`, a short prepositional phrase after it allowed."""
    stop = max(-1, k - 7)
    if s.word(k - 1) in _HOMES and s.tag(k - 2) == "," and is_age(s, k - 3):
        k -= 3  # "Ann Roe, 21, of Salem, and her cousin"
    if is_age(s, k) and s.tag(k - 1) in {",", "and"}:  # "Aisha Bello, 19, and her uncle"
        bearer = before_ages(s, k)
        return _bearer(s, bearer) if s.people(bearer) is not None else None
    while k > stop:
        if s.people(k) is not None and s.tag(k - 1) not in {"preposition", "of", "to"}:
            return k
        if s.tag(k) in {")", "-"}:
            return over_apposition(s, k)
        if s.tag(k) not in {"preposition", "of", "word", "name", "determiner", "people", "number"}:
            return None
        k -= 1
    return None


def relative_item(s: Context, k: int) -> int | None:
    """An item with a relative clause: "two policemen who were guards and a citizen were wounded"."""
    verb = next((j for j in range(k, max(-1, k - 6), -1) if s.tag(j) in {"verb", "be"}), None)
    start = relative_start(s, verb) if verb is not None else None
    if start is not None and any(s.tag(j) in {"have", "be", "modal"} for j in range(start + 3, k + 1)):
        return None  # "the number of people who died has risen to 13, and nine ..."
    return start if start is not None and s.people(start) is not None and s.tag(start + 1) == "who" else None


def belongs_to_verb(s: Context, j: int) -> bool:
    """Whether the phrase at `j` is the object of an earlier verb."""
    before = s.tag(j - 1)
    return before in {"verb", "cue", "claim", "suffer", "be"} or (
        before == "adverb" and s.tag(j - 2) in {"verb", "cue"}
    )


def _first(s: Context, j: int, *looks: Callable[[Context, int], int | None]) -> int | None:
    """What the first of the `looks` that finds anything finds; chunk 0 is a find."""
    for look in looks:
        found = look(s, j)
        if found is not None:
            return found
    return None
