"""Keep reports on the disk while the server is away, and send them when it is back."""

from __future__ import annotations

import tempfile

from pywats import Outbox, pyWATS
from pywats.sandbox import Fault, Sandbox


def finish(api: pyWATS, serial_number: str) -> None:
    """Submit the report of a unit that was tested."""
    report = api.report.create_uut_report("operator", "PCBA-100", "A", serial_number, 100)
    report.sequence().add_numeric(
        "Voltage", 5.02, "V", comp_op="GELE", low_limit=4.9, high_limit=5.1
    )
    report.conclude()
    result = api.report.submit_report(report)
    print(serial_number, "waits in the outbox" if result.kept else "is on the server")


if __name__ == "__main__":
    with Sandbox() as server, tempfile.TemporaryDirectory() as directory:
        outbox = Outbox(directory, max_reports=10_000)
        with pyWATS(server.base_url, server.token, outbox=outbox) as api:
            finish(api, "SN-1")
            server.inject("POST", "/api/Report/WSJF", Fault.status(503), times=2)
            finish(api, "SN-2")
            finish(api, "SN-3")
            print(outbox.status().waiting, "reports wait")
            # The server is back: the next call sends what waits, in order, and its own report.
            finish(api, "SN-4")
            print([header.serial_number for header in api.report.iter_headers()])
