"""What an English article is about is found by parts of it, and is what the whole of it says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stream_app.core.casualties.article_toll import Candidate
from stream_app.core.casualties.free.topics import HEAD, Hit, topic
from stream_app.core.events import Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.en.about import Subject
from stream_app.core.languages.readers import casualty_tagger
from tests import builders

SENTENCES = (
    "The mayor of Lamport spoke in March.",
    "Nobody had expected as much last year.",
    "The museum shows what the diggers excavated.",
    "An archaeologist took the remains to the museum.",
    "The orchestra played a semi-final of sorts.",
    "Police said that a man was at large.",
    "The thriller opens with a hat-trick.",
    "A state of emergency was declared on Tuesday.",
    "The anniversary was marked by the council.",
    "Actuaries counted the claims of out-of-court cases.",
    "A fact-check called the clip ai-generated.",
    "Rain fell on the hills.",
)


FIGURE = casualty_tagger()(Document(builders.article("Two people died.")), Tagged()).casualties[0]


def told_by_all(subject: Subject, document: Document, at: int, *, sure: bool) -> Hit | None:
    """The subject by every word of every sentence."""
    hits = [
        Hit(number + 1, False, number < HEAD, name, weight, sentence.text[start:end])
        for number, sentence in enumerate(document.sentences)
        for name, weight, start, end in subject._finder.found(sentence.text.lower())
    ]
    told = at + 1
    return topic(hits, told, aside=False) if sure else topic(hits, max(told, HEAD), aside=False, needed=1)


@given(sentences=st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=9), at=st.integers(0, 8), sure=st.booleans())
def test_what_is_not_read_further_down_changes_no_answer(*, sentences: list[str], at: int, sure: bool) -> None:
    subject, document = Subject(), Document(builders.article(" ".join(sentences)))
    number = min(at, len(sentences) - 1)
    found = subject(document.sentences, 0, Candidate(FIGURE, number, 0), document.words, sure=sure)
    assert found == told_by_all(subject, document, number, sure=sure)
