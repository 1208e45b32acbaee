"""Spanish: the word pack of its casualty figures."""
