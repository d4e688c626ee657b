"""Models of levels and user settings."""

from pywats.models.base import WATSModel

__all__ = ["CommonUserSettings", "LevelInfo"]


class LevelInfo(WATSModel):
    """A level: a group of stations, for example a site.

    Attributes:
        level_id: Id of the level.
        level_name: Name of the level.
    """

    level_id: int | None = None
    level_name: str | None = None


class CommonUserSettings(WATSModel):
    """A user and its permissions (``Configuration.CommonUserSettings``).

    Attributes:
        full_name: Name of the user.
        culture_code: Language and region, for example ``en-US``.
        email: Address.
        roles: Roles.
        levels: Levels that it may see.
        product_groups: Product groups that it may see.
    """

    full_name: str | None = None
    culture_code: str | None = None
    email: str | None = None
    roles: list[str] | None = None
    levels: list[str] | None = None
    product_groups: list[str] | None = None
