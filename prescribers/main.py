"""The program `prescribers`: its commands by name, and the one place where failures become a line and an exit status."""

import importlib
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

import click

from prescribers.failures import DONE, FAILED, USAGE, status_of

COMMANDS = {
    "demo": "Simulate a conversation, send it through everything, show the ranking.",
    "stack": "Run an in-memory Kafka and the embedded warehouse, for development.",
    "topics": "Create the Kafka topics that are missing, and compare the others.",
    "migrate": "Bring the warehouse to this release's tables and views.",
    "worker": "Run the apps normalise, rank and store, a process each.",
    "feed": "Send mention events from files to Kafka.",
    "replay": "Rank a recorded conversation with the same core, without Kafka.",
    "themes": "Show every theme: its events, their times, its rankings.",
    "top": "Show who comes first in a theme, now or as of a time.",
    "cover": "Show the fewest people who together reach a share of those who respond.",
    "explain": "Show why somebody stands where they stand, with the messages.",
    "sql": "Ask the warehouse in SQL.",
    "dead": "Look at refused events, and send them again after a fix.",
    "simulate": "Write a believable conversation with planted roles to a file.",
    "evaluate": "Hold the score and thirteen baselines against what came true later.",
    "attack": "Attack the list, and say what a place on it would cost.",
    "doctor": "Check every link of the chain, with a remedy for each failure.",
    "config": "Show every setting in force and where it comes from.",
}
"""What each does in one line, so that the program's help needs none of their modules."""
HIDDEN = ("app",)
EPILOG = """\b
Examples:
  prescribers demo
  prescribers --config staging.toml top lean --at 2026-11-23

\b
Shell completion (add the line to the file):
  bash  ~/.bashrc                     eval "$(_PRESCRIBERS_COMPLETE=bash_source prescribers)"
  zsh   ~/.zshrc                      eval "$(_PRESCRIBERS_COMPLETE=zsh_source prescribers)"
  fish  ~/.config/fish/config.fish    _PRESCRIBERS_COMPLETE=fish_source prescribers | source

\b
Exit status: 0 done, 1 failed, 2 usage or configuration, 3 a service cannot be
reached, 4 refused to go on with the data, 5 no such thing.
"""


class LazyCommands(click.Group):
    """A command's module is loaded when the command is wanted, so that help and completion stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order in which a newcomer meets them."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """From the table above."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, or None."""
        if cmd_name not in (*COMMANDS, *HIDDEN):
            return None
        command: click.Command = importlib.import_module(f"prescribers.commands.{cmd_name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; a slip of the pen is answered with the nearest name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            error.message += f" The nearest is {near[0]}." if near else ""
            raise


@click.group(cls=LazyCommands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="prescribers", prog_name="prescribers", message="%(prog)s %(version)s")
@click.option("--config", default="", metavar="FILE", help="Settings file; default: prescribers.toml in the working directory.")
@click.option(
    "--set", "assignments", multiple=True, metavar="KEY=VALUE", help="One setting, over file and environment. Repeatable."
)
@click.pass_context
def program(context: click.Context, config: str, assignments: tuple[str, ...]) -> None:
    """Find the people whose word makes others act, in a stream of mentions, and show why."""
    from prescribers.invocation import Invocation
    from prescribers.logs import configure_logs

    if context.obj is not None and context.invoked_subcommand not in HIDDEN:
        context.obj()
    configure_logs()
    context.obj = Invocation(config=config, assignments=assignments)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run and exit. SIGTERM ends a command as Ctrl-C does; servers and workers have handlers of their own."""
    sys.exit(run(arguments, listen=_listen))


def run(arguments: Sequence[str] | None = None, *, listen: Callable[[], None] | None = None) -> int:
    """Run one command; returns the exit status. Never lets an exception out.

    `listen` is called before the command, but not before a worker's child: one that is stopped before it has handlers of its own
    has nothing to save, and dies of the signal, which the supervisor takes for the clean end that it is.
    """
    try:
        status = program.main(args=arguments, prog_name="prescribers", standalone_mode=False, obj=listen)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped before the end.", err=True)
        return FAILED
    except BrokenPipeError:
        # The reader of our output has left, as `head` does: nothing more to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - the last resort: people get a line, the trace goes to a file
        return _explained(error)
    return status if isinstance(status, int) else DONE


def _explained(error: Exception) -> int:
    status = status_of(error)
    if status is not None:
        click.echo(f"prescribers: {error}", err=True)
        return status
    with tempfile.NamedTemporaryFile("w", prefix="prescribers-", suffix=".log", delete=False, encoding="utf-8") as log:
        traceback.print_exception(error, file=log)
    click.echo(f"prescribers: unexpected {type(error).__name__}: {_first_line(error)} (a bug; details in {log.name})", err=True)
    return FAILED


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0]


def _listen() -> None:
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
