#!/bin/sh
# Makes .venv from requirements.lock: every package pinned and its hash checked, the project itself editable.
# Needs Python 3.11 to 3.13 and a package index; uses uv where it is installed, else fetches the locked uv into
# the environment first (a tenth of pip's time), else does it with pip alone.
set -eu
cd "$(dirname "$0")/.."
venv="${VENV:-.venv}"
lock=requirements.lock

python=""
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
        python="$candidate"
        break
    fi
done
if [ -z "$python" ]; then
    echo "setup: no Python 3.11, 3.12 or 3.13 found (tried ${PYTHON:-python3.13 python3.12 python3.11 python3 python});" \
        "install one, or name it: make setup PYTHON=/path/to/python3.12" >&2
    exit 2
fi

uv="$(command -v uv || true)"
if [ ! -x "$venv/bin/python" ]; then
    if ! "$python" -m venv "$venv" 2>/dev/null; then
        rm -rf "$venv"
        if [ -z "$uv" ]; then
            echo "setup: $python cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2
            exit 2
        fi
        "$uv" venv --quiet --python "$python" "$venv"
    fi
fi

if [ -z "$uv" ] && [ -x "$venv/bin/uv" ]; then
    uv="$venv/bin/uv"
elif [ -z "$uv" ]; then
    awk '/^[a-z]/ { wanted = /^uv==/ } wanted' "$lock" >"$venv/uv.lock"
    if "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$venv/uv.lock"; then
        uv="$venv/bin/uv"
    fi
fi

if [ -n "$uv" ]; then
    "$uv" pip sync --quiet --require-hashes --python "$venv/bin/python" "$lock"
    "$uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
else
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
"$venv/bin/python" -m pip check
