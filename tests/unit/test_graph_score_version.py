"""Score versions in words, and what the presets of weights have in common. docs/ranking.md, section 2."""

from dataclasses import replace

import pytest

from graph.kinds import PRESETS
from graph.score_parameters import DEFAULT, ScoreParameters
from graph.score_version import MOST_SHADOWS, ScoreVersion, parse_score, parse_shadows, split_scores
from graph.theme_settings import ThemeSettings, scored_by


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_weighs_acts_that_take_trouble_no_less(preset: str) -> None:
    weights = PRESETS[preset]
    assert set(weights) == {"reply", "quote", "accept", "vouch", "repost", "mention", "reaction"}
    assert all(0 < weight <= 1 for weight in weights.values())
    assert min(weights["accept"], weights["vouch"]) >= weights["reply"]
    assert weights["quote"] >= weights["repost"]
    assert weights["mention"] >= 5 * weights["reaction"]


def test_the_presets_of_the_objectives_are_there_and_differ() -> None:
    assert set(PRESETS) == {"recommend", "help", "detract", "launch"}
    assert len({ScoreVersion(preset).name for preset in PRESETS}) == len(PRESETS)


def test_a_score_is_a_preset_and_parameters() -> None:
    assert parse_score("help") == ScoreVersion("help", DEFAULT)
    assert parse_score("recommend").name == DEFAULT.version("recommend")
    found = parse_score("recommend, tau=0.5, steps=4")
    assert found == ScoreVersion("recommend", ScoreParameters(tau=0.5, steps=4))
    assert found.name not in {parse_score("recommend").name, parse_score("recommend,tau=0.5").name}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("loud", 'no preset "loud", there are: recommend, help'),
        ("help,followers=1", 'no parameter "followers", there are: backtests'),
        ("help,tau", 'tau = "": a number from 0 on'),
        ("help,tau=-1", 'tau = "-1": a number from 0 on'),
        ("help,tau=nan", "a number from 0 on"),
        ("help,steps=1.5", 'steps = "1.5": a whole number from 0 on'),
        ("help,half_lives=1", 'no parameter "half_lives"'),
    ],
)
def test_what_is_no_score_is_refused_with_what_there_is(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_score(text)


def test_a_theme_under_another_score_is_another_configuration() -> None:
    theme = ThemeSettings(name="lean", seeds=("a",))
    other = scored_by(parse_score("help,tau=0.1"), theme)
    assert (other.name, other.seeds, other.preset, other.parameters.tau) == ("lean", ("a",), "help", 0.1)
    assert other.config_hash != theme.config_hash


@pytest.mark.parametrize(
    "text", ["help", "recommend,tau=0.5", "launch,steps=4,tau=0.1,lift_exponent=0.3333", "help,tau=0.12345678901234"]
)
def test_a_version_says_in_words_how_it_differs_and_is_read_back(text: str) -> None:
    score = parse_score(text)
    assert parse_score(score.words) == score
    assert sorted(score.words.split(",")) == sorted(text.split(","))
    assert parse_score("help,tau=0.05,damping=0.7").words == "help"


def test_shadows_change_nothing_that_the_theme_s_own_score_yields() -> None:
    theme = ThemeSettings(name="lean")
    beside = replace(theme, shadow=(parse_score("help"),))
    assert beside.config_hash == theme.config_hash
    assert scored_by(parse_score("help"), beside) == scored_by(parse_score("help"), theme)


def test_shadows_are_other_scores_and_few() -> None:
    own = ScoreVersion("recommend")
    assert parse_shadows(["help", "recommend,tau=0.5"], own) == (parse_score("help"), parse_score("recommend,tau=0.5"))
    assert parse_shadows([], own) == ()
    for texts, said in (
        (["recommend,tau=0.05"], '"recommend,tau=0.05" is the theme\'s own score'),
        (["help", "help,steps=8"], '"help,steps=8" is the same score as "help"'),
        (["help,tau=a"], "a number from 0 on"),
        ([f"help,tau=0.{k}" for k in range(1, MOST_SHADOWS + 2)], "5 shadows are more than the 4"),
    ):
        with pytest.raises(ValueError, match=said):
            parse_shadows(texts, own)


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("", []),
        ("help", ["help"]),
        ("help, recommend,tau=0.5 ,steps=4,launch", ["help", "recommend,tau=0.5,steps=4", "launch"]),
        ("tau=0.5,help", ["tau=0.5", "help"]),
    ],
)
def test_scores_are_parted_by_commas_and_keep_their_parameters(text: str, scores: list[str]) -> None:
    assert split_scores(text) == scores
