"""The `normalise` and `rank` apps, Kafka to Kafka, over Faust agents that take one event at a time."""

from bench.kafka_rounds import Seconds
from bench.outcome import Line, Outcome, ratios

TARGET = 20.0


def outcomes(seconds: Seconds) -> list[Line]:
    """Events per CPU second of ours over theirs."""
    return [
        Outcome(
            name=f"{app} app",
            peer="Faust, one event at a time",
            ratios=ratios(seconds[f"single {app}"], seconds[app]),
            target=TARGET,
            detail=f"{1 / min(seconds[app]):,.0f} against {1 / min(seconds[f'single {app}']):,.0f} events per CPU second",
        )
        for app in ("normalise", "rank")
    ]
