"""Compiling the gazetteer: sources in, one file out."""

from __future__ import annotations

import gc
import hashlib
import json
import sys
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from stream_app.core.places.gazetteer import MAGIC
from stream_app.gazetteer.sources import Row, read_outlets, read_rows, read_words


def untold(_: str) -> None:
    """Tell nobody what is being done."""


def build(path: Path, on_step: Callable[[str], None] = untold) -> None:
    """Write the gazetteer to `path`, whose folder exists; takes about twenty seconds, 1 GB of memory.

    `on_step` is told what comes next, in a few words.

    Raises:
        ModuleNotFoundError: the packages of the extra `gazetteer` are not installed.
    """
    collecting = gc.isenabled()
    gc.disable()  # millions of small tuples, none in a cycle: collecting them costs as much as all the rest
    try:
        on_step("reading countries, divisions and cities")
        rows = sorted(read_rows(), key=lambda row: (-row.importance, row.geonames_id, row.name))
        on_step("reading words and outlets")
        words, outlets = read_words(), read_outlets(rows)
        on_step(f"indexing the names of {len(rows):,} places")
        path.write_bytes(compile_file(rows, words, outlets))
    finally:
        if collecting:
            gc.enable()


def compile_file(rows: list[Row], words: dict[str, int], outlets: dict[str, list[Any]]) -> bytes:
    """The file's bytes: `rows` in order of importance, `words` with their flags, `outlets` with their homes."""
    import marisa_trie  # noqa: PLC0415  # building is rare; reading must not pay for it

    position = {row.uid: index for index, row in enumerate(rows)}
    postings, flags = _index_names(rows, words)
    trie = marisa_trie.Trie(sorted(flags))
    keys = sorted(flags, key=trie.get)
    countries = sorted({row.country for row in rows})
    features = sorted({(row.feature_class, row.feature_code) for row in rows})
    types = sorted({row.type for row in rows})
    names = [row.name.encode() for row in rows]
    others = _index_others(rows)
    other_trie = marisa_trie.Trie(sorted(others))
    other_keys = sorted(others, key=other_trie.get)
    sections: dict[str, bytes] = {
        "trie": trie.tobytes(),
        "flags": bytes(flags[key] for key in keys),
        "first": _offsets(len(postings.get(key, ())) for key in keys),
        "postings": _pack("I", (value for key in keys for value in postings.get(key, ()))),
        "ids": _pack("I", (row.geonames_id for row in rows)),
        "lat": _pack("i", (round(row.lat * 1e5) for row in rows)),
        "lon": _pack("i", (round(row.lon * 1e5) for row in rows)),
        "population": _pack("I", (row.population for row in rows)),
        "country": bytes(countries.index(row.country) for row in rows),
        "feature": bytes(features.index((row.feature_class, row.feature_code)) for row in rows),
        "type": bytes(types.index(row.type) for row in rows),
        "adm1": _pack("I", (position.get(row.adm1, -1) + 1 for row in rows)),
        "adm2": _pack("I", (position.get(row.adm2, -1) + 1 for row in rows)),
        "name_first": _offsets(map(len, names)),
        "names": b"".join(names),
        "other_trie": other_trie.tobytes(),
        "other_first": _offsets(len(others[key]) for key in other_keys),
        "other_postings": _pack("I", (index for key in other_keys for index in others[key])),
    }
    counts = {
        "entries": len(rows),
        "names": len(keys),
        "other_names": len(other_keys),
        "links": len(sections["postings"]) // 4,
    }
    header = {"countries": countries, "features": features, "types": types, "outlets": outlets, "counts": counts}
    return _assemble(header, sections)


def _index_names(rows: list[Row], words: dict[str, int]) -> tuple[dict[str, list[int]], dict[str, int]]:
    """For each folded name: the postings (entry << 1 | alternate), prominent entries first; and the flags."""
    postings: dict[str, dict[int, int]] = {}
    flags = dict(words)
    for index, row in enumerate(rows):
        for name, alternate, flag in row.names:
            held = postings.setdefault(name, {})
            held[index] = min(held.get(index, 1), int(alternate))
            flags[name] = flags.get(name, 0) | flag
    packed = {name: [index << 1 | alternate for index, alternate in held.items()] for name, held in postings.items()}
    return packed, flags


def _index_others(rows: list[Row]) -> dict[str, list[int]]:
    """For each name in another script its entries, the prominent first."""
    found: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for name in dict.fromkeys(row.others):
            found.setdefault(name, []).append(index)
    return found


def _pack(code: str, values: Iterable[int]) -> bytes:
    packed = array(code, values)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _offsets(lengths: Iterable[int]) -> bytes:
    """Where each run starts, and where the last one ends."""
    offsets = [0]
    for length in lengths:
        offsets.append(offsets[-1] + length)
    return _pack("I", offsets)


def _assemble(header: dict[str, Any], sections: dict[str, bytes]) -> bytes:
    """Magic, header, sections at 8-byte boundaries."""
    table: dict[str, list[int]] = {}
    body = bytearray()
    for name, content in sections.items():
        body += b"\0" * (-len(body) % 8)
        table[name] = [len(body), len(content)]
        body += content
    version = hashlib.sha256(bytes(body)).hexdigest()[:12]
    packed = json.dumps({**header, "version": version, "sections": table}).encode()
    start = MAGIC + len(packed).to_bytes(8, "little") + packed
    return start + b"\0" * (-len(start) % 8) + bytes(body)
