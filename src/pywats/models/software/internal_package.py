"""Models of software packages as the internal API has them, down to the files they hold."""

from pywats.models.base import InternalModel, WATSModel, WireUUID
from pywats.models.software.enums import NumberedPackageStatus
from pywats.models.software.package import VirtualFolder
from pywats.models.wire_time import WireDatetime

__all__ = [
    "InternalPackage",
    "PackageFolder",
    "PackageFolderFile",
    "RepositoryFolderFile",
    "SoftwareEntity",
]


class RepositoryFolderFile(InternalModel):
    """A file in the store of the server (``Mes.Software.RepositoryFolderFile``).

    Attributes:
        repository_folder_file_id: Id of the file in the store; its content is downloaded by it.
        name: Name of the file.
        version: Version number of the file with this name and place, from 1.
        description: Description.
        valid: True if the upload is complete.
        uploaded: When it was uploaded.
        file_modified_date: When it was last changed before it was uploaded.
        checksum: Checksum of the content, in base64.
        file_version: Version that the file itself states.
        file_size: Size in bytes.
    """

    repository_folder_file_id: WireUUID | None = None
    name: str | None = None
    version: int | None = None
    description: str | None = None
    valid: bool | None = None
    uploaded: WireDatetime | None = None
    file_modified_date: WireDatetime | None = None
    checksum: str | None = None
    file_version: str | None = None
    file_size: int | None = None


class PackageFolderFile(InternalModel):
    """A file in a folder of a package (``Mes.Software.PackageFolderFile``).

    Attributes:
        package_folder_file_id: Id of the file in the package.
        package_folder_id: Id of the folder that holds it.
        repository_folder_file_id: Id of the file in the store of the server.
        attributes: Sum of the file attributes. The API file does not name the numbers;
            `pywats.models.PackageFile` has the names.
        repository_folder_file: The file in the store of the server.
    """

    package_folder_file_id: WireUUID | None = None
    package_folder_id: WireUUID | None = None
    repository_folder_file_id: WireUUID | None = None
    attributes: int | None = None
    repository_folder_file: RepositoryFolderFile | None = None


class PackageFolder(InternalModel):
    """A folder of a package (``Mes.Software.PackageFolder``).

    Attributes:
        package_folder_id: Id of the folder.
        package_id: Id of the package.
        parent_folder_id: Id of the folder that holds it; empty at the top.
        name: Name of the folder.
        modified: When it was last changed.
        parent: The folder that holds it.
        package_folders: The folders that it holds.
        package_folder_files: The files that it holds.
    """

    package_folder_id: WireUUID | None = None
    package_id: WireUUID | None = None
    parent_folder_id: WireUUID | None = None
    name: str | None = None
    modified: WireDatetime | None = None
    parent: "PackageFolder | None" = None
    package_folders: "list[PackageFolder] | None" = None
    package_folder_files: list[PackageFolderFile] | None = None


class InternalPackage(InternalModel):
    """One version of a package as the internal API has it (``Mes.Software.Package``).

    ``PackageSiteRelations`` (the sites that may use the package) stays in ``model_extra``.

    Attributes:
        package_id: Id of this version of the package.
        name: Name of the package; all its versions share it.
        version: Version, from 1.
        status: Its status, a number on the wire.
        description: Description.
        package_folder: True if it is installed in a folder with the name of the package, False
            if in the root folder itself.
        root_directory: Root folder on the station; empty for the one set there.
        priority: Priority among packages.
        tags: XML document with the tags: a root element ``PackageInfo`` with an element for each
            tag.
        virtual_folder_id: Id of the virtual folder it is kept in.
        virtual_folder: That folder.
        package_folders: Its folders, with their files.
        is_restricted: True if only some users may see it.
        validation: Result of the server's validation.
        validation_description: Reason of this result.
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
    status: NumberedPackageStatus | None = None
    description: str | None = None
    package_folder: bool | None = None
    root_directory: str | None = None
    priority: int | None = None
    tags: str | None = None
    virtual_folder_id: WireUUID | None = None
    virtual_folder: VirtualFolder | None = None
    package_folders: list[PackageFolder] | None = None
    is_restricted: bool | None = None
    validation: str | None = None
    validation_description: str | None = None
    created: WireDatetime | None = None
    created_by: str | None = None
    modified: WireDatetime | None = None
    modified_by: str | None = None
    released: WireDatetime | None = None
    released_by: str | None = None
    revoked: WireDatetime | None = None
    revoked_by: str | None = None


class SoftwareEntity(WATSModel):
    """A file or a folder of a package, as an administrator sees it (``Mes.SoftwareEntity``).

    Attributes:
        id: Id of the file or folder in the package.
        type: Whether it is a file or a folder: 0 or 1, which the API file does not name.
        parent_id: Id of the folder that holds this folder; not used for files.
        name: Name.
        file_version: Version that the file itself states.
        repository_version: Version number of the file with this name and place, from 1.
        file_size: Size in bytes.
        last_modified_date: When it was last changed.
        uploaded_date: When the file was uploaded.
        attributes: Sum of the file attributes, see `PackageFolderFile`.
        repository_folder_file_id: Id of the file in the store of the server.
        valid: True if the upload of the file is complete.
        information: Further information from the server.
    """

    id: WireUUID | None = None
    type: int | None = None
    parent_id: WireUUID | None = None
    name: str | None = None
    file_version: str | None = None
    repository_version: int | None = None
    file_size: int | None = None
    last_modified_date: WireDatetime | None = None
    uploaded_date: WireDatetime | None = None
    attributes: int | None = None
    repository_folder_file_id: WireUUID | None = None
    valid: bool | None = None
    information: str | None = None
