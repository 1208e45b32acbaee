"""What the worst text of each kind costs: microseconds a KB of every hop at 10, 100 and 1,000 KB.

    python -m benchmarks.bench_worst [--kb 10 100 1000] [--only quotes capitals]

Where the last column but one is near 1, a text ten times as long takes ten times as long. It is the worst hop's cost
a KB at the largest size over that at the smallest. The last column is what all topics and rows come to, over what
came in; for the smallest size only where it is more than 200 KB.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from itertools import cycle, islice
from typing import Any

import orjson

from stream_app.core.hops import RAW, Effects, Hop, Record
from stream_app.core.poison import PoisonError, caught
from stream_app.hops import build_hops
from stream_app.settings import Settings

_TOWNS = ("Kabul", "Kyiv", "Paris", "London", "Springfield", "Washington", "Georgia", "Gaza", "Mosul", "Dhaka")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
FLOOR_BYTES = 200_000
"""What comes of a small article may be so much, however small it is."""
_FIELDS = {"id": "worst", "source": "worst.example", "published_at": "2024-03-01T10:00:00Z"}


def _filled(piece: str) -> Callable[[int], str]:
    """A text of this piece, over and over."""
    return lambda size: piece * (size // len(piece.encode()) + 1)


def _each(piece: str) -> Callable[[int], str]:
    """The same with a number of its own in each piece, where it says {}; words of letters where it says []."""
    size_of = len(piece) + 4
    return lambda size: "".join(piece.replace("{}", str(n)).replace("[]", _word(n)) for n in range(size // size_of))


def _word(number: int) -> str:
    """A word that no other number has: "ba" for 26."""
    word = ""
    while number or not word:
        number, rest = divmod(number, 26)
        word = _LETTERS[rest] + word
    return word


def _once(begin: str, piece: str, end: str = "") -> Callable[[int], str]:
    """One beginning, then the piece over and over, then an end."""
    return lambda size: begin + piece * (size // len(piece.encode())) + end


def _towns(size: int) -> str:
    return ", ".join(islice(cycle(_TOWNS), size // 9))


KINDS: Mapping[str, Callable[[int], str]] = {
    "towns in a list": _towns,
    "towns that figures are in": _filled("In Kabul 5 people were killed. In Paris 6 were killed and 7 wounded. "),
    "including": _filled("5 killed, including 3 children, "),
    "killed and": _filled("5 killed and "),
    "killed, in German": _filled("Fünf Tote und zwei Verletzte in Berlin, "),
    "killed, in Arabic": _filled("مقتل 5 وإصابة 7 في غزة و"),
    "killed, in Turkish": _filled("5 kişi öldü ve "),
    "killed, in Ukrainian": _filled("1 2 3 загинули "),
    "places, in Ukrainian": _filled("у Києві, Харкові, Одесі "),
    "joined words": _filled("br’s’s’s’s’s’s"),
    "digits in Spanish": lambda size: (
        "Siete murieron y otras diez personas resultaron heridas en la ciudad. " * 5 + "7" * size
    ),
    "figures in sentences": _each("At least {} people were killed in the attack on Sunday, police said. "),
    "figures on lines": _each("{} killed\n"),
    "figures without stops": _filled("5 people were killed and 6 wounded "),
    "single victims": _each("A man of [] was killed. "),
    "named victims": _each("Anna [] was shot dead. "),
    "rejected": _filled("5% of 3 km in 7 years "),
    "digits": _once("Five people were killed ", "7"),
    "digits of other kinds": _filled("٣٤٥ ²³ ①② ½ 三百 Ⅷ "),
    "numbers": _each("{}, "),
    "scales": _filled("million "),
    "vague scales": _filled("millions of "),
    "quotes": _once("5 people were killed ", '"'),
    "quotes with stops": _filled('." '),
    "brackets": _once("5 people were killed ", "("),
    "brackets both": _filled("(5 killed) "),
    "commas": _once("5 people were killed, said ", ","),
    "attributions": _filled("5 people were killed, said Ann Lee of the and said but said as said "),
    "one word": _once("5 people were killed by ", "a"),
    "one capital word": _once("5 people were killed in ", "A"),
    "one word of other letters": _once("5 people were killed in ", "ж"),
    "apostrophes": _once("5 people were killed in A", "'a"),
    "initials": _once("5 people were killed in ", "A."),
    "abbreviations": _filled("Mr. Gen. Lt. Col. "),
    "hyphens": _once("5 people were killed in A", "-a"),
    "hyphens alone": _once("5 people were killed ", "-"),
    "Arabic articles": _filled("al-Hol ez-Zor "),
    "capitals": _filled("Aa Bb Cc Dd "),
    "new capitals": _each("A[] "),
    "new words": _each("a[] "),
    "new sentences": _each("He [] it. "),
    "common words in capitals": _each("The House Of [] "),
    "people in a row": _filled("people men women children "),
    "people who": _once("5 people ", "who "),
    "killed": _filled("killed "),
    "lines": _filled("a\n"),
    "empty lines": _once("5 people were killed.", "\n", "6 died."),
    "blanks": _once("5 people were killed.", " ", "6 died."),
    "blanks and stops": _filled(".    "),
    "tabs": _once("5 people were killed in", "\t", "Kabul"),
    "stops": _once("5 people were killed", "."),
    "semicolons": _filled("5 killed; "),
    "dates": _filled("on Monday 3 March, since March 2014, 5 were killed "),
    "since": _filled("5 people were killed since the start of the year, so far this year "),
    "ages": _filled("Ann Lee, 34, and Bob Ray, 35, were killed "),
    "tags": _filled("<p>5 killed</p> "),
    "open tags": _filled("<p "),
    "smaller": _once("5 people were killed ", "<"),
    "references": _filled("&amp;#53; &nbsp;killed "),
    "ampersands": _once("5 people were killed ", "&"),
    "long references": _filled("&" + "a" * 31),
    "zero width": _filled("5\u200b people\u00ad were k\u200dilled "),
    "combining": _once("5 people were killed in A", "\u0301"),
    "right to left": _filled("\u202e5 people were killed\u202c "),
    "emoji": _filled("💥 5 killed "),
    "Chinese": _filled("五人死亡"),
    "Thai": _filled("มีผู้เสียชีวิต"),
    "nulls": _filled("5 killed\x00"),
    "copyright lines": _each("Copyright {} all rights reserved\n"),
    "bylines": _filled("By Ann Lee\n"),
    "streets": _each("Mill Road, Oak Street, State Route {}, "),
    "parents": _filled("Paris, France, Paris, Texas, "),
    "Springfields": _filled("Springfield of Springfield in San Jose "),
    "prose": _each("The [] of the town said that {} homes were lost when the river rose in Kabul on Sunday. "),
}

RAW_KINDS: Mapping[str, Callable[[int], bytes]] = {
    "escaped quotes": lambda size: b"{" + b'\\"' * (size // 2),
    "raw quotes": lambda size: b'"' * size,
    "open strings": lambda size: b'"\\"' * (size // 3) + b"\\",
    "open brackets": lambda size: b"[" * size,
    "not UTF-8": lambda size: b'{"text": "' + b"\xff" * size,
    "keys": lambda size: orjson.dumps({"text": "5 killed.", **{f"k{n}": n for n in range(size // 14)}}),
    "an array": lambda size: orjson.dumps({"text": "5 killed.", "metadata": {"a": [[]] * (size // 3)}}),
    "metadata": lambda size: orjson.dumps(
        {"text": "5 killed.", "metadata": {"html": "<p>5 killed</p>" * (size // 15)}}
    ),
    "floats": lambda size: b'{"text": "5 killed.", "a": [1e15' + b",1e15" * (size // 5) + b"]}",
}
SMALL = {"url": "http://www.example.com/a/b?c=d", "title": "Five killed in Kabul"}


def value_of(kind: str, kb: int) -> bytes:
    """The raw record of a kind, about so many KB long."""
    size = kb * 1000 - 500
    if kind in RAW_KINDS:
        return RAW_KINDS[kind](size)
    text = KINDS[kind](size)
    while len(value := orjson.dumps({**_FIELDS, **SMALL, "text": text})) > kb * 1000:
        text = text[: len(text) * (kb * 1000 - 500) // len(value)]
    return value


def measure(hops: Mapping[str, Hop], value: bytes) -> tuple[dict[str, float], int]:
    """Seconds that each hop takes for this record and what comes of it, and the bytes of all that came."""
    seconds = dict.fromkeys(hops, 0.0)
    states = {name: hop.new_state() for name, hop in hops.items()}
    by_source = {hop.source: hop for hop in hops.values()}
    written = 0
    waiting = [(RAW, Record(None, value, 1_709_300_000_000))]
    while waiting:
        topic, record = waiting.pop(0)
        hop = by_source.get(topic)
        if hop is None:
            continue
        started = time.process_time()
        effects: Any = caught(hop, record, states[hop.name])
        seconds[hop.name] += time.process_time() - started
        if isinstance(effects, PoisonError):
            written += len(record.value or b"")
            continue
        assert isinstance(effects, Effects)
        written += sum(len(key) + len(row or b"") for key, row in effects.rows)
        for output in effects.outputs:
            written += len(output.key) + len(output.value or b"")
            waiting.append((output.topic, Record(output.key, output.value, record.timestamp_ms)))
    return seconds, written


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kb", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--only", nargs="+", help="kinds whose name has one of these words")
    args = parser.parse_args()
    kinds = [kind for kind in (*KINDS, *RAW_KINDS) if not args.only or any(word in kind for word in args.only)]
    hops = build_hops(Settings())
    measure(hops, value_of("prose", 10))
    columns = " ".join(f"{name:>6} {kb:>4}" for name in hops for kb in args.kb)
    print(f"{'us a KB':26} {columns} {'ratio':>6} {'s':>6} {'times':>6}")
    for kind in kinds:
        rows = []
        for kb in args.kb:
            value = value_of(kind, kb)
            runs = [measure(hops, value) for _ in range(3 if kb < 100 else 1)]
            best = {name: min(seconds[name] for seconds, _ in runs) for name in hops}
            written = runs[0][1]
            times = written / len(value) if written > FLOOR_BYTES else 0.0
            rows.append((len(value) / 1000, best, times))
        print(_row(kind, hops, rows), flush=True)
    return 0


def _row(kind: str, hops: Mapping[str, Hop], rows: list[tuple[float, dict[str, float], float]]) -> str:
    cells = [f"{best[name] / kb * 1e6:11.0f}" for name in hops for kb, best, _ in rows]
    (small_kb, small, _), (large_kb, large, _) = rows[0], rows[-1]
    worst = max(hops, key=lambda name: large[name])
    ratio = (large[worst] / large_kb) / max(small[worst] / small_kb, 1e-6)
    longest = max(sum(best.values()) for _, best, _ in rows)
    return f"{kind:26} {' '.join(cells)} {ratio:6.1f} {longest:6.2f} {max(times for *_, times in rows):6.1f}"


if __name__ == "__main__":
    sys.exit(main())
