"""The command line: one module per command, each with `add_parser` and `run`, imported when it is chosen."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

from stream_app import __version__
from stream_app.core.language.printable import escaped

COMMANDS = {
    "demo": "the main job on an embedded broker, start to end",
    "dev": "an embedded broker and a worker to play with, until Ctrl-C",
    "worker": "the service against a real cluster",
    "publish": "send articles to articles.raw",
    "tail": "follow a topic, readable",
    "serve": "page and API over the output topics",
    "tag": "enrich articles without a broker",
    "dedup": "find copies without a broker",
    "batch": "the whole pipeline without a broker",
    "topics": "create or check the topics",
    "cut-over": "take the open incidents of version 0.1 over",
    "evaluate": "accuracy against gold",
    "replay-diff": "what changes in recorded events under other rules",
    "explain-incident": "why its reports are one incident, and why its toll stands",
    "redrive": "send dead letters back to articles.raw",
    "gazetteer": "build, describe or search the gazetteer",
}


FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130
_ADDRESS = re.compile(r" (?:object )?at 0x[0-9a-f]+")


class CommandError(Exception):
    """A command failed for a reason that its user can act on; shown as one line."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def run(argv: Sequence[str]) -> int:
    """Run one command; its errors become one line on stderr, a traceback only with --debug."""
    command = ""
    args = argparse.Namespace(debug="--debug" in argv)  # until they are read: a part may be missing before that
    try:
        parser = build_parser(argv)
        args = parser.parse_args(argv)
        if args.command is None:
            parser.print_help()
            return 2
        command = f" {args.command}"
        if not args.debug:
            # What libraries log of an error, the error itself says; a worker configures its own log.
            logging.getLogger().addHandler(logging.NullHandler())
        code: int = _module(args.command).run(args)
    except KeyboardInterrupt:
        print(f"stream-app{command}: stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if args.debug:
            raise
        print(f"stream-app{command}: {_one_line(error)}", file=sys.stderr)
        return _exit_code(error)
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
    """What went wrong, in one line.

    >>> _one_line(FileNotFoundError(2, "No such file or directory", "a.jsonl"))
    'a.jsonl: no such file or directory'
    >>> _one_line(ValueError("cannot open <Socket at 0x7f3a2c>"))
    'cannot open <Socket>'
    """
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{os.fsdecode(error.filename)}: {error.strerror[0].lower()}{error.strerror[1:]}"
    text = escaped(_ADDRESS.sub("", " ".join(str(error).split())))
    return text or type(error).__name__


def _exit_code(error: Exception) -> int:
    """2 where something else must be asked for, 1 where something failed."""
    from stream_app.settings import SettingsError  # noqa: PLC0415  # keeps --help quick

    if isinstance(error, CommandError):
        return error.code
    is_path = isinstance(error, OSError) and error.filename is not None
    return WRONG_USE if is_path or isinstance(error, SettingsError) else FAILED
