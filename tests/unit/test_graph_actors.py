"""Actors: numbered as they appear, ordered whatever that was, described by the latest word."""

from zlib import crc32

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph.actors import Actors
from graph.batch import Batch
from graph.interaction import Interaction
from graph.log_record import record_of
from graph.profiles import Profiles


def test_actors_are_numbered_in_order_of_appearance_and_ordered_whatever_it_was() -> None:
    one, other = Actors(), Actors()
    assert one.intern(["ada", "bob", "ada", "cy"], 4).tolist() == [0, 1, 0, 2]
    assert other.intern(["cy", "bob", "ada"], 3).tolist() == [0, 1, 2]
    assert len(one) == 3
    names = [[actors.ids[k] for k in np.arange(3)[actors.order(np.arange(3, dtype=np.int32))]] for actors in (one, other)]
    assert names[0] == names[1]


def test_actors_whose_hashes_collide_are_ordered_by_id() -> None:
    actors = Actors()
    actors.intern(["bob", "ada", "cy"], 3)
    actors._hashes[:3] = 7
    assert actors.order(np.arange(3, dtype=np.int32)).tolist() == [1, 0, 2]


def test_an_actor_belongs_to_the_alphabetically_first_of_its_sources() -> None:
    actors = Actors()
    numbers = actors.intern(["ada", "bob"], 2)
    actors.place(numbers, actors.source_codes(["zulip", "zulip"]))
    actors.place(numbers[:1], actors.source_codes(["chat"]))
    actors.place(numbers[:1], actors.source_codes(["forum"]))
    assert [actors.source_names[code] for code in actors.sources(numbers).tolist()] == ["chat", "zulip"]
    assert Actors.load(actors.dump()).dump() == actors.dump()


def said(at: int, **fields: object) -> Interaction:
    return Interaction(theme="t", kind="post", occurred_at=at, **fields)  # type: ignore[arg-type] # fields of a record


@given(st.permutations(list(range(5))))
def test_the_latest_word_about_an_actor_wins_in_whatever_order_it_comes(order: list[int]) -> None:
    words = [
        said(1, actor_name="Ada", actor_type="bot", followers=9),
        said(2, actor_name="Ada L.", followers=7),
        said(2, actor_name="Ada B.", followers=8),
        said(3, no_rank=True),
        said(4),
    ]
    profiles = Profiles()
    profiles.extend(2)
    told = [words[k] for k in order]
    for part in (told[:2], told[2:]):
        profiles.observe(np.zeros(len(part), dtype=np.int32), Batch([record_of(part)]))
    for found in (profiles, Profiles.load(profiles.dump())):
        assert (found.names, found.actor_type(0)) == (["Ada L.", ""], "bot")
        assert found.bots(np.array([0, 1], dtype=np.int32)).tolist() == [True, False]
        assert found.listable(np.array([0, 1], dtype=np.int32)).tolist() == [False, True]
        counts, known = found.followers(np.array([0, 1], dtype=np.int32))
        assert (int(counts[0]), known.tolist()) == (8, [True, False])


def test_a_name_is_known_by_a_print_that_changes_with_it() -> None:
    profiles, both = Profiles(), np.array([0, 1], dtype=np.int32)
    profiles.extend(2)
    nameless = profiles.name_prints(both).tolist()
    for name in ("Ada", "Ada L."):
        profiles.observe(both[:1], Batch([record_of([said(len(name), actor_name=name)])]))
        assert profiles.name_prints(both).tolist() == [crc32(name.encode()), nameless[1]]
    profiles.forget(np.array([True, False]))
    assert profiles.name_prints(both).tolist() == nameless == [0, 0]
