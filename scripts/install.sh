#!/usr/bin/env bash
# Install packages into an environment: scripts/install.sh ENVIRONMENT REQUIREMENT…
# Requirements are as for `uv pip install`: `--group dev` for a group of pyproject.toml, too. The
# versions are those of scripts/constraints.txt; CONSTRAINTS= (empty) takes the newest ones.
# By uv, which takes a tenth of the time; by pip where uv cannot be had or reaches no index, for it
# does not read the settings of pip.
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
