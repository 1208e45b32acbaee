"""Duplicate search: signature and what was seen before -> verdict. See docs/duplicates.md."""

from stream_app.core.dedup.matcher import Considered, Judgement, Matcher

__all__ = ["Considered", "Judgement", "Matcher"]
