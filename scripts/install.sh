#!/usr/bin/env bash
# Install packages into an environment: scripts/install.sh ENVIRONMENT REQUIREMENT…
# Requirements are as for `uv pip install`, including `--group dev` for a group of pyproject.toml.
# The versions come from scripts/constraints.txt; CONSTRAINTS= (empty) takes the newest versions.
# Installs with uv, which needs a tenth of the time of pip. Falls back to pip if uv is missing or
# cannot reach an index, because uv does not read the settings of pip.
set -euo pipefail
python="$1/bin/python"
shift

constraints="${CONSTRAINTS-$(dirname "$0")/constraints.txt}"
pinned=()
if [ -n "$constraints" ]; then pinned=(--constraint "$constraints"); fi
uv="$(command -v uv || true)"
if [ -z "$uv" ]; then
    uv=.venv-uv/bin/uv
    [ -x "$uv" ] || { "$python" -m venv .venv-uv && .venv-uv/bin/python -m pip install -qq uv; } || uv=false
fi
"$uv" pip install --quiet --python "$python" "${pinned[@]}" "$@" && exit
# Groups came with pip 25.1.
"$python" -m pip install -qq --upgrade 'pip>=25.1'
"$python" -m pip install -qq "${pinned[@]}" "$@"
