"""When a process can be made to end, or to stand still; known to both sides."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self

STANDS_STILL = "stands still, with message "  # said by the process, with the wire id if there is one
CLOCK_AHEAD = "clock ahead "  # said to the process, with the seconds


class Moment(StrEnum):
    ANY = "at any time"
    MIGRATING = "while it makes its tables"
    MIGRATED = "after making its tables, before it writes down which they are"
    SAVING = "inside a transaction, before its commit"
    SAVED = "after the commit, before the ack"
    ACK_LOST = "after an ack was lost"
    CLAIMED = "after the claim, before the request"
    UNDER_WAY = "while Slack has the request"
    ANSWER_LOST = "after Slack's answer was lost"
    ANSWERED = "after the request, before it is written down"
    FINISHING = "inside the transaction that writes it down"
    FINISHED = "after it was written down"
    LOOKED_BACK = "after looking for what was perhaps sent"
    STOPPING = "while it stops in good order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What happens to a process: `signal` (KILL, STOP) at the moment it has passed `skip` times, `after` seconds."""

    moment: Moment
    signal: str = "KILL"
    skip: int = 0
    after: float = 0.0

    def as_line(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> Self:
        content = json.loads(line)
        return cls(**content | {"moment": Moment(content["moment"])})
