"""One app as `prescribers app` runs it, with a failpoint armed.

`python -m tests.chaos.armed_app CONFIG APP STEP MOMENT PASSES`
"""

import sys
from typing import cast

from prescribers.children import end_with_parent
from prescribers.links import Links
from prescribers.output import say
from prescribers.settings import load_settings
from prescribers.start_app import start_app
from streams.failpoints import Failpoint, Moment, arm


def main(config: str, app: str, step: str, moment: str, passes: str) -> int:
    """The app's exit status, unless the failpoint is reached."""
    end_with_parent()
    arm(Failpoint(step, cast("Moment", moment), int(passes)))
    settings = load_settings(config=config, environ={})
    return start_app(app, settings, Links(settings, say))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
