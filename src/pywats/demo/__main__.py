"""Run the demo: ``python -m pywats.demo``."""

from __future__ import annotations

import argparse
import logging
from importlib.util import find_spec
from pathlib import Path

from pywats import pyWATS
from pywats.extras import needs
from pywats.terminal import use_plain_characters

with needs("sandbox", "The demo"):
    from pywats.demo.screen import make_console, show_end, show_scene, show_start
    from pywats.demo.stage import Stage
    from pywats.demo.story import PART, PICTURED, SCENES, SETTINGS
    from pywats.demo.tracing import start_tracing
    from pywats.sandbox import Sandbox
    from pywats.waterfall import draw_narrow_svg, draw_svg


def main(svg: Path | None = None, narrow_svg: Path | None = None) -> None:
    """Play all scenes.

    Args:
        svg: The file to draw the second scene into, which requires the OpenTelemetry SDK.
        narrow_svg: The file to draw it into for a narrow screen, such as of a telephone.
    """
    use_plain_characters()
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
    show_end(console, seen, tracing)
    pictured = seen[SCENES.index(PICTURED)]
    for file, draw in ((svg, draw_svg), (narrow_svg, draw_narrow_svg)):
        if file is not None:
            picture = draw(
                pictured.spans,
                trace_id=pictured.correlation_id,
                call=PICTURED.code,
                log_lines=pictured.log_lines,
            )
            file.write_text(picture, encoding="utf-8")


def _files_from_command_line() -> tuple[Path | None, Path | None]:
    parser = argparse.ArgumentParser("python -m pywats.demo", description="Play a story.")
    parser.add_argument("--svg", metavar="FILE", type=Path, help="draw the second scene there")
    parser.add_argument("--narrow-svg", metavar="FILE", type=Path, help="the same for a telephone")
    files = parser.parse_args()
    if (files.svg or files.narrow_svg) and find_spec("opentelemetry.sdk") is None:
        parser.error("--svg draws a trace, which needs the SDK: pip install 'pywats[otel]'")
    return files.svg, files.narrow_svg


if __name__ == "__main__":
    main(*_files_from_command_line())
