"""The one background mechanism: work to be done outside, enqueued in the transaction of the decision behind it."""

from gpbot.outbox.courier import Courier
from gpbot.outbox.outbox import Outbox

__all__ = ["Courier", "Outbox"]
