#!/usr/bin/env bash
# Run the tests on every installed Python 3.11 to 3.14, including free-threaded builds (3.13t,
# 3.14t); arguments go to pytest.
set -uo pipefail
cd "$(dirname "$0")/.."

pyenv="$(pyenv root 2>/dev/null || true)/versions"
found=0 failed=()
for version in 3.11 3.12 3.13 3.13t 3.14 3.14t; do
    suffix="${version##*[0-9]}"
    for python in "python$version" "$pyenv/${version%t}".*[0-9]"$suffix"/bin/python3; do
        "$python" -c '' 2>/dev/null || continue
        found=$((found + 1))
        printf '\n=== %s (%s)\n' "$("$python" --version)" "$python"
        environment=".venv-$version"
        if [[ pyproject.toml -nt "$environment/installed" ]]; then
            "$python" -m venv --clear "$environment" &&
                scripts/install.sh "$environment" --editable '.[all]' --group dev &&
                touch "$environment/installed" || { failed+=("$version"); break; }
        fi
        "$environment/bin/python" -m pytest -q "$@" || failed+=("$version")
        break
    done
done

((found)) || { echo "No Python 3.11 to 3.14 was found on PATH or in pyenv." >&2; exit 1; }
((${#failed[@]} == 0)) || { echo "Failed on Python ${failed[*]}." >&2; exit 1; }
echo "All tests passed on $found versions of Python."
