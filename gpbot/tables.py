"""Every table, so that Alembic sees them, and the revision this code needs."""

from importlib import import_module
from pathlib import Path

from gpbot.db import Base
from gpbot.keyring import SealedKey

__all__ = ["REVISION", "SealedKey", "metadata"]

_GPBOT = Path(__file__).resolve().parent

for _models in sorted(_GPBOT.glob("*/models.py")):
    import_module(f"gpbot.{_models.parent.name}.models")

metadata = Base.metadata
REVISION = max(each.name.partition("_")[0] for each in (_GPBOT.parent / "migrations" / "versions").glob("[0-9]*.py"))
