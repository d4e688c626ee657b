"""What a client accepts, refuses and shows, before any I/O."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from pywats import AsyncWATS, RetryConfig, SyncClientConfig, SyncConfig, SyncWATSClient, pyWATS
from pywats.errors import WATSClosedError

URL = "http://127.0.0.1:9"
TOKEN = base64.b64encode(b"station:hunter2").decode()


def test_the_words_of_the_user_work_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYWATS_TOKEN", TOKEN)
    monkeypatch.setenv("PYWATS_BASE_URL", URL)
    api = pyWATS(base_url=URL, timeout=60.0)
    assert api.config == SyncConfig(timeout=60.0)
    api = pyWATS(base_url=URL, retry_config=RetryConfig(max_retries=3, backoff=2.0))
    assert api.config == SyncConfig(
        retry_enabled=True, retry=RetryConfig(max_retries=3, backoff=2.0)
    )
    given = SyncConfig(
        timeout=45.0,
        retry_enabled=True,
        retry=RetryConfig(max_retries=5, backoff=1.5),
        correlation_id_enabled=True,
    )
    api = pyWATS(base_url=URL, sync_config=given)
    assert api.config == given
    client = SyncWATSClient(
        config=SyncClientConfig(
            max_retries=3, retry_backoff=2.0, retry_on_errors=[TimeoutError, ConnectionError]
        )
    )
    assert repr(client) == f"<SyncWATSClient {URL} (open)>"


def test_keywords_win_over_the_config_value() -> None:
    base = SyncConfig(timeout=1, retry_enabled=True, retry=RetryConfig(max_retries=9))
    api = pyWATS(URL, TOKEN, sync_config=base, timeout=None, deadline=timedelta(seconds=7))
    assert api.config.timeout is None
    assert api.config.deadline == 7
    assert api.config.retry.max_retries == 9
    api = pyWATS(URL, TOKEN, retry_config=RetryConfig(max_retries=1), retry_enabled=False)
    assert not api.config.retry_enabled


@pytest.mark.parametrize("client", [pyWATS, AsyncWATS])
@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"base_url": ""}, ValueError, "no address of the server: .*PYWATS_BASE_URL"),
        ({"base_url": "wats/api"}, ValueError, "base_url='wats/api': must be an absolute URL"),
        ({"base_url": "http://u:p@h"}, ValueError, "must not contain credentials"),
        ({"base_url": 7}, TypeError, "base_url=7: must be an absolute URL"),
        ({"timeout": 0}, ValueError, "timeout=0: must be a finite number of seconds above 0"),
        ({"timeout": float("nan")}, ValueError, "timeout=nan: must be"),
        ({"timeout": "30"}, TypeError, "timeout='30': must be a number of seconds"),
        ({"token": 7}, TypeError, "token: must be a string, not int"),
        ({"token": "a b"}, ValueError, "token: must be the base64 text of username:password"),
        ({"token": "x\ny"}, ValueError, "token: must be the base64 text of username:password"),
        ({"username": "me"}, ValueError, "pass either token= or username= and password=, not both"),
        ({"token": None}, ValueError, "no credentials: pass token=, .*PYWATS_TOKEN, or PYWATS_USE"),
        ({"token": None, "username": "me"}, ValueError, "password is missing: .*PYWATS_PASSWORD"),
        ({"token": None, "password": "p"}, ValueError, "username is missing: .*PYWATS_USERNAME"),
        (
            {"token": None, "username": "a:b", "password": "p"},
            ValueError,
            "username: must not contain a colon",
        ),
        ({"verify_ssl": 1}, TypeError, "verify_ssl=1: must be True, False or an ssl.SSLContext"),
    ],
)
def test_bad_settings_are_refused_by_both_faces(
    client: type[pyWATS | AsyncWATS],
    settings: dict[str, object],
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error, match=text):
        client(**({"base_url": URL, "token": TOKEN} | settings))  # type: ignore[arg-type]  # the mistake under test


def test_wrong_credentials_of_the_environment_are_told_by_their_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYWATS_USERNAME", "a:b")
    monkeypatch.setenv("PYWATS_PASSWORD", "p")
    with pytest.raises(ValueError, match=r"^PYWATS_USERNAME: must not contain a colon"):
        pyWATS(URL)
    monkeypatch.setenv("PYWATS_TOKEN", "a b")
    with pytest.raises(ValueError, match=r"^PYWATS_TOKEN: must be the base64 text of username:"):
        pyWATS(URL)


def test_blank_variables_count_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYWATS_BASE_URL", " ")
    with pytest.raises(ValueError, match="no address of the server"):
        pyWATS(token=TOKEN)
    monkeypatch.setenv("PYWATS_TOKEN", " ")
    with pytest.raises(ValueError, match="no credentials"):
        pyWATS(URL)


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"deadline": -1}, ValueError, "deadline=-1: must be a finite number"),
        ({"retry_config": 3}, TypeError, "retry_config=3: must be a RetryConfig, not int"),
        ({"retry_enabled": "yes"}, TypeError, "retry_enabled='yes': must be True or False"),
        ({"sync_config": {}}, TypeError, "sync_config: must be a SyncConfig, not dict; make it"),
    ],
)
def test_bad_settings_of_the_sync_face_are_refused(
    settings: dict[str, object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        pyWATS(URL, TOKEN, **settings)  # type: ignore[arg-type]  # the mistake under test


def test_a_bad_header_name_is_refused_by_the_async_face() -> None:
    with pytest.raises(ValueError, match="correlation_header='X Y': must be an HTTP header name"):
        AsyncWATS(URL, TOKEN, correlation_header="X Y")


def test_the_flat_client_wants_its_own_config() -> None:
    with pytest.raises(TypeError, match="config: must be a SyncClientConfig, not SyncConfig"):
        SyncWATSClient(config=SyncConfig())  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(ValueError, match="no address of the server"):
        SyncWATSClient()


def test_what_is_refused_is_not_shown_where_it_may_hold_a_secret() -> None:
    wrong = {"base_url": URL, "token": "opaque-token", "password": "hunter2"}
    with pytest.raises(TypeError, match="must be a SyncClientConfig, not dict; make") as flat:
        SyncWATSClient(wrong)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="must be a SyncConfig, not dict; make it with") as config:
        pyWATS(URL, TOKEN, sync_config=wrong)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(ValueError, match="pass what follows it as password=") as name:
        pyWATS(URL, username="station:hunter2", password="x")
    for caught in (flat, config, name):
        for secret in ("opaque-token", "hunter2"):
            assert secret not in str(caught.value)


def test_credentials_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYWATS_BASE_URL", URL + "/api/")
    monkeypatch.setenv("PYWATS_USERNAME", "station")
    monkeypatch.setenv("PYWATS_PASSWORD", "hunter2")
    assert pyWATS().base_url == URL
    assert AsyncWATS().base_url == URL


@pytest.mark.parametrize(
    "settings",
    [
        {"token": TOKEN},
        {"token": f"Basic {TOKEN}"},
        {"token": "bm90LWEtcGFpcg=="},
        {"token": "opaque-token"},
        {"username": "station", "password": "hunter2"},
    ],
)
def test_no_repr_shows_a_secret(settings: dict[str, str]) -> None:
    client = pyWATS(URL, **settings)  # type: ignore[arg-type]  # credentials only
    flat = SyncWATSClient(SyncClientConfig(base_url=URL, **settings))  # type: ignore[arg-type]  # credentials only
    async_client = AsyncWATS(URL, **settings)  # type: ignore[arg-type]  # credentials only
    for thing in (client, flat, client.product, async_client):
        for secret in (TOKEN, "hunter2", "opaque-token", "bm90LWEtcGFpcg=="):
            assert secret not in repr(thing)
            assert secret not in repr(vars(thing))


def test_close_is_idempotent_and_a_call_after_it_raises() -> None:
    api = pyWATS(URL, TOKEN)
    assert repr(api) == f"<pyWATS {URL} (open)>"
    with api as entered:
        assert entered is api
    api.close()
    assert repr(api) == f"<pyWATS {URL} (closed)>"
    with pytest.raises(WATSClosedError, match=r"pywats\.product\.get_product was called after clo"):
        api.product.get_product("A")
    with SyncWATSClient(SyncClientConfig(base_url=URL, token=TOKEN)) as client:
        pass
    with pytest.raises(WATSClosedError):
        client.get_product(part_number="A")


async def test_the_async_face_closes_too() -> None:
    async with AsyncWATS(URL, TOKEN) as api:
        assert repr(api) == f"<AsyncWATS {URL}>"
    with pytest.raises(WATSClosedError):
        await api.product.get_product("A")
