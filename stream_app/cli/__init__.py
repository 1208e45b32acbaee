"""The command line: one module per command, each with `add_parser` and `run`, imported when it is chosen."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

from stream_app import __version__

COMMANDS = {
    "demo": "the main job on an embedded broker, start to end",
    "worker": "the service against a real cluster",
    "publish": "send articles to articles.raw",
    "tail": "follow a topic, readable",
    "tag": "enrich articles without a broker",
    "dedup": "find copies without a broker",
    "batch": "the whole pipeline without a broker",
    "topics": "create or check the topics",
    "cut-over": "take the open incidents of version 0.1 over",
    "evaluate": "accuracy against gold",
    "replay-diff": "what changes in recorded events under other rules",
    "redrive": "send dead letters back to articles.raw",
    "gazetteer": "build, describe or search the gazetteer",
}


class CommandError(Exception):
    """A command failed for a reason that its user can act on; shown as one line."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def run(argv: Sequence[str]) -> int:
    """Run one command; its errors become one line on stderr, a traceback only with --debug."""
    parser = build_parser(argv)
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help()
        return 2
    try:
        code: int = _module(args.command).run(args)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if args.debug:
            raise
        print(f"stream-app {args.command}: {_one_line(error)}", file=sys.stderr)
        return getattr(error, "code", 1) if isinstance(error, CommandError) else _exit_code(error)
    else:
        return code


def build_parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; only the chosen command's module is imported, so that `--help` is quick."""
    parser = argparse.ArgumentParser(
        prog="stream-app", description="Counts casualties in a stream of news: copies found, figures and places tagged."
    )
    parser.add_argument("--version", action="version", version=f"stream-app {__version__}")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    chosen = next((word for word in argv if not word.startswith("-")), None)
    for name, help_ in COMMANDS.items():
        if name == chosen:
            _module(name).add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=help_)
    return parser


def _module(command: str) -> Any:
    return importlib.import_module(f"stream_app.cli.{command.replace('-', '_')}")


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text or type(error).__name__


def _exit_code(error: Exception) -> int:
    from stream_app.settings import SettingsError  # noqa: PLC0415  # keeps --help quick

    return 2 if isinstance(error, SettingsError) else 1
