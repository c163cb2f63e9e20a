"""Names and texts that strangers chose, made harmless for a terminal."""

SHOWN_MOST = 200


def plain(text: str) -> str:
    """On one line, and without characters that could move the cursor, turn the line around, or show as nothing."""
    spaced = "".join(" " if letter.isspace() else letter for letter in text[:SHOWN_MOST])
    return " ".join("".join(letter for letter in spaced if letter.isprintable()).split())
