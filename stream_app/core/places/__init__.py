"""Places: toponyms recognised in an article and resolved to the entries they denote, honest about doubt."""

from stream_app.core.places.gazetteer import Entry, Gazetteer, GazetteerError
from stream_app.core.places.place_tagger import PlaceTagger

__all__ = ["Entry", "Gazetteer", "GazetteerError", "PlaceTagger"]
