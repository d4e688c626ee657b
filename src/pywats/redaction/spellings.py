"""Compute the spellings of a secret to search for: encodings, also wrongly decoded ones."""

from __future__ import annotations

import base64
from contextlib import suppress

__all__ = ["base64_cores", "spellings"]


def spellings(secret: str) -> frozenset[str]:
    """Return the texts that reveal the secret, apart from its escapes and base64.

    They are the secret itself, the secret with the plus signs of form encoding, in either alphabet
    of base64, without the padding of base64, in hexadecimal, and decoded with a wrong character
    set.
    """
    found = {
        secret,
        secret.replace(" ", "+"),
        secret.replace("+", " "),
        secret.replace("+", "-").replace("/", "_"),
        secret.replace("-", "+").replace("_", "/"),
        secret.rstrip("="),
    }
    encoded = secret.encode("utf-8", "surrogatepass")
    in_latin_1 = secret.encode("latin-1", "ignore")
    for each in (encoded, in_latin_1):
        found |= {each.hex(), each.hex().upper()}
    if not secret.isascii():
        for read_as in ("latin-1", "cp1252", "ascii"):
            found |= {encoded.decode(read_as, how) for how in ("replace", "ignore")}
        for written_as in ("latin-1", "cp1252", "ascii"):
            found |= {
                secret.encode(written_as, how).decode("utf-8", "replace")
                for how in ("replace", "ignore")
            }
    return frozenset(found)


def base64_cores(secret: str) -> frozenset[str]:
    """Return the parts of base64 texts that depend on the secret only.

    Base64 encodes three bytes as four characters. So a secret inside a longer text has three
    spellings, which depend on the number of bytes before it (RFC 4648 section 4).
    """
    contents = {secret.encode("utf-8", "surrogatepass")}
    for encoding in ("latin-1", "utf-16-le"):
        with suppress(UnicodeEncodeError):
            contents.add(secret.encode(encoding))
    cores: set[str] = set()
    for content in contents:
        for before in range(3):
            text = base64.b64encode(bytes(before) + content).decode()
            core = text[-(-before * 8 // 6) : (before + len(content)) * 8 // 6]
            cores |= {core, core.replace("+", "-").replace("/", "_")}
    return frozenset(cores)
