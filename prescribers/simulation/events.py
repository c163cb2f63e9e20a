"""Acts as `mention.v1` bytes."""

from random import Random

import msgspec

from graph.mention import Mention
from prescribers.simulation.conversation import Act
from prescribers.simulation.simulation_settings import SimulationSettings

_encoder = msgspec.json.Encoder()


class EventWriter:
    """Encodes acts of one source. An event that makes a message bears the message's id; other acts get an id of their own."""

    def __init__(self, settings: SimulationSettings, rng: Random) -> None:
        self._settings, self._rng = settings, rng
        self._host = settings.source.partition(":")[2] or f"{settings.source}.example"
        self._count = 0

    def encode(self, act: Act) -> bytes:
        """One JSON document, no line end."""
        settings, actor, made, message = self._settings, act.actor, act.made, act.message
        self._count += 1
        says = made is not None and act.kind != "delete"
        fresh = says and act.kind != "edit"
        object_id = made.object_id if made is not None else None
        parent_only = message is not None and act.kind == "reply" and self._rng.random() < settings.parent_only_share
        return _encoder.encode(
            Mention(
                schema="mention.v1",
                event_id=object_id if fresh and object_id else f"{settings.source}:{act.kind}:{self._count}",
                source=settings.source,
                kind=act.kind,
                actor_id=actor.actor_id,
                occurred_at=act.occurred_ms,
                target_actor_id=act.target.actor_id if act.target is not None and not parent_only else None,
                object_id=object_id,
                parent_id=message.object_id if message is not None else None,
                root_id=made.root_id if made is not None and says else None,
                mentions=tuple(named.actor_id for named in act.named) or None,
                themes=(settings.theme,),
                text=act.text or None,
                links=act.links or None,
                lang=actor.lang if says else None,
                is_question=made.question if made is not None and says else None,
                actor_name=actor.name,
                url=f"https://{self._host}/@{actor.handle}/{object_id.rpartition(':')[2]}" if says and object_id else None,
                client_app=actor.client_app,
                followers=actor.followers,
                actor_type=actor.actor_type,
                sponsored=True if act.sponsored else None,
            )
        )
