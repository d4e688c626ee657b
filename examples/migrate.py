"""A station's program after its migration from pywats-api; comments say what it was before.

Run it with no arguments: it brings its own server.
"""

from datetime import UTC, datetime

from pywats import RetryConfig, pyWATS
from pywats.errors import NotFoundError, WATSConnectionError, WATSTimeoutError
from pywats.models import CompOp
from pywats.sandbox import Fault, Sandbox

# was: RetryConfig(max_attempts=3, base_delay=1.0, max_delay=30.0), on without being asked for
retry = RetryConfig(max_retries=2, max_backoff=0.1)

with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token, retry_config=retry) as api:
    # was: None with error_mode=lenient
    try:
        api.product.get_product("PCBA-100")
    except NotFoundError:
        api.product.create_product("PCBA-100", name="Power board")

    report = api.report.create_uut_report(
        "op",
        "PCBA-100",
        "A",
        "SN-1",
        100,
        start_time=datetime.now(UTC),  # was: datetime.now(), sent as it is
    )
    report.sequence().add_numeric(
        "5 V rail", 5.1, "V", comp_op=CompOp.GELE, low_limit=4.9, high_limit=5.2
    )
    report.conclude()

    # was: sent up to four times after a lost response, by itself
    sandbox.inject("POST", "/api/Report/WSJF", Fault.reset(executed=True), times=1)
    try:
        api.report.submit_report(report)
    except (WATSConnectionError, WATSTimeoutError) as error:
        if error.may_have_been_executed:  # and safe to send again: its id was made here
            api.report.submit_report(report)

    (header,) = api.report.iter_headers(filter="serialNumber eq 'SN-1'")
    print(header.serial_number, header.result)
