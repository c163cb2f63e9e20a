"""From bytes to interactions: what each record of the log says, and to which themes it goes."""

import json
from typing import Any

import pytest
from msgspec.structs import asdict

from graph.interaction import EVERY_THEME, Interaction
from graph.keys import identity_key
from graph.normalise import FUTURE_MS, Normaliser, Refusal
from graph.theme_settings import ThemeSettings

NOW = 1_800_000_000_000
ORIGIN = (3, 41)
EVENT: dict[str, Any] = {
    "schema": "mention.v1",
    "event_id": "e1",
    "source": "forum",
    "kind": "reply",
    "actor_id": "forum:ada",
    "occurred_at": NOW - 1000,
    "themes": ["lean"],
}


def normalised(normaliser: Normaliser | None = None, /, theme: str = "", **fields: object) -> list[Interaction]:
    """The interactions of EVENT with other fields; None leaves a field out."""
    found = refused_or_not(normaliser, theme=theme, **fields)
    assert isinstance(found, list), found
    return found


def refused_or_not(normaliser: Normaliser | None = None, /, theme: str = "", **fields: object) -> list[Interaction] | Refusal:
    event = {name: value for name, value in (EVENT | fields).items() if value is not None}
    return (normaliser or Normaliser()).normalise(json.dumps(event).encode(), NOW, ORIGIN, theme)


def test_every_field_of_the_event_reaches_the_log() -> None:
    (found,) = normalised(
        target_actor_id="forum:bob",
        object_id="m9",
        parent_id="m1",
        root_id="m0",
        mentions=["forum:cy", "forum:di"],
        text_hash=2**64 - 1,
        links=["example.org"],
        lang="fr",
        is_question=True,
        sentiment=-0.5,
        actor_name="Ada",
        url="https://forum.example/m9",
        client_app="web",
        followers=7,
        actor_type="person",
        sponsored=True,
        no_rank=True,
        visibility="unlisted",
        trust_level=0.25,
    )
    assert asdict(found) == {
        "theme": "lean",
        "kind": "reply",
        "occurred_at": NOW - 1000,
        "key": identity_key("forum", "e1"),
        "source": "forum",
        "event_id": "e1",
        "actor_id": "forum:ada",
        "received_at": NOW,
        "origin": ORIGIN,
        "copy": False,
        "parts": 0,
        "target_actor_id": "forum:bob",
        "object_id": "m9",
        "object_key": identity_key("forum", "m9"),
        "parent_id": "m1",
        "parent_key": identity_key("forum", "m1"),
        "root_id": "m0",
        "mentions": ("forum:cy", "forum:di"),
        "actor_name": "Ada",
        "url": "https://forum.example/m9",
        "client_app": "web",
        "actor_type": "person",
        "followers": 7,
        "lang": "fr",
        "is_question": True,
        "sentiment": -0.5,
        "links": ("example.org",),
        "text_hash": 2**64 - 1,
        "sponsored": True,
        "no_rank": True,
        "visibility": "unlisted",
        "trust_level": 0.25,
    }


def test_what_an_event_leaves_out_is_absent_from_the_log() -> None:
    (found,) = normalised()
    assert (found.target_actor_id, found.object_id, found.object_key, found.parent_key, found.mentions) == ("", "", 0, 0, ())
    assert (found.followers, found.actor_type, found.is_question, found.visibility) == (None, "unknown", None, "public")


def test_text_never_reaches_the_log_but_its_question_mark_does() -> None:
    assert normalised(text="Has anybody a proof?")[0].is_question is True
    assert normalised(text="Here is a proof.")[0].is_question is False
    assert normalised(text="A proof?", is_question=False)[0].is_question is False
    assert b"proof" not in repr(normalised(text="Has anybody a proof?")).encode()


def test_an_event_whose_object_is_itself_has_one_key() -> None:
    (found,) = normalised(object_id="e1")
    assert found.object_key == found.key == identity_key("forum", "e1")


def test_the_same_id_in_two_sources_has_two_keys() -> None:
    assert normalised()[0].key != normalised(source="chat")[0].key


def test_keys_depend_on_the_secret() -> None:
    assert normalised(Normaliser(secret=b"another"))[0].key == identity_key("forum", "e1", b"another") != normalised()[0].key


def test_an_event_of_several_themes_is_counted_once() -> None:
    found = normalised(themes=["lean", "coq", "lean"])
    assert [(one.theme, one.copy) for one in found] == [("lean", False), ("coq", True)]


