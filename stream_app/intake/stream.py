"""The bytes of one input: unpacked, in UTF-8, a piece at a time, so that no input has to fit into memory."""

from __future__ import annotations

import bz2
import codecs
import gzip
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO, Any

from stream_app.intake.raw import LINE_BYTES, MIB, WHOLE_BYTES, Refused

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE = 64 * 1024
HEAD = 256 * 1024  # enough to tell what an input is
_PACKED: tuple[tuple[bytes, str, Callable[[Any], Any]], ...] = (
    (b"\x1f\x8b", "gzip", lambda file: gzip.GzipFile(fileobj=file)),
    (b"\x28\xb5\x2f\xfd", "zstd", zstd.ZstdFile),
    (b"BZh", "bzip2", bz2.BZ2File),
    (b"\xfd7zXZ\x00", "xz", lzma.LZMAFile),
)
_LAYERS = 2  # a packed file may be packed once more, no deeper
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BOMB_BYTES, _BOMB_RATIO = 256 * MIB, 500  # more than this, from so few: nothing that people write packs so well
_UNPACKING_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, zstd.ZstdError, ValueError)


class Counted:
    """A binary file that knows how much of it was read; `count` hears of every piece."""

    def __init__(self, file: IO[bytes], count: Callable[[int], None]) -> None:
        self._file, self._count = file, count
        self.done = 0

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes, as soon as there are any."""
        piece = self._file.read1(size) if hasattr(self._file, "read1") else self._file.read(size)
        self.done += len(piece)
        self._count(len(piece))
        return piece


class Stream:
    """One input, unpacked and in UTF-8.

    `head` is its beginning; a pipe is not waited for beyond its first line. `encoding` is the one that it declares by a
    byte order mark, or that a user named; None where it must be UTF-8 already.
    """

    def __init__(self, file: Counted, name: str, encoding: str | None = None, *, patient: bool = True) -> None:
        self.name = name
        self._file, self._patient = file, patient
        self._unpacked = 0
        self._packed_as = ""
        self._pieces = self._raw_pieces()
        self.head = self._first()
        for _ in range(_LAYERS):
            if not self._unpack():
                break
        self.encoding = self._recode(encoding)

    def pieces(self) -> Iterator[bytes]:
        """All of it, head first."""
        return chain((self.head,), self._pieces)

    def lines(self, limit: int = LINE_BYTES) -> Iterator[tuple[int, bytes | None]]:
        """Every line with its number, without its end; None for one that is longer than `limit`.

        Raises:
            Refused: the input ends in the middle of its packing, in the line named.
        """
        number = 1
        try:
            for number, line in self._numbered(limit):
                yield number, line
        except Refused as error:
            raise Refused(f"{self.name}:{number}", error.why) from None

    def _numbered(self, limit: int) -> Iterator[tuple[int, bytes | None]]:
        number, size = 1, 0
        begun: list[bytes] = []  # of a line that has not ended
        for piece in self.pieces():
            first, *others = piece.split(b"\n")
            size += len(first)
            if size <= limit:
                begun.append(first)
            if others:
                yield number, b"".join(begun).rstrip(b"\r") if size <= limit else None
                for line in others[:-1]:
                    number += 1
                    yield number, line.rstrip(b"\r")
                number += 1
                begun, size = [others[-1]], len(others[-1])
        if size:
            yield number, b"".join(begun).rstrip(b"\r") if size <= limit else None

    def whole(self, limit: int = WHOLE_BYTES) -> bytes:
        """All of it at once.

        Raises:
            Refused: it is more than `limit`.
        """
        parts, size = [], 0
        for piece in self.pieces():
            parts.append(piece)
            size += len(piece)
            if size > limit:
                raise Refused(self.name, f"more than {limit // MIB} MiB that can only be read as a whole")
        return b"".join(parts)

    def text(self) -> str:
        """All of it as text.

        Raises:
            Refused: it is not UTF-8; the line is named.
        """
        data = self.whole()
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise not_utf8(f"{self.name}:{line}", data[error.start]) from None

    def _raw_pieces(self) -> Iterator[bytes]:
        while piece := self._file.read(PIECE):
            yield piece

    def _first(self) -> bytes:
        """The beginning: a pipe's first line, of anything else as much as tells what it is."""
        head = b""
        try:
            for piece in self._pieces:
                head += piece
                if len(head) >= HEAD or (not self._patient and b"\n" in head):
                    break
        except Refused as error:  # what came before is read first
            if not head:
                raise
            self._pieces = _raising(error)
        return head

    def _unpack(self) -> bool:
        for magic, name, opened in _PACKED:
            if self.head.startswith(magic):
                self._packed_as = name
                self._pieces = self._unpacked_pieces(opened(_Pieces(self.pieces())), name)
                self.head = self._first()
                return True
        return False

    def _unpacked_pieces(self, file: IO[bytes], name: str) -> Iterator[bytes]:
        while True:
            try:
                piece = file.read(PIECE)
            except Refused:
                raise
            except EOFError:
                raise Refused(self.name, f"cut off: its {name} data has no end; what came before was read") from None
            except _UNPACKING_ERRORS as error:
                raise Refused(self.name, f"broken {name} data: {error}") from None
            if not piece:
                return
            self._unpacked += len(piece)
            if self._unpacked > _BOMB_BYTES and self._unpacked > _BOMB_RATIO * self._file.done:
                raise Refused(self.name, f"unpacks to more than {_BOMB_RATIO} times its size; what follows is not read")
            yield piece

    def _recode(self, encoding: str | None) -> str | None:
        """Turn what is not UTF-8 into it; which encoding it was in."""
        for mark, marked in _MARKS:
            if self.head.startswith(mark):
                self.head = self.head[len(mark) :]
                encoding = marked
                break
        else:
            encoding = encoding or _without_mark(self.head)
        if encoding is not None and codecs.lookup(encoding).name != "utf-8":
            self._pieces = self._recoded(encoding, self.pieces())
            self.head = b""
            self.head = self._first()
        return encoding

    def _recoded(self, encoding: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for piece in pieces:
                yield decoder.decode(piece).encode("utf-8", "surrogatepass")
            yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise Refused(self.name, f"not {encoding}: {error.reason}") from None


class _Pieces:
    """Pieces of bytes as a file to read from, as decompressors and archives want one."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; nothing at the end."""
        if size is None or size < 0:
            return self._rest + b"".join(self._pieces)
        if not self._rest:
            self._rest = next((piece for piece in self._pieces if piece), b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is not."""
        return False


def _raising(error: Refused) -> Iterator[bytes]:
    raise error
    yield b""


def as_file(stream: Stream) -> _Pieces:
    """A stream as a file to read from."""
    return _Pieces(stream.pieces())


def not_utf8(origin: str, byte: int) -> Refused:
    """The refusal of text in an unknown encoding."""
    return Refused(origin, f"not UTF-8 (byte 0x{byte:02x}); name what it is, such as --encoding cp1252")


def too_long(origin: str) -> Refused:
    """The refusal of a line that no memory should have to hold."""
    return Refused(origin, f"a line of more than {LINE_BYTES // MIB} MiB; not read")


def _without_mark(head: bytes) -> str | None:
    """UTF-16 by the zeros in its first signs, which markup and JSON have within ASCII."""
    start = head[:4]
    if len(start) == 4 and start[0] and start[2] and not start[1] and not start[3]:
        return "utf-16-le"
    if len(start) == 4 and start[1] and start[3] and not start[0] and not start[2]:
        return "utf-16-be"
    return None
