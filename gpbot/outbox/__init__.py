"""The one background mechanism: work owed to the outside, written with the decision that owes it."""

from gpbot.outbox.courier import Courier
from gpbot.outbox.outbox import Outbox

__all__ = ["Courier", "Outbox"]
