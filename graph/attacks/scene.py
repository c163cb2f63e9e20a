"""Where an attack takes place, and the acts it consists of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.interaction import Interaction, LogKind
from graph.keys import identity_key

POPULAR = 20


@dataclass(frozen=True, slots=True)
class Scene:
    """What attackers know of a conversation that they have until `end_ms` to enter."""

    theme: str
    source: str
    end_ms: int
    window_ms: int
    honest: tuple[str, ...]
    """Who acts while the attack lasts; none is empty."""
    popular: tuple[str, ...]
    """Those of them with the most responders."""

    @property
    def half_ms(self) -> int:
        """Half a window: how long an attack of new accounts lasts."""
        return self.window_ms // 2


@dataclass(slots=True)
class Script:
    """Collects the acts of one attack. Times are drawn from one half window; `span` 0 is the last, 1 the one before it."""

    scene: Scene
    rng: np.random.Generator
    name: str
    acts: list[Interaction] = field(default_factory=list)
    answers: int = 0
    """Acts of honest people whom nobody paid for them."""

    @property
    def boss(self) -> str:
        """Whom the attack is to bring onto the list."""
        return f"{self.name}:boss"

    def puppets(self, count: int) -> list[str]:
        """Accounts that obey."""
        return [f"{self.name}:{number}" for number in range(count)]

    def moment(self, span: int) -> int:
        """Any time of a half window."""
        end = self.scene.end_ms - span * self.scene.half_ms
        return int(end - self.rng.integers(self.scene.half_ms))

    def after(self, at_ms: int) -> int:
        """Some time later, within a twentieth of the window, and before the end."""
        return min(at_ms + 1 + int(self.rng.integers(self.scene.window_ms // 20)), self.scene.end_ms)

    def any_of(self, people: Sequence[str]) -> str:
        """One, by lot."""
        return people[int(self.rng.integers(len(people)))]

    def act(self, kind: LogKind, actor: str, at_ms: int, target: str = "", *, question: bool | None = None) -> None:
        """One act, a message of its own; an act toward oneself is none."""
        if actor == target:
            return
        name = f"{self.name}:act:{len(self.acts)}"
        key = identity_key(self.scene.source, name)
        self.acts.append(
            Interaction(
                theme=self.scene.theme,
                kind=kind,
                occurred_at=at_ms,
                key=key,
                source=self.scene.source,
                event_id=name,
                object_id=name,
                object_key=key,
                actor_id=actor,
                target_actor_id=target,
                is_question=question,
                actor_type="person",
            )
        )

    def posts(self, actor: str, count: int, span: int) -> None:
        """Words to everybody."""
        for _ in range(count):
            self.act("post", actor, self.moment(span))

    def replies(self, actor: str, target: str, count: int, span: int) -> None:
        """Answers to what the target said."""
        for _ in range(count):
            self.act("reply", actor, self.moment(span), target)

    def calls(self, actor: str, count: int, answered: float, span: int) -> None:
        """Words to honest people who did not ask; a share of them answers."""
        for _ in range(count):
            at_ms, called = self.moment(span), self.any_of(self.scene.honest)
            self.act("reply", actor, at_ms, called)
            if self.rng.random() < answered:
                self.answer(called, self.after(at_ms), actor)

    def answer(self, honest: str, at_ms: int, target: str) -> None:
        """An honest person falls for it."""
        before = len(self.acts)
        self.act("reply", honest, at_ms, target)
        self.answers += len(self.acts) - before

    def owns(self, actor: str) -> bool:
        """Whether an account was made for the attack."""
        return actor.startswith(f"{self.name}:")
