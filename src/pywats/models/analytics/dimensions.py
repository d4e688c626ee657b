"""Names of the dimensions and KPIs that split and order yield and repair statistics.

Each is a string, so that a direction can be added: ``f"{YieldKpi.UNIT_COUNT} desc"``.
"""

from enum import StrEnum

__all__ = ["RepairDimension", "RepairKpi", "YieldDimension", "YieldKpi"]


class YieldDimension(StrEnum):
    """Dimensions that yield can be split by (POST /api/App/DynamicYield)."""

    PART_NUMBER = "partNumber"
    PRODUCT_NAME = "productName"
    STATION_NAME = "stationName"
    LOCATION = "location"
    PURPOSE = "purpose"
    REVISION = "revision"
    TEST_OPERATION = "testOperation"
    PROCESS_CODE = "processCode"
    SW_FILENAME = "swFilename"
    SW_VERSION = "swVersion"
    PRODUCT_GROUP = "productGroup"
    LEVEL = "level"
    PERIOD = "period"
    BATCH_NUMBER = "batchNumber"
    OPERATOR = "operator"
    FIXTURE_ID = "fixtureId"
    SOCKET_INDEX = "socketIndex"
    ERROR_CODE = "errorCode"
    MISC_INFO_DESCRIPTION = "miscInfoDescription"
    MISC_INFO_STRING = "miscInfoString"
    STEP_CAUSED_UUT_FAILURE = "stepCausedUutFailure"
    STEP_PATH_CAUSED_UUT_FAILURE = "stepPathCausedUutFailure"
    ASSET_SERIAL_NUMBER = "assetSerialNumber"
    ASSET_NAME = "assetName"


class YieldKpi(StrEnum):
    """Figures of yield statistics.

    The server also knows colours, alarms and trends: give their names as plain text.
    """

    UNIT_COUNT = "unitCount"
    FP_COUNT = "fpCount"
    SP_COUNT = "spCount"
    TP_COUNT = "tpCount"
    LP_COUNT = "lpCount"
    FP_FAIL_COUNT = "fpFailCount"
    SP_FAIL_COUNT = "spFailCount"
    TP_FAIL_COUNT = "tpFailCount"
    LP_FAIL_COUNT = "lpFailCount"
    FPY = "fpy"
    SPY = "spy"
    TPY = "tpy"
    LPY = "lpy"
    PPM_FPY = "ppmFpy"
    PPM_SPY = "ppmSpy"
    PPM_TPY = "ppmTpy"
    PPM_LPY = "ppmLpy"
    TEST_REPORT_COUNT = "testReportCount"
    TEST_YIELD_COUNT = "testYieldCount"
    TEST_YIELD = "testYield"
    PPM_TEST_YIELD = "ppmTestYield"
    RETEST_COUNT = "retestCount"
    FIRST_UTC = "firstUtc"
    LAST_UTC = "lastUtc"


class RepairDimension(StrEnum):
    """Dimensions that repair statistics can be split by (POST /api/App/DynamicRepair)."""

    PART_NUMBER = "partNumber"
    REVISION = "revision"
    PRODUCT_NAME = "productName"
    PRODUCT_GROUP = "productGroup"
    UNIT_TYPE = "unitType"
    REPAIR_OPERATION = "repairOperation"
    PERIOD = "period"
    LEVEL = "level"
    STATION_NAME = "stationName"
    LOCATION = "location"
    PURPOSE = "purpose"
    OPERATOR = "operator"
    MISC_INFO_DESCRIPTION = "miscInfoDescription"
    MISC_INFO_STRING = "miscInfoString"
    REPAIR_CODE = "repairCode"
    REPAIR_CATEGORY = "repairCategory"
    REPAIR_TYPE = "repairType"
    COMPONENT_REF = "componentRef"
    COMPONENT_NUMBER = "componentNumber"
    COMPONENT_REVISION = "componentRevision"
    COMPONENT_VENDOR = "componentVendor"
    COMPONENT_DESCRIPTION = "componentDescription"
    FUNCTION_BLOCK = "functionBlock"
    REFERENCED_STEP = "referencedStep"
    REFERENCED_STEP_PATH = "referencedStepPath"
    TEST_OPERATION = "testOperation"
    TEST_PERIOD = "testPeriod"
    TEST_LEVEL = "testLevel"
    TEST_STATION_NAME = "testStationName"
    TEST_LOCATION = "testLocation"
    TEST_PURPOSE = "testPurpose"
    TEST_OPERATOR = "testOperator"
    BATCH_NUMBER = "batchNumber"
    SW_FILENAME = "swFilename"
    SW_VERSION = "swVersion"


class RepairKpi(StrEnum):
    """Figures of repair statistics."""

    REPAIR_REPORT_COUNT = "repairReportCount"
    REPAIR_COUNT = "repairCount"
