"""Which themes an event belongs to that names none."""

import pytest

from graph.mention import Mention
from graph.theme_rules import ThemeRules
from graph.theme_settings import ThemeSettings

RULES = ThemeRules(
    [
        ThemeSettings(name="words", keywords=("lean4", "#ProofAssistant", "c++", "théorème", "formal proof")),
        ThemeSettings(name="sources", sources=("zulip:lean",)),
        ThemeSettings(name="people", accounts=("s:ada",), staff=("s:staff",), brands=("s:acme",), competitors=("s:rival",)),
        ThemeSettings(name="again", sources=("zulip:lean",), keywords=("lean4",)),
        ThemeSettings(name="nothing"),
    ]
)


def themes(
    *,
    text: str | None = None,
    source: str = "s",
    actor: str = "s:somebody",
    target: str | None = None,
    mentions: tuple[str, ...] | None = None,
) -> tuple[str, ...]:
    return RULES.match(
        Mention(
            schema="mention.v1",
            event_id="e",
            source=source,
            kind="post",
            actor_id=actor,
            occurred_at=0,
            text=text,
            target_actor_id=target,
            mentions=mentions,
        )
    )


@pytest.mark.parametrize(
    "text",
    ["#proofassistant", "a ProofAssistant!", "in C++, say", "un THÉORÈME", "a formal proof", "see (#ProofAssistant)"],
)
def test_a_keyword_matches_as_a_whole_word_case_and_hash_aside(text: str) -> None:
    assert themes(text=text) == ("words",)


@pytest.mark.parametrize("text", ["lean", "lean42", "xlean4", "clean4", "a formal, proof", "proofassistants", "théorèmes", ""])
def test_a_part_of_a_word_is_no_match(text: str) -> None:
    assert themes(text=text) == ()


@pytest.mark.parametrize("account", ["s:ada", "s:staff", "s:acme", "s:rival"])
def test_an_account_matches_as_author_target_or_mention(account: str) -> None:
    assert themes(actor=account) == themes(target=account) == themes(mentions=("s:x", account)) == ("people",)


def test_a_source_matches() -> None:
    assert themes(source="zulip:lean") == ("again", "sources")


def test_an_event_belongs_to_every_theme_that_matches_once_in_order_of_name() -> None:
    assert themes(source="zulip:lean", text="lean4", actor="s:ada", target="s:acme") == ("again", "people", "sources", "words")


def test_nothing_matches_without_rules() -> None:
    assert (
        ThemeRules([]).match(
            Mention(schema="mention.v1", event_id="e", source="s", kind="post", actor_id="a", occurred_at=0, text="x")
        )
        == ()
    )
