"""Volumes of few rows, so that conversations of tests fill many of them."""

import pytest

from graph import interaction_log, references, volumes

BLOCK, SEGMENT, VOLUME = 2, 8, 16


@pytest.fixture(name="small_volumes")
def patched(monkeypatch: pytest.MonkeyPatch) -> None:
    """For one test, every state made in it."""
    monkeypatch.setattr(references, "BLOCK", BLOCK)
    for module, name, rows in (
        (interaction_log, "BLOCK", BLOCK),
        (interaction_log, "SEGMENT", SEGMENT),
        (interaction_log, "VOLUME", VOLUME),
        (volumes, "VOLUME", VOLUME),
    ):
        monkeypatch.setattr(module, name, rows)
