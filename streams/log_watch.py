"""Whether the logs that an app reads are still those that it began to read: offsets of one say nothing about another."""

import asyncio
from collections.abc import Callable, Sequence

from streams.halt import OutOfLogError
from streams.kafka_failures import KafkaUnreachableError
from streams.kafka_settings import KafkaSettings
from streams.log_identity import log_identity

EVERY_S = 5.0
PATIENCE_S = 5.0
Identify = Callable[[KafkaSettings, str, float], str]


class LogWatch:
    """Asks the broker in a thread, so that nothing waits for it. `keeper`: as in `streams.work`."""

    def __init__(
        self,
        kafka: KafkaSettings,
        topics: Sequence[str],
        keeper: str,
        *,
        identify: Identify = log_identity,
        every_s: float = EVERY_S,
    ) -> None:
        self._kafka = kafka
        self._keeper = keeper
        self._known = dict.fromkeys(topics, "")
        self._identify = identify
        self._every_s = every_s

    async def run(self) -> None:
        """Until cancelled. Raises `OutOfLogError` where a topic was deleted and made anew."""
        while True:
            for topic, known in self._known.items():
                found = await asyncio.to_thread(self._identity_of, topic)
                if "" not in (known, found) and found != known:
                    raise OutOfLogError(
                        f"Topic {topic} was deleted and made anew while it was read: what was read is of the old log, of which "
                        f"offsets say nothing in the new one. Remove the {self._keeper} to read the new log from its beginning, "
                        "then start again; and stop the apps before a topic is deleted."
                    )
                self._known[topic] = found or known
            await asyncio.sleep(self._every_s)

    def _identity_of(self, topic: str) -> str:
        """Nothing while the broker does not say: it is away, or the topic is."""
        try:
            return self._identify(self._kafka, topic, PATIENCE_S)
        except KafkaUnreachableError:
            return ""
