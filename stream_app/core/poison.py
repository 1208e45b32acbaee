"""Input that can never succeed: the reasons, as a closed list, and the error that carries one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, ParamSpec, TypeVar, get_args

P = ParamSpec("P")
T = TypeVar("T")

PoisonReason = Literal[
    "too_large", "not_utf8", "not_json", "too_deep", "not_object", "no_text", "bad_id", "wrong_type", "lone_surrogate",
    "bad_time", "too_long", "empty", "bad_record", "output_too_large", "internal_error", "not_withdrawn",
]  # fmt: skip
REASONS: tuple[PoisonReason, ...] = get_args(PoisonReason)


class PoisonError(ValueError):
    """A record that no retry can save; it goes to the dead-letter topic with `reason` and its original bytes.

    For the reason `internal_error`, `exception` names the type of our fault and `trace` says where it was.
    """

    def __init__(self, reason: PoisonReason, detail: str, exception: str = "", trace: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.exception = exception or type(self).__qualname__
        self.trace = trace


def caught(read: Callable[P, T], *args: P.args, **options: P.kwargs) -> T | PoisonError:
    """What `read` returns, or the PoisonError that it raises; any other error is our own and goes on.

    >>> caught(int, "7")
    7
    """
    try:
        return read(*args, **options)
    except PoisonError as error:
        return error
