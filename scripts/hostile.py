"""Hostile articles: the seeds harmed in their bytes and fields, and articles made up of what parsers stumble over.

Everything comes from one generator, so that a finding comes back under the same seed.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from stream_app.core.languages.en.lexicon import load
from stream_app.core.languages.en.numerals import NUMBER_WORDS, QUALIFIER_STARTS

ROOT = Path(__file__).resolve().parents[1]
FIELDS = ("text", "title", "id", "url", "source", "published_at", "language", "metadata")
_TOWNS = (
    "Kabul", "Kyiv", "Paris", "New York", "Springfield", "Washington", "Georgia", "Gaza", "al-Hol", "Deir ez-Zor",
    "St. Louis", "U.S.", "Côte d’Ivoire", "San José", "Mill Road", "State Route 16", "Sea of Azov", "İstanbul", "Ørsta",
)  # fmt: skip
_TIMES = (
    "today", "on Sunday", "on 3 March", "in 2014", "May 6, 2014", "since 2011", "last year", "so far this year",
    "at 7:30",
    "ten years ago", "since the start of the war", "²²²²", "31 February 2024", "on 99 March", "1/2/3",
)  # fmt: skip
_SAID = (
    ", police said.",
    ", according to the U.N.",
    ", said Ann Lee of the army.",
    '."',
    "?",
    "!",
    "...",
    ".",
    "\n",
    "",
    ";",
)
_INVISIBLE = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202e\u202c\u2066\u2069\u0301\u0488\ufe0f\u180e\u0000\u001f\u0085\u2028"
)
_ODD = (
    "\x00", "\ufffd", "\ufffe", "\u202e", "\u200b" * 30, "e\u0301" * 30, "Z" + "\u0301" * 300, "-" * 300, "(" * 200,
    '"' * 200, "[[{{", "\\", "\r\n\t\x0b\x0c", "💥" * 30, "👨‍👩‍👧‍👦", "İ" * 40, "ﬁ", "ß", "a" * 3000, "A" * 400,
    "'" * 99, "’s" * 40,
    "A." * 60, "Mr. " * 40, "<" * 99, "<p>", "</b", "<!--", "<p " * 40, "&" * 60, "|", "…", "1-2-3-4-5-6 ",
    "10-15-2022",
    "...." * 40, ". " * 60, "\n" * 60, " " * 300, "\u3000", "\x1f", "\ud7ff\ue000", "\U0010ffff", "ﷺ", "㍿", "a℀b",
)  # fmt: skip
_REFERENCES = ("&amp;", "&lt;", "&nbsp;", "&#0;", "&#53;", "&#x35;", "&#xD800;", "&#1114112;", "&#" + "9" * 40 + ";",
"&#x;",
               "&bogus;", "&notit", "&amp;amp;amp;", "&#" + "0" * 30 + "53;", "&#-5;", "&#" + "7" * 5000,
               "&#53")  # fmt: skip
_DIGITS = "٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐᥆᧐᪀᪐᭐᮰᱀᱐꘠꣐꤀꧐꧰꩐꯰０𐒠𑁦𝟎𞥐"
"""The zero of each of so many scripts."""
_NUMBERS = (
    "0", "1", "12", "007", "1,200", "1.200", "1 200", "1'200", "4,50,000", "1.5 million", "1e9", "1/2", "½", "¼",
    "²³", "①②",
    "⑳", "Ⅷ", "ⅻ", "VIII", "三", "三百二十", "萬", "〇", "一二三", "൰", "፲", "𒐀", "10-15", "10–15",
    "10 to 15", "2 or 3",
    "twenty-two", "a hundred and fifty two", "half a million", "a quarter of a million", "several",
    "hundreds of thousands",
    "millions of millions of millions of millions", "9 billion billion billion billion", "100-plus", "12 or more", "-5",
    "+5", "5%", "$5", "5th", "1,2,3", "9" * 25, "9" * 400, "0" * 60 + "5", "5" + ",000" * 30, "1.0000000000000001",
    "18446744073709551616", "10000000000", "10000000001", "99999999999999999999", "NaN", "inf", "0x10", "1_000",
    "5.5.5",
)  # fmt: skip
_TIMESTAMPS = (
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "1599-12-31T23:59:59Z",
    "1600-01-01T00:00:00Z", "1600-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z",
    "2016-12-31T23:59:60Z", "2024-02-30T00:00:00Z", "2024-03-01T24:00:00Z", "2199-12-31T23:59:59.999999999-12:00",
    "2199-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-23:59",
    "10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "2024-03-01T10:00:00+25:00", "2024-03-01T10:00:00+99:99",
    "٢٠٢٤-03-01T10:00:00Z", "2024-03-01", "2024-03-01T10:00:00", "March 1, 2024", "Fri, 01 Mar 2024 10:00:00 +0100",
    "03/04/2024", "13/12/2024", "20240301", "20240301T100000Z", "1709287200", "1709287200000", "9" * 19, "9" * 5000,
    "²²²²",
    "2024-W09-5", "2024-060", "now", " ", "T", "2024-03-01T10:00:00Z" + "0" * 200, "31.12.1999 5 p.m. EST",
    "1 of May 24",
)  # fmt: skip
_HOSTS = (
    "a.example", "A.EXAMPLE.", "[::1]", "[::1", "[breaking]", "[v1.fe80::a]", "::1", "1.2.3.4", "0x7f.1", "a℀b.com",
    "ａ.com",
    "xn--a", "xn--", "ß.de", "faß.de", "..", ".", "", "a b.com", "a%2eb", "a\\b", "-.-", "a" * 300 + ".com",
    "a." * 200 + "b",
    "www.", "www.www.a.b", "thethethekansascitytimestimes.com", "paris-france-texas.com", "a\u200bb.com",
    "a\x00b.com", "💥.la",
)  # fmt: skip
_BRACKETED = (
    "[",
    "]",
    "{",
    "}",
    "%",
    "%zz",
    "%00",
    "#",
    "?",
    "//",
    "\\",
    "@",
    ":",
    "é",
    "\u202e",
    " ",
    "\t",
    "http://",
)
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -0.0, 1, -1, 1.5, -1e308, 5e-324, 2**53, 2**63 - 1, 2**64 - 1, [], {}, [[[[]]]], {"": ""},
    {"a": {"b": [1]}}, "", " ", "\u3000", "x" * 600, ["text"], {"text": "5 killed"},
)  # fmt: skip
_RAW_VALUES = (
    "1e400", "-1e400", "123456789012345678901234567890", "-0", "1E5", "1e-400", "NaN", "Infinity", "nul", "'x'",
    '"\\ud800"',
    '"\\udc00\\ud800"', '"\\u0000"', "[" * 70 + "]" * 70, "[" * 500, '{"a":' * 70 + "1" + "}" * 70, "1" * 5000,
    "0.1" + "0" * 500,
    '"\x01"', "// c", "[1,]", "{,}", '"' + "\\\\" * 200,
)  # fmt: skip


def seeds() -> list[bytes]:
    """Good articles and known bad ones."""
    good = (ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines()
    bad = [path.read_bytes() for path in sorted((ROOT / "seeds" / "bad").iterdir()) if path.is_file()]
    return [value for value in (*good, *bad) if len(value) < 50_000]


class Maker:
    """Makes inputs of all kinds, from one seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self._seeds = seeds()
        self._good = [
            article for value in self._seeds if isinstance(article := _read(value), dict) and "text" in article
        ]
        lexicon = load("en")
        self._words = sorted({*lexicon.closed, *lexicon.units})
        self._people = sorted(lexicon.people)
        self._cues = sorted(cue.replace("_", " ") for cue in lexicon.cues)
        self._numbers = sorted({*NUMBER_WORDS, *QUALIFIER_STARTS})
        self._kinds: Sequence[tuple[Callable[[], bytes], float]] = (
            (self.harmed_bytes, 2), (self.harmed_structure, 3), (self.odd_field, 3), (self.made_up, 5),
            (self.harmed_text, 4),
            (self.raw_json, 1), (self.wrapped, 1), (self.flood, 0.2), (self.known, 1),
        )  # fmt: skip

    def __call__(self) -> bytes:
        """The next input."""
        makers, weights = zip(*self._kinds, strict=True)
        make: Callable[[], bytes] = self.dice.choices(makers, weights)[0]
        return make()

    # --- kinds of inputs -----------------------------------------------------------------------------------------

    def known(self) -> bytes:
        """A seed as it is: what came before must not harm it."""
        return self.dice.choice(self._seeds)

    def harmed_bytes(self) -> bytes:
        """Flip, cut, double or insert a few bytes."""
        dice = self.dice
        harmed = bytearray(dice.choice(self._seeds))
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(harmed) + 1)
            act = dice.randrange(4)
            if act == 0 and at < len(harmed):
                harmed[at] = dice.randrange(256)
            elif act == 1:
                del harmed[at : at + dice.randint(1, 30)]
            elif act == 2:
                harmed[at:at] = harmed[at : at + dice.randint(1, 200)]
            else:
                harmed[at:at] = dice.randbytes(dice.randint(1, 8))
        return bytes(harmed)

    def harmed_structure(self) -> bytes:
        """Put something else where a field or a piece of text was."""
        article = dict(self.dice.choice(self._good))
        for _ in range(self.dice.randint(1, 3)):
            name = self.dice.choice([*article, *FIELDS])
            old = article.get(name)
            if isinstance(old, str) and self.dice.random() < 0.8:
                article[name] = self._harmed(old)
            else:
                article[name] = self.dice.choice(_VALUES)
        return _dumped(article)

    def odd_field(self) -> bytes:
        """A good article with every field of a kind that it can go wrong in."""
        dice = self.dice
        article: dict[str, Any] = {**dice.choice(self._good)}
        makers: Mapping[str, Callable[[], Any]] = {
            "url": self._url, "source": self._source, "published_at": self._time, "title": self._title,
            "language": self._odd,
            "id": self._id, "metadata": self._metadata, self._odd(): self._odd,
        }  # fmt: skip
        for name in dice.sample([*makers], dice.randint(1, 4)):
            article[name] = makers[name]()
        return _dumped(article)

    def made_up(self) -> bytes:
        """An article of sentences that the grammar may read anything into."""
        article: dict[str, Any] = {"text": " ".join(self._sentence() for _ in range(self.dice.randint(1, 12)))}
        if self.dice.random() < 0.7:
            article["id"] = f"made-{self.dice.randrange(50)}"
        if self.dice.random() < 0.6:
            article["published_at"] = f"2024-03-{self.dice.randint(1, 28):02}T{self.dice.randint(0, 23):02}:00:00Z"
        if self.dice.random() < 0.3:
            article["title"] = self._title()
        if self.dice.random() < 0.3:
            article["source"] = self._source()
        return _dumped(article)

    def harmed_text(self) -> bytes:
        """A real article whose text has numbers, references and invisible signs where it had none."""
        article = dict(self.dice.choice(self._good))
        text = str(article["text"])
        for _ in range(self.dice.randint(1, 8)):
            text = self.dice.choice((self._harmed, self._sprinkled, self._renumbered, self._shuffled))(text)
        return _dumped({**article, "text": text})

    def raw_json(self) -> bytes:
        """Bytes that no writer of JSON of ours would make."""
        dice = self.dice
        pairs = [f'"{dice.choice(FIELDS)}":{dice.choice(_RAW_VALUES)}' for _ in range(dice.randint(1, 3))]
        pairs.insert(dice.randrange(3), '"text":"5 people were killed in Kabul."')
        joint = dice.choice((",", ",", ",", ", ", ",,", ""))
        return dice.choice(("", "", "\ufeff", " ", "\n\n")).encode() + f"{{{joint.join(pairs)}}}".encode(
            "utf-8", "surrogatepass"
        )

    def wrapped(self) -> bytes:
        """An article inside what tools wrap around it, whole or broken."""
        dice = self.dice
        inner = dice.choice((self.made_up, self.odd_field, self.harmed_bytes))()
        framed = dice.randbytes(dice.choice((0, 1, 4, 5))).replace(b"{", b"") + inner
        event: dict[str, Any] = {"specversion": "1.0", "type": "t", "source": self._source(), "id": self._id()}
        data: Any = dice.choice((_read(inner), inner.decode("utf-8", "replace"), None, [], 5))
        key = dice.choice(("data", "data_base64"))
        event[key] = data if key == "data" else base64.b64encode(framed).decode() + dice.choice(("", "", "="))
        return dice.choice((bytes(5) + inner, framed, _dumped(event)))

    def flood(self) -> bytes:
        """Much of one thing."""
        dice = self.dice
        piece = dice.choice((self._sentence, self._odd, self._number, lambda: dice.choice(_TOWNS) + ", "))()
        size = dice.choice((2_000, 10_000, 30_000))
        text = piece * (size // max(1, len(piece.encode("utf-8", "replace"))) + 1)
        return _dumped({"text": text + " 5 people were killed.", "id": "flood"})

    # --- their parts ---------------------------------------------------------------------------------------------

    def _harmed(self, text: str) -> str:
        at = self.dice.randrange(len(text) + 1)
        return text[:at] + self._odd() + text[at + self.dice.randint(-20, 40) :] if at else self._odd() + text

    def _odd(self) -> str:
        return self.dice.choice((self._number, self._reference, lambda: self.dice.choice(_ODD)))()

    def _reference(self) -> str:
        return self.dice.choice(_REFERENCES)

    def _sprinkled(self, text: str) -> str:
        """The text with invisible signs in its words."""
        signs = [*text]
        for _ in range(self.dice.randint(1, 20)):
            signs.insert(self.dice.randrange(len(signs) + 1), self.dice.choice(_INVISIBLE))
        return "".join(signs)

    def _renumbered(self, text: str) -> str:
        """The text with other numbers, or its digits in another script."""
        if self.dice.random() < 0.5:
            zero = ord(self.dice.choice(_DIGITS))
            return text.translate({ord(str(digit)): chr(zero + digit) for digit in range(10)})
        words = text.split(" ")
        for _ in range(self.dice.randint(1, 6)):
            words[self.dice.randrange(len(words))] = self._number()
        return " ".join(words)

    def _shuffled(self, text: str) -> str:
        words = text.split(" ")
        at, size = self.dice.randrange(len(words)), self.dice.randint(2, 30)
        piece = words[at : at + size]
        self.dice.shuffle(piece)
        return " ".join(words[:at] + piece + words[at + size :])

    def _number(self) -> str:
        dice = self.dice
        if dice.random() < 0.3:
            zero = ord(dice.choice(_DIGITS))
            return "".join(chr(zero + dice.randrange(10)) for _ in range(dice.choice((1, 2, 3, 5, 20, 400))))
        if dice.random() < 0.3:
            return " ".join(dice.choices(self._numbers, k=dice.randint(1, 8)))
        return dice.choice(_NUMBERS)

    def _sentence(self) -> str:
        """Words that figures are made of, in the order of news or in none."""
        dice = self.dice
        if dice.random() < 0.3:
            tables = (
                self._words,
                self._people,
                self._cues,
                self._numbers,
                _TOWNS,
                _NUMBERS,
                _TIMES,
                [*".,;:-()\"'&[]"],
            )
            words = [dice.choice(dice.choice(tables)) for _ in range(dice.randint(1, 40))]
            return " ".join(words) + dice.choice(_SAID)
        who = f"{self._number()} {dice.choice(self._people)}"
        parts = [who, dice.choice(("were", "was", "have been", "", "could be", "had")), dice.choice(self._cues)]
        for _ in range(dice.randint(0, 4)):
            parts += dice.choice(
                (
                    ["and", self._number(), dice.choice(self._cues)],
                    ["including", self._number(), dice.choice(self._people)],
                    ["in", dice.choice(_TOWNS)],
                    [dice.choice(_TIMES)],
                    [",", dice.choice(self._words), dice.choice(self._words)],
                    ["of", dice.choice(self._people), ","],
                )
            )
        return " ".join(parts) + dice.choice(_SAID)

    def _url(self) -> str:
        dice = self.dice
        scheme = dice.choice(
            ("http://", "https://", "HTTP://", "//", "ftp://", "javascript:", "data:", "", "http:", "://")
        )
        user = dice.choice(("", "", "u@", "u:p@", "@", "@@", ":@", "%40@", "[@"))
        port = dice.choice(("", "", ":80", ":", ":99999999", ":-1", ":٣", ":x"))
        path = "".join(dice.choices(("/", "a", *_BRACKETED), k=dice.randint(0, 12)))
        end = dice.choice(("", "", "", "x" * 3000, "x" * 5000, "http://b.example/y"))
        return f"{scheme}{user}{dice.choice(_HOSTS)}{port}/{path}{end}"

    def _source(self) -> str:
        return self.dice.choice(
            (self._url, self._odd, lambda: self.dice.choice(_HOSTS), lambda: "s" * 512, lambda: "s" * 513)
        )()

    def _time(self) -> Any:
        dice = self.dice
        if dice.random() < 0.1:
            return dice.choice((0, -1, 1709287200, 1709287200.5, 1e300, -1e300, 2**63, 10**19, True, [], {}))
        if dice.random() < 0.3:
            year, zone = (
                dice.choice((1600, 1970, 2024, 2199, 9999)),
                dice.choice(("Z", "+14:00", "-12:00", "", " EST", "z")),
            )
            day = f"{year:04}-{dice.randint(0, 13):02}-{dice.randint(0, 32):02}"
            return f"{day}T{dice.randint(0, 25):02}:59:{dice.randint(0, 61):02}{zone}"
        return dice.choice(_TIMESTAMPS)

    def _title(self) -> str:
        return self.dice.choice((self._sentence, self._odd, lambda: "T " * 4999, lambda: "T" * 10_001))()

    def _id(self) -> Any:
        dice = self.dice
        return dice.choice(
            ("a", "\x00" * 512, "💥" * 512, "i" * 513, "", " ", "a\nb", "a/b?c=d", 5, None, f"id-{dice.randrange(99)}")
        )

    def _metadata(self) -> Any:
        dice = self.dice
        return dice.choice(
            (
                {self._odd(): self._odd() for _ in range(dice.randint(0, 30))}, {"html": "<p>" * 2000},
                {"n": dice.choice(_VALUES)},
                {"withdrawn": dice.choice(_VALUES)}, [], "x", {"a" * 5000: 1}, {"deep": _nested(dice.randint(1, 80))},
                {"text": "shadow", "id": "shadow"}, {"floats": [1e15] * 500}, {str(n): n for n in range(2000)},
            )
        )  # fmt: skip


def _nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def _read(value: bytes) -> Any:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _dumped(article: Mapping[str, Any]) -> bytes:
    """As JSON; of what orjson does not write, as Python's own writer would send it."""
    try:
        return orjson.dumps(article)
    except (orjson.JSONEncodeError, TypeError):
        return json.dumps(article, ensure_ascii=False).encode("utf-8", "surrogatepass")
