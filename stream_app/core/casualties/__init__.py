"""Casualty figures in English news: who was hurt, how many, and whether it happened.

>>> from stream_app.core.events import Article, Tagged
>>> from stream_app.core.text import Document
>>> tagged = CasualtyTagger()(Document(Article(id="1", text="A bomb killed 12 people and wounded dozens.")), Tagged())
>>> [(f.kind, f.low, f.high) for f in tagged.casualties]
[('killed', 12, 12), ('injured', 24, None)]
"""

from stream_app.core.casualties.tagger import RULES_VERSION, CasualtyTagger
from stream_app.core.numerals import CONVENTIONS

__all__ = ["CONVENTIONS", "RULES_VERSION", "CasualtyTagger"]
