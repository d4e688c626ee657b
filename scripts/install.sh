#!/usr/bin/env bash
# Install packages into an environment: scripts/install.sh ENVIRONMENT REQUIREMENT…
# By uv, which takes a tenth of the time; by pip where uv cannot be had or reaches no index, for it
# does not read the settings of pip.
set -euo pipefail
python="$1/bin/python"
shift

uv="$(command -v uv || true)"
if [ -z "$uv" ]; then
    uv=.venv-uv/bin/uv
    [ -x "$uv" ] || { "$python" -m venv .venv-uv && .venv-uv/bin/python -m pip install -qq uv; } || uv=false
fi
"$uv" pip install --quiet --python "$python" "$@" || "$python" -m pip install -qq "$@"
