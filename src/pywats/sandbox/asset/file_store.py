"""Asset files of the sandbox."""

from __future__ import annotations

import threading

from pywats.sandbox.responses import ApiError

__all__ = ["AssetFileStore"]


class AssetFileStore:
    """Files by asset and name; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[str, dict[str, bytes]] = {}

    def names(self, asset_id: str) -> list[str]:
        """Return the names of the files of an asset, the oldest first."""
        with self._lock:
            return list(self._files.get(asset_id, {}))

    def add(self, asset_id: str, name: str, content: bytes) -> None:
        """Add a file."""
        with self._lock:
            files = self._files.setdefault(asset_id, {})
            if name in files:
                raise ApiError(409, f"The asset has a file '{name}' already.")
            files[name] = content

    def content(self, asset_id: str, name: str) -> bytes:
        """Return the bytes of a file."""
        with self._lock:
            found = self._files.get(asset_id, {}).get(name)
        if found is None:
            raise ApiError(404, f"The asset has no file '{name}'.")
        return found

    def delete(self, asset_id: str, names: list[str] | None = None) -> None:
        """Delete files, all of them by default; missing files are ignored."""
        with self._lock:
            files = self._files.get(asset_id, {})
            for name in list(files) if names is None else names:
                files.pop(name, None)
