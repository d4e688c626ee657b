"""A production whose analytics can be calculated by hand.

Units of PN-1 go through ICT (operation 100, at ST-1), then Final (operation 101, at ST-2):

| minute | unit | operation | voltage | result |
|---|---|---|---|---|
| 0 | SN-1 | ICT | 6.0 | failed |
| 1 | SN-2 | ICT | 5.0 | passed |
| 2 | SN-3 | ICT | 5.5 | failed |
| 5 | SN-3 | repair (500) of the test before | | |
| 10 | SN-1 | ICT | 5.1 | passed |
| 11 | SN-3 | ICT | 4.0 | failed |
| 20 | SN-1 | Final | 5.0 | passed |
| 21 | SN-2 | Final | 5.1 | passed |

The limits of the voltage are 4.9 V and 5.2 V. Each test takes 10 s.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pywats.models import CompOp, NumericMeasurement, UUTReport
from pywats.services import ProductService, ReportService
from tests.services.bench import START

if TYPE_CHECKING:
    from tests.services.bench import Bench

ICT, FINAL = ("ICT", 100, "ST-1"), ("Final", 101, "ST-2")
VOLTAGE = "MainSequence Callback¶Voltage"
RAILS = "MainSequence Callback¶Power¶Rails"


def report_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


async def produce(bench: Bench, begin: datetime = START) -> None:
    """Submit the reports of the table; nothing of it is a result of the bench."""
    products, reports = bench.other(ProductService), bench.other(ReportService)
    await products.create_product("PN-1", name="Board")
    await products.create_revision("PN-1", "A")
    await products.create_group("Power")
    await products.add_product_group_filter("Power", "PN-1", "A")

    async def test(
        number: int, minute: int, unit: str, operation: tuple[str, int, str], volts: float
    ) -> UUTReport:
        name, code, station = operation
        report: UUTReport = reports.create_uut_report(
            "op",
            "PN-1",
            "A",
            unit,
            code,
            station_name=station,
            location="Hall 1",
            purpose="Production",
            start_time=begin + timedelta(minutes=minute),
            report_id=report_id(number),
        )
        report.process_name = name
        report.add_misc_info("Firmware", f"1.{number}")
        root = report.sequence()
        root.add_numeric(
            "Voltage", volts, "V", comp_op=CompOp.GELE, low_limit=4.9, high_limit=5.2
        ).tot_time = 2.0
        power = root.add_sequence("Power", "power.seq", "1.0")
        power.add_numerics(
            "Rails",
            [
                NumericMeasurement(name="3V3", value=3.3, unit="V", comp_op=CompOp.LOG),
                NumericMeasurement(
                    name="12V", value=12 + number / 10, unit="V", comp_op=CompOp.GE, low_limit=12
                ),
            ],
        )
        power.add_string("Version", "v1", "v1")
        report.conclude(10)
        await reports.submit(report)
        return report

    await test(1, 0, "SN-1", ICT, 6.0)
    await test(2, 1, "SN-2", ICT, 5.0)
    failed = await test(3, 2, "SN-3", ICT, 5.5)
    repair = reports.create_uur_from_uut(
        failed, "rep", start_time=begin + timedelta(minutes=5), report_id=report_id(9)
    )
    assert repair.info is not None
    repair.info.test_operation_name = "ICT"
    repair.unit().add_failure(
        "Soldering", "Cold joint", comment="Resoldered", comp_ref="R12", ref_step_name="Voltage"
    )
    await reports.submit(repair)
    await test(4, 10, "SN-1", ICT, 5.1)
    await test(5, 11, "SN-3", ICT, 4.0)
    await test(6, 20, "SN-1", FINAL, 5.0)
    await test(7, 21, "SN-2", FINAL, 5.1)
