import socket
from dataclasses import replace

import pytest

from streams.broker_options import kafka_python_options, librdkafka_options
from streams.kafka_failures import cause_of_silence, knock, plain_cause, unreachable
from streams.kafka_settings import KafkaSettings, Secret
from streams.topic_layout import Topic
from streams.topics import TopicDifference, TopicMismatchError

SECURED = KafkaSettings(
    brokers=("a:1", "b:2"), security_protocol="SASL_SSL", sasl_username="me", sasl_password=Secret("hush"), ca_file="ca.pem"
)


@pytest.mark.parametrize(
    ("cause", "setting"),
    [
        ("connection refused", "make kafka"),
        ("SASL authentication error", "kafka.sasl_password"),
        ("SSL handshake failed", "kafka.ca_file"),
        ("the name x cannot be resolved", "host name"),
    ],
)
def test_the_remedy_fits_the_cause(cause: str, setting: str) -> None:
    error = unreachable(("x:1",), cause)
    assert setting in error.remedy
    assert str(error).startswith(f"Kafka at x:1 cannot be reached: {cause}. ")


def test_an_open_port_is_no_silence_and_a_closed_one_says_why() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        broker = f"127.0.0.1:{server.getsockname()[1]}"
        open_one = KafkaSettings(brokers=("127.0.0.1:1", broker))
        assert knock(open_one) == ""
        assert "not as Kafka" in cause_of_silence(open_one)
        assert "authentication" in cause_of_silence(replace(open_one, security_protocol="SASL_PLAINTEXT"))
    assert "connection refused" in knock(KafkaSettings(brokers=(broker,)))
    assert "a port" not in knock(KafkaSettings(brokers=("no-port",)))
    assert knock(KafkaSettings(brokers=("no-port",)))


def test_the_words_of_librdkafka_lose_their_bookkeeping() -> None:
    said = "127.0.0.1:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT)"
    assert plain_cause(said) == "Connection refused"
    assert plain_cause("Local: Message timed out") == "Local: Message timed out"


def test_both_clients_get_the_same_security() -> None:
    python = kafka_python_options(SECURED)
    c = librdkafka_options(SECURED, print)
    assert (python["security_protocol"], python["sasl_plain_username"], python["sasl_plain_password"]) == (
        "SASL_SSL",
        "me",
        "hush",
    )
    assert (c["security.protocol"], c["sasl.username"], c["sasl.password"]) == ("SASL_SSL", "me", "hush")
    assert python["ssl_cafile"] == c["ssl.ca.location"] == "ca.pem"
    assert c["bootstrap.servers"].split(",") == python["bootstrap_servers"] == ["a:1", "b:2"]


def test_without_security_no_secret_is_handed_over() -> None:
    plain = replace(SECURED, security_protocol="PLAINTEXT", ca_file="")
    assert "hush" not in repr(kafka_python_options(plain)) + repr(librdkafka_options(plain, print))


def test_missing_and_mismatched_are_different_things() -> None:
    topic = Topic("t", 6)
    states = [
        (TopicDifference(topic=topic, has=has).missing, TopicDifference(topic=topic, has=has).mismatch) for has in (0, 3, 6)
    ]
    assert states == [(True, False), (False, True), (False, False)]
    assert "wants 6" in str(TopicMismatchError("t", has=3, wants=6))
