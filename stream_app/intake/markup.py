"""HTML as text: blocks with a blank line between them, and nothing that a reader would not see."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree, html

_UNSEEN = {"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "head", "select", "button"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
}  # fmt: skip


def parsed(page: str | bytes, encoding: str | None = None) -> html.HtmlElement | None:
    """The page's tree, however badly it is written; None where nothing is in it, or where it nests without end."""
    parser = html.HTMLParser(encoding=encoding, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(page, parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def text_of(fragment: str) -> str:
    r"""The text of a piece of HTML, as feeds carry them; text without any markup as it stands.

    >>> text_of("<p>Two <b>died</b>.</p><script>x</script><p>Three hurt &amp; taken to hospital.</p>")
    'Two died.\n\nThree hurt & taken to hospital.'
    """
    if "<" not in fragment and "&" not in fragment:
        return fragment.strip()
    tree = parsed(fragment)
    return "" if tree is None else blocks_of(tree)


def blocks_of(tree: html.HtmlElement) -> str:
    """The text below an element, a blank line between blocks."""
    found: list[str] = [""]
    for piece in _pieces(tree):
        if piece is None:
            found.append("")
        else:
            found[-1] += piece
    return "\n\n".join(filter(None, (" ".join(block.split()) for block in found)))


def _pieces(tree: html.HtmlElement) -> Iterator[str | None]:
    """Runs of text in order, None where a block begins or ends; walks without recursion."""
    skipped = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if skipped is None and event == "start":
            if name in _UNSEEN:
                skipped = element
                continue
            if name in _BLOCKS:
                yield None
            yield element.text or ""
        elif event == "end" and (skipped is None or skipped is element):
            skipped = None
            if name in _BLOCKS:
                yield None
            if element is not tree:
                yield element.tail or ""
