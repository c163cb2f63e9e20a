"""Whether the apps in this container live: asks /livez of each that listens. Exit 0: at least one listens, and all are well."""

import os
import sys
import urllib.error
import urllib.request

APPS = {"normalise": "6066", "rank": "6067", "store": "6068"}


def main() -> int:
    """Ask each app's port (PRESCRIBERS_WORKER__<APP>_PORT, else the default); 1 if one is sick or none listens."""
    listening = 0
    for app, default in APPS.items():
        port = os.environ.get(f"PRESCRIBERS_WORKER__{app.upper()}_PORT", default)
        if port == "0":
            continue
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=4):
                listening += 1
        except urllib.error.HTTPError as error:
            sys.stderr.write(f"{app} on port {port}: {error.code} {error.reason}\n")
            return 1
        except OSError:
            continue
    if not listening:
        sys.stderr.write("no app listens on its health port\n")
    return 0 if listening else 1


if __name__ == "__main__":
    sys.exit(main())
