"""Submission of reports, and reading of whole reports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, TypeAdapter

from pywats import validation
from pywats.errors import WATSError
from pywats.http.port import Request
from pywats.models.report import InsertReportResult, Report, UURReport, UUTReport
from pywats.models.report.wsjf_text import quote_non_finite, read_wsjf
from pywats.redaction import one_line
from pywats.services import arguments
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from uuid import UUID

    from pydantic import JsonValue

__all__ = ["ReportProblemsError", "Submission", "wsjf_content"]

_RESULT = TypeAdapter(
    Annotated[
        InsertReportResult | Annotated[list[InsertReportResult], Field(min_length=1)],
        Field(union_mode="left_to_right"),
    ]
)
_REPORT: TypeAdapter[UUTReport | UURReport] = TypeAdapter(
    Annotated[UUTReport | UURReport, Field(discriminator="type")]
)
_MAX_DETAIL = 7
_SHOWN = 80


class ReportProblemsError(ValueError):
    """A report was refused before it was sent.

    What to do: fix each of ``problems``, or give ``check=False`` to leave the judgement to the
    server.

    Attributes:
        problems: The problems of the report, one sentence each.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return f"the report was not submitted: {'; '.join(self.problems)}"


class Submission(Calls):
    """The methods on whole reports."""

    async def submit_report(
        self,
        report: UUTReport | UURReport | Mapping[str, JsonValue] | str | bytes,
        *,
        check: bool = True,
    ) -> InsertReportResult:
        """Submit a report in WSJF (POST /api/Report/WSJF).

        The client makes the id of the report: if an error says ``may_have_been_executed``, submit
        the same object again, and the server recognises the report. Do not use the object for the
        next unit: it would replace the first report, so it is refused.

        Args:
            report: The report, or a WSJF document with an id: as a mapping, or as text, which is
                sent as it is, to the last digit. ``NaN`` and the infinities, which JSON does not
                have, are sent as texts.
            check: True refuses a report with problems before it is sent, except problems that it
                had when it was read. It also refuses a text that is not a WSJF document; the
                content of a document is not checked.

        Returns:
            The id of the report and the number that the server gave it.

        Raises:
            ReportProblemsError: The report has problems; see ``report.problems()``.
            ValueError: The document is not a WSJF document with an id.
            BadRequestError: The server does not accept it.
        """
        content = wsjf_content(report, check=check)
        request = Request(method="POST", template="/api/Report/WSJF", content=content)
        try:
            result = await self._submit(request)
        except WATSError as error:
            if error.may_have_been_executed and isinstance(report, Report):
                report.note_submitted()
            raise
        if isinstance(report, Report):
            report.note_submitted()
        return result

    async def submit(
        self,
        report: UUTReport | UURReport | Mapping[str, JsonValue] | str | bytes,
        *,
        check: bool = True,
    ) -> InsertReportResult:
        """Submit a report; see `submit_report` (POST /api/Report/WSJF).

        Args:
            report: The report, or a WSJF document with an id, as a mapping or as text.
            check: True refuses a report with problems before it is sent.

        Returns:
            The id of the report and the number that the server gave it.
        """
        return await self.submit_report(report, check=check)

    async def submit_report_xml(self, xml_content: str | bytes) -> InsertReportResult:
        """Submit a report in WSXF (POST /api/Report/WSXF).

        Args:
            xml_content: The XML document; a text is sent in UTF-8.

        Returns:
            The id of the report and the number that the server gave it.

        Raises:
            BadRequestError: The server does not accept it.
        """
        if isinstance(xml_content, str):
            content = arguments.text("xml_content", xml_content).encode()
        else:
            content = arguments.content("xml_content", xml_content)
        return await self._submit(
            Request(
                method="POST",
                template="/api/Report/WSXF",
                content=content,
                content_type="application/xml",
            )
        )

    async def get_report(
        self,
        report_id: UUID | str,
        detail_level: int | None = None,
        *,
        include_chartdata: bool | None = None,
        include_attachments: bool | None = None,
    ) -> UUTReport | UURReport:
        """Read a report (GET /api/Report/Wsjf/{id}).

        Args:
            report_id: Id of the report.
            detail_level: 0 (only who and when) to 7 (everything); None leaves it to the server.
            include_chartdata: Whether charts come with their points; None means yes.
            include_attachments: Whether attachments come with their data; None means yes.

        Returns:
            The report.

        Raises:
            NotFoundError: The report does not exist.
        """
        request = Request(
            method="GET",
            template="/api/Report/Wsjf/{id}",
            path={"id": arguments.uuid_text("report_id", report_id)},
            query={
                "detailLevel": _detail(detail_level),
                "includeChartdata": arguments.optional_boolean(
                    "include_chartdata", include_chartdata
                ),
                "includeAttachments": arguments.optional_boolean(
                    "include_attachments", include_attachments
                ),
            },
        )
        return await self._one(request, _REPORT)

    async def get_report_xml(
        self,
        report_id: UUID | str,
        include_attachments: bool | None = None,  # noqa: FBT001 - its place in the catalogue
        include_chartdata: bool | None = None,  # noqa: FBT001 - its place in the catalogue
        include_indexes: bool | None = None,  # noqa: FBT001 - its place in the catalogue
        *,
        detail_level: int | None = None,
    ) -> bytes:
        """Read a report in WSXF (GET /api/Report/Wsxf/{id}).

        Args:
            report_id: Id of the report.
            include_attachments: Whether attachments come with their data; None means yes.
            include_chartdata: Whether charts come with their points; None means yes.
            include_indexes: Whether measurements come with their numbers.
            detail_level: 0 (only who and when) to 7 (everything); None leaves it to the server.

        Returns:
            The XML document.

        Raises:
            NotFoundError: The report does not exist.
        """
        flags = {
            "includeAttachments": ("include_attachments", include_attachments),
            "includeChartdata": ("include_chartdata", include_chartdata),
            "includeIndexes": ("include_indexes", include_indexes),
        }
        request = Request(
            method="GET",
            template="/api/Report/Wsxf/{id}",
            path={"id": arguments.uuid_text("report_id", report_id)},
            query={
                "detailLevel": _detail(detail_level),
                **{key: arguments.optional_boolean(*flag) for key, flag in flags.items()},
            },
            accept="application/xml",
        )
        return await self._bytes(request)

    async def _submit(self, request: Request) -> InsertReportResult:
        decoded = await self._one(request, _RESULT)
        return decoded[0] if isinstance(decoded, list) else decoded


