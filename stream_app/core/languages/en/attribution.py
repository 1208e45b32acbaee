"""Who says so: the speaker or body that a sentence names for what it tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from stream_app.core.events import Attribution
from stream_app.core.language.any_case import AnyCase
from stream_app.core.language.document import Sentence
from stream_app.core.language.tables import table
from stream_app.core.languages.en.lexicon import Lexicon

_VERBS: Final = table("en", "saying")["speaker"].split()
_WEEKDAYS: Final = table("en", "calendar")["weekdays"].split()
_CITING: Final = frozenset({"according", "quoting", "citing"})
_SAYING: Final = frozenset(_VERBS) | _CITING
_SAY: Final = rf"(?:{'|'.join(_VERBS)})".replace(" ", "[ ]")
_AFTER: Final = AnyCase(
    rf"""(?:,|”|\"|’|')\s*{_SAY}\s+                          # "...", said
    (?!that\b|on\b|in\b|at\b|it\b|the[ ]attack\b)         # but not: said that ...
    (?P<who>[^,.;:“\"”]{{2,90}})                             # Oleh Sinegubov""",
    verbose=True,
)
_ACCORDING: Final = AnyCase(
    r"""\b(?:according[ ]to|quoting|citing)\s+               # according to
    (?P<who>[^,.;:“\"”]{2,90})                               # the UN""",
    verbose=True,
)
_BEFORE: Final = AnyCase(
    rf"""(?:^|[,.;:”\"]\s+|\b(?:and|but|as)\s+)             # ..., and
    (?P<who>(?:[^\s,.;:“\"”]+\s+){{1,12}}?)                 # the police
    (?:(?:has|have|had|also|later|today|yesterday)\s+)*     # later
    {_SAY}\b                                                # said""",
    verbose=True,
)
_TRAILING: Final = AnyCase(
    rf""",\s+                                                # Twelve died,
    (?P<who>[^,.;:“\"”]{{2,80}}?)                           # the governor
    \s+{_SAY}\b                                            # said""",
    verbose=True,
)
_PUTTING: Final = AnyCase(
    r"""(?:^|[,.;:”\"]\s+|\b(?:and|but|as|while)\s+)       # ..., while
    (?P<who>(?:[^\s,.;:“\"”]+\s+){1,12}?)                 # the ministry
    (?:(?:has|have|had|also|later|today|yesterday)\s+)*     # later
    puts?\s+(?:the|its|their)\s+(?:[\w-]+\s+){0,4}?(?:toll|number|count|figure|total)\b # put the death toll""",
    verbose=True,
)
_GIVEN: Final = AnyCase(
    r"""^\s*(?:the|that|this|those|these|both)\s+           # The
    (?:(?:death|official|casualty|latest)\s+)?              # death
    (?:figures?|tolls?|counts?|numbers?|tall(?:y|ies)|totals?)\s+
    (?:(?:was|were|has[ ]been|have[ ]been)\s+               # was
    (?:given|released|provided|issued|announced|confirmed|compiled|published|reported|supplied|collected|gathered)
    (?:\s+\w+){0,4}?\s+by|comes?[ ]from|came[ ]from)\s+      # given by
    (?P<who>[^,.;:“\"”]{2,80})                               # the Red Cross""",
    verbose=True,
)
_PATTERNS: Final = ((_AFTER, True), (_ACCORDING, True), (_TRAILING, False), (_BEFORE, False))
"""In the order of trust, each with whether what follows the speaker's name may trail after it."""
_PUT: Final = ((_PUTTING, False),)
_UNCITED: Final = tuple(row for row in _PATTERNS if row[0] is not _ACCORDING)
_CUT: Final = re.compile(
    rf"""\s+                                                 # Oleh Sinegubov
    (?:on|in[ ]an?|at[ ]a|after|late|early|yesterday|today  # on / in a statement / late on Monday
    |{"|".join(_WEEKDAYS)}                                  # Monday
    |who|which|while|when|as|told|here|about|of[ ]the[ ]attack # told reporters
    )\b.*$                                                  # to the end""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME: Final = re.compile(
    r"""(?:[A-ZÀ-Þ][\w.'’-]*\s+)+                           # governor Oleh V.
    [A-ZÀ-Þ][\w'’-]*$                                       # Sinegubov""",
    re.VERBOSE,
)
_LONGEST: Final = 120
_WORD: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_DATELINE: Final = re.compile(
    r""".*(?:\)|\b[A-Za-z]+|,)                              # KABUL (AP)
    \s*(?:[-–—]{1,2})\s+(?=\S)                             # -""",
    re.VERBOSE,
)
_OPENER: Final = re.compile(
    rf"""\s*(?:and|but|as|while|whilst|when|if|that|although|though|because|where|after|since|meanwhile|so|yet|then
    |however                                               # however the police ...
    |on[ ](?:{"|".join(_WEEKDAYS)})                         # on Monday the police ...
    )\s+""",
    re.IGNORECASE | re.VERBOSE,
)
_ADVERBS: Final = re.compile(
    r"""\s+(?:both|also|later|has|have|had|earlier|today|yesterday|then|all)\s*$ # the police later""",
    re.IGNORECASE | re.VERBOSE,
)
_FIREFIGHTERS: Final = re.compile(
    r"\bfire(?= (?:and rescue )?(?:chiefs?|brigade|departments?|services?|officials?|officers?|marshal|authorit))"
)
_BESIDE: Final = frozenset({"while", "whereas", "whilst", "but"})
_SET_BESIDE: Final = AnyCase(r"[,;]\s+(?:while|whereas|whilst|but)\s+")
_CLAUSE: Final = frozenset({"was", "were", "is", "are", "been", "be", "had", "has", "who", "which", "will", "could"})


def attribution(sentence: Sentence, words: Sequence[str], lexicon: Lexicon) -> Attribution | None:
    """The source that the sentence names, or None: "police said", "according to the UN", "said Oleh Sinegubov".

    A source is a person, a body or an outlet; a speaker's name stands for "regional governor" and the like before it.
    `words` are the sentence's, in lower case.
    """
    patterns = [*_PUT] if "put" in words or "puts" in words else []
    if not _SAYING.isdisjoint(words):
        patterns += _UNCITED if _CITING.isdisjoint(words) else _PATTERNS
    for pattern, by_name in patterns:
        for match in pattern.matches(sentence.text):
            found = _trimmed(sentence, match.start("who"), match.end("who"), by_name=by_name)
            if found is not None and _is_source(found.text, lexicon, opens=found.start == sentence.start):
                return found
    return None


def source_given(sentence: Sentence, lexicon: Lexicon) -> Attribution | None:
    """The source that a sentence gives for the figures before it: "The toll was released by the Red Cross"."""
    match = next(_GIVEN.matches(sentence.text), None)
    found = None if match is None else _trimmed(sentence, match.start("who"), match.end("who"), by_name=False)
    return found if found is not None and _is_source(found.text, lexicon, opens=False) else None


def sources_by_clause(
    sentence: Sentence, words: Sequence[str], lexicon: Lexicon
) -> list[tuple[int, Attribution | None]]:
    """The source of what stands before each of these offsets of the field, in their order; as a rule one for all.

    There are more where a sentence sets one source beside another: "the clinic said two died, while police spoke of 9".
    """
    whole = [(sentence.end, attribution(sentence, words, lexicon))]
    if whole[0][1] is None or _BESIDE.isdisjoint(words):
        return whole
    ends = [*(match.end() for match in _SET_BESIDE.matches(sentence.text)), len(sentence.text)]
    starts = [0, *ends[:-1]]
    clauses = [
        sentence._replace(start=sentence.start + start, end=sentence.start + end, text=sentence.text[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]
    found = [(clause.end, attribution(clause, words, lexicon)) for clause in clauses]
    return found if all(source is not None for _, source in found) else whole


def _trimmed(sentence: Sentence, start: int, end: int, *, by_name: bool) -> Attribution | None:
    """The speaker without the dateline before and what trails after it; None when nothing is left."""
    text = sentence.text[start:end]
    text = _CUT.sub("", text) if by_name else _ADVERBS.sub("", text)
    lead = _DATELINE.match(text)
    if lead is not None:
        start, text = start + lead.end(), text[lead.end() :]
    while (opener := _OPENER.match(text)) is not None:
        start, text = start + opener.end(), text[opener.end() :]
    stripped = text.strip()
    if not stripped or len(stripped) > _LONGEST:
        return None
    start += len(text) - len(text.lstrip())
    name = _NAME.search(stripped) if by_name else None
    if name is not None and not stripped.isupper():
        start += name.start()
        stripped = name.group()
    begin = sentence.start + start
    return Attribution(stripped, begin, begin + len(stripped))


def _is_source(text: str, lexicon: Lexicon, *, opens: bool) -> bool:
    """Whether the words may be a person, a body or an outlet: a name, or a noun for one; no clause and no toll.

    `opens` says that they begin the sentence, where any word has a capital.
    """
    raw = _WORD.findall(text)
    words = [word.lower() for word in raw]
    sets = lexicon.sets
    if not words or words[-1] in sets["be"] or not _CLAUSE.isdisjoint(words):
        return False
    if not sets["no_source"].isdisjoint(_FIREFIGHTERS.sub(" ", text.lower()).split() if "fire" in words else words):
        return False
    if any(word in sets["source"] or lexicon.person(word) is not None for word in words):
        return True
    named = [word for word in raw[1 if opens else 0 :] if word[0].isupper()]
    return bool(named) or (len(raw) == 1 and raw[0][0].isupper() and words[0] not in lexicon.closed)
