"""A live Jaeger or Tempo, by the id in a log line.

`make observe` brings up both; then

    OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 \
    PYWATS_TEST_JAEGER_URL=http://localhost:16686 \
    PYWATS_TEST_TEMPO_URL=http://localhost:3200 \
    pytest tests/backends
"""

from __future__ import annotations

import os
from contextlib import closing

import pytest

from tests.backends.check import check
from tests.backends.traces import Jaeger, Tempo
from tests.docs.observability.story import tell

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
# Read on import: every test starts without the developer's own settings.
STORES = {name: url for name, url in os.environ.items() if name.startswith("PYWATS_TEST_") and url}
OTEL = {name: text for name, text in os.environ.items() if name.startswith("OTEL_") and text}


@pytest.mark.parametrize(
    ("variable", "kind"),
    [
        pytest.param(
            variable,
            kind,
            marks=pytest.mark.only_where(
                {variable, ENDPOINT} <= (STORES | OTEL).keys(),
                reason="it needs a live store (make observe), and these variables set",
            ),
        )
        for variable, kind in {
            "PYWATS_TEST_JAEGER_URL": Jaeger,
            "PYWATS_TEST_TEMPO_URL": Tempo,
        }.items()
    ],
)
def test_the_story_is_found_by_the_id_of_its_log_line(
    variable: str, kind: type[Jaeger | Tempo]
) -> None:
    with closing(kind(STORES[variable])) as store:
        check(store, tell(**OTEL))
