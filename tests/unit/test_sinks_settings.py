"""The warehouse's URL: every part is read, every wrong part is named, no password is shown."""

import pytest

from sinks.clickhouse.warehouse_settings import WarehouseSettings, WarehouseUrlError, parse_warehouse_url


def test_every_part_of_the_url_is_read() -> None:
    url = "clickhouse://ann%40home:p%2Fw%3A@db.example:9001/words?secure=true&verify=false&ca_file=ca.pem&cluster=all"
    assert parse_warehouse_url(url) == WarehouseSettings(
        host="db.example",
        port=9001,
        database="words",
        user="ann@home",
        password="p/w:",
        secure=True,
        verify=False,
        ca_file="ca.pem",
        cluster="all",
    )


@pytest.mark.parametrize(
    ("url", "port", "secure"),
    [
        ("clickhouse://h", 9000, False),
        ("clickhouse://h?secure=1", 9440, True),
        ("clickhouses://h", 9440, True),
        ("clickhouses://h:1", 1, True),
    ],
)
def test_what_is_left_out_has_a_default(url: str, port: int, secure: bool) -> None:  # noqa: FBT001 - data
    settings = parse_warehouse_url(url)
    assert (settings.port, settings.secure, settings.database, settings.user) == (port, secure, "prescribers", "default")


def test_an_ipv6_host_is_read() -> None:
    assert parse_warehouse_url("clickhouse://[::1]:9000/x").host == "::1"


def test_a_password_of_its_own_wins_over_the_url_s() -> None:
    assert parse_warehouse_url("clickhouse://u:old@h", password="new").password == "new"


def test_no_password_is_ever_shown() -> None:
    settings = parse_warehouse_url("clickhouse://u:hunter2@h/d")
    assert settings.url == "clickhouse://u:***@h:9000/d"
    assert "hunter2" not in f"{settings!r} {settings} {settings.address}"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://u:hunter2@h:8123", "scheme is 'http'"),
        ("clickhouse://", "names no host"),
        ("clickhouse://u:hunter2@h:port", "port is not a number"),
        ("clickhouse://u:hunter2@h:99999", "port is not a number"),
        ("clickhouse://u:hunter2@h/a;b", "the database may hold"),
        ("clickhouse://u:hunter2@h/d?cluster=a%20b", "the cluster may hold"),
        ("clickhouse://u:hunter2@h/d?secure=perhaps", "secure must be true or false"),
        ("clickhouse://u:hunter2@h/d?timeout=3", "unknown option 'timeout'"),
    ],
)
def test_a_wrong_part_is_named_with_an_example_and_without_the_password(url: str, problem: str) -> None:
    with pytest.raises(WarehouseUrlError) as refused:
        parse_warehouse_url(url)
    assert problem in str(refused.value)
    assert "an example: clickhouse://" in str(refused.value)
    assert "hunter2" not in str(refused.value)
