"""Russian: words for the engine of free order."""
