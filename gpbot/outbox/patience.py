"""How long to wait before the next try, and when to stop trying."""

import random
from datetime import timedelta

from gpbot.outbox.types import (
    ARCHIVING,
    BULK,
    CREATING,
    EDITS,
    INVITING,
    JOINING,
    PINNING,
    PURPOSES,
    READING,
    TOPICS,
    Priority,
)

LANE_GAP = timedelta(seconds=1)
# The most a minute. Slack takes "several hundred" messages: 300 are planned with, a fifth of them for everything else.
# To channels Slack takes 20 or 50 calls a minute, and these jobs are not all that calls these methods.
PACES = {
    BULK: 240.0,
    EDITS: 45.0,
    **dict.fromkeys((CREATING, TOPICS, PURPOSES, PINNING, ARCHIVING), 18.0),
    **dict.fromkeys((JOINING, INVITING), 45.0),
    READING: 20.0,  # one look may take several calls
}
CATCH_UP = timedelta(seconds=2)  # what a lane may make up for after it was held up here
LEASE = timedelta(seconds=30)
# A request takes 10 s at most: one begun this late in its lease could end after somebody else's has begun.
LATEST_START = timedelta(seconds=15)
UNKNOWN_WAIT = timedelta(seconds=10)  # Slack may still be working on a request whose answer we lost
SECOND_LOOK_AFTER = timedelta(seconds=30)
PUT_BACK = timedelta(seconds=60)
PAUSE = timedelta(seconds=60)
MAY_WAIT = timedelta(seconds=60)  # whatever has become of the clock; longer than a lease

MAX_LOST_CLAIMS = 5
MAX_ATTEMPTS = 8
REPORTS_DIE_AFTER = timedelta(days=7)
OTHERS_DIE_AFTER = timedelta(days=1)
REPORTS_FORGOTTEN_AFTER = timedelta(days=7)
OTHERS_FORGOTTEN_AFTER = timedelta(days=30)
EMPTIED_AFTER = timedelta(hours=1)  # longer than anything that finishes late
DEAD_ARE_KEPT = timedelta(days=7)  # of those that belong to no case

_SLOWEST = 10.0  # a minute
_RECOVERY = 0.2  # of the most, regained in each minute without trouble
_LONGEST_BACKOFF = timedelta(minutes=15)
_ENOUGH_DOUBLINGS = 10  # 2^10 s is past the longest


def backoff(attempts: int, rng: random.Random) -> timedelta:
    """The wait after the `attempts`-th try failed; random, so that jobs that failed together come apart."""
    doubled = timedelta(seconds=2 ** min(attempts, _ENOUGH_DOUBLINGS))
    return min(_LONGEST_BACKOFF, doubled) * rng.uniform(0.5, 1)


def has_run_out(priority: int, attempts: int, trying: timedelta) -> bool:
    """Whether a job that failed `attempts` times in the time `trying` is given up."""
    if priority == Priority.BULK:
        return attempts >= MAX_ATTEMPTS
    return trying > (REPORTS_DIE_AFTER if priority == Priority.REPORT else OTHERS_DIE_AFTER)


def gap(pace: float) -> timedelta:
    """Between two jobs of a lane that takes `pace` a minute."""
    return timedelta(minutes=1) / pace


def faster(pace: float, most: float) -> float:
    """After one more job went well: the same step however slow it is."""
    return min(most, pace + most * _RECOVERY / pace)


def slower(pace: float) -> float:
    """After Slack said that it is too fast."""
    return max(_SLOWEST, pace / 2)
