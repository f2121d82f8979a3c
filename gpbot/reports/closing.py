"""The form in which a report is closed; the reader who closes it has seen in it all that was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gpbot.reports import ids
from gpbot.reports.shown import Shown
from gpbot.reports.types import OUTCOMES, Entry, Outcome
from gpbot.reports.views import CLOSING_WORDS, ENTRIES, OUTCOME, TEXT, Tab, back, entry_blocks
from gpbot.slack.blocks import Block, Choice, View, context, divider, modal, notice, select, text_input
from gpbot.slack.requests import OpenView, read_uuid
from gpbot.text import MAX_WORDS

NOT_YET_SEEN = "Please read this before you close it: it was written since, or this window had not shown it."
NOT_CLOSED = "This is not closed. Something was written meanwhile; please read it first."
MORE = "There is more in *Conversation* and *Notes*."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Closing:
    """The form as it was sent."""

    report_id: UUID
    seen: Shown | None
    outcome: str
    text: str


def closing_form(
    report_id: UUID,
    shown: Shown,
    unseen: Sequence[Entry],
    *,
    outcome: str = "",
    text: str = CLOSING_WORDS,
    said: str = NOT_YET_SEEN,
    agreement: Sequence[Block] = (),
) -> View:
    """`unseen` stands above the fields, so that from then on it has been shown; `said` is about it."""
    blocks: list[Block] = []
    if unseen:
        blocks.append(notice(said))
        blocks += [context(MORE)] if len(unseen) > ENTRIES else []
        blocks += [block for entry in unseen[-ENTRIES:] for block in entry_blocks(entry)]
        blocks.append(divider())
    outcomes = [Choice(each, words) for each, words in OUTCOMES.items() if each is not Outcome.WITHDRAWN]
    blocks += [
        *agreement,
        select("Why", OUTCOME, OUTCOME, outcomes, initial=outcome or None),
        text_input(
            "What the reporter will read",
            TEXT,
            TEXT,
            multiline=True,
            max_length=MAX_WORDS,
            initial=text,
            hint="The reason is shown to them too. It comes “from the Champions”.",
        ),
        back(report_id, Tab.CONVERSATION),
    ]
    return modal(
        "Close this report",
        blocks,
        ids.CLOSING,
        "Close report",
        close="Cancel",
        private_metadata=f"{report_id}:{shown.also(unseen)}",
    )


def read_closing(view: OpenView) -> Closing:
    report, *carried = view.private_metadata.split(":")
    return Closing(
        report_id=read_uuid(report),
        seen=Shown.read(carried),
        outcome=view.form.choice(OUTCOME, OUTCOME) or "",
        text=view.form.text(TEXT, TEXT),
    )
