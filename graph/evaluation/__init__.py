"""How well a score foretells who will be answered: outcomes after a cut date, baselines, measures. docs/evaluation.md."""
