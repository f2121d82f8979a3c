"""What every command of the operator's begins with: the settings, the database, and a sentence when they are wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from gpbot.bootstrap import NoDatabaseYet, Records, open_records
from gpbot.commands import fail
from gpbot.crypto import DoesNotOpen
from gpbot.db import BadDatabaseUrl, CannotSave
from gpbot.environment import read_environment, take_settings
from gpbot.keyring import KeysDoNotFit
from gpbot.kit import Kit
from gpbot.schema import NewerDatabase
from gpbot.serve import TRY_IT
from gpbot.settings import BadSettings, Settings, load_so_far


@contextmanager
def open_for_command() -> Iterator[Records]:
    """The database and its keys, from settings; what is wrong is said in a sentence, with exit status 1 or 2."""
    try:
        settings = take_settings(read_environment())
    except BadSettings as bad:
        fail("These settings come first:", *(f"  - {problem}" for problem in bad.problems), "", TRY_IT, status=2)
    try:
        records = open_records(settings, may_create=False)
    except NoDatabaseYet as missing:
        fail(f"There is no database at {missing}, where DATABASE_URL points to. gpbot makes it when it first starts.")
    except (BadDatabaseUrl, NewerDatabase) as error:
        fail(f"The database cannot be used: {error.words}")
    except (SQLAlchemyError, CannotSave, OSError) as error:
        fail(f"The database could not be opened ({type(error).__name__}). Check DATABASE_URL.")
    except (KeysDoNotFit, DoesNotOpen):
        fail("GPBOT_KEYS do not open this database.")
    try:
        with records.database.without_hurry():
            yield records
    except (SQLAlchemyError, CannotSave) as error:
        fail(f"The database could not be used ({type(error).__name__}). Nothing was changed.")
    finally:
        records.database.close()


@contextmanager
def opens() -> Iterator[Kit]:
    """The same, for commands that stand in the folders of workflows."""
    with open_for_command() as records:
        yield records.kit


def settings_so_far() -> tuple[Settings, list[str]]:
    """Perhaps there are none yet; and a sentence for everything that is set and wrong."""
    try:
        return load_so_far(read_environment())
    except BadSettings as bad:
        fail(*bad.problems, status=2)
