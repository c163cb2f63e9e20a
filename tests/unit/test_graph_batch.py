"""A batch over several records: its columns, its parts and single acts of them."""

import numpy as np
import pytest
from msgspec.structs import replace

from graph.batch import Batch
from graph.interaction import Interaction
from graph.log_record import record_of

ACTS = [Interaction(theme="t", kind="post", occurred_at=number, key=number + 10, actor_id=f"a{number}") for number in range(5)]


def batch() -> Batch:
    return Batch([record_of(ACTS[:2]), record_of(ACTS[2:3]), record_of(ACTS[3:])])


@pytest.mark.parametrize("positions", [[0, 1, 2, 3, 4], [1, 2, 3], [0, 2, 4], [3]])
def test_a_part_has_the_columns_and_the_acts_at_its_positions(positions: list[int]) -> None:
    part = batch().part(np.array(positions))
    assert part.size == len(positions)
    assert part.keys.tolist() == [ACTS[k].key for k in positions]
    assert part.occurred_at.tolist() == positions
    assert part.column("actor_id") == [ACTS[k].actor_id for k in positions]
    assert [part.act(k) for k in range(part.size)] == [ACTS[k] for k in positions]


def test_what_no_act_says_is_filled_in() -> None:
    whole = batch()
    assert (whole.says("url"), whole.column("url")) == (False, [""] * 5)
    assert whole.numbers("object_key", np.uint64).tolist() == [0] * 5
    spoken = Batch([record_of(ACTS[:1]), record_of([replace(ACTS[1], url="u")])])
    assert (spoken.says("url"), spoken.column("url")) == (True, ["", "u"])
