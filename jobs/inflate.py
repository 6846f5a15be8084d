"""Content codings undone a piece at a time, so that a bomb is seen before it is in memory."""

import sys
import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE = 256 * 1024  # bytes of output at a time
MEMBERS = 64  # a gzip or zstd body may be several streams one after the other, but not thousands
WINDOW_LOG = 23  # zstd frames that need more than 8 MiB are refused, as RFC 9659 asks of a server

FAULTS = (zlib.error, brotli.error, zstd.ZstdError, EOFError)


class BrokenCoding(Exception):
    """The body is not what its Content-Encoding says, or ends too early."""


class Inflater(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def finish(self) -> None:
        """Raises BrokenCoding when the stream is not at its end."""


class Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        return


class Gzip:
    """gzip, and deflate with or without the zlib header that many servers forget."""

    def __init__(self, coding: str) -> None:
        self._bits = 31 if coding == "gzip" else None
        self._stream: zlib._Decompress | None = None
        self._members = 0

    def _open(self, data: bytes) -> "zlib._Decompress":
        self._members += 1
        if self._members > MEMBERS:
            raise BrokenCoding("has too many streams in one body")
        if self._bits is None:
            self._bits = 15 if data[0] & 0x0F == 8 else -15
        return zlib.decompressobj(self._bits)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream is None:
                self._stream = self._open(data)
            yield self._stream.decompress(data, PIECE)
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data = self._stream.unused_data
                if data[:2] != b"\x1f\x8b":
                    return  # padding after the end is ignored
                self._stream = None

    def finish(self) -> None:
        if self._stream is None or not self._stream.eof:
            raise BrokenCoding("ends before its compressed stream does")


class Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._stream.is_finished():
            piece = self._stream.process(data, output_buffer_limit=PIECE)
            if not piece and not data:
                return
            yield piece
            data = b""

    def finish(self) -> None:
        if not self._stream.is_finished():
            raise BrokenCoding("ends before its compressed stream does")


class Zstd:
    def __init__(self) -> None:
        self._stream = self._open()
        self._members = 1

    @staticmethod
    def _open() -> "zstd.ZstdDecompressor":
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: WINDOW_LOG})

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._stream.eof:
                data = self._stream.unused_data or data
                if not data:
                    return
                self._members += 1
                if self._members > MEMBERS:
                    raise BrokenCoding("has too many streams in one body")
                self._stream = self._open()
            yield self._stream.decompress(data, PIECE)
            data = b""
            if self._stream.needs_input and not self._stream.eof:
                return

    def finish(self) -> None:
        if not self._stream.eof:
            raise BrokenCoding("ends before its compressed stream does")


class Chain:
    """Several codings, the last applied undone first."""

    def __init__(self, stages: list[Inflater]) -> None:
        self._stages = stages

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield from self._through(0, data)

    def _through(self, stage: int, data: bytes) -> Iterator[bytes]:
        if stage == len(self._stages):
            yield data
            return
        for piece in self._stages[stage].feed(data):
            yield from self._through(stage + 1, piece)

    def finish(self) -> None:
        for stage in self._stages:
            stage.finish()


def inflater(content_encoding: str) -> Inflater:
    """What undoes this Content-Encoding header; BrokenCoding when it names an unknown coding or more than two."""
    names = [name.strip().lower().removeprefix("x-") for name in content_encoding.split(",")]
    stages = [_stage(name) for name in reversed(names) if name not in ("", "identity", "none", "utf-8")]
    if len(stages) > 2:
        raise BrokenCoding("is compressed more than twice over")
    return Chain(stages) if len(stages) > 1 else stages[0] if stages else Plain()


def _stage(name: str) -> Inflater:
    if name in ("gzip", "deflate"):
        return Gzip(name)
    if name == "br":
        return Brotli()
    if name == "zstd":
        return Zstd()
    raise BrokenCoding(f"is compressed as {name[:20]!r}, which is not read")
