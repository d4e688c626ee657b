"""JSON Web Tokens of the sandbox: well-formed, but without any right."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import JsonValue

__all__ = ["web_token"]


def web_token(key: str, expires: datetime) -> str:
    """Return an unsecured token (RFC 7519 section 6).

    Args:
        key: Unique id of the token.
        expires: Time at which it expires.
    """
    header: dict[str, JsonValue] = {"alg": "none", "typ": "JWT"}
    claims: dict[str, JsonValue] = {"jti": key, "exp": int(expires.timestamp())}
    return f"{_part(header)}.{_part(claims)}."


def _part(content: dict[str, JsonValue]) -> str:
    text = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()
