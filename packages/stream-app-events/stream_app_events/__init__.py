"""What stream-app publishes and reads, typed; standard library only.

`read` makes an `Event` of a record of any Kafka client; `StandingTolls` and `Ledger` keep what the events say;
`article` builds what the service reads. The types of the values are in `stream_app_events.models`.
"""

from stream_app_events import models
from stream_app_events.articles import ArticleError, article, withdrawal
from stream_app_events.events import Ended, Event, EventError, decode, read, without_framing
from stream_app_events.ledger import Ledger, Seen, enter
from stream_app_events.tolls import Change, StandingToll, StandingTolls, change_of

__version__ = "1.2.0"
"""The version of the contract: its first number is that of the schemas."""

__all__ = [
    "ArticleError",
    "Change",
    "Ended",
    "Event",
    "EventError",
    "Ledger",
    "Seen",
    "StandingToll",
    "StandingTolls",
    "article",
    "change_of",
    "decode",
    "enter",
    "models",
    "read",
    "withdrawal",
    "without_framing",
]
