"""A reader who sees the rule of a figure finds its function."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest

from stream_app.core.languages.en import grammar, idioms, nouns, pronouns, states, verbs
from stream_app.core.languages.en.context import Context
from stream_app.core.languages.en.lexicon import load
from stream_app.core.languages.en.rules import RULES
from stream_app.core.languages.en.tokens import tokenise

_PLACE = {"emit": 2, "Mention": 2, "_standing_for": 3, "_not_negated": 2}
"""Where the calls that make a mention have the name of its rule."""


def _names(module: object) -> Iterator[str]:
    """The names of rules that a module gives to mentions."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):  # type: ignore[arg-type]
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = node.args[_PLACE[name] : _PLACE[name] + 1] if name in _PLACE else []
            given += [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
            yield from (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))


@pytest.mark.parametrize("module", [grammar, idioms, nouns, pronouns, states, verbs])
def test_every_rule_that_a_module_gives_is_in_the_table(module: object) -> None:
    assert set(_names(module)) <= RULES.keys()


def test_every_name_in_the_table_is_given_by_some_module() -> None:
    source = "".join(map(inspect.getsource, (grammar, idioms, nouns, pronouns, states, verbs)))
    assert [name for name in RULES if f'"{name}"' not in source] == []


def test_what_a_rule_found_holds_no_state_between_looks() -> None:
    """The sentence has no flag: how people were found goes with what was found."""
    assert "relative" not in vars(Context([], tokenise(""), load("en")))
