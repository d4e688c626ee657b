"""Models of software packages, their files, and their virtual folders."""

from pydantic import Field

from pywats.models.base import InternalModel, WATSModel, WireUUID
from pywats.models.product.product import Tag
from pywats.models.software.enums import AnyFileAttribute, AnyPackageStatus, AnyVirtualFolderType
from pywats.models.wire_time import WireDatetime

__all__ = ["DistributedVirtualFolder", "Package", "PackageFile", "VirtualFolder"]


class Package(WATSModel):
    """One version of a software package (``Mes.Software.Public.Package``).

    Attributes:
        package_id: Id of this version of the package.
        name: Name of the package; all its versions share it.
        version: Version, from 1.
        status: Its status: draft, pending, released or revoked.
        description: Description.
        install_on_root: True if its folders are installed in the root folder itself, False if in
            a folder there with the name of the package.
        root_directory: Root folder on the station; empty for the one set there.
        priority: Priority among packages.
        tags: Names and values to find it by.
        virtual_folder_id: Id of the virtual folder it is kept in.
        created: When it was created.
        created_by: User who created it.
        modified: When it was last changed.
        modified_by: User who last changed it.
        released: When it was released.
        released_by: User who released it.
        revoked: When it was revoked.
        revoked_by: User who revoked it.
    """

    package_id: WireUUID | None = None
    name: str | None = None
    version: int | None = None
    status: AnyPackageStatus | None = None
    description: str | None = None
    install_on_root: bool | None = None
    root_directory: str | None = None
    priority: int | None = None
    tags: list[Tag] | None = None
    virtual_folder_id: WireUUID | None = None
    created: WireDatetime | None = None
    created_by: str | None = None
    modified: WireDatetime | None = None
    modified_by: str | None = None
    released: WireDatetime | None = None
    released_by: str | None = None
    revoked: WireDatetime | None = None
    revoked_by: str | None = None


class PackageFile(WATSModel):
    """A file of a package, without its content (``Mes.Software.Public.PackageFile``).

    Attributes:
        package_file_id: Id of the file in the package.
        name: Name of the file.
        package_folder_name: Folder of the package that holds it.
        attributes: What is done with it on installation; more than one attribute stays the text
            that the server sent.
        description: Description, ``Description`` on the wire.
    """

    package_file_id: str | None = None
    name: str | None = None
    package_folder_name: str | None = None
    attributes: AnyFileAttribute | None = None
    # Only this name is PascalCase in this definition.
    description: str | None = Field(
        default=None, validation_alias="Description", serialization_alias="Description"
    )


class VirtualFolder(WATSModel):
    """A folder that orders packages for their administrators (``Mes.VirtualFolder``).

    It does not exist on stations. Other fields of the internal API, such as the packages in it,
    stay in ``model_extra``.

    Attributes:
        id: Id of the folder.
        parent_id: Id of the folder that holds it; empty at the top.
        name: Name of the folder.
        description: Description.
        type: Its purpose; the public list does not have it.
    """

    id: WireUUID | None = None
    parent_id: WireUUID | None = None
    name: str | None = None
    description: str | None = None
    type: AnyVirtualFolderType | None = None


class DistributedVirtualFolder(InternalModel):
    """A virtual folder as servers exchange it (``Mes.VirtualFolderBasic``).

    Attributes:
        id: Id of the folder, ``VirtualFolderId`` on the wire.
        parent_id: Id of the folder that holds it, ``ParentVirtualFolderId`` on the wire.
        name: Name of the folder.
        description: Description.
        type: What it is for.
        virtual_folders: The folders that it holds.
    """

    id: WireUUID | None = Field(
        default=None, validation_alias="VirtualFolderId", serialization_alias="VirtualFolderId"
    )
    parent_id: WireUUID | None = Field(
        default=None,
        validation_alias="ParentVirtualFolderId",
        serialization_alias="ParentVirtualFolderId",
    )
    name: str | None = None
    description: str | None = None
    type: AnyVirtualFolderType | None = None
    virtual_folders: "list[DistributedVirtualFolder] | None" = None
