"""French: the word pack of its casualty figures."""
