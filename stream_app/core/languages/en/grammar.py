"""Which people a cue speaks of: the rules that join noun phrases to what happened to them.

Each rule is a plain function of the sentence (`Context`) and the index of a chunk, with one decision; the table
`rules.RULES` says what sets it off and which names it gives to figures. What a chunk is and what a cue can do:
`lexicon.Tag` and `lexicon.Role`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stream_app.core.languages.en.background import WEEKDAYS
from stream_app.core.languages.en.context import Context
from stream_app.core.languages.en.lexicon import Lexicon, Roles
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.phrases import Chunk
from stream_app.core.languages.en.rules import OF_CUES_TOO, Adds, Table
from stream_app.core.languages.en.senses import Senses
from stream_app.core.languages.en.tokens import Tokens

_NAME: Final = 2
_STATES: Final = frozenset({"dead", "drowned", "hanged", "wounded", "murdered", "missing", "lost", "slain", "injured"})


class Grammar:
    """Joins the chunks of one sentence; see `Mention`."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lex = lexicon
        self._table = Table(lexicon.sets)
        self._senses = Senses(lexicon.sets, lexicon.units)

    def __call__(self, chunks: Sequence[Chunk], tokens: Tokens) -> list[Mention]:
        """Every mention of the sentence, in the order of their cues, one per phrase and kind."""
        found = mentions(Context(chunks, tokens, self._lex), self._table)
        if not found:
            return found
        if tokens.cased:
            found = [mention for mention in found if not _is_name(mention, tokens)]
        return self._senses(found, chunks, tokens.words)


def _is_name(mention: Mention, tokens: Tokens) -> bool:
    """As in "Five Dead Men, a band from Leeds": in a sentence where capitals tell names, the whole phrase has them."""
    if mention.rule not in {"participle_modifier", "counted_noun"}:
        return False
    start, stop = mention.people.start, mention.people.end
    phrase = tokens.raw[start:stop]
    if not all(word[:1].isupper() for word in phrase):
        return False
    if mention.rule == "counted_noun" and len(phrase) == 1:
        return _is_long_name(tokens, start)
    if mention.rule == "counted_noun":
        return tokens.raw[stop : stop + 1] != [] and tokens.raw[stop][:1].isupper() and tokens.raw[stop].isalpha()
    return len(phrase) >= _NAME and tokens.words[stop - 2] in _STATES


def _is_long_name(tokens: Tokens, start: int) -> bool:
    """As in "Seven Dead Roses, a band"; not "Five Killed Sunday"."""
    run = tokens.raw[start : start + 3]
    capitals = len(run) > _NAME and all(word.isalpha() and word[0].isupper() for word in run)
    return capitals and tokens.words[start + 1] in _STATES and tokens.words[start + 2] not in WEEKDAYS


def mentions(s: Context, table: Table) -> list[Mention]:
    """Every mention: what each chunk sets off, then the people who are joined to them or part of them."""
    found: list[Mention] = []
    for sign, read in table.on_sentence:
        if sign in s.words:
            found.extend(read(s))
    on_word, on_people = table.on_word, table.on_people
    for i, chunk in enumerate(s.chunks):
        people, roles, word = chunk.people, chunk.roles, chunk.word
        if people is not None:
            for apply in table.on_made if people.made else ():
                found.extend(apply(s, i))
            for apply in on_people.get(word, ()):
                found.extend(apply(s, i))
        if roles is not None:
            found.extend(cue(s, i, roles, table))
        if word in on_word and (roles is None or word in OF_CUES_TOO):
            for apply in on_word[word]:
                found.extend(apply(s, i))
    return settled(s, found, table) if found else found


def cue(s: Context, i: int, roles: Roles, table: Table) -> Iterator[Mention]:
    """The mentions of one cue, by the first rule that fits its surroundings, else by the first of its roles."""
    for fits, apply in table.on_cue:
        if fits(s, i, roles):
            return apply(s, i, roles)
    for role, apply_kind in table.on_role:
        if role in roles:
            return apply_kind(s, i, roles[role])
    return iter(())


def settled(s: Context, found: Sequence[Mention], table: Table) -> list[Mention]:
    """The mentions with those who are joined to them or part of them, one for each phrase and kind."""
    for rule in table.after:
        found = [*found, *rule.apply(s, found)] if isinstance(rule, Adds) else rule.apply(s, found)
    return list(found)
