"""Records between the processes: each form read back as it was written, and anything else refused."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from graph.dead_letter import DeadLetter, from_headers, to_headers
from graph.interaction import Interaction
from graph.keys import digest_hex, identity_key
from graph.log_record import decode_interaction, decode_interactions, encode_interaction, record_of
from graph.publication import (
    Acts,
    ApartRows,
    CentralityRows,
    CoveringRows,
    EvidenceRows,
    Publication,
    RankingRows,
    ReceiptRows,
    RunClosed,
    Tally,
    decode_publication,
    encode_publication,
)
from graph.run import ROW_COLUMNS, RankingRun
from graph.theme_settings import DAY_MS, ThemeSettings

ACT = Interaction(
    theme="t", kind="reply", occurred_at=5, key=2**64 - 1, actor_id="é", mentions=("a", "b"), origin=(1, 2), sentiment=0.1
)


def test_an_interaction_is_read_back_as_written() -> None:
    assert decode_interaction(encode_interaction(ACT)) == ACT
    assert decode_interactions(
        [encode_interaction(ACT), encode_interaction(Interaction(theme="", kind="tick", occurred_at=1))]
    ) == [
        ACT,
        Interaction(theme="", kind="tick", occurred_at=1),
    ]
    assert decode_interactions([]) == []


RECORD = b'{"theme":"t","kind":["post"],"occurred_at":[1]}'
TICK = b'"kind":["tick","post"],"occurred_at":[1,1]}'


@pytest.mark.parametrize(
    "value",
    [
        *(b"", b"{}", b"[]", RECORD + b"," + RECORD, RECORD.replace(b"post", b"like"), RECORD.replace(b"[1]", b"[]")),
        *(RECORD.replace(b'"post"', b""), RECORD.replace(b"[1]", b'[1,2,3],"key":[1,2]')),
        *(b'{"theme":"t",' + TICK, b'{"theme":"",' + TICK.replace(b"tick", b"post")),
    ],
)
def test_what_no_normaliser_wrote_is_refused(value: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode_interaction(value)


def test_a_column_in_which_all_acts_agree_has_one_entry_and_one_without_a_word_none() -> None:
    acts = [replace(ACT, key=number) for number in range(3)]
    record = record_of(acts)
    assert (record.source, record.kind, record.key, record.origin_offset) == ([], ["reply"], [0, 1, 2], [2])
    assert record.acts() == acts
    assert record.part([2, 0]).acts() == [acts[2], acts[0]]


@pytest.mark.parametrize(
    "publication",
    [
        Acts(theme="t", weights={"reply": 1.0}, records=[record_of([ACT])], late=[0], targets=[(0, "a")]),
        RankingRows(theme="t", run_id="r", window_end=1, score_version="v", columns={"rank": [1], "score": [0.1]}),
        EvidenceRows(theme="t", run_id="r", window_end=1, columns={"position": [1]}),
        ApartRows(theme="t", run_id="r", window_end=1, score_version="v", columns={"place": [1]}),
        CentralityRows(theme="t", run_id="r", window_end=1, score_version="v", columns={"rank": [1], "brokerage": [None]}),
        CoveringRows(theme="t", run_id="r", window_end=1, score_version="v", columns={"position": [1], "share": [0.5]}),
        ReceiptRows(theme="t", run_id="r", window_end=1, score_version="v", columns={"cause": ["decay"], "points": [-0.5]}),
        Tally(theme="t", partition=0, next_offset=9, state=1, late=2, duplicate=3, parked=4, unresolved=5, evicted=6),
        RunClosed(
            theme="t",
            run_id="r",
            window_end=1,
            score_version="v",
            config_hash="c",
            watermark=2,
            window_ms=3,
            half_life_ms=4,
            step_ms=5,
            preset="recommend",
            rows=6,
            evidence_rows=7,
            cold_start=True,
            seeds=8,
            conversion_mean=0.1,
            origins={"0": 9},
            coverage={"s": 10},
            half_lives={"s": 11},
            plain_sources=["s"],
            backtests={"s": 12},
        ),
    ],
)
def test_a_publication_is_read_back_as_written(publication: Publication) -> None:
    assert decode_publication(encode_publication(publication)) == publication


def test_the_closing_record_of_an_older_rank_is_read() -> None:
    said = b'{"type":"run","theme":"t","run_id":"r","window_end":1,"score_version":"v","config_hash":"c","watermark":2,'
    said += b'"window_ms":3,"half_life_ms":4,"step_ms":5,"preset":"recommend","rows":6,"evidence_rows":7,"cold_start":true,'
    said += b'"seeds":8,"conversion_mean":0.1,"origins":{},"coverage":{}}'
    run = decode_publication(said)
    assert isinstance(run, RunClosed)
    assert (run.half_lives, run.plain_sources, run.backtests) == ({}, [], {})


@pytest.mark.parametrize("given", [{}, {"theme": "thé", "key": b"\xff\x00"}, {"key": b""}, {"log_id": "l"}])
def test_a_dead_letter_is_read_back_from_its_headers_with_its_bytes_unchanged(given: dict[str, Any]) -> None:
    what = {"reason": "not_json", "detail": "é: broken", "payload": b"\xff\x00{"} | given
    letter = DeadLetter(topic="mentions", partition=1, offset=2, received_at=3, **what)
    assert from_headers(to_headers(letter), letter.payload) == letter
    assert all(isinstance(value, bytes) for _, value in to_headers(letter))


def test_a_dead_letter_without_its_headers_is_no_dead_letter() -> None:
    with pytest.raises(KeyError):
        from_headers([], b"")
    with pytest.raises(ValueError, match="invalid literal"):
        from_headers([(name, b"x") for name in ("topic", "partition", "offset", "received_at", "reason", "detail")], b"")


def test_identity_keys_are_never_zero_and_differ_by_source_id_and_secret() -> None:
    keys = {
        identity_key("a", "b"),
        identity_key("a\0b", ""),
        identity_key("b", "a"),
        identity_key("a", "b", b"other"),
        identity_key("", "\ud800"),
    }
    assert len(keys) == 5
    assert all(0 < key < 2**64 for key in keys)


def test_a_digest_names_data_by_a_few_bytes() -> None:
    assert len(digest_hex(b"x")) == 12
    assert digest_hex(b"x", 2) != digest_hex(b"y", 2)


def test_settings_know_their_horizon_and_name_themselves() -> None:
    settings = ThemeSettings(name="t")
    assert settings.horizon_ms == 42 * DAY_MS
    assert settings.config_hash == ThemeSettings(name="t").config_hash != ThemeSettings(name="t", preset="help").config_hash


def test_a_run_is_listed_as_one_dict_per_actor_with_the_runs_own_fields() -> None:
    run = RankingRun(
        theme="t",
        run_id="r",
        window_end=1,
        score_version="v",
        config_hash="c",
        watermark=2,
        window_ms=3,
        half_life_ms=4,
        step_ms=5,
        preset="recommend",
        score_name="recommend",
        shadow=False,
        cold_start=False,
        seeds=0,
        conversion_mean=0.0,
        origins={},
        coverage={},
        half_lives={},
        plain_sources=[],
        backtests={},
        rows={name: [name, None] for name in ROW_COLUMNS},
        evidence={},
        apart={},
        receipts={},
        centralities={},
        covering={},
    )
    first, second = run.ranked()
    assert first == {"theme": "t", "window_end": 1, "score_version": "v", "run_id": "r"} | {name: name for name in ROW_COLUMNS}
    assert second["rank"] is None
