"""The gazetteer's build step: reads packages and our supplement once, writes the file that `core.places` maps."""

from stream_app.gazetteer.build import build
from stream_app.gazetteer.location import default_path, ensure, existing

__all__ = ["build", "default_path", "ensure", "existing"]
