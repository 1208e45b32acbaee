"""Where a long run stands, so that a killed one goes on: outputs, table rows and position, all of one moment.

Next to the unfinished outputs lies `.resume/`: a journal of each stateful hop's rows, as a changelog would hold them,
and a checkpoint that says how long every file was when so many articles were done. Going on means cutting the files to
those lengths, giving the states their rows back and leaving out the articles that are done; what then comes is, byte
for byte, what an undisturbed run would have written.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import orjson

from stream_app.cli import WRONG_USE, CommandError
from stream_app.core.flow.quarantine import OutsideError
from stream_app.core.hops import Effects, Hop, Record, State

_LENGTHS = struct.Struct("<ii")
_NO_ROW = -1


class Journal:
    """The rows that one hop stored, in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: IO[bytes] = path.open("ab")

    def add(self, rows: Sequence[tuple[bytes, bytes | None]]) -> None:
        """Append rows; None deletes.

        Raises:
            OutsideError: they cannot be written.
        """
        try:
            for key, row in rows:
                self.file.write(_LENGTHS.pack(len(key), _NO_ROW if row is None else len(row)) + key + (row or b""))
        except OSError as error:
            raise OutsideError(f"{self.path}: {error.strerror}") from error

    def restore(self, state: State) -> None:
        """Give a state every row back."""
        self.file.flush()
        for key, row in _rows(self.path):
            if row is None:
                state.forget(key.decode())
            else:
                state.restore(key.decode(), row)


def _rows(path: Path) -> Iterator[tuple[bytes, bytes | None]]:
    with path.open("rb") as file:
        while head := file.read(_LENGTHS.size):
            key_bytes, row_bytes = _LENGTHS.unpack(head)
            key = file.read(key_bytes)
            yield key, None if row_bytes == _NO_ROW else file.read(row_bytes)


class Journaled:
    """A stateful hop that keeps a journal of its rows, and begins with the state that its journal holds."""

    def __init__(self, hop: Hop, journal: Journal) -> None:
        self.name, self.source, self.stateful = hop.name, hop.source, hop.stateful
        self.hop, self.journal = hop, journal

    def new_state(self) -> State | None:
        """The state that the journal tells of: that of the last checkpoint, or of the last record that went well."""
        state = self.hop.new_state()
        if state is not None:
            self.journal.restore(state)
        return state

    def __call__(self, record: Record, state: Any) -> Effects:
        """What the hop decides, its rows noted."""
        effects = self.hop(record, state)
        self.journal.add(effects.rows)
        return effects


class Run:
    """The files of one run, from its beginning or from where a killed one stood.

    `identity` names input and settings; empty, it is that of an input which cannot be read twice. `fresh` begins anew,
    whatever lies there.

    Raises:
        CommandError: the folder holds a finished run, one of another input, or files of somebody else.
    """

    def __init__(
        self, folder: Path, names: Sequence[str], hops: Sequence[str], identity: str, *, fresh: bool = False
    ) -> None:
        self._folder, self._identity = folder, "" if fresh else identity
        self._notes = folder / ".resume"
        if not fresh:
            self._refuse([folder / f"{name}.jsonl" for name in names])
        self._notes.mkdir(parents=True, exist_ok=True)
        found = self._checkpoint()
        self.done: int = found["articles"]
        self.received_ms: int = found["received_ms"]
        self._parts = {name: folder / f"{name}.jsonl.part" for name in names}
        self._paths = [*self._parts.values(), *(self._notes / f"{hop}.rows" for hop in hops)]
        for path in self._paths:
            _cut(path, found["bytes"].get(path.name, 0))
        self.outputs: dict[str, IO[bytes]] = {name: path.open("ab") for name, path in self._parts.items()}
        self.journals = {hop: Journal(self._notes / f"{hop}.rows") for hop in hops}

    def _refuse(self, outputs: Sequence[Path]) -> None:
        """Refuse to write over what is not this run's."""
        anew = "--fresh begins anew, or name another folder"
        if any(output.exists() for output in outputs):
            raise CommandError(f"{self._folder}: holds a finished run; {anew}", WRONG_USE)
        note = self._notes / "checkpoint.json"
        if note.exists() and orjson.loads(note.read_bytes())["identity"] != self._identity:
            raise CommandError(f"{self._folder}: holds an unfinished run of other input or settings; {anew}", WRONG_USE)
        if self._folder.is_dir() and not self._notes.exists() and any(_visible(self._folder)):
            raise CommandError(f"{self._folder}: holds files that are not of a run; {anew}", WRONG_USE)

    def _checkpoint(self) -> dict[str, Any]:
        path = self._notes / "checkpoint.json"
        if path.exists():
            found: dict[str, Any] = orjson.loads(path.read_bytes())
            if self._identity and found["identity"] == self._identity:
                return found
        return {"articles": 0, "received_ms": 0, "bytes": {}}

    def checkpoint(self, articles: int, received_ms: int) -> None:
        """Note that so many articles are done, once everything written for them is on the disk."""
        for file in self._files():
            file.flush()
            os.fsync(file.fileno())
        note = {
            "identity": self._identity, "articles": articles, "received_ms": received_ms,
            "bytes": {path.name: path.stat().st_size for path in self._paths},
        }  # fmt: skip
        fresh = self._notes / "checkpoint.json.part"
        fresh.write_bytes(orjson.dumps(note))
        fresh.replace(self._notes / "checkpoint.json")

    def finish(self) -> None:
        """The outputs get their names, and the notes go."""
        self.close()
        for name, part in self._parts.items():
            part.replace(self._folder / f"{name}.jsonl")
        for path in self._notes.iterdir():
            path.unlink()
        self._notes.rmdir()

    def close(self) -> None:
        """Close every file; what stands there can be gone on with."""
        for file in self._files():
            file.close()

    def _files(self) -> list[IO[bytes]]:
        return [*self.outputs.values(), *(journal.file for journal in self.journals.values())]


def _visible(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if not path.name.startswith("."))


def _cut(path: Path, size: int) -> None:
    with path.open("ab") as file:
        file.truncate(size)
