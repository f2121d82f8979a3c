"""Slack's rate limits: so much a minute for each method, and a message a second for each channel."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final


class Tier(Enum):
    """How often a method may be called, in calls a minute."""

    T1 = 1
    T2 = 20
    T3 = 50
    T4 = 100
    SPECIAL = 600

    @property
    def a_minute(self) -> int:
        return self.value


POSTS_IN_A_BURST: Final = 5  # to one channel, before the second's pace counts
POSTS_A_SECOND: Final = 1.0
POSTS_A_MINUTE: Final = 400  # in the whole workspace: "several hundred", says Slack


@dataclass(slots=True)
class _Bucket:
    most: float
    a_second: float
    left: float
    at: datetime

    def refill(self, now: datetime) -> None:
        self.left = min(self.most, self.left + max(0.0, (now - self.at).total_seconds()) * self.a_second)
        self.at = now

    def wait(self) -> float:
        """Seconds until one more fits."""
        return max(0.0, 1.0 - self.left) / self.a_second


@dataclass(slots=True)
class Limits:
    """What the app has left to spend, by the workspace's clock."""

    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def take(self, method: str, tier: Tier, *, now: datetime, channel: str = "") -> int | None:
        """Spend one call. None when it fits, else the whole seconds of `Retry-After`, and nothing is spent."""
        buckets = [self._bucket(method, tier.a_minute, tier.a_minute / 60, now)]
        if method == "chat.postMessage":
            buckets = [
                self._bucket("posts", POSTS_A_MINUTE, POSTS_A_MINUTE / 60, now),
                self._bucket(f"posts to {channel}", POSTS_IN_A_BURST, POSTS_A_SECOND, now),
            ]
        wait = max(bucket.wait() for bucket in buckets)
        if wait > 0:
            return max(1, math.ceil(wait))
        for bucket in buckets:
            bucket.left -= 1
        return None

    def _bucket(self, name: str, most: float, a_second: float, now: datetime) -> _Bucket:
        bucket = self._buckets.setdefault(name, _Bucket(most, a_second, most, now))
        bucket.refill(now)
        return bucket
