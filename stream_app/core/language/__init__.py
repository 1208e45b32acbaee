"""What any language is: plain text, sentences, numbers, calendar, which one it is; no word of any."""
