"""Burmese: only the words by which copies of an article are told from revisions."""
