"""The settings of a command that speaks to brokers: the broker is asked who it is before anything else."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from stream_app.cli import common
from stream_app.settings import Settings


async def settings_for(args: argparse.Namespace, topics: Sequence[str] = ()) -> Settings:
    """The settings of the command, with the defaults that suit the broker which they name.

    Raises:
        BrokerError: it cannot be reached, or not in this way.
        NoSuchTopicError: it lacks one of `topics`.
    """
    from stream_app.service import reach  # noqa: PLC0415  # needs aiokafka

    settings = common.settings_of(args)
    cluster = await reach.ask(settings)
    reach.require(cluster, settings, topics)
    if settings.profile == "auto" and cluster.embedded:
        return common.settings_of(args, profile="embedded")
    return settings
