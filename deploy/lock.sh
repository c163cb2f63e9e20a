#!/bin/sh
# Rewrites the two locks from pyproject.toml: exact versions and hashes, and no address of any package index,
# so that the same file installs from the public index and from a mirror. Versions already locked stay, unless
# packages to raise are named: deploy/lock.sh --upgrade-package numpy
set -eu
cd "$(dirname "$0")/.."
uv="${UV:-.venv/bin/uv}"
options="--quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-header
    --no-emit-index-url --no-emit-find-links"
# shellcheck disable=SC2086  # the options are meant to be split
"$uv" pip compile pyproject.toml $options --all-extras "$@" --output-file requirements.lock
# The image carries no development tools and no embedded engine: same versions, fewer packages.
# shellcheck disable=SC2086
"$uv" pip compile pyproject.toml $options --extra build --constraint requirements.lock --output-file deploy/requirements-runtime.lock
