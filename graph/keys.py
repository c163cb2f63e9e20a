"""Keyed 64-bit hashes of identities, and short digests that name configurations."""

from hashlib import blake2b

DEFAULT_HASH_KEY = b"prescribers"


def identity_key(source: str, identity: str, secret: bytes = DEFAULT_HASH_KEY) -> int:
    """Hash of (source, id), never 0. Keyed, so that nobody can craft an id that collides with another's and erases it."""
    h = blake2b(f"{source}\0{identity}".encode("utf-8", "surrogatepass"), digest_size=8, key=secret)
    return int.from_bytes(h.digest(), "little") or 1


def digest_hex(data: bytes, size: int = 6) -> str:
    """A short stable name of `data`: `size` bytes as hex."""
    return blake2b(data, digest_size=size).hexdigest()
