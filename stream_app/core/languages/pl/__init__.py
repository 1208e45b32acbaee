"""Polish: words for the engine of free order."""
