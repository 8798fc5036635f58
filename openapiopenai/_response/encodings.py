"""Content encodings: compressed bodies, decompressed and checked for their end.

urllib3 would decompress, but does not report a compressed stream that ends early, and returns a
body in an encoding that it does not know as it is. Requests ask for ``identity``: few responses
are encoded at all.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from urllib3.exceptions import DecodeError

from openapiopenai._files.reading import BLOCK_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import HTTPResponse

_GZIP = 16 + zlib.MAX_WBITS

#: An encoding -> the ``wbits`` of zlib.
_FORMATS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}

#: How many encodings may be applied one after another.
_MAX_ENCODINGS = 5


def read_blocks(response: HTTPResponse) -> Iterator[bytes]:
    """Return the blocks of a body as they arrive, decoded.

    :param response: the unread response.
    :return: the blocks; none of them is empty.
    :raises urllib3.exceptions.DecodeError: when the encoding is unknown, or what it encodes is
        damaged or cut.
    """
    encoding = response.headers.get("content-encoding")
    # vcrpy records bodies decoded, and replays them in a response without this attribute
    is_encoded = getattr(response, "decode_content", False)
    response.decode_content = False  # urllib3 would copy each block besides
    blocks = _encoded_blocks(response)
    if not encoding or not is_encoded:
        return blocks
    for wbits in _formats(encoding):
        blocks = _decompress(blocks, wbits)
    return filter(None, blocks)


def _encoded_blocks(response: HTTPResponse) -> Iterator[bytes]:
    left = response.length_remaining
    # no larger than what is left: a block is allocated before it is read
    while block := response.read1(BLOCK_SIZE if left is None else min(BLOCK_SIZE, left + 1)):
        yield block
        left = response.length_remaining
        if left == 0:
            return


def _formats(encoding: str) -> list[int]:
    """Return the formats of a ``Content-Encoding``, the one applied last first."""
    names = [name.strip().lower() for name in encoding.split(",")]
    encodings = [name for name in reversed(names) if name not in ("identity", "")]
    if len(encodings) > _MAX_ENCODINGS or not all(name in _FORMATS for name in encodings):
        raise DecodeError(
            f"the response cannot be decoded: its Content-Encoding is {encoding[:60]!r}; turn "
            "compression off at the server or its proxy"
        )
    return [_FORMATS[name] for name in encodings]


def _decompress(blocks: Iterator[bytes], wbits: int) -> Iterator[bytes]:
    decoder: Any = None
    try:
        for block in blocks:
            rest = block
            while rest:
                if decoder is None or decoder.eof:  # gzip may have several members
                    decoder = _decoder(wbits, rest)
                yield decoder.decompress(rest, BLOCK_SIZE)
                rest = decoder.unconsumed_tail or decoder.unused_data
        if decoder:
            yield decoder.flush()
    except zlib.error as error:
        raise DecodeError(f"the response cannot be decoded: {error}") from error
    if decoder and not decoder.eof:
        raise DecodeError("the response is not complete: its compressed body is cut")


def _decoder(wbits: int, start: bytes) -> Any:
    # some servers send "deflate" without the header of zlib, whose first byte ends in 8
    is_raw = wbits == zlib.MAX_WBITS and start[0] & 15 != zlib.DEFLATED
    return zlib.decompressobj(-wbits if is_raw else wbits)
