"""Changing the master keys, as the command does it."""

from sqlalchemy import MetaData

from gpbot.crypto import Vault
from gpbot.db import Database
from gpbot.keyring import load_keyring
from gpbot.sealed.rotation import Rotation
from gpbot.tables import metadata


def rotation_of(database: Database, *keys: str, tables: MetaData = metadata) -> Rotation:
    """That of a process with these keys. Raises KeysDoNotFit."""
    return Rotation(database, load_keyring(database, Vault(keys)), tables)


def rotate(rotation: Rotation) -> None:
    with rotation.database.begin() as session:
        rotation.begin(session)
    rotation.reseal()
