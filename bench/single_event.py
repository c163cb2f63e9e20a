"""The peer: Faust agents as its manual writes them, one event at a time, doing what `normalise` and `rank` do to each."""

import faust
from faust.types import EventT, StreamT

from graph.interaction import Interaction, decode_interaction, encode_interaction
from graph.normalise import Normaliser
from streams.kafka_settings import KafkaSettings

COMMIT_S = 0.5
ACT = b'{"type":"acts","events":[%s]}'


def run_single_normalise(kafka: KafkaSettings, data: str) -> None:
    """Validate, key and forward each event by itself. Blocks until a signal."""
    app = _app(kafka, "normalise", data)
    normaliser = Normaliser()
    out = app.topic(kafka.interactions, key_serializer="raw", value_serializer="raw")

    @app.agent(app.topic(kafka.mentions, key_serializer="raw", value_serializer="raw"))
    async def normalise(stream: StreamT[bytes]) -> None:
        async for event in stream.events():
            received_at, origin = _place(event)
            result = normaliser.normalise(event.value, received_at, origin)
            if isinstance(result, list):
                for interaction in result:
                    await out.send(key=interaction.theme.encode(), value=encode_interaction(interaction))

    _work(app)


def run_single_rank(kafka: KafkaSettings, data: str) -> None:
    """Decode, deduplicate, intern, append and publish each event by itself, in plain Python. Blocks until a signal."""
    app = _app(kafka, "rank", data)
    state = PlainState()
    out = app.topic(kafka.rankings, key_serializer="raw", value_serializer="raw")

    @app.agent(app.topic(kafka.interactions, key_serializer="raw", value_serializer="raw"))
    async def rank(stream: StreamT[bytes]) -> None:
        async for event in stream.events():
            interaction = decode_interaction(event.value)
            if state.take_in(interaction):
                await out.send(key=interaction.theme.encode(), value=ACT % event.value)

    _work(app)


class PlainState:
    """Dicts and lists; less than `rank` keeps (no parked replies, undoings, windows or snapshots), in the peer's favour."""

    def __init__(self) -> None:
        self._actors: dict[str, int] = {}
        self._authors: dict[int, int] = {}
        self._seen: set[int] = set()
        self._rows: list[tuple[int, int, int, str]] = []
        self._profiles: dict[int, tuple[int, str, int | None]] = {}
        self._references: dict[int, tuple[str, str]] = {}

    def take_in(self, event: Interaction) -> bool:
        """Add one interaction; False where it came before."""
        if event.key in self._seen:
            return False
        self._seen.add(event.key)
        actor = self._number(event.actor_id)
        if event.object_key:
            self._authors[event.object_key] = actor
        target = self._number(event.target_actor_id) if event.target_actor_id else self._authors.get(event.parent_key, -1)
        self._rows.append((event.occurred_at, actor, target, event.kind))
        self._profiles[actor] = (event.occurred_at, event.actor_name, event.followers)
        self._references[event.key] = (event.object_id, event.url)
        return True

    def _number(self, actor_id: str) -> int:
        return self._actors.setdefault(actor_id, len(self._actors))


def _place(event: EventT[bytes]) -> tuple[int, tuple[int, int]]:
    message = event.message
    return int(message.timestamp * 1000), (message.partition, message.offset)


def _app(kafka: KafkaSettings, name: str, data: str) -> faust.App:
    return faust.App(
        kafka.group(name),
        broker=[f"kafka://{broker}" for broker in kafka.brokers],
        datadir=data,
        autodiscover=False,
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        consumer_auto_offset_reset="earliest",
        broker_commit_interval=COMMIT_S,
        stream_wait_empty=False,
    )


def _work(app: faust.App) -> None:
    faust.Worker(app, loglevel="ERROR", quiet=True, redirect_stdouts=False).execute_from_commandline()
