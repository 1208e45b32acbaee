"""`stream-app gazetteer`: build the compiled gazetteer, describe it, look a name up."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stream_app.cli import common
from stream_app.core.places.gazetteer import Entry, Gazetteer, GazetteerError

EXAMPLE = "example: stream-app gazetteer lookup Kharkov"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Declare the command and its three actions; only --path says where `build` writes."""
    parser = subparsers.add_parser("gazetteer", help="build, describe or search the compiled gazetteer", epilog=EXAMPLE)
    parser.add_argument(
        "--path",
        type=Path,
        help="the compiled file (default: STREAM_APP_GAZETTEER, else the wheel's, else in the user's cache)",
    )
    actions = parser.add_subparsers(dest="action", required=True)
    build = actions.add_parser("build", help="compile it from the packages and our supplement (about 20 s)")
    build.add_argument("--force", action="store_true", help="compile even when the file exists")
    common.add_quiet_option(build)
    actions.add_parser("info", help="where it lies, its version, what it holds")
    lookup = actions.add_parser("lookup", help="the entries that a name may denote")
    lookup.add_argument("name", metavar="NAME")
    lookup.add_argument("--limit", type=int, default=10, help="at most this many entries (default 10)")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Carry out the action; 0, or 1 when it failed or found nothing."""
    from stream_app.gazetteer import default_path  # noqa: PLC0415  # reads package versions

    named = common.settings_of(args).gazetteer
    try:
        path = args.path or named or default_path()
        if args.action == "build":
            return _build(args.path or default_path(), force=args.force, quiet=args.quiet)
        gazetteer = Gazetteer.open(path)
    except FileNotFoundError:
        print(f"no gazetteer at {path}; run `stream-app gazetteer build`", file=sys.stderr)
        return 1
    except (GazetteerError, ModuleNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    return _info(path, gazetteer) if args.action == "info" else _lookup(gazetteer, args.name, args.limit)


def _build(path: Path, *, force: bool, quiet: bool) -> int:
    from stream_app.gazetteer import ensure  # noqa: PLC0415  # as above
    from stream_app.gazetteer.showing import building  # noqa: PLC0415

    if force:
        path.unlink(missing_ok=True)
    with building(quiet=quiet) as on_step:
        ensure(path, lambda target: print(f"compiling {target} (about 20 s)", file=sys.stderr), on_step)
    return _info(path, Gazetteer.open(path))


def _info(path: Path, gazetteer: Gazetteer) -> int:
    counts = gazetteer.counts
    print(f"path     {path}\nversion  {gazetteer.version}\nsize     {path.stat().st_size / 1e6:.1f} MB")
    print(f"entries  {counts['entries']:,}\nnames    {counts['names']:,}\nlinks    {counts['links']:,}")
    return 0


def _lookup(gazetteer: Gazetteer, name: str, limit: int) -> int:
    entries = gazetteer.lookup(name)
    for entry in entries[:limit]:
        print(_line(gazetteer, entry))
    if len(entries) > limit:
        print(f"... and {len(entries) - limit} more")
    if not entries:
        print(f"nothing is called {name!r}", file=sys.stderr)
    return 0 if entries else 1


def _line(gazetteer: Gazetteer, entry: Entry) -> str:
    within = ", ".join(gazetteer.entry(index).name for index in (entry.adm2, entry.adm1) if index is not None)
    return (
        f"{entry.geonames_id or '-':>9}  {entry.name} ({entry.feature_code}, {within + ', ' if within else ''}"
        f"{entry.country_code or '-'})  {entry.lat:.4f} {entry.lon:.4f}  {entry.population:,}"
    )
