"""The word lists of a language: JSON in its folder of `core/languages/`, read and checked once a process.

A list is one string, its words parted by blanks. `@calendar.months` among them stands for the list `months` of the
table `calendar` of the same language, `!may` takes a word out again: a list of months is written down once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

USUAL: Final = "en"
"""The language of a text that is none for sure; every table is there in it."""
_FOLDER: Final = resources.files("stream_app.core.languages")


class TableError(ValueError):
    """A table that is wrong: the message names the language, the table and the list."""


@cache
def table(language: str, name: str) -> Mapping[str, Any]:
    """A table of a language, its lists written out.

    Raises:
        TableError: there is no such table, or a list names one that there is none of.

    >>> table("en", "calendar")["weekdays"].split()[0]
    'monday'
    """
    return {key: _written_out(language, name, value) for key, value in _raw(language, name).items()}


def every(name: str) -> dict[str, Mapping[str, Any]]:
    """A table of each language that has it, by language in alphabetical order.

    >>> "en" in every("calendar")
    True
    """
    codes = sorted(folder.name for folder in _FOLDER.iterdir() if folder.joinpath(f"{name}.json").is_file())
    return {code: table(code, name) for code in codes}


def words(language: str, name: str, key: str) -> frozenset[str]:
    """One list of a table, as a set.

    >>> "may" in words("en", "calendar", "months")
    True
    """
    return frozenset(table(language, name)[key].split())


@cache
def _raw(language: str, name: str) -> Mapping[str, Any]:
    file = _FOLDER.joinpath(language, f"{name}.json")
    if not file.is_file():
        raise TableError(f"{language}: no table {name}")
    found: Mapping[str, Any] = json.loads(file.read_bytes())
    return found


def _written_out(language: str, name: str, value: Any) -> Any:
    """The value with the lists that it names in their places."""
    if isinstance(value, dict):
        return {key: _written_out(language, name, inner) for key, inner in value.items()}
    if not isinstance(value, str) or "@" not in value:
        return value
    kept: dict[str, None] = {}
    for word in value.split():
        if word[0] == "@":
            kept.update(dict.fromkeys(_named(language, name, word[1:]).split()))
        elif word[0] == "!":
            del kept[word[1:]]
        else:
            kept[word] = None
    return " ".join(kept)


def _named(language: str, name: str, reference: str) -> str:
    """The list that `table.list` names."""
    other, _, key = reference.partition(".")
    found = _raw(language, other).get(key)
    if not isinstance(found, str):
        raise TableError(f"{language}/{name}.json: no list {reference}")
    return str(_written_out(language, other, found))
