"""What happened: one cause from a closed list, with the words that say so; see docs/causes.md."""
