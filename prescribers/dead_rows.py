"""A dead letter as `dead list` and `dead show` tell it; the fields are those of the table `dead_letters`, and its place."""

import base64
from typing import Any

from rich.table import Table

from prescribers.fitted_table import fitted_table
from prescribers.moments import day_and_minute, rfc3339
from prescribers.plain_text import plain
from streams.dead_reader import DeadRecord

FOREIGN = "written by none of the apps"


def place_of(record: DeadRecord) -> str:
    """Partition and offset on the dead-letter topic: what `dead show` and `dead replay` take."""
    return f"{record.partition}:{record.offset}"


def dead_row(record: DeadRecord) -> dict[str, Any]:
    """Where it lies and what is known of it, the refused bytes aside."""
    row: dict[str, Any] = {"place": place_of(record), "bytes": len(record.payload)}
    letter = record.letter
    if letter is None:
        return row | {"reason": None, "detail": FOREIGN}
    return row | {
        "reason": letter.reason,
        "detail": letter.detail,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "log_id": letter.log_id or None,
        "received_at": rfc3339(letter.received_at),
        "theme": letter.theme or None,
    }


def payload_fields(record: DeadRecord) -> dict[str, str | None]:
    """The refused bytes: as text where they are UTF-8, and always as base64."""
    try:
        text: str | None = record.payload.decode()
    except UnicodeDecodeError:
        text = None
    return {"payload": text, "payload_base64": base64.b64encode(record.payload).decode()}


def dead_table(records: list[DeadRecord]) -> Table:
    """For people."""
    return fitted_table(("place", "reason", "refused", "received", "bytes", "detail"), [_cells(r) for r in records], name=5)


def dead_lines(record: DeadRecord) -> list[str]:
    """One letter, for people; the refused bytes last, made harmless for a terminal."""
    row = dead_row(record)
    lines = [f"{name:<12} {plain(str(value))}" for name, value in row.items() if value is not None]
    return [*lines, "", *(plain(line) for line in record.payload.decode(errors="replace").splitlines())]


def _cells(record: DeadRecord) -> list[str]:
    letter = record.letter
    if letter is None:
        return [place_of(record), "-", "-", "-", f"{len(record.payload):,}", FOREIGN]
    refused = f"{plain(letter.topic)}[{letter.partition}] {letter.offset}"
    return [
        place_of(record),
        letter.reason,
        refused,
        day_and_minute(letter.received_at),
        f"{len(letter.payload):,}",
        plain(letter.detail),
    ]
