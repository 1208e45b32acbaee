"""Readers by language: the engines with the words and rules of each. A new language is a new row here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stream_app.core.casualties.free.free_tagger import FreeTagger
from stream_app.core.casualties.free.pack import load_pack
from stream_app.core.causes.cause_tagger import CauseTagger
from stream_app.core.causes.cause_words import load_causes
from stream_app.core.causes.forms import FormTagger, load_forms
from stream_app.core.incidents.wording import Locating, Wordings
from stream_app.core.language.by_language import ByLanguage, LanguageTagger, Later, Reader
from stream_app.core.languages.detection import detector, function_words
from stream_app.core.languages.en.casualties import CasualtyTagger
from stream_app.core.languages.en.frames import Frames
from stream_app.core.languages.en.grammar import Grammar
from stream_app.core.languages.en.incidents import English
from stream_app.core.languages.en.lexicon import load
from stream_app.core.places.gazetteer import Gazetteer
from stream_app.core.places.native_tagger import NativePlaceTagger
from stream_app.core.places.place_tagger import MIN_CONFIDENCE, PlaceTagger, WithoutWords
from stream_app.core.places.tongue import tongue

USUAL = "en"
"""The language of a text that is none for sure."""
PACKS = ("uk", "ru", "pl", "ar", "es", "fr", "pt", "de", "tr")
"""Languages that are read by a word pack in their folder."""
SWITCHED_OFF: frozenset[str] = frozenset()
"""Those of them that fall short of the target (docs/languages.md): a text in one is rejected as a whole."""


def language_tagger() -> LanguageTagger:
    """The tagger that says which language an article is in."""
    return LanguageTagger(detector())


PLACES_IN = ("uk", "ru", "pl", "es", "fr", "pt", "de", "ar", "tr")
"""Languages beside English whose names and words for places are known."""


def place_readers(
    gazetteer: Gazetteer, *, min_confidence: float = MIN_CONFIDENCE, outlet_prior: bool = True
) -> ByLanguage:
    """The tagger of places for each language; a text in one that nobody knows is read like English, without its words.

    The arguments are those of `PlaceTagger`.
    """
    english = PlaceTagger(gazetteer, min_confidence=min_confidence, outlet_prior=outlet_prior)

    def native(code: str) -> NativePlaceTagger:
        return NativePlaceTagger(gazetteer, tongue(code), min_confidence=min_confidence, outlet_prior=outlet_prior)

    readers: dict[str, Reader] = {USUAL: english, **{code: Later(partial(native, code)) for code in PLACES_IN}}
    return ByLanguage("places", readers, USUAL, otherwise=WithoutWords(english, function_words()))


def casualty_readers(convention: str = "literal") -> ByLanguage:
    """The tagger of casualty figures for each language that there is a reader for; others it rejects as a whole.

    >>> from stream_app.core.events import Article, LanguageFound, Tagged
    >>> from stream_app.core.language.document import Document
    >>> dutch = Document(Article(id="1", text="De bom doodde 12 mensen."))
    >>> said = casualty_readers()(dutch, Tagged(language_found=LanguageFound("nl", 0.99)))
    >>> said.casualties, [row.reason for row in said.rejected]
    ((), ['language'])
    """
    readers: dict[str, Reader] = {"en": casualty_tagger(convention)}
    readers.update((code, Later(partial(pack_reader, code, convention))) for code in PACKS if code not in SWITCHED_OFF)
    return ByLanguage("casualties", readers, USUAL, tells=True)


def pack_reader(language: str, convention: str = "literal") -> FreeTagger:
    """The tagger of casualty figures for a language with a word pack, switched off or not."""
    return FreeTagger(load_pack(language), _locates(language), convention)


def _locates(language: str) -> Callable[[str, int, int], bool]:
    """What says whether the words of a language beside a place put something there; they are read at the first use."""
    return lambda raw, start, end: tongue(language).locates(raw, start, end)


def cause_readers() -> ByLanguage:
    """The tagger of causes for each language that there are words for."""

    def others(code: str) -> FormTagger:
        return FormTagger(*load_forms(code))

    readers: dict[str, Reader] = {USUAL: cause_tagger(), **{code: Later(partial(others, code)) for code in PACKS}}
    return ByLanguage("causes", readers, USUAL)


def incident_wordings() -> Wordings:
    """What each language tells of incidents beside figures, places and causes.

    >>> from stream_app.core.events import LanguageFound, Tagged
    >>> english, dutch = (Tagged(language_found=LanguageFound(code, 0.99)) for code in ("en", "nl"))
    >>> incident_wordings().of(english).terms("Shots at Saltivka"), incident_wordings().of(dutch).terms("Schoten")
    (['saltivka'], [])
    """
    return Wordings({"en": English(), **{code: Locating(_locates(code)) for code in PLACES_IN}}, USUAL)


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
