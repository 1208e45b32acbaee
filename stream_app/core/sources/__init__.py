"""Who tells: outlets, agencies, and whose page an address is. See docs/sources.md."""

from stream_app.core.sources.outlets import Source, Sources, SourcesError, builtin, extended

__all__ = ["Source", "Sources", "SourcesError", "builtin", "extended"]
