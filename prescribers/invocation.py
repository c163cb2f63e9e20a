"""One call of the program: the global flags, and what they lead to."""

from collections.abc import Mapping
from dataclasses import dataclass

from prescribers.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Invocation:
    """The flags before the command. Settings are read when a command asks, so that help works with a broken file."""

    config: str = ""
    assignments: tuple[str, ...] = ()

    def settings(self, environ: Mapping[str, str] | None = None) -> Settings:
        """The effective settings, under the process's environment unless another is given. Raises `ConfigurationFailure`."""
        return load_settings(config=self.config, assignments=self.assignments, environ=environ)

    def flags(self, more: tuple[str, ...] = ()) -> list[str]:
        """The global flags for a child process of the same program, `more` assignments after ours."""
        config = ["--config", self.config] if self.config else []
        return [*config, *(flag for assignment in (*self.assignments, *more) for flag in ("--set", assignment))]
