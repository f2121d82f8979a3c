"""Keep a job of each kind and task that is asked for in `owing` and not kept yet: `python -m tests.house.make_golden`.

What is kept already is never written again: that is what other releases wrote.
"""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from gpbot.db import Database
from tests.clocks import StoppedClock
from tests.databases import fresh_database
from tests.house import owing


def main() -> None:
    kept = owing.golden()
    with TemporaryDirectory() as folder, fresh_database("sqlite", Path(folder)) as url:
        os.urandom = bytes  # chance, held still
        database, keyring = Database(url, clock=StoppedClock()), owing.keyring_again()
        new = [each for each in owing.everything(database, keyring) if each.name not in kept]
        kept |= {each.name: owing.written(database, keyring, each) for each in new}
        database.close()
    owing.GOLDEN.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
