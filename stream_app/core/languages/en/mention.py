"""What the grammar makes of a sentence: people and what happened to them."""

from __future__ import annotations

from dataclasses import dataclass

from stream_app.core.events import Kind
from stream_app.core.languages.en.phrases import People


@dataclass(slots=True)
class Mention:
    """People and what happened to them, by chunk: `cue` is the cue, `group` where its verb group begins.

    `at` is the chunk of the people and `rule` the name of the rule that joined them. `inner` says that the people meant
    are those inside a partitive: "one of five Palestinians killed" are five. `part` marks people who are counted in
    another mention as well, or who are back.
    """

    people: People
    kind: Kind
    rule: str
    cue: int
    group: int
    at: int
    negated: bool = False
    inner: bool = False
    part: bool = False
