"""How interactions share records of the log: a theme's order holds, and nothing passes what concerns every theme."""

from graph.interaction import EVERY_THEME, Interaction
from graph.log_record import decode_interactions
from graph.packing import MOST_ACTS, MOST_BYTES
from streams.theme_records import ThemeRecords

PARTITIONS = 3


class Outlet:
    """What is laid out, in order: (partition, key, value)."""

    def __init__(self) -> None:
        self.records: list[tuple[int, bytes, bytes]] = []

    def append(self, _topic: str, partition: int, key: bytes, value: bytes) -> None:
        self.records.append((partition, key, value))


def laid_out(*interactions: Interaction, long: int = 0) -> list[tuple[int, bytes, bytes]]:
    """`long`: which of them comes from an event of `MOST_BYTES`."""
    outlet = Outlet()
    log = ThemeRecords(outlet, "interactions", PARTITIONS)
    for number, interaction in enumerate(interactions, start=1):
        log.add(interaction, MOST_BYTES if number == long else 100)
    log.close()
    return outlet.records


def post(theme: str, number: int) -> Interaction:
    return Interaction(theme=theme, kind="post", occurred_at=number, key=number)


def test_acts_of_one_theme_share_records_in_their_order_and_partition() -> None:
    acts = [post("ab"[k % 2], k) for k in range(5 * MOST_ACTS)]
    records = laid_out(*acts)
    assert len(records) == 6
    for theme in "ab":
        theirs = [(partition, value) for partition, key, value in records if key == theme.encode()]
        assert len({partition for partition, _ in theirs}) == 1
        assert decode_interactions([value for _, value in theirs]) == [act for act in acts if act.theme == theme]


def test_a_record_of_several_acts_is_bounded_and_a_long_one_has_its_own() -> None:
    records = laid_out(*(post("a", number) for number in range(1, 5)), long=2)
    assert [len(decode_interactions([value])) for _, _, value in records] == [1, 1, 2]


def test_what_concerns_every_theme_reaches_all_partitions_after_all_that_came_before() -> None:
    delete = Interaction(theme=EVERY_THEME, kind="delete", occurred_at=3, key=4)
    records = laid_out(post("a", 1), post("b", 2), delete, post("a", 5))
    told = [decode_interactions([value]) for _, _, value in records]
    assert [found[0].kind for found in told] == ["post", "post", *["delete"] * PARTITIONS, "post"]
    assert sorted(partition for partition, key, _ in records if not key) == list(range(PARTITIONS))
    assert [found[0].copy for found in told[2:5]].count(False) == 1


def test_the_end_of_one_themes_feed_has_a_record_to_itself_in_its_place() -> None:
    close = Interaction(theme="a", kind="close", occurred_at=3, key=4, parts=1)
    records = laid_out(post("a", 1), close, post("a", 5))
    assert [[act.kind for act in decode_interactions([value])] for _, _, value in records] == [["post"], ["close"], ["post"]]
    assert len({partition for partition, _, _ in records}) == 1


def test_no_acts_make_no_record() -> None:
    assert laid_out() == []
