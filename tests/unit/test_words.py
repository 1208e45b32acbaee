"""Words of a language stand in its folder, not in the code of an engine; one list each of months, weekdays, titles.

What is looked at: strings that code lays beside the words of a text, that is

- members of sets, lists, tuples and dicts,
- what is compared with `==`, `in`, or given to `startswith`, `find`, `split` and the like,
- patterns of `re`, without the names of their groups, escapes and character classes,
- constants of a module that are strings.

Such a string is a word unless it has no two letters in a row, or is an identifier: a value of a `Literal`, a field of a
class, a key of a schema or of a table of words, a weight's name, a code of GeoNames, the name of a topic.
Docstrings, messages and reasons given in words are none of these.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
CORE: Final = ROOT / "stream_app" / "core"
ENGINES: Final = ("language", "casualties", "causes", "places", "dedup", "incidents", "sources")
"""The folders that read text of articles."""
LANGUAGE: Final = re.compile(r"languages/[a-z]{2}/")

ALLOWED: Final = {
    "casualties/free/pack.py": "names of tables, orders and roles, which a pack is checked against",
    "casualties/article_toll.py": "names of rules",
    "causes/cause_words.py": "kinds of causes, several in a string",
    "dedup/rows.py": "what a verdict rests on, told to people",
    "incidents/causes.py": "kinds of causes, several in a string",
    "incidents/similarity.py": "what speaks for and against two reports, told to people",
    "incidents/sketch.py": "kinds of terms",
    "language/characters.py": "names that Unicode gives to forms",
    "language/detect.py": "names of scripts, codes of languages",
    "language/passages.py": "names of scripts, the letters of Latin",
    "language/plain.py": "elements of HTML",
    "places/outlet.py": "codes of countries, domains",
    "sources/address.py": "hosts and parts of addresses",
}
"""Modules that may have such strings, and what these are; every other one has none."""
IDENTIFIERS: Final = {
    "dead", "fixed", "free", "object_first", "participle_last", "verb_first", "many", "one_of",
    "bounded", "cardinal", "digits", "joint", "range_from", "scale",
    "tied", "province", "split", "contradicted", "beside", "focus", "street", "refused", "spot", "likely", "latin", "cyrillic", "arabic", "both", "no_reader", "ext_facility",
    "ext_street", "supplement", "hash", "_before", "_after",
}  # fmt: skip
"""Values that a module gives and takes itself, without a type that lists them."""
CODES: Final = re.compile(
    r"[A-Z]{2,7}\d?"  # features of GeoNames, countries, the mark of our file
    r"|[a-z.]+\.[a-z-]+(?:/\d)?"  # topics, schemas, hosts
    r"|(?:adm\d?|city\d?|country|hint|home|parent)(?::\w+)*(?:\*\w+)?|\w+\*\w+"  # weights
    r"|\(\?[<=!].*|https?://|www\."
)
TWO_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
SEARCHING: Final = frozenset(
    {"startswith", "endswith", "removeprefix", "removesuffix", "find", "rfind", "index", "partition", "rpartition",
     "count", "split", "replace", "fromkeys"}
)  # fmt: skip


def keys(value: Any) -> Iterator[str]:
    """Every key of a JSON value, and every string in it that is one word."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from (part for part in re.split(r"[|*]", key) if part)
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def identifiers() -> set[str]:
    """Every name that is defined somewhere: types, fields, schemas, lists of tables, weights."""
    known = set(IDENTIFIERS)
    for file in (ROOT / "schemas").rglob("*.json"):
        known.update(keys(json.loads(file.read_bytes())))
    for file in CORE.rglob("*.json"):
        table = json.loads(file.read_bytes())
        known.update(table)
        if (
            file.parent.name == "places"
            or file.name in {"place_words.json", "casualties.json", "topics.json"}
            or file.parent.name == "language"
        ):
            known.update(keys({key: inner for key, inner in table.items() if key != "numbers"}))
    for file in CORE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
                known.update(str(c.value) for c in ast.walk(node.slice) if isinstance(c, ast.Constant))
            if isinstance(node, ast.ClassDef):
                known.update(
                    field.target.id
                    for field in node.body
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
                )
    return known


def parts(node: ast.expr) -> list[ast.expr]:
    """The strings of an expression that is one: of a formatted or joined string its parts."""
    return [inner for inner in ast.walk(node) if isinstance(inner, ast.Constant)]


