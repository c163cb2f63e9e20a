"""The `rank` app, Kafka to state, over bare aiokafka `getmany` with msgspec's decode of the same records."""

from bench.kafka_rounds import Seconds
from bench.outcome import Line, Outcome, ratios

TARGET = 0.6


def outcomes(seconds: Seconds) -> list[Line]:
    """Events per CPU second of ours over theirs; ours also keeps state, publishes every act and saves snapshots."""
    return [
        Outcome(
            name="rank app, Kafka to state",
            peer="aiokafka getmany + msgspec",
            ratios=ratios(seconds["bare rank"], seconds["rank"]),
            target=TARGET,
            detail=f"{1 / min(seconds['rank']):,.0f} against {1 / min(seconds['bare rank']):,.0f} events per CPU second",
        )
    ]
