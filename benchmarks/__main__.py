"""`make bench`: every goal, measured against bare Bolt in the same run."""

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks import ack, campaign, durable, footprint, growth, listeners, names, sending, support, unsigned
from benchmarks.goals import Board

SUBJECTS = {
    "ack": ack.run,
    "durable": durable.run,
    "listeners": listeners.run,
    "growth": growth.run,
    "campaign": campaign.run,
    "sending": sending.run,
    "support": support.run,
    "footprint": footprint.run,
    "unsigned": unsigned.run,
    "names": names.run,
}


def main() -> int:
    """How many goals were missed decides nothing: speed is told, and never fails a build."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("only", nargs="*", choices=[[], *SUBJECTS], metavar="|".join(SUBJECTS))
    parser.add_argument("--quick", action="store_true", help="fewer rounds and rows: rough, in two minutes")
    asked = parser.parse_args()
    board = Board(quick=asked.quick)
    begun = time.monotonic()
    for name, run in SUBJECTS.items():
        if not asked.only or name in asked.only:
            with tempfile.TemporaryDirectory(prefix="gpbot-bench-") as folder:
                run(board, Path(folder))
    print(f"\n{board.missed or 'No'} goals missed, in {time.monotonic() - begun:.0f} s.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
