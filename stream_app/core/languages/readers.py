"""Readers of casualties: the engine with the words and rules of a language."""

from __future__ import annotations

from stream_app.core.casualties.tagger import CasualtyTagger
from stream_app.core.causes.lexicon import load_causes
from stream_app.core.causes.tagger import CauseTagger
from stream_app.core.language.lexicon import load
from stream_app.core.languages.en.frames import Frames
from stream_app.core.languages.en.grammar import Grammar


def casualty_tagger(convention: str = "literal") -> CasualtyTagger:
    """The tagger of casualty figures for English; `convention` says what "dozens" means.

    >>> from stream_app.core.events import Article, Tagged
    >>> from stream_app.core.language.document import Document
    >>> article = Article(id="1", text="A bomb killed 12 people and wounded dozens.")
    >>> [(f.kind, f.low, f.high) for f in casualty_tagger()(Document(article), Tagged()).casualties]
    [('killed', 12, 12), ('injured', 24, None)]
    """
    return CasualtyTagger(load("en"), Grammar, Frames, convention)


def cause_tagger() -> CauseTagger:
    """The tagger of causes for English.

    >>> from stream_app.core.events import Article, Tagged
    >>> from stream_app.core.language.document import Document
    >>> article = Article(id="1", title="Bus plunges into gorge", text="A bus fell into a gorge near Doda; nine died.")
    >>> cause_tagger()(Document(article), Tagged()).cause.kind
    'road'
    """
    return CauseTagger(load_causes("en"))
