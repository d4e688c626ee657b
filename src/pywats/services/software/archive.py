"""Check of a zip archive before its upload into a package."""

from __future__ import annotations

import io
import zipfile
from pathlib import PureWindowsPath

from pywats.services import arguments

__all__ = ["zip_archive"]


def zip_archive(name: str, content: object) -> bytes:
    """Return the bytes if they are an archive that the server can unpack into a package.

    Only the list of files is read, not their content.

    Args:
        name: Name of the argument, for the error message.
        content: The bytes of the archive.

    Raises:
        TypeError: The value is not bytes.
        ValueError: The bytes are not a zip archive, or it has no file, or a file in it is not in a
            folder or would be unpacked elsewhere.
    """
    checked = arguments.content(name, content)
    try:
        with zipfile.ZipFile(io.BytesIO(checked)) as archive:
            files = [file for file in archive.namelist() if not file.endswith(("/", "\\"))]
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise ValueError(f"{name}: must be a zip archive: {error}") from None
    if not files:
        raise ValueError(f"{name}: the zip archive holds no file")
    for file in files:
        # The server may run Windows, where a backslash or a drive can also lead elsewhere.
        path = PureWindowsPath(file)
        if path.drive or path.root or ".." in path.parts:
            raise ValueError(f"{name}: {file!r} would be unpacked outside the package")
        if len(path.parts) < 2:  # noqa: PLR2004 - a folder and a name
            raise ValueError(
                f"{name}: {file!r} is in no folder of the zip archive; a package has its files "
                f"in folders, such as 'bin/{file}'"
            )
    return checked
