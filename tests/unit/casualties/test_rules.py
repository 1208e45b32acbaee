"""A reader who sees the rule of a figure finds its function, and what sets it off, in one table."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from stream_app.core.languages.en import afterwards, idioms, nouns, pronouns, states, verbs
from stream_app.core.languages.en.context import Context
from stream_app.core.languages.en.lexicon import load
from stream_app.core.languages.en.rules import OF_CUES_TOO, RULES, Rule, Table
from stream_app.core.languages.en.tokens import tokenise

_MODULES = (afterwards, idioms, nouns, pronouns, states, verbs)
_PLACE = {"emit": 2, "Mention": 2, "standing_for": 3, "_not_negated": 2}
"""Where the calls that make a mention have the name of its rule."""
_FUNCTIONS = {
    (module.__name__, node.name): node
    for module in _MODULES
    for node in ast.parse(inspect.getsource(module)).body
    if isinstance(node, ast.FunctionDef)
}


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (child for child in ast.walk(node) if isinstance(child, ast.Call))


def _names(function: ast.FunctionDef) -> Iterator[str]:
    """The names of rules that a function itself gives to mentions."""
    for call in _calls(function):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given = call.args[_PLACE[name] : _PLACE[name] + 1] if name in _PLACE else []
        given += [keyword.value for keyword in call.keywords if keyword.arg == "rule"]
        for value in given:
            yield from (one.value for one in ast.walk(value) if isinstance(one, ast.Constant))  # type: ignore[misc]


def _reached(module: ModuleType, name: str) -> set[tuple[str, str]]:
    """The functions that one calls, and they, by module and name; with itself."""
    reached, open_ends = set[tuple[str, str]](), [(module.__name__, name)]
    while open_ends:
        at = open_ends.pop()
        if at in _FUNCTIONS and at not in reached:
            reached.add(at)
            its = next(module for module in _MODULES if module.__name__ == at[0])
            called = (getattr(its, getattr(call.func, "id", ""), None) for call in _calls(_FUNCTIONS[at]))
            open_ends.extend((one.__module__, one.__name__) for one in called if inspect.isfunction(one))
    return reached


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{type(rule).__name__}-{rule.apply.__name__}")
def test_a_row_of_the_table_has_all_names_that_its_function_gives_and_no_other(rule: Rule) -> None:
    module = inspect.getmodule(rule.apply)
    assert module is not None
    reached = _reached(module, rule.apply.__name__)
    assert set(rule.gives.split()) == {name for at in reached for name in _names(_FUNCTIONS[at])}


def test_every_function_that_gives_a_name_is_in_the_table_or_called_by_one_that_is() -> None:
    reached = set[tuple[str, str]]()
    for rule in RULES:
        module = inspect.getmodule(rule.apply)
        assert module is not None
        reached |= _reached(module, rule.apply.__name__)
    assert [at for at, function in _FUNCTIONS.items() if at not in reached and any(_names(function))] == []


def test_the_grammar_has_no_other_table() -> None:
    table = Table(load("en").sets)
    dispatched = {
        *(read for _, read in table.on_sentence),
        *table.on_made,
        *(read for reads in table.on_people.values() for read in reads),
        *(read for _, read in table.on_cue),
        *(read for _, read in table.on_role),
        *(read for reads in table.on_word.values() for read in reads),
        *(rule.apply for rule in table.after),
    }
    assert dispatched == {rule.apply for rule in RULES}


def test_a_cue_that_begins_an_idiom_as_well_sets_one_off() -> None:
    assert Table(load("en").sets).on_word.keys() >= OF_CUES_TOO


def test_what_a_rule_found_holds_no_state_between_looks() -> None:
    """The sentence has no flag: how people were found goes with what was found."""
    assert "relative" not in vars(Context([], tokenise(""), load("en")))
