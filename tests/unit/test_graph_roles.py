"""Each role by its published thresholds, in a small conversation, and who is ranked apart."""

from collections.abc import Iterator
from itertools import count

import pytest

from graph.partition_state import PartitionState
from graph.run import RankingRun
from graph.theme_settings import HOUR_MS, ThemeSettings
from tests.oracles.reference_act import Act
from tests.properties.interaction_records import THEME, to_records

START = 490_008 * HOUR_MS
RULES = ThemeSettings(
    name=THEME,
    window_ms=48 * HOUR_MS,
    half_life_ms=20 * HOUR_MS,
    step_ms=HOUR_MS,
    lateness_ms=0,
    seeds=tuple(f"v{number}" for number in range(20)),
)


class Talk:
    """A conversation in the making, an act a minute."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self._numbers: Iterator[int] = count(1)

    def say(self, actor: str, target: str = "", *, at: float | None = None, kind: str = "", **fields: object) -> None:
        """A reply to `target`, or a post; `at` in hours, else a minute after the last act."""
        number = next(self._numbers)
        last = self.acts[-1].at if self.acts else START
        moment = last + 60_000 if at is None else START + round(at * HOUR_MS)
        kind = kind or ("reply" if target else "post")
        self.acts.append(
            Act(key=number, at=moment, kind=kind, actor=actor, target=target, event=f"e{number}", object=f"e{number}", **fields)  # type: ignore[arg-type] # plain
        )

    def run(self, until: float) -> RankingRun:
        """The ranking at a time, in hours."""
        log = sorted(self.acts, key=lambda act: act.at)
        records = to_records([*log, Act(key=10**6, at=START + round(until * HOUR_MS), kind="close", feed_parts=1)])
        return PartitionState(0, {THEME: RULES}, whole_evidence=True).runs(range(len(records)), records)[-1]


def role(talk: Talk, actor: str, until: float = 30) -> str:
    run = talk.run(until)
    return str(dict(zip(run.rows["actor_id"], run.rows["role"], strict=True))[actor])


@pytest.fixture
def talk() -> Talk:
    """Everybody was there from the beginning, and ada is answered by believed people."""
    found = Talk()
    found.say("ada")
    for number in range(4):
        found.say(f"v{number}", "ada")
    return found


def test_who_is_answered_by_credible_people_is_a_prescriber(talk: Talk) -> None:
    assert role(talk, "ada") == "prescriber"


def test_who_is_hardly_answered_plays_no_part_yet(talk: Talk) -> None:
    talk.say("v0", "bob")
    assert role(talk, "bob") == ""


def test_who_replies_to_more_people_than_respond_is_a_facilitator(talk: Talk) -> None:
    for number in range(5):
        talk.say(f"v{number}", kind="post")
        talk.say("ada", f"v{number}")
    assert role(talk, "ada") == "facilitator"


def test_who_posts_much_and_replies_to_nobody_is_a_broadcaster(talk: Talk) -> None:
    for _ in range(10):
        talk.say("ada")
    assert role(talk, "ada") == "broadcaster"


def test_who_calls_on_many_and_is_answered_by_few_promotes_itself(talk: Talk) -> None:
    for number in range(12):
        talk.say("eve", f"v{number}", kind="mention")
    for number in range(3):
        talk.say(f"v{number}", "eve")
    assert role(talk, "eve") == "self-promoter"


def test_who_first_acted_lately_is_a_newcomer_once_the_theme_has_a_past(talk: Talk) -> None:
    for hour in range(1, 110, 2):
        for number in range(6):
            talk.say(f"v{number}", f"v{(number + hour) % 6}", at=hour + number / 10)
    talk.say("new", at=108.0)
    for number in range(4):
        talk.say(f"v{number}", "new", at=108.2 + number / 10)
    assert role(talk, "new", until=110) == "newcomer"
    assert role(talk, "v1", until=110) != "newcomer"


def test_whom_other_circles_respond_to_is_a_connector() -> None:
    talk = Talk()
    for start in (0, 6, 12):
        members = [f"v{start + k}" for k in range(6)]
        for left in members:
            for right in members:
                if left != right:
                    talk.say(left, right)
                    talk.say(left, right)
    for number in (0, 1, 2, 3, 6, 7, 8, 9, 12, 13, 14, 15):
        talk.say(f"v{number}", "joe")
    talk.say("v0", "v1", at=25.5)  # circles are found anew where an epoch begins
    run = talk.run(30)
    roles = dict(zip(run.rows["actor_id"], run.rows["role"], strict=True))
    assert roles["joe"] == "connector"
    assert len({circle for circle in run.rows["circle"] if circle}) >= 3


def test_staff_and_brands_are_ranked_apart_with_the_place_they_would_have(talk: Talk) -> None:
    for number in range(6):
        talk.say(f"v{number}", "helper")
    for number in range(2):
        talk.say(f"v{number}", "acme")
        talk.say(f"v{number}", "shy")
    talk.say("helper", actor_type="staff")
    talk.say("acme", actor_type="brand")
    talk.say("shy", actor_type="brand", no_rank=True)
    run = talk.run(30)
    assert not {"helper", "acme", "shy"} & set(run.rows["actor_id"])
    rows = [dict(zip(run.apart, values, strict=True)) for values in zip(*run.apart.values(), strict=True)]
    assert [(row["position"], row["actor_id"], row["role"], row["place"]) for row in rows] == [
        (1, "helper", "staff", 1),
        (2, "acme", "brand", 2),
    ]
    assert rows[0]["responders"] == 6
    assert rows[0]["score"] > run.rows["score"][0] > rows[1]["score"] > 0
