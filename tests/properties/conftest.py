"""Fixtures of the laws."""

from tests.properties.small_volumes import patched

__all__ = ["patched"]
