"""What must hold of any bytes where one of our own records is expected: read as one, or refused by the error that says so."""

import msgspec

from graph.dead_letter import from_headers
from graph.log_record import decode_interaction, encode_interaction
from graph.publication import decode_publication, encode_publication
from streams.snapshot_file import UnreadableSnapshotError, decode_snapshot


def read_or_refused(value: bytes) -> None:
    """Every decoder of the project, on the same bytes."""
    try:
        interaction = decode_interaction(value)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass
    else:
        assert decode_interaction(encode_interaction(interaction)) == interaction
    try:
        publication = decode_publication(value)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass
    else:
        assert decode_publication(encode_publication(publication)) == publication
    try:
        _, body = decode_snapshot(value)
    except UnreadableSnapshotError:
        pass
    else:
        assert len(body) < len(value)
    parts = value.split(b"\n")
    headers = [(name.decode("latin-1"), rest) for name, _, rest in (part.partition(b"=") for part in parts)]
    try:
        letter = from_headers(headers, value)
    except (KeyError, ValueError):
        return
    assert letter.payload == value
