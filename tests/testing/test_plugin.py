"""The pytest plugin, in test runs of its own."""

from __future__ import annotations

import pytest

CONFIG = """\
[pytest]
filterwarnings = error
addopts = -p no:randomly -p no:ddtrace -p no:logfire -p no:pytest_logfire -p no:hypothesispytest
asyncio_default_fixture_loop_scope = function
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makefile(".ini", pytest=CONFIG)
    return pytester


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return project.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def test_the_fixtures_work_together(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        from pywats.errors import ServerError
        from pywats.sandbox import Fault

        @pytest.mark.parametrize("round", [1, 2])
        def test_each_test_has_a_server_of_its_own(round, wats_client, captured_calls):
            assert captured_calls == []
            wats_client.product.create_product(part_number="A")
            assert captured_calls == ["PUT /api/Product"]

        def test_faults(wats_sandbox, wats_client, captured_calls):
            wats_sandbox.inject("*", "*", Fault.status(503))
            with pytest.raises(ServerError):
                wats_client.product.get_product("A")
            assert [call.status for call in captured_calls] == [503]
        """
    )
    run(project).assert_outcomes(passed=3)


def test_the_client_does_not_retry_whatever_the_environment_says(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYWATS_MAX_RETRIES", "1")
    monkeypatch.setenv("PYWATS_TIMEOUT", "7")
    project.makepyfile(
        """
        import pytest

        from pywats.errors import ServerError
        from pywats.sandbox import Fault

        def test_one_attempt(wats_sandbox, wats_client, captured_calls):
            wats_sandbox.inject("*", "*", Fault.status(503), times=1)
            with pytest.raises(ServerError):
                wats_client.product.get_products()
            assert len(captured_calls) == 1
            assert wats_client.config.timeout == 7
        """
    )
    run(project).assert_outcomes(passed=1)


def test_the_client_is_closed_after_the_test(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        from pywats.errors import WATSClosedError

        kept = []

        def test_one(wats_client):
            kept.append(wats_client)

        def test_two():
            with pytest.raises(WATSClosedError):
                kept[0].product.get_product("A")
        """
    )
    run(project).assert_outcomes(passed=2)


def test_nothing_is_imported_until_a_fixture_is_used(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import sys

        def test_before():
            assert not {"pywats", "starlette", "uvicorn"} & sys.modules.keys()

        def test_after(wats_sandbox):
            assert {"pywats", "starlette", "uvicorn"} <= sys.modules.keys()
        """
    )
    run(project).assert_outcomes(passed=2)


def test_the_fixtures_are_documented(project: pytest.Pytester) -> None:
    listed = run(project, "--fixtures").stdout.str()
    for name, text in {
        "wats_sandbox": "A WATS-compatible server of the test's own",
        "wats_client": "A client (`pywats.pyWATS`) of the server",
        "captured_calls": "What was sent to the server so far",
    }.items():
        assert name in listed
        assert text in listed


def test_a_missing_extra_is_named(project: pytest.Pytester) -> None:
    project.makeconftest("import sys; sys.modules['uvicorn'] = None")
    project.makepyfile("def test_it(wats_client): pass")
    result = run(project)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["The fixture needs uvicorn: pip install 'pywats?sandbox?'"])
