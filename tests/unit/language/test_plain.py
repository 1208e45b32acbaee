"""What is one text, and what is not."""

from __future__ import annotations

import pytest

from stream_app.core.events import Article
from stream_app.core.language.document import Document
from stream_app.core.language.plain import plain
from stream_app.core.languages.readers import casualty_tagger
from stream_app.core.tagging import tag


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("killed <strong>12</strong> people", "killed 12 people"),
        ("killed <b> 12 </b> people", "killed 12 people"),
        ("kil<i>led</i> 1<em class='x>y'>2</em>", "killed 12"),
        ("1&#8203;2 &amp;nbsp;&#x70;eople", "12 people"),
        ("&lt;p&gt;Two died.&lt;/p&gt;", "Two died.\n\n"),
        ("Two<br/>\r\nThree<BR>Four", "Two\nThree\nFour"),
        ("<ul><li>Two</li>\n<li>Three</li></ul>", "Two\nThree\n\n"),
        ("<tr><td>12</td><td>30</td></tr>", "12\n30\n"),
        ("<h2>Fire</h2><p>Two died.</p>", "Fire\n\nTwo died.\n\n"),
        ("a<script>if (1 < 2) { dead = 9 }</script>b<style>p{}</style>c<!-- 9 <b>dead</b> -->d", "abcd"),
        ("<del>12</del><s>13</s>15 died", "15 died"),
        (
            "12<sup>[3]</sup> and 12<sup><a href='#n'>3</a></sup> died on May 5<sup>th</sup>",
            "12 and 12 died on May 5th",
        ),
        ("12² died, ½ an hour, ① ™ №", "12² died, ½ an hour, ① ™ №"),
        ("１２ ｐｅｏｐｌｅ, ﬁre, 𝟏𝟐, ١٢", "12 people, fire, 12, 12"),
        ("17\u201117\u22125\u2010year", "17-17-5-year"),
        ("Co\u0301rdoba \u202bK\u00adyiv\u202c", "Córdoba Kyiv"),
        ("a\tb  c\u00a0 d\u3000e", "a b c d e"),
        ("He said \x9312\x94", "He said “12”"),
        ("<o:p>x</o:p> <amp-img src=y></amp-img>z", "x z"),
    ],
)
def test_text_is_plain(raw: str, text: str) -> None:
    assert plain(raw).text == text


@pytest.mark.parametrize(
    "text",
    [
        "5 < 12 and 13 > 7, <unknown> and <me@example.com> and <https://example.com/a>",
        "AT&T, R&D, Q&A; x&y; &nosuch; ?a=1&copy=2&lt=3",
        "&#99999999999999999999; &#xfffffffffffff;",
    ],
)
def test_what_only_looks_like_mark_up_is_text(text: str) -> None:
    assert plain(text).text == text


def test_what_nothing_closes_is_no_reason_to_lose_the_rest() -> None:
    assert plain("a <!-- b <script>c <del>d <b e").text == "a <!-- b c d <b e"


def test_mark_up_within_entities_is_folded_to_a_depth() -> None:
    assert plain("&amp;lt;b&amp;gt;12&amp;lt;/b&amp;gt;").text == "12"


def test_a_span_has_the_marks_inside_it_and_none_at_its_ends() -> None:
    raw = "<p>killed <b>1</b>,2&shy;00&nbsp;<i>people</i></p>"
    folded = plain(raw)
    start, end = folded.span(folded.text.index("1"), folded.text.index("people"))
    assert raw[start:end] == "1</b>,2&shy;00&nbsp;"
    start, end = folded.span(folded.text.index("people"), folded.text.index("people") + 6)
    assert raw[start:end] == "people"


def test_blocks_end_sentences() -> None:
    document = Document(
        Article(id="a", text="<div>Two dead</div><div>Three hurt<br>Four missing</div><td>5</td><td>6</td>")
    )
    assert [sentence.text for sentence in document.sentences] == ["Two dead", "Three hurt", "Four missing", "5", "6"]


def test_a_document_of_plain_fields_keeps_its_article() -> None:
    article = Article(id="a", title="Quake", text="Two died.")
    assert Document(article).plain is article


def test_a_title_of_nothing_but_marks_is_none() -> None:
    assert [name for name, _ in Document(Article(id="a", title="<b></b>", text="Two died.")).fields()] == ["text"]


def test_a_span_as_sent_is_bounded_whatever_mark_up_is_inside() -> None:
    text = f"A bomb killed 12<b title='{'x' * 5000}'> people</b>."
    (figure,) = tag(Article(id="a", text=text), [casualty_tagger()]).casualties
    assert (figure.low, figure.text) == (12, "12")
