"""The peer: Faust agents as its manual writes them, one event at a time, doing what `normalise` and `rank` do to each."""

from dataclasses import dataclass

import faust
import msgspec
import orjson
from faust.types import EventT, StreamT

from graph.interaction import Interaction
from graph.kinds import PRESETS
from graph.normalise import Normaliser
from graph.theme_settings import DAY_MS
from streams.kafka_settings import KafkaSettings

COMMIT_S = 0.5
ACT = b'%s,"events":[%s]}'
WEIGHTS = PRESETS["recommend"]
LATENESS_MS, HORIZON_MS = 600_000, 42 * DAY_MS
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Interaction).decode
OWN_WORDS = frozenset({"post", "reply", "quote", "mention"})


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
                    await out.send(key=interaction.theme.encode(), value=_encode(interaction))

    _work(app)


def run_single_rank(kafka: KafkaSettings, data: str) -> None:
    """Decode, judge, intern, append and publish each event by itself, in plain Python. Blocks until a signal."""
    app = _app(kafka, "rank", data)
    state = PlainState()
    out = app.topic(kafka.rankings, key_serializer="raw", value_serializer="raw")

    @app.agent(app.topic(kafka.interactions, key_serializer="raw", value_serializer="raw"))
    async def rank(stream: StreamT[bytes]) -> None:
        async for event in stream.events():
            interaction = _decode(event.value)
            head = state.take_in(interaction)
            if head is not None:
                await out.send(key=interaction.theme.encode(), value=ACT % (head, event.value))

    _work(app)


class PlainState:
    """What `rank` decides of each event, in dicts and lists: late, duplicate or state; rows, parents, profiles, messages, fates.

    In its favour it never expires anything, waits for no parent, undoes nothing, ranks nothing and saves nothing.
    """

    def __init__(self) -> None:
        self._actors: dict[str, int] = {}
        self._authors: dict[int, int] = {}
        self._seen: set[int] = set()
        self._rows: list[tuple[int, int, int, str, bool]] = []
        self._profiles: dict[int, Profile] = {}
        self._references: dict[int, tuple[str, str]] = {}
        self._origins: dict[int, int] = {}
        self._furthest = 0
        self.fates = {"state": 0, "late": 0, "duplicate": 0}

    def take_in(self, event: Interaction) -> bytes | None:
        """Add one interaction; returns the head of what is published of it, None where it came before."""
        fate = self._judge(event)
        partition, offset = event.origin
        self._origins[partition] = max(offset, self._origins.get(partition, -1))
        self.fates[fate] += not event.copy
        if fate == "duplicate":
            return None
        late, targets = ([0], []) if fate == "late" else ([], self._add(event))
        return orjson.dumps({"type": "acts", "theme": event.theme, "weights": WEIGHTS, "late": late, "targets": targets})[:-1]

    def _judge(self, event: Interaction) -> str:
        if event.occurred_at <= self._furthest - LATENESS_MS - HORIZON_MS:
            return "late"
        if event.key in self._seen:
            return "duplicate"
        self._furthest = max(self._furthest, min(event.occurred_at, event.received_at))
        return "state"

    def _add(self, event: Interaction) -> list[tuple[int, str]]:
        self._seen.add(event.key)
        actor = self._number(event.actor_id)
        own = event.kind in OWN_WORDS and event.object_key not in self._authors
        if event.object_key:
            self._authors[event.object_key] = actor
        target = self._number(event.target_actor_id) if event.target_actor_id else self._authors.get(event.parent_key, -1)
        self._rows.append((event.occurred_at, actor, target, event.kind, own))
        self._rows += [(event.occurred_at, actor, self._number(named), "mention", False) for named in event.mentions]
        self._profiles.setdefault(actor, Profile()).heed(event)
        self._references[event.key] = (event.object_id, event.url)
        return [] if event.target_actor_id or target < 0 else [(0, str(target))]

    def _number(self, actor_id: str) -> int:
        return self._actors.setdefault(actor_id, len(self._actors))


@dataclass(slots=True)
class Profile:
    """What was last said of an actor, each with its time."""

    name: tuple[int, str] = (-1, "")
    followers: tuple[int, int] = (-1, 0)
    actor_type: tuple[int, str] = (-1, "unknown")
    objects: bool = False

    def heed(self, event: Interaction) -> None:
        """The later statement wins."""
        if event.actor_name:
            self.name = max(self.name, (event.occurred_at, event.actor_name))
        if event.followers is not None:
            self.followers = max(self.followers, (event.occurred_at, event.followers))
        if event.actor_type != "unknown":
            self.actor_type = max(self.actor_type, (event.occurred_at, event.actor_type))
        self.objects = self.objects or event.no_rank


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
