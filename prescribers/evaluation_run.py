"""From an entry of an evaluation to its marks: read, split by theme, hold every score against what followed."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.evaluation.baselines import baselines
from graph.evaluation.blindness import check_blind
from graph.evaluation.contest import Contestant, DateMarks, LeftOut, contest
from graph.evaluation.own_scores import OwnScores
from graph.evaluation.standings import SetMarks
from graph.interaction import Interaction
from graph.normalise import Normaliser
from graph.theme_settings import ThemeSettings
from prescribers.evaluation_sets import Entry, by_theme, set_name
from prescribers.output import say
from prescribers.progress import progress_bar
from prescribers.recorded import Recording, rereadable
from prescribers.settings import Settings


def evaluate(entry: Entry, settings: Settings, theme: str, seed: int) -> list[SetMarks]:
    """A set per theme of the entry's files. Raises `graph.evaluation.blindness.LeakError` where a score sees past its date."""
    conversations = read_entry(entry, settings, theme)
    found = []
    for name, acts in conversations.items():
        usual = settings.themes.get(name) or ThemeSettings(name=name)
        rules = replace(usual, window_ms=entry.plan.window_ms, half_life_ms=entry.plan.half_life_ms)

        def contestants(rules: ThemeSettings = rules) -> Sequence[Contestant]:
            return OwnScores(rules), baselines

        check_blind(acts, entry.plan, contestants)
        title = set_name(entry, name, list(conversations))
        marks = _marks(title, acts, contest(acts, entry.plan, contestants, seed))
        dates = [one for one in marks if isinstance(one, DateMarks)]
        found.append(SetMarks(title, entry.plan, dates, [one for one in marks if isinstance(one, LeftOut)]))
    return found


def _marks(title: str, acts: Sequence[Interaction], dates: Iterator[DateMarks | LeftOut]) -> list[DateMarks | LeftOut]:
    """Follow the contest with a bar; a set with an outcome outside the graph is gone through twice."""
    first, last = acts[0].occurred_at, acts[-1].occurred_at
    marks: list[DateMarks | LeftOut] = []
    with progress_bar(f"Evaluating {title}") as report:
        for one in dates:
            marks.append(one)
            report(len(acts), one.at_ms - first, last - first)
    return marks


def read_entry(entry: Entry, settings: Settings, theme: str) -> dict[str, list[Interaction]]:
    """Acts by theme in order of time; what is not taken in is said."""
    taken = settings.input
    normaliser = Normaliser(
        tuple(settings.themes.values()), secret=taken.secret, allow_private=taken.allow_private, max_bytes=taken.max_bytes
    )
    refused: Counter[str] = Counter()
    with rereadable(entry.paths) as paths, progress_bar(f"Reading {entry.name}".strip()) as report:
        recording = Recording(paths, report)
        found = by_theme(recording.lines(), normaliser, time.time_ns() // 1_000_000, theme, refused)
    for line in recording.too_long:
        say(f"{line.path}, line {line.line}: {line.length} bytes are more than a message holds; left out.")
    if refused:
        say("Not looked at, by reason: " + ", ".join(f"{reason} {number}" for reason, number in sorted(refused.items())))
    return found