def wsjf_content(
    report: UUTReport | UURReport | Mapping[str, JsonValue] | str | bytes, *, check: bool
) -> bytes:
    """Return the document that `Submission.submit_report` sends.

    Args:
        report: The report, or a WSJF document.
        check: Whether to check it first.

    Raises:
        ReportProblemsError: The report has problems.
        ValueError: The document is not a WSJF document with an id.
    """
    validation.boolean("check", check)
    if isinstance(report, str):
        if check and not report.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            raise ValueError(
                f"report={one_line(report, limit=_SHOWN)!r}: must be a WSJF document, which is a "
                "JSON object; for a file give Path(…).read_bytes()"
            )
        report = validation.encodable("report", report).encode()
    if isinstance(report, bytes):
        return read_wsjf(report).content if check else report
    if not isinstance(report, Report):
        return _document(report)
    problems = report.problems() if check else []
    if problems:
        raise ReportProblemsError(problems)
    return report.to_wire_json()


def _detail(level: int | None) -> int | None:
    if level is None:
        return None
    if validation.whole_number("detail_level", level, 0) > _MAX_DETAIL:
        raise ValueError(f"detail_level={level}: must be 0 to {_MAX_DETAIL}")
    return level


def _document(report: object) -> bytes:
    if not isinstance(report, Mapping):
        raise TypeError(
            f"report={report!r}: must be a UUTReport, a UURReport or a WSJF document (a mapping, "
            "or JSON as str or bytes), "
            f"not {type(report).__name__}"
        )
    if "id" not in report:
        raise ValueError(
            "report has no 'id': give it one, for example str(uuid.uuid4()), and keep it, so that "
            "a second submission is recognised"
        )
    arguments.uuid_text("report['id']", report["id"])
    try:
        return quote_non_finite(json.dumps(dict(report))).encode()
    except (TypeError, ValueError, RecursionError) as error:
        place = _place_of_foreign(report)
        raise ValueError(f"report{place} is not JSON: {error}") from error


def _place_of_foreign(value: object) -> str:
    """Return the path of the first value that JSON cannot express; empty without such a value."""
    left: list[tuple[str, object]] = [("", value)]
    # A mapping may contain itself; without this set the loop would not end.
    seen: set[int] = set()
    while left:
        place, each = left.pop()
        children: list[tuple[object, object]] = []
        if isinstance(each, Mapping):
            children = list(each.items())
        elif isinstance(each, list | tuple):
            children = list(enumerate(each))
        elif not isinstance(each, str | int | float | None):
            return place
        if id(each) not in seen:
            seen.add(id(each))
            left += [(f"{place}[{key!r}]", child) for key, child in reversed(children)]
    return ""
