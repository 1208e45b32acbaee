"""What each kind says of an article: title, time, address, source, language and text, and nothing of what is around it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_app.intake.raw import Options, Refused
from stream_app.intake.rows import columns_of
from stream_app.intake.values import Splitter
from tests.unit.intake.inputs import ATOM, PAGE, RSS, Read, warc

BODY = "<p>Nine people were killed when a bus left the road near Lima, police said.</p><p>Four others were hurt.</p>"


def page(head: str = "", body: str = f"<article>{BODY}</article>", **attributes: str) -> str:
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<!doctype html><html{given}><head>{head}</head><body>{body}</body></html>"


def linked(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


def test_a_page_gives_its_article_and_nothing_around_it(tmp_path: Path) -> None:
    assert Read(tmp_path, "a.html", PAGE).articles == [
        {
            "title": "Bus crash kills nine", "url": "https://hill.example/a/1", "source": "Hill Post",
            "published_at": "2024-03-01T08:00:00Z", "language": "en-GB",
            "text": "Nine people were killed when a bus left the road near Lima, police said.\n\nFour others were hurt.",
        }
    ]  # fmt: skip


HEADS: dict[str, tuple[str, dict[str, str]]] = {
    "JSON-LD": (
        linked(**{
            "@type": "NewsArticle", "headline": "Bus crash", "datePublished": "2024-03-01T10:00:00+0100",
            "url": "https://a.example/1", "publisher": {"@type": "Organization", "name": "Hill Post"}, "inLanguage": "en",
        }),
        {"title": "Bus crash", "published_at": "2024-03-01T09:00:00Z", "url": "https://a.example/1", "source": "Hill Post",
         "language": "en"},
    ),
    "a graph of JSON-LD": (
        linked(**{"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["ReportageNewsArticle"], "headline": "Bus crash"}]}),
        {"title": "Bus crash"},
    ),
    "broken JSON-LD": ('<script type="application/ld+json">{oops</script><title>Bus crash</title>', {"title": "Bus crash"}),
    "OpenGraph": (
        ('<meta property="og:title" content="Bus &amp; crash"><meta property="og:url" content="https://a.example/1">'
        '<meta property="og:site_name" content="Hill Post"><meta property="og:locale" content="en_US">'
        '<meta property="article:published_time" content="2024-03-01T10:00:00Z"><title>Bus - Hill Post</title>'),
        {"title": "Bus & crash", "url": "https://a.example/1", "source": "Hill Post", "language": "en-US",
         "published_at": "2024-03-01T10:00:00Z"},
    ),
    "meta": (
        '<title>Bus crash</title><meta name="date" content="March 1, 2024"><link rel="canonical" href="https://a.example/1">',
        {"title": "Bus crash", "published_at": "2024-03-01T00:00:00Z", "url": "https://a.example/1", "source": "a.example"},
    ),
    "a first time that may be two days": (
        '<meta name="date" content="03/04/2024"><meta name="dc.date" content="2024-04-03">',
        {"published_at": "2024-04-03T00:00:00Z"},
    ),
    "an address of the whole site": ('<link rel="canonical" href="https://a.example/"><title>Bus</title>', {"title": "Bus"}),
    "an address that is none": ('<link rel="canonical" href="javascript:x"><title>Bus</title>', {"title": "Bus"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_a_pages_head_is_read(tmp_path: Path, name: str) -> None:
    head, said = HEADS[name]
    found = Read(tmp_path, "a.html", page(head)).articles[0]
    assert {field: found[field] for field in found if field not in {"text", "id"}} == said
    assert ("id" in found) == ("url" not in said)


def test_a_page_declares_its_encoding(tmp_path: Path) -> None:
    content = page('<meta charset="iso-8859-1"><title>Dégâts</title>').encode("latin-1")
    assert Read(tmp_path, "a.html", content).articles[0]["title"] == "Dégâts"
    undeclared = Read(tmp_path, "b.html", page("<title>Dégâts</title>").encode("latin-1"))
    assert "not UTF-8" in undeclared.said[0]


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul><li"])
def test_a_page_that_nests_without_end_is_refused_or_read(tmp_path: Path, tag: str) -> None:
    read = Read(tmp_path, "a.html", page(body=f"<{tag}>" * 50_000 + BODY))
    assert len(read.articles) + read.reading.refused == 1


def test_a_feed_gives_its_entries_oldest_first(tmp_path: Path) -> None:
    read = Read(tmp_path, "feed", RSS)
    assert read.articles == [
        {"title": "Older", "url": "https://hill.example/1", "source": "Hill Post", "published_at": "2024-02-29T10:00:00Z",
         "language": "en", "text": "One died."},
        {"title": "Bus", "url": "https://hill.example/2", "source": "Hill Post", "published_at": "2024-03-01T09:00:00Z",
         "language": "en", "text": "Nine died.\n\nTwo hurt."},
    ]  # fmt: skip
    assert read.origins == ["feed (entry 2)", "feed (entry 1)"]


def test_an_atom_entry_without_a_link_keeps_its_id(tmp_path: Path) -> None:
    found = Read(tmp_path, "feed.atom", ATOM).articles[0]
    assert (found["id"], found["text"], found["published_at"]) == ("urn:hill:1", "Five died.", "2024-03-01T10:00:00Z")


def test_a_feed_without_entries_is_refused(tmp_path: Path) -> None:
    assert "without entries" in Read(tmp_path, "f.xml", '<rss version="2.0"><channel></channel></rss>').said[0]


def test_an_archive_gives_its_pages_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    html = "text/html; charset=utf-8"
    archive = warc(
        ("https://a.example/2024/03/01/bus", html, page("<title>Bus</title>").encode()),
        ("https://a.example/photo.png", "image/png", b"\x89PNG"),
        ("https://a.example/app", html, b"<html><body><div id=root></div></body></html>"),
    )
    read = Read(tmp_path, "crawl.warc.gz", archive)
    assert [(one["url"], one["title"], one["source"]) for one in read.articles] == [
        ("https://a.example/2024/03/01/bus", "Bus", "a.example")
    ]
    assert len(read.said) == 1
    assert "https://a.example/app" in read.said[0]


def test_pages_that_were_not_found_are_no_articles(tmp_path: Path) -> None:
    archive = warc(("https://a.example/gone", "text/html", page().encode()), status="404 Not Found")
    assert Read(tmp_path, "crawl.warc", archive).articles == []


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["Headline", "Article Body", "pubDate"], "Article Body"),
        (["content", "text"], "text"),
        (["id", "FULL_TEXT", "Link"], "FULL_TEXT"),
        (["title", "summary"], None),
    ],
)
def test_columns_are_known_by_the_names_that_people_give(names: list[str], text: str | None) -> None:
    assert columns_of(names).get("text") == text


def test_a_table_keeps_what_it_does_not_know(tmp_path: Path) -> None:
    content = (
        '"Headline";"Body";"Outlet";"desk"\r\n"Fire";"Two died;\r\nthree hurt.";"Hill";"7"\r\n"";"One died.";"";""\r\n'
    )
    assert Read(tmp_path, "a.csv", content).articles == [
        {"text": "Two died;\nthree hurt.", "title": "Fire", "source": "Hill", "desk": "7"},
        {"text": "One died."},
    ]


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    read = Read(tmp_path, "a.csv", "a,b\n1,2\n", Options({"text": "body"}))
    assert read.said == ["a.csv:1: no column 'body'; there are 'a', 'b'"]


def test_a_table_that_excel_has_marked_is_read(tmp_path: Path) -> None:
    assert Read(tmp_path, "a.csv", "sep=;\ntitle;text\nA;Two died\n").articles == [{"text": "Two died", "title": "A"}]


def test_the_answer_of_a_news_api_gives_its_articles(tmp_path: Path) -> None:
    answer = {
        "status": "ok",
        "articles": [
            {
                "source": {"id": None, "name": "Hill Post"},
                "title": "Fire",
                "content": "Two died.",
                "publishedAt": "2024-03-01",
            }
        ],
    }
    expected = {"text": "Two died.", "title": "Fire", "source": "Hill Post", "published_at": "2024-03-01"}
    for content in (json.dumps(answer), json.dumps(answer, indent=2)):
        assert Read(tmp_path, "answer.json", content).articles == [expected]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(
    rows=st.lists(st.dictionaries(st.text(), VALUES, max_size=4), max_size=6),
    size=st.integers(1, 40),
    indent=st.booleans(),
    array=st.booleans(),
)
def test_an_array_is_split_into_its_elements_whatever_pieces_it_comes_in(
    rows: list[dict[str, Any]], size: int, *, indent: bool, array: bool
) -> None:
    spaced = 2 if indent else None
    content = json.dumps(rows, indent=spaced) if array else "\n".join(json.dumps(row, indent=spaced) for row in rows)
    data = content.encode()
    splitter = Splitter("a")
    found = [value for at in range(0, len(data), size) for _, value in splitter.feed(data[at : at + size])]
    found += [value for _, value in splitter.end()]
    assert [json.loads(value) for value in found] == rows


@given(st.text(alphabet='[]{}",:\\ a1\n', max_size=60), st.integers(1, 10))
def test_whatever_looks_like_json_is_split_or_refused(content: str, size: int) -> None:
    splitter = Splitter("a")
    data = content.encode()
    try:
        for at in range(0, len(data), size):
            list(splitter.feed(data[at : at + size]))
        list(splitter.end())
    except Refused as error:
        assert str(error).startswith("a:")  # noqa: PT017 - both ends are good
