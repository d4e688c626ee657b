"""Run the demo: ``python -m pywats.demo``."""

from __future__ import annotations

import logging

from pywats import pyWATS
from pywats.demo.screen import make_console, show_end, show_scene, show_start
from pywats.demo.stage import Stage
from pywats.demo.story import PART, SCENES, SETTINGS
from pywats.demo.tracing import start_tracing
from pywats.sandbox import Sandbox


def main() -> None:
    """Play all scenes."""
    logging.getLogger().setLevel(logging.INFO)
    tracing = start_tracing()
    console = make_console()
    show_start(console, traced=tracing is not None)
    with Sandbox() as sandbox:
        with pyWATS(sandbox.base_url, sandbox.token) as setting_up:
            setting_up.product.create_product(part_number=PART, name="Power board")
        if tracing is not None:
            tracing.take()
        with pyWATS(sandbox.base_url, sandbox.token, sync_config=SETTINGS) as api:
            stage = Stage(sandbox, api, tracing)
            seen = [stage.play(scene) for scene in SCENES]
    for number, (scene, performance) in enumerate(zip(SCENES, seen, strict=True), start=1):
        show_scene(console, number, scene, performance)
    if tracing is not None:
        tracing.finish()
    show_end(
        console,
        seen,
        traced=tracing is not None,
        endpoint=tracing.endpoint if tracing else None,
    )


if __name__ == "__main__":
    main()
