"""One folder a language: its words as data, its rules as code."""
