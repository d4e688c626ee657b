"""A server that writes the id of each report to a file before it responds, to be killed at will.

Run it as ``python -m tests.cli.report.keeping_server PORT FILE``.
"""

from __future__ import annotations

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def serve(port: int, kept: Path) -> None:
    fd = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body are two packets; the second would wait for the client's delayed
        # acknowledgement of the first, 40 ms per response.
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            os.write(fd, f"{document['id']}\n".encode())
            self._respond({"ID": document["id"], "uuid": document["id"], "Report_ID": 1})

        def do_GET(self) -> None:
            self._respond("25.1.0")

        def _respond(self, value: object) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Write nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
