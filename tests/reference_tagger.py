"""A tagger made by the steps of docs/adding-a-tagger.md, which shows this file; the contract tests run it."""

from __future__ import annotations

from dataclasses import replace

from stream_app.core.events import Rejected, Tagged
from stream_app.core.language.document import Document


class ScoreTagger:
    """Rejects the results of games, so that nobody takes them for casualties."""

    name = "scores"

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """Everything said before, and each sentence that ends with a score."""
        found = [
            Rejected(sentence.field, sentence.start, sentence.end, sentence.text, "sport", "score_line")
            for sentence in document.sentences
            if sentence.text.endswith((" 2-1.", " 3-0."))
        ]
        return replace(before, rejected=(*before.rejected, *found))
