"""Input that can never succeed: the reasons, as a closed list, and the error that carries one."""

from __future__ import annotations

from typing import Literal, get_args

PoisonReason = Literal[
    "too_large", "not_utf8", "not_json", "too_deep", "not_object", "no_text", "bad_id", "wrong_type", "lone_surrogate",
    "bad_time", "empty", "bad_record", "output_too_large",
]  # fmt: skip
REASONS: tuple[PoisonReason, ...] = get_args(PoisonReason)


class PoisonError(ValueError):
    """A record that no retry can save; it goes to the dead-letter topic with `reason` and its original bytes."""

    def __init__(self, reason: PoisonReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
