"""Casualty figures in news: who was hurt, how many, and whether it happened. The engines; words are a language's."""

RULES_VERSION = "1"
"""Moves when the same text gives other figures: event ids rest on it."""