def laid_beside_text(tree: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """The strings that are looked at, and whether they are patterns."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__")]):
                for inner in ast.walk(node):
                    inner.__dict__["skipped"] = True
            case ast.Set() | ast.List() | ast.Tuple() if not node.__dict__.get("skipped"):
                yield from ((element, False) for element in node.elts)
            case ast.Dict():
                yield from ((element, False) for element in (*filter(None, node.keys), *node.values))
            case ast.Compare():
                yield from ((element, False) for element in (node.left, *node.comparators))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))) if node.args:
                yield from ((part, True) for part in parts(node.args[0]))
            case ast.Call(func=ast.Attribute(attr=attr, value=text)) if attr in SEARCHING:
                yield from ((element, False) for element in (text, *node.args))
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if name.strip("_").isupper() and isinstance(value, ast.Constant | ast.JoinedStr):
                yield from ((part, True) for part in parts(value))


def without_syntax(pattern: str) -> str:
    """A pattern without the names of its groups, its escapes, character classes and comments."""
    pattern = re.sub(r"\(\?P[<=]\w+[>)]|\(\?[a-zA-Z]+[:)]", "(", pattern)
    pattern = re.sub(r"\\u[0-9a-fA-F]{4}|\\[a-zA-Z]|#.*", " ", pattern)
    return re.sub(r"\[(?:\\.|[^\]])*\]", " ", pattern)


def words_in(source: str | bytes, known: set[str]) -> list[str]:
    """The words of a language in a module's code.

    A key that code looks up in a table is no text, so the indices of subscripts are left out.
    """
    found = []
    tree = ast.parse(source)
    keys_looked_up = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.Subscript) for part in parts(node.slice)
    }
    called = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        for argument in node.args
        if isinstance(argument, ast.Constant)
        for part in parts(argument)
    }
    for node, is_pattern in laid_beside_text(tree):
        if not isinstance(node, ast.Constant) or id(node) in keys_looked_up | called:
            continue
        value = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        if not isinstance(value, str):
            continue
        if value in known or CODES.fullmatch(value):
            continue
        if TWO_LETTERS.search(without_syntax(value) if is_pattern else value):
            found.append(value)
    return found


KNOWN: Final = identifiers()
MODULES: Final = sorted(
    module
    for engine in ENGINES
    for file in (CORE / engine).rglob("*.py")
    if (module := file.relative_to(CORE).as_posix()) not in ALLOWED
)


@pytest.mark.parametrize("module", MODULES)
def test_no_engine_has_a_word_of_any_language(module: str) -> None:
    assert words_in((CORE / module).read_bytes(), KNOWN) == []


def test_every_exception_is_needed() -> None:
    assert [module for module in ALLOWED if not words_in((CORE / module).read_bytes(), KNOWN)] == []


@pytest.mark.parametrize(
    "code",
    [
        'MONTHS = frozenset({"january", "february"})',
        'said = word == "said"',
        'over = text.startswith("more than")',
        'X = re.compile(r"(?P<who>\\w+) according to")',
        'COUNTS = {"threescore": 60}',
        'UNITS = "one two three".split()',
        'PAPERS = "herald|tribune"',
    ],
)
def test_a_word_is_found_wherever_it_stands(code: str) -> None:
    assert words_in(code, KNOWN)


@pytest.mark.parametrize(
    "code",
    [
        'def f(): "A docstring about killers"',
        'raise ValueError("unknown convention")',
        'KINDS = ("killed", "injured")',
        'X = re.compile(r"(?P<day>\\d+)[a-z]+\\b")',
        'first = table["months"]',
    ],
)
def test_what_is_no_word_is_let_by(code: str) -> None:
    assert not words_in(code, KNOWN)


def lists_of_english() -> dict[str, str]:
    """Every list of words in the tables of English, as written: `@calendar.months` stands for itself."""

    def lists(value: Any, path: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from lists(inner, f"{path}.{key}")
        elif isinstance(value, str):
            yield path, value

    folder = CORE / "languages" / "en"
    return {
        path: text for file in folder.glob("*.json") for path, text in lists(json.loads(file.read_bytes()), file.stem)
    }


@pytest.mark.parametrize(
    ("words", "home"),
    [
        ("january february november", "calendar.months"),
        ("monday tuesday friday", "calendar.weekdays"),
        ("sgt capt prof", "titles.short"),
        ("said told added", "saying.everywhere"),
    ],
)
def test_months_weekdays_titles_and_verbs_of_saying_are_written_down_once(words: str, home: str) -> None:
    wanted = set(words.split())
    assert [path for path, text in lists_of_english().items() if wanted <= set(text.split())] == [home]
