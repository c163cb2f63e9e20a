"""Names and texts that strangers chose, made harmless for a terminal."""

import unicodedata

SHOWN_MOST = 200


def plain(text: str) -> str:
    """Without control, format and direction characters, which could move the cursor or turn the line around."""
    kept = (" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter for letter in text[:SHOWN_MOST])
    return " ".join("".join(letter for letter in kept if unicodedata.category(letter) not in {"Cf", "Cs", "Co"}).split())
