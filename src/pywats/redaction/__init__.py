"""Make text from outside safe to show: redact secrets, remove control characters, then cut it.

Every text from a server, a proxy, a store, a file name or a wrapped object passes `one_line`,
`several_lines` or `excerpt` before it is shown in an error, a log line, a span, on the terminal or
in a picture. The order matters: if the text were cut first, the first part of a secret could
remain, and a control character inside a secret would hide the secret from the search.
"""

from pywats.redaction.basic import basic_secrets
from pywats.redaction.cleaning import printable
from pywats.redaction.excerpt import EXCERPT_BYTES, excerpt
from pywats.redaction.frames import (
    HTTP_CLIENTS,
    HTTP_LIBRARIES,
    clear_frames,
    with_safe_constructor,
    without_locals_on_failure,
)
from pywats.redaction.gate import NOT_SHOWN, one_line, several_lines, without_credentials
from pywats.redaction.headers import is_secret_header
from pywats.redaction.search import REDACTED
from pywats.redaction.secrets import NO_SECRETS, Secrets
from pywats.redaction.urls import is_secret_query_key, without_userinfo

__all__ = [
    "EXCERPT_BYTES",
    "HTTP_CLIENTS",
    "HTTP_LIBRARIES",
    "NOT_SHOWN",
    "NO_SECRETS",
    "REDACTED",
    "Secrets",
    "basic_secrets",
    "clear_frames",
    "excerpt",
    "is_secret_header",
    "is_secret_query_key",
    "one_line",
    "printable",
    "several_lines",
    "with_safe_constructor",
    "without_credentials",
    "without_locals_on_failure",
    "without_userinfo",
]
