"""Field types of several analytics models that servers spell in more than one way."""

from typing import Annotated

from pydantic import AliasChoices, Field

from pywats.models.wire_time import WireDatetime

__all__ = ["LimitHigh", "LimitLow", "ReportId", "TestTime"]

ReportId = Annotated[
    str | None,
    Field(validation_alias=AliasChoices("reportId", "id"), serialization_alias="reportId"),
]
"""Id of the report."""

TestTime = Annotated[
    WireDatetime | None,
    Field(validation_alias=AliasChoices("startUtc", "start_utc"), serialization_alias="startUtc"),
]
"""When the test began."""

LimitLow = Annotated[
    float | None,
    Field(validation_alias=AliasChoices("limitLow", "limit1"), serialization_alias="limitLow"),
]
"""Lower limit."""

LimitHigh = Annotated[
    float | None,
    Field(validation_alias=AliasChoices("limitHigh", "limit2"), serialization_alias="limitHigh"),
]
"""Upper limit."""
