from pathlib import Path

from confluent_kafka import KafkaError
from hypothesis import given
from hypothesis import strategies as st

from streams.feed_progress import Acknowledged, FeedProgress, ProgressFile


class Report:
    """A delivery report that says where the message went."""

    def __init__(self, partition: int) -> None:
        self._partition = partition

    def partition(self) -> int:
        return self._partition


@given(st.permutations(range(30)), st.integers(0, 30))
def test_the_mark_is_the_first_gap_whatever_the_order_of_acknowledgements(order: list[int], taken: int) -> None:
    acknowledged = Acknowledged(FeedProgress(lines=100))
    for line in order[:taken]:
        acknowledged.report(100 + line)(None, Report(line % 3))
    gaps = sorted(set(range(31)) - set(order[:taken]))
    assert acknowledged.lines == 100 + gaps[0]
    assert acknowledged.partitions == {line % 3 for line in order[:taken]}


def test_a_failure_stops_the_mark_and_the_first_one_is_told() -> None:
    acknowledged = Acknowledged(FeedProgress())
    for line in (2, 1):
        acknowledged.report(line)(KafkaError(KafkaError._MSG_TIMED_OUT), Report(0))
    acknowledged.report(0)(None, Report(5))
    acknowledged.report(3)(None, Report(5))
    assert acknowledged.lines == 1
    assert acknowledged.failed is not None
    assert acknowledged.failed[0] == 1


def test_a_line_that_is_not_sent_leaves_no_gap() -> None:
    acknowledged = Acknowledged(FeedProgress())
    acknowledged.report(1)(None, Report(0))
    acknowledged.skip(0)
    assert acknowledged.lines == 2


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    progress = FeedProgress(lines=3, partitions=(0, 4), themes=("é",), unnamed=True, closed=True)
    ProgressFile(tmp_path / "new", "a", "b").save(progress)
    assert ProgressFile(tmp_path / "new", "a", "b").load() == progress
    assert ProgressFile(tmp_path / "new", "a", "c").load() == FeedProgress()
    assert [path.suffix for path in (tmp_path / "new").iterdir()] == [".json"]


def test_a_memory_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    ProgressFile(tmp_path, "a").save(FeedProgress(lines=3))
    for damage in (b"", b'{"lines":', b'{"foreign":1}'):
        next(tmp_path.iterdir()).write_bytes(damage)
        assert ProgressFile(tmp_path, "a").load() == FeedProgress()


def test_without_a_directory_nothing_is_remembered() -> None:
    memory = ProgressFile(None, "a")
    memory.save(FeedProgress(lines=3))
    assert memory.load() == FeedProgress()
