"""Arabic: words for the engine, the verb first and particles joined."""
