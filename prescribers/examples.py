"""Real calls under a command's help."""


def examples(*calls: str) -> str:
    """An epilog that click prints as it stands."""
    return "\b\nExamples:\n" + "\n".join(f"  {call}" for call in calls)
