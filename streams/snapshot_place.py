"""Where snapshot files are: the port of `streams.snapshot_store`. One contract suite runs on every implementation."""

from collections.abc import Sequence
from typing import Protocol


class SnapshotPlaceError(ConnectionError):
    """The place cannot be read or written now; says which, why, and what to do. Nothing is lost: the log has it all."""


class SnapshotPlace(Protocol):
    """Files by folder and name, a folder for each partition. Blocking. Raises `SnapshotPlaceError` on all but what is said."""

    def names(self, folder: str) -> list[str]:
        """Names of the files that are whole, in any order; none where the folder does not exist."""

    def read(self, folder: str, name: str) -> bytes:
        """The content. Raises `FileNotFoundError` where another owner has removed it."""

    def write(self, folder: str, name: str, parts: Sequence[bytes]) -> None:
        """Durable once it returns, and under its name whole or not at all, also where two owners write the same name at once."""

    def remove(self, folder: str, name: str) -> None:
        """Remove it, if it is still there."""

    def set_aside(self, folder: str, name: str) -> None:
        """Give a file that cannot be read a name under which it does not count, for people to look at; if it is still there."""

    def where(self, folder: str) -> str:
        """For people."""


def cannot(do: str, where: str, cause: Exception) -> SnapshotPlaceError:
    """The error, with the remedy that fits its cause."""
    why = getattr(cause, "strerror", None) or str(cause).partition("\n")[0] or type(cause).__name__
    return SnapshotPlaceError(
        f"Snapshots in {where} cannot be {do}: {str(why).lower()}. Make room, grant the right, or set state_dir or snapshot_url "
        "elsewhere. Nothing is lost: the last snapshot and the log after it have it all."
    )
