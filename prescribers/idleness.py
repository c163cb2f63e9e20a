"""When the pipeline has nothing left to do: every app has committed everything that its topics hold."""

import time
from collections.abc import Callable, Sequence

from prescribers.failures import UNREACHABLE, status_of
from streams.kafka_settings import KafkaSettings

ORDER = ("normalise", "rank", "store")
PAUSE_SECONDS = 0.5


class Idleness:
    """Asks the apps' lags in the order of the stream: once an app is drained, nothing new reaches the next but its own output."""

    def __init__(self, apps: Sequence[str], total_lag: Callable[[str], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._apps = [app for app in ORDER if app in apps]
        self._total_lag = total_lag
        self._clock = clock
        self._next = 0.0

    def __call__(self) -> bool:
        """True when all are drained. A broker that is away for a moment is no answer: ask again."""
        if self._clock() < self._next:
            return False
        try:
            return all(self._total_lag(app) == 0 for app in self._apps)
        except ConnectionError as error:
            if status_of(error) != UNREACHABLE:
                raise
            return False
        finally:
            self._next = self._clock() + PAUSE_SECONDS


def lag_of(kafka: KafkaSettings) -> Callable[[str], int]:
    """Total lag by app name, from what the consumer groups have committed; one connection per app, kept."""
    from streams.lag import LagReader, total_lag

    readers: dict[str, LagReader] = {}

    def lag(app: str) -> int:
        if app not in readers:
            readers[app] = LagReader(kafka, app)
        return total_lag(readers[app].read())

    return lag
