"""`prescribers explain`: one score, taken apart, with the messages behind it."""

from typing import TYPE_CHECKING, cast

import click

from graph.run import EVIDENCE_RANKS
from prescribers.examples import examples
from prescribers.explanation import score_parts
from prescribers.explanation_text import explanation_lines
from prescribers.explanation_words import Lang
from prescribers.failures import NotFoundFailure
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.option_types import ANY_SCORE, TIME
from prescribers.output import json_option, print_json, say
from prescribers.plain_text import plain
from prescribers.ranked_rows import Row

if TYPE_CHECKING:
    from prescribers.warehouse_ranking import WarehouseRanking


@click.command(
    "explain",
    epilog=examples(
        'prescribers explain demo "Benoît Duchêne" --lang fr',
        "prescribers explain demo mastodon:social.example:olive.knight --at 2025-11-01",
    ),
)
@click.argument("theme")
@click.argument("actor")
@click.option("--at", type=TIME, metavar="TIME", help="As of a date or an RFC 3339 time; default: now.")
@click.option("--score", type=ANY_SCORE, metavar="V", help="Another score, in words or as score_version.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Language of the words.")
@json_option
@click.pass_obj
def command(
    invocation: Invocation, *, theme: str, actor: str, at: int | None, score: str | None, lang: str, as_json: bool
) -> None:
    """Show why ACTOR (an id, with or without its source, or a name, accents or none) stands where it stands in THEME.

    The parts add up to the score; what changed since the week before adds up to the change; the messages
    that earned the score follow, with their links; then the ranks that other measures would give.
    """
    from prescribers.known_theme import explain_absence
    from prescribers.warehouse_ranking import warehouse_actor
    from prescribers.work import ready_warehouse

    settings = invocation.settings()
    warehouse = ready_warehouse(Links(settings, say), say)
    found = warehouse_actor(warehouse, theme, at, actor, score or "")
    if found is None:
        raise NotFoundFailure(explain_absence(warehouse, settings, theme, at, score or ""))
    row = _only(found, theme, actor)
    plain_source = row["source"] in found.plain_sources
    beside = {"receipt": found.receipt, "centralities": found.centralities}
    if as_json:
        parts = [{"part": part.name, "value": part.value, "points": part.points} for part in score_parts(row)]
        print_json(
            row
            | {
                "ranked": found.ranked,
                "sharing": found.sharing,
                "evidence_ranks": EVIDENCE_RANKS,
                "plain": plain_source,
                "parts": parts,
                **beside,
            }
        )
    else:
        lines = explanation_lines(
            row,
            cast("Lang", lang),
            ranked=found.ranked,
            window_ms=found.window_ms,
            sharing=found.sharing,
            plain_source=plain_source,
            **beside,
        )
        click.echo("\n".join(lines))


def _only(found: "WarehouseRanking", theme: str, actor: str) -> Row:
    """The one row; a name that several bear, or nobody, is told apart."""
    if len(found.rows) > 1:
        identities = ", ".join(plain(row["actor_id"]) for row in found.rows[:5])
        raise NotFoundFailure(f"{len(found.rows)} actors are called {plain(actor)}; name one by its id: {identities}")
    if not found.rows:
        raise NotFoundFailure(_absent(found, theme, actor))
    return found.rows[0]


def _absent(found: "WarehouseRanking", theme: str, actor: str) -> str:
    if found.apart is not None:
        what = "staff" if found.apart["role"] == "staff" else "a brand"
        return (
            f"{plain(actor)} is {what} in {theme}, and so never listed; it would stand at place {found.apart['place']} as of "
            f"{found.window_end}"
        )
    alike = f"Nearest: {', '.join(map(plain, found.nearest))}. " if found.nearest else ""
    return (
        f"{plain(actor)} is not among the {found.ranked} ranked in {theme} as of {found.window_end}: nobody responded to it in "
        f"the window, or it is staff, a brand, a bot or has objected. {alike}Who is: prescribers top {theme} --all"
    )
