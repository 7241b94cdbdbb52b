#!/bin/sh
# Writes requirements.lock from requirements.in, with the hashes of every wheel for Python 3.10 and later. Needs uv (https://docs.astral.sh/uv/).
# Without --upgrade it keeps the versions that are locked already.
set -eu
cd "$(dirname "$0")"
exec uv pip compile requirements.in --output-file requirements.lock --universal --python-version 3.10 --generate-hashes --no-build \
  --no-annotate --custom-compile-command bench/numpy/lock.sh "$@"
