"""What gpbot says of the community it serves: never a name of ours, always its settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    name: str
    emergency_number: str
    external_help: str  # an address outside, for when nobody here may read a report
    reply_within_days: int  # working days
    keep_closed_days: int  # days until a closed report is erased
