"""The bytes of one snapshot: magic, header, body, checksum over all of it. No pickle, so reading one can only fail, not run."""

import struct
from hashlib import blake2b

import msgspec

MAGIC = b"PRSNAP\r\n"
FORMAT = 2
_PREFIX = struct.Struct("<8sI")
_DIGEST_BYTES = 16


class Header(msgspec.Struct, frozen=True):
    """What a snapshot says about itself. `next_offset`: where reading of the partition goes on; `length`: bytes of the body.

    `log_id`: which log that is, see `streams.log_identity`; "" where it is not known. `volumes`: names of files that belong to
    it, each the digest of its content.
    """

    format: int
    topic: str
    partition: int
    next_offset: int
    config_hash: str
    length: int
    log_id: str = ""
    volumes: tuple[str, ...] = ()


class UnreadableSnapshotError(ValueError):
    """Empty, truncated, corrupt, or of a later format: to be passed over for an older one."""


def encode_snapshot(header: Header, body: bytes) -> list[bytes]:
    """The file's content in parts to be written in order; the body is not copied."""
    packed = msgspec.msgpack.encode(header)
    head = _PREFIX.pack(MAGIC, len(packed)) + packed
    return [head, body, _digest(head, body)]


def decode_snapshot(content: bytes) -> tuple[Header, memoryview]:
    """Header and body. Raises `UnreadableSnapshotError`, saying what is wrong."""
    if len(content) < _PREFIX.size:
        raise UnreadableSnapshotError("empty" if not content else "truncated before its header")
    magic, size = _PREFIX.unpack_from(content)
    if magic != MAGIC:
        raise UnreadableSnapshotError("not a snapshot")
    covered = memoryview(content)[:-_DIGEST_BYTES]
    if _digest(covered) != content[-_DIGEST_BYTES:]:
        raise UnreadableSnapshotError("truncated or corrupt: its checksum differs")
    start = _PREFIX.size + size
    try:
        header = msgspec.msgpack.decode(covered[_PREFIX.size : start], type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableSnapshotError("its header cannot be read") from error
    if header.format != FORMAT:
        raise UnreadableSnapshotError(f"format {header.format}, this release reads {FORMAT}")
    body = covered[start:]
    if len(body) != header.length:
        raise UnreadableSnapshotError(f"a body of {len(body)} bytes, its header says {header.length}")
    return header, body


def _digest(*parts: bytes | memoryview) -> bytes:
    h = blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        h.update(part)
    return h.digest()
