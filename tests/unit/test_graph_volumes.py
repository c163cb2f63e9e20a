"""A log's volumes in their real size."""

from graph.interaction_log import InteractionLog
from graph.volumes import VOLUME, Shelf
from tests.unit.test_graph_tables import rows


def test_an_empty_log_comes_back_as_it_was() -> None:
    assert InteractionLog.load(InteractionLog().dump()).dump() == InteractionLog().dump()


SPREAD = 0x9E3779B97F4A7C15
"""Keys are hashes; numbers in a row would all want the same place of the index."""


def test_volumes_whose_times_move_up_to_a_later_base_are_named_anew() -> None:
    log, total = InteractionLog(), 2 * VOLUME + 5
    log.append(rows(list(range(total)), keys=[k * SPREAD % 2**64 for k in range(1, total + 1)]))
    first, again = Shelf(), Shelf()
    log.dump(first)
    log.rebase(1)
    log.dump(again)
    assert [before == after for before, after in zip(first.named, again.named, strict=True)] == [False, True]
    fresh = InteractionLog.load(log.dump())
    shelf = Shelf()
    assert (fresh.dump(shelf), shelf.named) == (log.dump(Shelf()), again.named)
    assert InteractionLog.load(log.dump(Shelf()), again.new | first.new).dump() == log.dump()
