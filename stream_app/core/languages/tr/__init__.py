"""Turkish: the word pack of its casualty figures."""
