"""The feed of a soak: `python -m tests.chaos.soak_feed BROKER TOPIC RATE SECONDS`. Event times are those of the clock."""

import sys
import time

from confluent_kafka import Producer

from bench.conversation import Shape, mentions

THEMES = 4
PEOPLE = 5_000


def main(broker: str, topic: str, rate: int, seconds: float) -> None:
    """A second's events at a time, of a conversation that goes on; what cannot be made in time is left out, and said."""
    producer = Producer(
        {
            "bootstrap.servers": broker,
            "acks": "all",
            "compression.type": "lz4",
            "linger.ms": 50,
            "queue.buffering.max.messages": 500_000,
        }
    )
    start, sent, second = time.time(), 0, 0
    while (now := time.time()) < start + seconds:
        for number in range(THEMES):
            theme = f"soak{number}"
            first = (int(start) % 1_000_000 * 4 + second) * 1_000_000
            shape = Shape(
                events=rate // THEMES,
                theme=theme,
                start_ms=int(now * 1000) - 1000,
                span_ms=1000,
                seed=number,
                first=first,
                actors=PEOPLE,
            )
            for value in mentions(shape):
                producer.produce(topic, value, key=theme.encode())
                sent += 1
                if sent % 1000 == 0:
                    producer.poll(0)
        producer.flush(30)
        second += 1
        time.sleep(max(0.0, start + second - time.time()))
    print(f"fed {sent:,} events, {sent / (time.time() - start):,.0f} a second")  # noqa: T201 - a program


if __name__ == "__main__":
    broker_name, topic_name, rate_text, seconds_text = sys.argv[1:]
    main(broker_name, topic_name, int(rate_text), float(seconds_text))
