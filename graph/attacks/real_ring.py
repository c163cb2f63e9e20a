"""A ring that existed, replayed inside another conversation: its acts, moved in time, its accounts under other names."""

from collections.abc import Sequence

from msgspec.structs import replace

from graph.attacks.catalogue import Attack
from graph.attacks.scene import Script
from graph.evaluation.cut_dates import Plan
from graph.interaction import Interaction
from graph.keys import identity_key


def replayed(ring: Sequence[Interaction], plan: Plan) -> Attack:
    """`ring`: acts of one theme in order of time, all of whose authors belong to it. The last act falls on the cut date.

    The number of accounts asked for has no effect: the ring is as large as it was.
    """
    last = ring[-1].occurred_at
    half_ms = plan.window_ms // 2
    members = {act.actor_id for act in ring}

    def play(script: Script, _accounts: int, span: int) -> None:
        end = last - span * half_ms
        inside = [act for act in ring if end - half_ms < act.occurred_at <= end]
        script.acts += [_moved(act, script, members, script.scene.end_ms - last) for act in inside]

    return Attack(play, max(1, -(-(last - ring[0].occurred_at) // half_ms)))


def _moved(act: Interaction, script: Script, members: set[str], by_ms: int) -> Interaction:
    def name(actor: str) -> str:
        return f"{script.name}:{actor}" if actor in members else actor

    source = script.scene.source
    return replace(
        act,
        theme=script.scene.theme,
        source=source,
        occurred_at=act.occurred_at + by_ms,
        key=identity_key(source, f"{script.name}:{act.event_id}"),
        object_key=identity_key(source, f"{script.name}:{act.object_id}") if act.object_key else 0,
        parent_key=identity_key(source, f"{script.name}:{act.parent_id}") if act.parent_key else 0,
        actor_id=name(act.actor_id),
        target_actor_id=name(act.target_actor_id) if act.target_actor_id else "",
        mentions=tuple(map(name, act.mentions)),
    )
