"""gpbot as a process whose time can be moved: `python -m gpbot.tour.bot FILE`, the file saying how far."""

import sys
from pathlib import Path

from gpbot import serve
from gpbot.practice import MovedClock

# See docs/decisions/0043-practice.md
if __name__ == "__main__":
    sys.exit(serve.main(clock=MovedClock(Path(sys.argv[1]))))
