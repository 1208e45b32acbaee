"""Laws of plain text: what says nothing changes nothing, and every span leads back to the words as sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stream_app.core.dedup.signature import sign
from stream_app.core.events import Article, Tagged
from stream_app.core.language.characters import UNSEEN
from stream_app.core.language.plain import plain
from stream_app.core.places import Gazetteer
from stream_app.core.tagging import Tagger, tag
from stream_app.hops import build_taggers
from stream_app.settings import Settings

Draw = Callable[[st.SearchStrategy[Any]], Any]

BOMB = """\
KABUL (AP) - A bomb blast at a mosque in Kabul killed 12 people and wounded 30 on Tuesday, police said.
A 17-year-old girl was among the dead. At least 1,200 fled to Peshawar."""
FIRE = """\
Market fire in Córdoba

Three firefighters were hurt, officials said.

Two men died in São Paulo on Friday."""
STORIES = (BOMB, FIRE)
BLANKS = (
    " ",
    "\u00a0",
    "&nbsp;",
    "&#160;",
    "&#xA0;",
    "\u2009",
    "\u202f",
    "\u3000",
    "\t",
    "<i> </i>",
    "&nbsp; ",
    " <b></b> ",
)
LINES = ("\n", "\r\n", "\r", "\u2028", "\u0085", "<br>", "<br/>\r\n", "</li><li>", "</td>\n<td class='a>b'>")
PARAGRAPHS = ("\n\n", "\r\n\r\n", "</p><p>", "</p>\n<p>", "<br><br>", "</div>\r\n<div>", "\u2029\u2029")
HYPHENS = ("-", "\u2010", "\u2011", "\u2212", "&#x2011;", "\uff0d", "\ufe63")
MARKS = (
    "\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e", "\u200f", "\u2066", "\u2069", "&shy;", "\x00",
    "&zwj;", "&amp;shy;", "&#8203;", "<!-- 7 -->", "<wbr>", "</span>", '<a href="x?a=1&b=2">', "<script>9 dead</script>",
    "<b>", "</em>", "<o:p>", "\U000e0041",
)  # fmt: skip
LIGATURES = {"fi": "\ufb01", "ff": "\ufb00", "fl": "\ufb02"}


@st.composite
def variants(draw: Draw, text: str) -> str:
    """The text as another page may have it."""
    often = draw(st.integers(1, 12))
    parts = [_varied(draw, part, often) for part in re.findall(r"\n+|fi|ff|fl|.", text, re.DOTALL)]
    return "".join(parts)


def _varied(draw: Draw, part: str, often: int) -> str:
    if draw(st.integers(0, often)):
        return part
    choices = {" ": BLANKS, "\n": LINES, "\n\n": PARAGRAPHS, "-": HYPHENS}.get(part)
    if choices is not None:
        return str(draw(st.sampled_from(choices)))
    if part.isspace():
        return part
    if part in LIGATURES:
        return LIGATURES[part]
    mark = draw(st.sampled_from(MARKS))
    wide = chr(ord(part) + 0xFEE0) if "!" <= part <= "~" else part
    forms = (
        mark + part, part + mark, f"&#{ord(part)};", f"&#x{ord(part):x};", f"<b>{part}</b>", wide,
        unicodedata.normalize("NFD", part), f"&amp;#{ord(part)};",
    )  # fmt: skip
    return str(draw(st.sampled_from(forms)))


@given(st.data(), st.sampled_from(STORIES))
@settings(deadline=None)
def test_a_variant_has_the_same_plain_text(data: st.DataObject, story: str) -> None:
    varied = data.draw(variants(story))
    assert re.sub(r"\n\n+", "\n\n", plain(varied).text).strip() == story


@given(st.data(), st.sampled_from(STORIES), st.sampled_from(STORIES))
@settings(deadline=None)
def test_a_variant_is_an_exact_copy(data: st.DataObject, title: str, story: str) -> None:
    clean = Article(id="a", title=title.partition("\n")[0], text=story)
    varied = replace(clean, title=data.draw(variants(clean.title or "")), text=data.draw(variants(story)))
    assert sign(varied).exact == sign(clean).exact
    assert sign(varied).body == sign(clean).body


@pytest.fixture(scope="module")
def taggers(gazetteer: Gazetteer) -> list[Tagger]:
    return list(build_taggers(Settings(), gazetteer))


@given(data=st.data(), story=st.sampled_from(STORIES))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_variant_gives_the_same_figures_places_and_toll(
    taggers: list[Tagger], data: st.DataObject, story: str
) -> None:
    clean = Article(id="a", title=story.partition("\n")[0], text=story)
    varied = replace(clean, title=data.draw(variants(clean.title or "")), text=data.draw(variants(story)))
    expected, found = tag(clean, taggers), tag(varied, taggers)
    assert found.toll == expected.toll
    assert _told(found) == _told(expected)


def _told(tagged: Tagged) -> list[Any]:
    """All that was found, but where it stands and how that is written."""
    nowhere: dict[str, Any] = {"start": 0, "end": 0, "text": ""}
    found: list[Any] = [*tagged.rejected, *tagged.places]
    unsaid = [replace(figure, **nowhere, attribution=None) for figure in tagged.casualties]
    said = [figure.attribution is None for figure in tagged.casualties]
    return [*unsaid, *said, *(replace(one, **nowhere) for one in found)]


@given(data=st.data(), story=st.sampled_from(STORIES))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_span_slices_the_article_as_sent(taggers: list[Tagger], data: st.DataObject, story: str) -> None:
    article = Article(id="a", title=data.draw(variants(story)), text=data.draw(variants(story)))
    fields = {"title": article.title or "", "text": article.text}
    tagged = tag(article, taggers)
    said = [(f.field, f.attribution) for f in tagged.casualties if f.attribution is not None]
    found: list[Any] = [*tagged.casualties, *tagged.rejected, *tagged.places]
    assert found
    for field, one in (*((one.field, one) for one in found), *said):
        assert fields[field][one.start : one.end] == one.text != ""


@given(st.text() | st.text("ab é12,. -\n\r&;<>#x/pbr!\u00a0\u00ad\u0301\u200b\ufb01\u0e33\U000e0041"))
def test_every_character_of_plain_text_leads_back_to_its_own(text: str) -> None:
    folded = plain(text)
    last = 0
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert last <= start < end <= len(text)
        assert folded.span(at, at) == (start, start)
        last = start


@given(st.text() | st.text("aé \u0301\u0327\u0323\u1100\u1161\u11a8\u212b\ufb2c"))
def test_plain_text_is_composed_and_has_nothing_unseen(text: str) -> None:
    folded = plain(re.sub("[<&\U0002f800-\U0002fa1f]", "", text)).text
    assert unicodedata.is_normalized("NFC", folded)
    assert UNSEEN.isdisjoint(folded)


@given(st.text() | st.text("ab é12,. -\n\r&;<>#x/pbr!\u00a0\u00ad\u0301\u200b\ufb01"))
def test_plain_text_is_plain(text: str) -> None:
    once = plain(re.sub("[<&\uff1c\uff06]", "", text)).text
    assert plain(once).text == once


@given(st.text("ab ,.\n1é’“—…", min_size=1))
def test_a_plain_text_is_left_as_it_is(text: str) -> None:
    text = re.sub(" +", " ", text)
    assert plain(text).text is text
    assert plain(text).steps == ()
