"""The option ``--svg FILE`` of several commands."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["PictureFile"]


def _in_a_folder(file: Path | None) -> Path | None:
    if file is not None and not file.parent.is_dir():
        raise typer.BadParameter(
            f"there is no folder {file.parent}: create it, or name another file"
        )
    return file


PictureFile = Annotated[
    Path | None,
    typer.Option(
        "--svg",
        metavar="FILE",
        dir_okay=False,
        writable=True,
        callback=_in_a_folder,
        help="Draw the waterfall as a picture, too.",
    ),
]
