"""Casualty figures in news: who was hurt, how many, and whether it happened. An engine; its words are a language's."""

from stream_app.core.casualties.tagger import RULES_VERSION, CasualtyTagger
from stream_app.core.language.numerals import CONVENTIONS

__all__ = ["CONVENTIONS", "RULES_VERSION", "CasualtyTagger"]
