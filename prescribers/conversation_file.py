"""A simulated conversation on disk, and the truth about it beside."""

from collections.abc import Iterable
from pathlib import Path


def write_conversation(file: Path, lines: Iterable[bytes]) -> None:
    """One JSON document a line."""
    with file.open("wb") as out:
        out.writelines(line + b"\n" for line in lines)


def truth_file(file: Path) -> Path:
    """Where the truth about a simulated file is kept."""
    return file.with_name(f"{file.name.removesuffix('.jsonl')}.truth.json")
