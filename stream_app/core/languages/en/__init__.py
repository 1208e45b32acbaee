"""English: rules and words."""
