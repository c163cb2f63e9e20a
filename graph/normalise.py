"""Raw bytes from `mentions` to interactions, one per theme, or a refusal with its reason. Stateless."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.interaction import Interaction
from graph.reasons import Reason
from graph.theme_settings import ThemeSettings

FUTURE_MS = 5 * 60_000
MAX_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an input cannot become state. `detail` is for the operator and quotes no text, name or id."""

    reason: Reason
    detail: str


class Normaliser:
    """Validates, matches themes and keys identities. Without configured themes, events' own theme names are the themes."""

    def __init__(
        self,
        themes: Sequence[ThemeSettings] = (),
        *,
        secret: bytes = b"prescribers",
        allow_private: bool = False,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        raise NotImplementedError

    def normalise(self, value: bytes | None, received_at: int, origin: tuple[int, int]) -> list[Interaction] | Refusal:
        """One input record. `received_at`: the broker's timestamp, ms UTC; `origin`: partition and offset in `mentions`.

        A record with theme "" (a delete, an edit's undoing, a close of every theme) goes to every partition of
        `interactions`, with `copy=True` on all but partition `key % partitions`.
        """
        raise NotImplementedError
