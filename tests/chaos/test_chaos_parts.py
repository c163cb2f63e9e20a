"""The parts of the chaos harness: what a seed decides can be repeated, the proxy misbehaves as told, a wrong row is seen."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from typing import get_args

import pytest

from graph.normalise import Normaliser, Refusal
from tests.chaos.fault_plan import Fault, plan_faults
from tests.chaos.injector import PROXY_MODES
from tests.chaos.planted_feed import COMMUNITIES, SPAN_MS, WINDOW_MS, plan_feed, theme_settings
from tests.chaos.shown_rows import differences, fates_of
from tests.chaos.tcp_proxy import LOOPBACK, Mode, TcpProxy

NOW_MS = 1_790_000_000_000


def test_a_seed_decides_the_feed_and_the_faults() -> None:
    assert plan_feed(7, 2000, NOW_MS, 80) == plan_feed(7, 2000, NOW_MS, 80)
    assert plan_feed(7, 2000, NOW_MS, 80) != plan_feed(8, 2000, NOW_MS, 80)
    assert plan_faults(7, 60) == plan_faults(7, 60)
    assert plan_faults(7, 60) != plan_faults(8, 60)


@pytest.mark.parametrize("seed", range(1, 6))
def test_two_minutes_have_every_kind_of_fault_and_of_trouble(seed: int) -> None:
    assert {injection.fault for injection in plan_faults(seed, 120)} == {*get_args(Fault)}
    _, trouble = plan_feed(seed, 9600, NOW_MS, 80)
    wanted = {"malformed", "future-dated", "late", "out of order", "duplicate", "after its answers", "edits", "deletes"}
    assert wanted <= {name for name, number in trouble.items() if number >= 10}


def test_a_community_keeps_to_one_partition_and_its_closes_come_last() -> None:
    feed, _ = plan_feed(3, 2000, NOW_MS, 80)
    assert len({record.partition for record in feed}) == COMMUNITIES
    by_partition = {record.partition: record.value for record in feed}
    assert all(b"close.v1" in value for value in by_partition.values())


def test_the_window_slides_over_everything_several_times() -> None:
    assert SPAN_MS > 3 * WINDOW_MS
    assert all(theme.horizon_ms < SPAN_MS / 3 for theme in theme_settings().values())


def test_so_little_is_refused_that_the_brake_lets_it_pass() -> None:
    feed, _ = plan_feed(5, 20_000, NOW_MS, 80)
    normaliser = Normaliser(tuple(theme_settings().values()))
    refused = [isinstance(normaliser.normalise(r.value, r.stamp_ms, (r.partition, k)), Refusal) for k, r in enumerate(feed)]
    assert 0.003 < sum(refused) / len(feed) < 0.01


def test_a_row_that_is_missing_wrong_or_doubled_is_told() -> None:
    rows = {"fates": Counter({"{'fate': 'state', 'events': 3}": 1, "{'fate': 'late', 'events': 2}": 1}), "themes": Counter("ab")}
    assert differences(rows, rows) == []
    assert fates_of(rows) == 5
    assert differences(rows, rows | {"themes": Counter("a")}) == ["themes: 1 missing, 0 extra: missing b"]
    assert differences(rows, rows | {"themes": Counter("abb")}) == ["themes: 0 missing, 1 extra: extra b"]


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that says back what it hears; its port."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        threading.Thread(target=_serve_echo, args=(listener,), daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


def _serve_echo(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_say_back, args=(connection,), daemon=True).start()


def _say_back(connection: socket.socket) -> None:
    with connection:
        try:
            while heard := connection.recv(1000):
                connection.sendall(heard)
        except OSError:
            return


def test_the_proxy_passes_what_it_is_given(echo: int) -> None:
    with TcpProxy(echo) as proxy, socket.create_connection((LOOPBACK, proxy.port), 5) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"hello"


def test_a_refusing_proxy_cuts_what_is_open_and_comes_back(echo: int) -> None:
    with TcpProxy(echo) as proxy:
        with socket.create_connection((LOOPBACK, proxy.port), 5) as client:
            client.sendall(b"a")
            assert client.recv(10) == b"a"
            proxy.behave("refuse")
            assert said_or_cut(client) == b""
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((LOOPBACK, proxy.port), 5)
        proxy.behave("pass")
        with socket.create_connection((LOOPBACK, proxy.port), 5) as client:
            client.sendall(b"b")
            assert client.recv(10) == b"b"


def test_a_resetting_proxy_lets_so_many_bytes_through(echo: int) -> None:
    with TcpProxy(echo) as proxy, socket.create_connection((LOOPBACK, proxy.port), 5) as client:
        proxy.behave("reset", after_bytes=3)
        client.sendall(b"abc")
        assert client.recv(10) == b"abc"
        client.sendall(b"d")
        assert said_or_cut(client) == b""


def test_a_swallowed_answer_never_comes_and_its_connection_ends(echo: int) -> None:
    with TcpProxy(echo) as proxy, socket.create_connection((LOOPBACK, proxy.port), 5) as client:
        proxy.behave("swallow")
        client.sendall(b"a")
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.recv(10)
        proxy.behave("pass")
        client.settimeout(5)
        assert said_or_cut(client) == b""


def test_a_stalled_answer_comes_afterwards(echo: int) -> None:
    with TcpProxy(echo) as proxy, socket.create_connection((LOOPBACK, proxy.port), 5) as client:
        proxy.behave("stall")
        client.sendall(b"a")
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.recv(10)
        proxy.behave("pass")
        client.settimeout(5)
        assert client.recv(10) == b"a"


def said_or_cut(client: socket.socket) -> bytes:
    """What comes, nothing where the connection is reset."""
    try:
        return client.recv(100)
    except ConnectionResetError:
        return b""


def test_every_mode_is_known_to_the_injector() -> None:
    assert {*PROXY_MODES.values()} == {*get_args(Mode)} - {"pass"}
    assert {*PROXY_MODES} <= {*get_args(Fault)}
