"""Scripts that are read by their characters: those without blanks, and those whose words have marks inside.

There no word can be looked up. So what tells of harm or doubt, and numbers in characters, are written as words before
a text is split: a text and its copy alike.
"""

from __future__ import annotations

import re
from typing import Final

from stream_app.core.dedup.words import KINDS_OF_HARM
from stream_app.core.language.tables import USUAL, every

CHARACTER: Final = "[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]"
_THERE: Final = re.compile(CHARACTER)
_TABLES: Final = every("copies")
_NAMES: Final = (*KINDS_OF_HARM, "doubt")


def _phrases() -> dict[str, str]:
    """What is written for each phrase: the first word of its kind in the usual language."""
    usual = {name: f" {_TABLES[USUAL][name].split()[0]} " for name in _NAMES}
    return {
        phrase: usual[name]
        for table in _TABLES.values()
        for name in _NAMES
        for phrase in table.get(name, "").split()
        if _THERE.match(phrase)
    }


def _listed(name: str) -> str:
    return "".join(word for table in _TABLES.values() for word in table.get(name, "").split())


_PHRASES: Final = _phrases()
_PHRASE: Final = re.compile("|".join(sorted(map(re.escape, _PHRASES), key=lambda phrase: (-len(phrase), phrase))))
_DIGITS: Final = dict(zip(_listed("digits"), range(10), strict=True)) | dict(
    zip(_listed("digits_too"), (0, 1, 2), strict=True)
)
_TENS: Final = {sign: 10**power for power, sign in enumerate(_listed("tens"), 1)}
_NUMBER: Final = re.compile(rf"(?<!\d)[{''.join((*_DIGITS, *_TENS))}]{{1,12}}(?=[{_listed('of_people')}])")


def spelled_out(text: str) -> str:
    """The text with words for what its characters tell of harm, doubt and numbers of people; one in letters as it is.

    >>> spelled_out("火灾造成十二人死亡").split()
    ['火灾造成', '12', '人', 'kills']
    >>> spelled_out("Two died")
    'Two died'
    """
    if text.isascii() or not _THERE.search(text):
        return text
    text = _NUMBER.sub(lambda found: f" {_value(found.group())} ", text)
    return _PHRASE.sub(lambda found: _PHRASES[found.group()], text)


def _value(numeral: str) -> int:
    """What a numeral of characters says, in tens or digit by digit.

    >>> _value("一百二十"), _value("二〇二四")
    (120, 2024)
    """
    if not any(sign in _TENS for sign in numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    whole = part = digit = 0
    for sign in numeral:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif _TENS[sign] == max(_TENS.values()):
            whole, part, digit = (whole + part + digit or 1) * _TENS[sign], 0, 0
        else:
            part, digit = part + (digit or 1) * _TENS[sign], 0
    return whole + part + digit
