"""Keyed 64-bit hashes of identities, and short digests that name configurations."""

from functools import lru_cache
from hashlib import blake2b

DEFAULT_HASH_KEY = b"prescribers"


def identity_key(source: str, identity: str, secret: bytes = DEFAULT_HASH_KEY) -> int:
    """Hash of (source, id), never 0. Keyed, so that nobody can craft an id that collides with another's and erases it.

    NUL parts the two, and the normaliser lets none in.
    """
    h = _begun(source, secret).copy()
    h.update(identity.encode("utf-8", "surrogatepass"))
    return int.from_bytes(h.digest(), "little") or 1


@lru_cache(maxsize=1024)
def _begun(source: str, secret: bytes) -> blake2b:
    """Hashing the secret is half of the work of a short hash: done once a source."""
    return blake2b(f"{source}\0".encode("utf-8", "surrogatepass"), digest_size=8, key=secret)


def digest_hex(data: bytes, size: int = 6) -> str:
    """A short stable name of `data`: `size` bytes as hex."""
    return blake2b(data, digest_size=size).hexdigest()
