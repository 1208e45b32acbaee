"""What any language is: numerals, lexicon, calendar, sentences; no word of any."""
