"""Snapshots under an fsspec URL: S3, GCS, Azure, or memory in tests. There an object appears whole or not at all.

A plain file does not: who looks while it is written sees a part. Under a local URL it is written beside and moved into place.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from streams.failpoints import durable
from streams.snapshot_place import SnapshotPlaceError, cannot

ASIDE = ".damaged"
BEGUN = ".begun"
FRESH = {"skip_instance_cache": True, "use_listings_cache": False}
"""Another owner's objects must be seen at once."""


class UrlPlace:
    """`url`: where the folders of the partitions go; credentials are what the provider's library finds.

    Raises `ValueError` where no library knows the URL's protocol, `ImportError` where the one that does is not installed.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._files, self._root = url_to_fs(self._url, **FRESH)

    def names(self, folder: str) -> list[str]:
        """Objects below the folder's prefix."""
        with self._telling("read", folder):
            try:
                found = self._files.ls(self._path(folder), detail=False)
            except FileNotFoundError:
                return []
            names = [str(path).rstrip("/").rpartition("/")[2] for path in found]
            return [name for name in names if not name.endswith((ASIDE, BEGUN))]

    def read(self, folder: str, name: str) -> bytes:
        """One request, or a few."""
        with self._telling("read", folder):
            content: bytes = self._files.cat_file(self._path(folder, name))
            return content

    def write(self, folder: str, name: str, parts: Sequence[bytes]) -> None:
        """One put of all of it: a broken one leaves no object."""
        with self._telling("written", folder):
            self._files.makedirs(self._path(folder), exist_ok=True)
            self._put(self._path(folder, name), b"".join(parts))

    def remove(self, folder: str, name: str) -> None:
        """Another owner may have been quicker."""
        with self._missing_is_fine(), self._telling("written", folder), durable("object_removal"):
            self._files.rm_file(self._path(folder, name))

    def set_aside(self, folder: str, name: str) -> None:
        """A copy, then the removal."""
        path = self._path(folder, name)
        with self._missing_is_fine(), self._telling("written", folder), durable("object_set_aside"):
            self._files.mv(path, path + ASIDE)

    def where(self, folder: str) -> str:
        """The URL."""
        return f"{self._url}/{folder}"

    def _put(self, path: str, content: bytes) -> None:
        beside = f"{path}.{secrets.token_hex(8)}{BEGUN}" if isinstance(self._files, LocalFileSystem) else path
        with durable("object_put"):
            self._files.pipe_file(beside, content)
            if beside != path:
                self._files.mv(beside, path)

    def _path(self, *parts: str) -> str:
        return "/".join((str(self._root).rstrip("/"), *parts))

    @contextmanager
    def _telling(self, do: str, folder: str) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, SnapshotPlaceError):
            raise
        except Exception as error:
            # Each provider's library has errors of its own; whatever they are, the place does not serve now.
            raise cannot(do, self.where(folder), error) from error

    @contextmanager
    def _missing_is_fine(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            return
