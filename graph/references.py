"""Ids and URLs of messages, by row: compressed in blocks, because evidence reads few of them and memory holds all."""

import msgspec
import zstandard

BLOCK = 1024
LEVEL = 1
"""On ids and URLs no level is more than a twentieth smaller, and each is several times slower."""

Columns = tuple[list[str], list[str]]


class References:
    """Pairs of strings in order of arrival, addressed by their position after the oldest one kept."""

    __slots__ = ("_blocks", "_ids", "_opened", "_urls")

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._ids: list[str] = []
        self._urls: list[str] = []
        self._opened: tuple[int, Columns] = (-1, ([], []))

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

    def get(self, position: int) -> tuple[str, str]:
        """The id and the URL at a position. Asked for in order, each block is opened once."""
        number, position = divmod(position, BLOCK)
        if number == len(self._blocks):
            return self._ids[position], self._urls[position]
        if self._opened[0] != number:
            packed = zstandard.ZstdDecompressor().decompress(self._blocks[number])
            self._opened = number, msgspec.msgpack.decode(packed, type=Columns)
        ids, urls = self._opened[1]
        return ids[position], urls[position]

    def drop_blocks(self, blocks: int) -> None:
        """Forget the oldest `blocks` full blocks."""
        del self._blocks[:blocks]
        self._opened = (-1, ([], []))

    def blocks(self, start: int, stop: int) -> list[bytes]:
        """The full blocks of positions from `start`, which begins a block, up to `stop`."""
        return self._blocks[start // BLOCK : stop // BLOCK]

    def loose(self) -> Columns:
        """Ids and URLs after the last full block."""
        return self._ids, self._urls

    def put(self, blocks: list[bytes]) -> None:
        """Add blocks as `blocks` gives them; nothing loose lies before them."""
        self._blocks += blocks
