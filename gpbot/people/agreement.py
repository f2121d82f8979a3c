"""*They know and agree*: asked once before words that name people leave to somebody else.

The question is word for word the same, no matter who is named, and it is all that anybody is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from gpbot.people.workflow import People
from gpbot.slack.blocks import Block, Choice, checkboxes, context, section
from gpbot.slack.requests import Form

AGREED = "agreed"
NAMES_SOMEBODY = (
    "Nothing is sent yet. There is a name, a mention or an e-mail address in your words. Do the people they are about "
    "know what you write, and do they agree? If so, tick the box. If not, please change your words."
)
NOT_SEEN = (
    "What gpbot does not see: *first names, jobs, places, days*. They too can tell who somebody is. Please read your "
    "words once as the person they are about."
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Agreement:
    """What stands above the words when they come back, and whether they have to."""

    blocks: Sequence[Block]
    is_missing: bool


def agreement(people: People, form: Form, text: str, *to: str) -> Agreement:
    """Whether `text` may go, and if not, what to ask; a tick counts for exactly this text, going exactly there."""
    # The tick is found by what it is for: beside other words it is another box, which nobody has ticked.
    block_id = f"{AGREED}.{sha256(repr((text, *to)).encode()).hexdigest()[:16]}"
    is_ticked = bool(form.choices(block_id, AGREED))
    if not is_ticked and not people.names_somebody(text):
        return Agreement(blocks=(), is_missing=False)
    return Agreement(blocks=_blocks(block_id, is_ticked=is_ticked), is_missing=not is_ticked)


def _blocks(block_id: str, *, is_ticked: bool) -> list[Block]:
    return [
        section(NAMES_SOMEBODY),
        context(NOT_SEEN),
        checkboxes(
            "They know and agree",
            block_id,
            AGREED,
            [Choice("yes", "They know and agree that I send this")],
            initial=("yes",) if is_ticked else (),
            optional=True,
        ),
    ]
