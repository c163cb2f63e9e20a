"""Acts of an evaluation by hand, and what a score says of whom."""

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from graph.interaction import Interaction


def act(number: int, at: int, actor: str, target: str = "", **more: object) -> Interaction:
    plain = Interaction(
        theme="t",
        kind="reply" if target else "post",
        occurred_at=at,
        key=number,
        object_key=number,
        actor_id=actor,
        target_actor_id=target,
    )
    return replace(plain, **more)


def by_name(ids: list[str], values: NDArray[np.float64]) -> dict[str, float]:
    return {name: value for name, value in zip(ids, values.tolist(), strict=True) if value}
