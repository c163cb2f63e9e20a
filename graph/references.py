"""Ids and URLs of messages, by row: compressed in blocks, because evidence reads few of them and memory holds all."""

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from graph.pair_order import heads_of

BLOCK = 1024
LEVEL = 1
"""On ids and URLs no level is more than a twentieth smaller, and each is several times slower."""

Columns = tuple[list[str], list[str]]


class References:
    """Pairs of strings in order of arrival, addressed by their position after the oldest one kept."""

    __slots__ = ("_blocks", "_ids", "_urls")

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._ids: list[str] = []
        self._urls: list[str] = []

    def extend(self, ids: list[str], urls: list[str]) -> None:
        """Add one pair a row."""
        self._ids += ids
        self._urls += urls
        full = len(self._ids) // BLOCK * BLOCK
        if full:
            compressor = zstandard.ZstdCompressor(level=LEVEL)
            for start in range(0, full, BLOCK):
                block = slice(start, start + BLOCK)
                packed = compressor.compress(msgspec.msgpack.encode((self._ids[block], self._urls[block])))
                # A copy: the compressor's own bytes keep the room it had set aside, ten times what they hold.
                self._blocks.append(bytes(memoryview(packed)))
            del self._ids[:full], self._urls[:full]

    def get(self, positions: NDArray[np.int64]) -> Columns:
        """The ids and the URLs at some positions, in their order. Each block is opened once."""
        order = np.argsort(positions)
        number, within = np.divmod(positions[order], BLOCK)
        heads = heads_of(number).tolist()
        asked, places = within.tolist(), order.tolist()
        ids, urls = ([""] * positions.size for _ in range(2))
        decompressor, decoder = zstandard.ZstdDecompressor(), msgspec.msgpack.Decoder(Columns)
        for start, stop in zip(heads, [*heads[1:], positions.size], strict=False):
            block = int(number[start])
            full = block < len(self._blocks)
            some_ids, some_urls = decoder.decode(decompressor.decompress(self._blocks[block])) if full else self.loose()
            for k in range(start, stop):
                ids[places[k]], urls[places[k]] = some_ids[asked[k]], some_urls[asked[k]]
        return ids, urls

    def drop_blocks(self, blocks: int) -> None:
        """Forget the oldest `blocks` full blocks."""
        del self._blocks[:blocks]

    def blocks(self, start: int, stop: int) -> list[bytes]:
        """The full blocks of positions from `start`, which begins a block, up to `stop`."""
        return self._blocks[start // BLOCK : stop // BLOCK]

    def loose(self) -> Columns:
        """Ids and URLs after the last full block."""
        return self._ids, self._urls

    def put(self, blocks: list[bytes]) -> None:
        """Add blocks as `blocks` gives them; nothing loose lies before them."""
        self._blocks += blocks
