"""The casualty engine for languages of free, fixed or verb-first order: a word pack a language, one set of rules."""
