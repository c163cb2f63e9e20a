"""The closed vocabulary of dead-letter reason codes, a comment each."""

from typing import Literal, get_args

Reason = Literal[
    "empty",  # no bytes at all, or white space only
    "not_utf8",  # not valid UTF-8, or a byte order mark, or a lone surrogate escape
    "not_json",  # malformed or truncated JSON, NaN and Infinity included
    "too_large",  # longer than the configured limit, 256 KiB by default
    "too_deep",  # nested beyond the parser's limit
    "not_an_object",  # JSON, but no object at the top
    "duplicate_field",  # the same field twice in one object: which one is meant is anybody's guess
    "unknown_schema",  # `schema` is missing or is not one that this release reads
    "missing_field",  # a required field is absent
    "unknown_kind",  # `kind` is not one of the contract's
    "bad_field",  # wrong type, length or range of a field
    "bad_time",  # `occurred_at` cannot be read as RFC 3339 UTC or integer ms, or lies before 1970
    "future",  # more than 5 minutes after the broker's clock
    "missing_object",  # an edit or a delete that names no message
    "private",  # private visibility, which the configuration does not allow
    "no_theme",  # names no theme, and no theme's rules match it (not counted by the brake)
]
REASONS: tuple[str, ...] = get_args(Reason)
