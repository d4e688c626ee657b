#!/usr/bin/env bash
# Run the tests of clients, HTTP and the engine against the lowest version of each dependency that
# pyproject.toml allows; arguments go to pytest. The tools have the versions of scripts/constraints.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=.venv-lowest
uv="$(command -v uv || true)"
if [ -z "$uv" ]; then
    uv=.venv-uv/bin/uv
    [ -x "$uv" ] || { "${PYTHON:-python3}" -m venv .venv-uv && .venv-uv/bin/python -m pip install -qq uv; }
fi
if [[ pyproject.toml -nt "$environment/installed" ]]; then
    mkdir -p build
    "$uv" pip compile --quiet --python-version 3.11 --resolution lowest-direct --all-extras \
        --no-annotate --no-header --output-file build/lowest.txt pyproject.toml
    "${PYTHON:-python3}" -m venv --clear "$environment"
    "$uv" pip install --quiet --python "$environment/bin/python" --requirement build/lowest.txt --editable .
    # The tools as elsewhere: of scripts/constraints.txt what is not among the lowest versions.
    cp build/lowest.txt build/lowest-and-tools.txt
    grep --invert-match --fixed-strings --file <(sed -n 's/^\(.*==\).*/\1/p' build/lowest.txt) \
        scripts/constraints.txt >>build/lowest-and-tools.txt
    "$uv" pip install --quiet --python "$environment/bin/python" --constraint build/lowest-and-tools.txt \
        aiohttp brotlicffi cloudpickle hypothesis loguru packaging psutil pytest \
        pytest-asyncio pytest-randomly pytest-timeout pytest-xdist pyyaml stamina structlog trustme zstandard
    touch "$environment/installed"
fi
# These tests use httpx2 and the SDKs, which need newer dependencies than pywats.
without=()
for name in http/transports/test_{errors,families,instrument,sdks} sync/policies/test_retryable; do
    without+=(--ignore "tests/$name.py")
done
(($#)) || set -- tests/client tests/http tests/sync/engine tests/sync/policies tests/sync/runners
"$environment/bin/python" -m pytest -q --numprocesses auto "${without[@]}" "$@"
