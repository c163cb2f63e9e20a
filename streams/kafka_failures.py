"""How Kafka fails, told to people: each message names the cause and the remedy in one line."""

import re
import socket

from streams.kafka_settings import KafkaSettings


class KafkaUnreachableError(ConnectionError):
    """No broker answers, or none lets us in. `address`: what was tried; `cause`: what happened there; `remedy`: what to do."""

    def __init__(self, address: str, cause: str, remedy: str) -> None:
        super().__init__(f"Kafka at {address} cannot be reached: {cause}. {remedy}")
        self.address = address
        self.cause = cause
        self.remedy = remedy


class TopicRefusedError(RuntimeError):
    """The cluster does not create a topic; says which and why."""

    def __init__(self, topic: str, cause: str) -> None:
        super().__init__(f"Kafka refuses to create topic {topic}: {cause}")
        self.topic = topic


class FeedError(RuntimeError):
    """The feed could not go on; says how far it came and how to continue."""


def unreachable(brokers: tuple[str, ...], cause: str) -> KafkaUnreachableError:
    """The error with the remedy that fits the cause: a refused login asks for something else than a closed port."""
    address = ", ".join(brokers)
    said = cause.lower()
    if "authentication" in said or "sasl" in said:
        remedy = "Check kafka.sasl_mechanism, kafka.sasl_username and kafka.sasl_password."
    elif "ssl" in said or "certificate" in said:
        remedy = "Check kafka.security_protocol and kafka.ca_file."
    elif "resolve" in said or "name or service" in said:
        remedy = "Check the host name in kafka.brokers (PRESCRIBERS_KAFKA__BROKERS)."
    else:
        remedy = "Start a broker (make kafka), or name another in kafka.brokers (PRESCRIBERS_KAFKA__BROKERS)."
    return KafkaUnreachableError(address, cause, remedy)


def cause_of_silence(settings: KafkaSettings, timeout_s: float = 2.0) -> str:
    """Why no broker answered, found by knocking at each: kafka-python only says that time is up."""
    silent = knock(settings, timeout_s)
    if silent:
        return silent
    return "the port answers, but " + (
        "not as Kafka does" if settings.security_protocol == "PLAINTEXT" else "authentication or TLS fails"
    )


def knock(settings: KafkaSettings, timeout_s: float = 2.0) -> str:
    """Why no port of the cluster opens; empty when one does."""
    causes = []
    for broker in settings.brokers:
        host, _, port = broker.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout_s).close()
        except socket.gaierror:
            causes.append(f"the name {host} cannot be resolved")
        except (OSError, ValueError) as error:
            causes.append(f"{broker} says {str(getattr(error, 'strerror', None) or error).lower()}")
        else:
            return ""
    return "; ".join(dict.fromkeys(causes))


def plain_cause(text: str) -> str:
    """The words of librdkafka without its bookkeeping: `host:1/…: Connect to … failed: Connection refused (after 0ms …)`."""
    return re.sub(r"\s*\((?:after|\d+ identical).*?\)", "", text.split("failed: ", 1)[-1].strip()).rstrip(".")
