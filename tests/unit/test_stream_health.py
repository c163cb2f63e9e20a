"""What an app shows: a closed vocabulary of metrics, and health that answers while the loop does not."""

import urllib.error
import urllib.request
from typing import get_args

from streams.health import Answers, HealthServer
from streams.metrics import HELP, LABELS, CounterName, GaugeName, HistogramName, Metrics


def ask(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_health_says_what_is_wrong_and_200_when_nothing_is() -> None:
    wrong: dict[str, str | None] = {"ill": None, "unready": "waiting for partitions"}
    answers = Answers(lambda: wrong["ill"], lambda: wrong["unready"], lambda: b"metric 1\n")
    with HealthServer("127.0.0.1", 0, answers) as server:
        assert ask(server.port, "/livez") == (200, b"ok\n")
        assert ask(server.port, "/readyz") == (503, b"waiting for partitions\n")
        wrong["ill"], wrong["unready"] = "the event loop is stuck", None
        assert ask(server.port, "/livez") == (503, b"the event loop is stuck\n")
        assert ask(server.port, "/readyz?x=1") == (200, b"ok\n")
        assert ask(server.port, "/metrics") == (200, b"metric 1\n")
        assert ask(server.port, "/secret")[0] == 404


def test_every_metric_is_named_with_help_and_no_help_or_label_without_metric() -> None:
    names = {*get_args(CounterName), *get_args(GaugeName), *get_args(HistogramName)}
    assert names == set(HELP)
    assert set(LABELS) <= names


def test_metrics_are_shown_with_their_labels_and_forgotten_when_dropped() -> None:
    metrics = Metrics()
    metrics.add("prescribers_dead_letters_total", 2, 0, "not_json")
    metrics.put("prescribers_lag", 7, "mentions", 3)
    assert b'prescribers_dead_letters_total{partition="0",reason="not_json"} 2.0' in metrics.text()
    assert b'prescribers_lag{partition="3",topic="mentions"} 7.0' in metrics.text()
    metrics.drop("prescribers_lag")
    assert b"prescribers_lag{" not in metrics.text()