def test_a_theme_named_by_the_event_beats_the_feed_and_the_feed_beats_the_rules() -> None:
    rules = Normaliser([ThemeSettings(name="ruled", sources=("forum",))])
    assert [one.theme for one in normalised(rules, theme="fed")] == ["lean"]
    assert [one.theme for one in normalised(rules, theme="fed", themes=None)] == ["fed"]
    assert [one.theme for one in normalised(rules, theme="fed", themes=[])] == ["fed"]
    assert [one.theme for one in normalised(rules, themes=None)] == ["ruled"]


def test_without_a_theme_from_anywhere_an_event_is_refused() -> None:
    found = refused_or_not(Normaliser([ThemeSettings(name="ruled", sources=("chat",))]), themes=None)
    assert isinstance(found, Refusal)
    assert found.reason == "no_theme"


def test_a_delete_goes_to_every_theme_once_whatever_it_names() -> None:
    for themes in (None, ["lean", "coq"]):
        (found,) = normalised(kind="delete", object_id="m9", themes=themes)
        assert (found.theme, found.copy, found.object_key) == (EVERY_THEME, False, identity_key("forum", "m9"))


def test_an_edit_is_a_statement_in_its_themes_and_undoes_the_old_one_everywhere() -> None:
    found = normalised(kind="edit", object_id="m9", parent_id="m1", themes=["lean", "coq"])
    assert [(one.theme, one.copy, one.kind) for one in found] == [
        ("lean", False, "edit"),
        ("coq", True, "edit"),
        (EVERY_THEME, True, "edit"),
    ]
    assert len({one.key for one in found}) == 1


def test_an_edit_without_a_theme_still_undoes() -> None:
    (found,) = normalised(kind="edit", object_id="m9", themes=None)
    assert (found.theme, found.copy) == (EVERY_THEME, False)


def test_registers_of_a_theme_say_who_is_staff_and_who_is_a_brand_there_only() -> None:
    normaliser = Normaliser(
        [
            ThemeSettings(
                name="lean", staff=("forum:ada", "forum:both"), brands=("forum:acme", "forum:both"), competitors=("forum:rival",)
            ),
            ThemeSettings(name="coq"),
        ]
    )

    def types(actor: str) -> list[str]:
        return [one.actor_type for one in normalised(normaliser, actor_id=actor, actor_type="person", themes=["lean", "coq"])]

    assert types("forum:ada") == ["staff", "person"]
    assert types("forum:both") == ["staff", "person"]
    assert types("forum:acme") == types("forum:rival") == ["brand", "person"]
    assert types("forum:cy") == ["person", "person"]


def test_an_event_up_to_five_minutes_ahead_of_the_broker_is_taken() -> None:
    assert normalised(occurred_at=NOW + FUTURE_MS)[0].occurred_at == NOW + 300_000


def test_private_events_are_taken_where_the_configuration_allows_them() -> None:
    assert normalised(Normaliser(allow_private=True), visibility="private")[0].visibility == "private"


def test_unknown_fields_are_ignored() -> None:
    assert normalised(shoe_size=44) == normalised()


def test_a_close_ends_its_feed_in_the_themes_it_names_or_in_all() -> None:
    def close(**fields: object) -> list[Interaction] | Refusal:
        value = json.dumps({"schema": "close.v1", "feed": "f1", "parts": 2} | fields).encode()
        return Normaliser().normalise(value, NOW, ORIGIN)

    everywhere, named, other = close(), close(themes=["lean", "coq"]), close(feed="f2")
    assert isinstance(everywhere, list)
    assert isinstance(named, list)
    assert isinstance(other, list)
    assert [(one.theme, one.kind, one.parts, one.copy) for one in everywhere] == [(EVERY_THEME, "close", 2, True)]
    assert [one.theme for one in named] == ["lean", "coq"]
    assert {one.key for one in named} == {everywhere[0].key} != {other[0].key}


@pytest.mark.parametrize(
    "value", [b'{"schema":"close.v1"}', b'{"schema":"close.v1","feed":"f","parts":"two"}', b'{"schema":"close.v2"}']
)
def test_a_close_that_is_none_is_of_an_unknown_schema(value: bytes) -> None:
    found = Normaliser().normalise(value, NOW, ORIGIN)
    assert isinstance(found, Refusal)
    assert found.reason == "unknown_schema"
