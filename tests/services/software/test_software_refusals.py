"""What the software service refuses before it sends anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pywats.models import Package, SoftwareEntity, Tag
from tests.services.scenarios.software import zipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

UNKNOWN = "00000000-0000-0000-0000-000000000001"
OUTSIDE_ON_WINDOWS = (
    "..\\..\\Windows/a.txt",
    "bin\\..\\..\\x/a.txt",
    "C:/Windows/a.txt",
    "C:x/a.txt",
    "\\\\srv\\share/a.txt",
    "\\bin/a.txt",
)
ARCHIVE = zipped({"bin/a.txt": b"1"})


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda s: s.get_package("x"), ValueError, "package_id='x': must be a UUID"),
        (lambda s: s.get_package(None), TypeError, "package_id=None: must be a UUID, not NoneType"),
        (lambda s: s.get_package_full(""), ValueError, "package_id='': must be a UUID"),
        (lambda s: s.get_package_by_name(" "), ValueError, "name=' ': must be a non-empty string"),
        (
            lambda s: s.get_package_by_name("A", "released"),
            ValueError,
            "status='released': must be one of 'Draft', 'Pending', 'Released', 'Revoked'",
        ),
        (lambda s: s.get_package_by_name("A", version=0), ValueError, "version=0: must be an int"),
        (lambda s: s.get_packages_by_tag("a=b", "1"), ValueError, "tag='a=b': must not hold '='"),
        (lambda s: s.get_packages_by_tag("a", ""), ValueError, "value='': must be"),
        (lambda s: s.get_packages_by_tags(None), TypeError, "tags=None: must be a mapping, not N"),
        (lambda s: s.get_packages_by_tags({}), ValueError, "must hold at least one str"),
        (lambda s: s.get_packages_by_tags({"a b": "1"}), ValueError, "tag name 'a b': must be"),
        (lambda s: s.get_packages_by_tags({"a": 1}), TypeError, "tag 'a': value must be a string"),
        (lambda s: s.get_packages_by_tags({"a": "'\""}), ValueError, "of 'a' must not hold both"),
        (lambda s: s.get_packages_by_tag_internal(""), ValueError, "xpath='': must be"),
        (lambda s: s.get_package_history(""), ValueError, "tags='': must be"),
        (lambda s: s.get_package_history("//*", 4), ValueError, "status=4: must be one of"),
        (lambda s: s.get_package_history("//*", True), ValueError, "status=True: must be one of"),
        (lambda s: s.get_package_history("//*", 1, 1), TypeError, "all_versions=1: must be True"),
        (lambda s: s.create_package(""), ValueError, "name='': must be"),
        (lambda s: s.create_package("A", install_on_root=1), TypeError, "install_on_root=1: must"),
        (lambda s: s.create_package("A", priority=-1), ValueError, "priority=-1: must be"),
        (lambda s: s.create_package("A", tags="x"), TypeError, "tags='x': must be a sequence"),
        (lambda s: s.create_package("A", tags=["x"]), TypeError, "tags='x': must be a Tag"),
        (lambda s: s.create_package("A", tags=[Tag(key="1x")]), ValueError, "tag name '1x'"),
        (
            lambda s: s.create_package("A", virtual_folder_id=""),
            ValueError,
            "virtual_folder_id='': must be a UUID",
        ),
        (lambda s: s.update_package({}), TypeError, "package={}: must be a Package"),
        (
            lambda s: s.update_package(Package(name="A")),
            TypeError,
            "package.package_id=None: must be a UUID",
        ),
        (lambda s: s.delete_package("x"), ValueError, "package_id='x': must be a UUID"),
        (lambda s: s.delete_package_by_name("A", None), TypeError, "version=None: must be"),
        (lambda s: s.submit_for_review("x"), ValueError, "package_id='x': must be a UUID"),
        (lambda s: s.set_package_status(UNKNOWN, ""), ValueError, "status='': must be one of"),
        (lambda s: s.upload_zip("x", ARCHIVE), ValueError, "package_id='x': must be a UUID"),
        (lambda s: s.upload_zip(UNKNOWN, "x"), TypeError, "zip_content: must be bytes, not str"),
        (lambda s: s.upload_zip(UNKNOWN, b""), ValueError, "zip_content is empty"),
        (lambda s: s.upload_zip(UNKNOWN, ARCHIVE, 1), TypeError, "clean_install=1: must be True"),
        (lambda s: s.upload_zip(UNKNOWN, b"PK"), ValueError, "zip_content: must be a zip archive"),
        (
            lambda s: s.upload_zip(UNKNOWN, zipped({"bin/": b""})),
            ValueError,
            "zip_content: the zip archive holds no file",
        ),
        (
            lambda s: s.upload_zip(UNKNOWN, zipped({"bin/a": b"", "b.txt": b""})),
            ValueError,
            "zip_content: 'b.txt' is in no folder of the zip archive.*such as 'bin/b.txt'",
        ),
        (
            lambda s: s.upload_zip(UNKNOWN, zipped({"bin/../../a": b""})),
            ValueError,
            "zip_content: 'bin/../../a' would be unpacked outside the package",
        ),
        (
            lambda s: s.upload_zip(UNKNOWN, zipped({"/bin/a": b""})),
            ValueError,
            "'/bin/a' would be unpacked outside the package",
        ),
        *(
            (
                lambda s, name=name: s.upload_zip(UNKNOWN, zipped({"bin/a": b"", name: b""})),
                ValueError,
                re.escape(f"{name!r} would be unpacked outside the package"),
            )
            for name in OUTSIDE_ON_WINDOWS
        ),
        (lambda s: s.update_file_attribute("", "None"), ValueError, "file_id='': must be"),
        (
            lambda s: s.update_file_attribute("1", "Execute"),
            ValueError,
            "attribute='Execute': must be one of 'None', 'ExecuteOnce', 'ExecuteAlways'",
        ),
        (lambda s: s.update_file_attribute("1", 1), ValueError, "attribute=1: must be one of"),
        (lambda s: s.get_file("x"), ValueError, "file_id='x': must be a UUID"),
        (lambda s: s.download_package_file("x"), ValueError, "repository_folder_file_id='x'"),
        (
            lambda s: s.check_file(UNKNOWN, UNKNOWN, "a", "", 0),
            ValueError,
            "checksum='': must be",
        ),
        (
            lambda s: s.check_file(UNKNOWN, UNKNOWN, "a", "b", -1),
            ValueError,
            "file_date_epoch=-1: must be an integer >= 0",
        ),
        (lambda s: s.delete_package_folder_files([]), ValueError, "must hold at least one UUID"),
        (
            lambda s: s.delete_package_folder_files(UNKNOWN),
            TypeError,
            f"file_ids='{UNKNOWN}': must be a sequence",
        ),
        (
            lambda s: s.delete_package_folder_files([UNKNOWN, "x"]),
            ValueError,
            r"file_ids\[1\]='x': must be a UUID",
        ),
        (
            lambda s: s.create_package_folder(UNKNOWN, {"name": "bin"}),
            TypeError,
            "folder_data={'name': 'bin'}: must be a SoftwareEntity",
        ),
        (
            lambda s: s.create_package_folder(UNKNOWN, SoftwareEntity()),
            TypeError,
            "folder_data.name=None: must be a non-empty string",
        ),
        (
            lambda s: s.update_package_folder(SoftwareEntity(name="bin")),
            TypeError,
            "folder_data.id=None: must be a UUID",
        ),
        (lambda s: s.delete_package_folder("x"), ValueError, "package_folder_id='x': must be"),
        (lambda s: s.get_software_entity_details("x"), ValueError, "package_id='x': must be"),
        (lambda s: s.create_virtual_folder(""), ValueError, "name='': must be"),
        (lambda s: s.create_virtual_folder("A", ""), ValueError, "parent_id='': must be a UUID"),
        (
            lambda s: s.create_virtual_folder("A", description=None),
            TypeError,
            "description=None: must be a str",
        ),
        (
            lambda s: s.create_virtual_folder("A", is_restricted=1),
            TypeError,
            "is_restricted=1: must be True or False",
        ),
        (lambda s: s.update_virtual_folder("x"), ValueError, "folder_id='x': must be a UUID"),
        (lambda s: s.update_virtual_folder(UNKNOWN, ""), ValueError, "name='': must be"),
        (lambda s: s.update_virtual_folder(UNKNOWN, None, "x"), ValueError, "parent_id='x': must"),
        (
            lambda s: s.update_virtual_folder(UNKNOWN, description=1),
            TypeError,
            "description=1: must be a str",
        ),
        (
            lambda s: s.update_virtual_folder(UNKNOWN, is_restricted="no"),
            TypeError,
            "is_restricted='no': must be True or False",
        ),
        (lambda s: s.delete_virtual_folder("x"), ValueError, "folder_id='x': must be a UUID"),
        (lambda s: s.get_available_packages([]), ValueError, r"installed_packages=\[\]: must hold"),
        (
            lambda s: s.get_revoked_packages([UNKNOWN], "no"),
            TypeError,
            "include_revoked_only='no': must be True or False",
        ),
        (lambda s: s.log_download(UNKNOWN, -1), ValueError, "download_size=-1: must be"),
        (lambda s: s.get_package_download_history("1"), TypeError, "client_id='1': must be"),
    ],
)
def test_bad_arguments_are_refused_before_any_request(
    api: pyWATS,
    sandbox: Sandbox,
    call: Callable[[Any], object],
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error, match=text):
        call(api.software)
    assert sandbox.requests == ()
