"""Concerns about proposals on screens: the form, the concern itself, and making it a report."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from gpbot.people.types import RoleHolder, Roster
from gpbot.proposals import ids
from gpbot.proposals.types import Proposal, Worry
from gpbot.reports.form import passed_on_blocks, passing_on_blocks, read_passing_on
from gpbot.reports.ticks import in_a_line, seem_named, tick_list
from gpbot.reports.types import Filled
from gpbot.slack.blocks import (
    Block,
    View,
    actions,
    button,
    confirm,
    context,
    modal,
    notice,
    section,
    text_input,
    when,
    words,
)
from gpbot.slack.requests import OpenView
from gpbot.text import MAX_WORDS

TEXT = "text"
WHO_READS_CONCERNS = (
    "This is read only by champions who have nothing to do with the proposal and whom you do not rule out. If there is "
    "none, one person outside the champions reads it."
)
REPORT_INSTEAD = (
    "If it is about how somebody treats people, use *Report a concern* instead: there you choose who reads it."
)


def concern_form(
    proposal: Proposal,
    could_read: Sequence[RoleHolder],
    *,
    text: str = "",
    form_id: str = "",
    named: Sequence[RoleHolder] = (),
    ticked: Collection[str] = (),
    none: bool = False,
    after: str = "",
) -> View:
    """`named`: whom the words name; they are shown once before anything is sent.

    `after` is as for the list of people who must not read it, which stands above the words.
    """
    blocks: list[Block] = []
    if named:
        listed = [each for each in named if each in could_read]
        said = seem_named(listed) if listed else f"Your words seem to name {in_a_line(named)}, who cannot read this."
        blocks.append(
            notice(
                f"Not sent yet. {said} If it is about how somebody treats people, choose “Report a concern”; your "
                "words come along."
            )
        )
    list_of_ticks = tick_list(could_read, ticked, asks=True, none=none, after=after)
    instead = actions(button("Report a concern", ids.REPORT_INSTEAD))
    who_reads = section(WHO_READS_CONCERNS if named else f"{WHO_READS_CONCERNS} {REPORT_INSTEAD}")
    blocks += [instead, *list_of_ticks, who_reads] if named else [who_reads, instead, *list_of_ticks]
    blocks += [
        text_input(
            f"What worries you about #{proposal.name}?",
            TEXT,
            TEXT,
            multiline=True,
            max_length=MAX_WORDS,
            initial=text or None,
        ),
        context(
            "Your name is not shown to them. If you want an answer, write your name under it. Whoever proposed the "
            "channel is not told."
        ),
    ]
    metadata = ":".join([str(proposal.id), form_id or str(uuid4()), *(each.slack_id for each in named)])
    return modal("Concern about a channel", blocks, ids.CONCERN, "Send", close="Cancel", private_metadata=metadata)


def read_concern_form(view: OpenView) -> tuple[str, str, str, Sequence[str]]:
    """The words, which proposal, which form, and whom it named before."""
    proposal_id, form_id, *named = f"{view.private_metadata}:".split(":")
    return view.form.text(TEXT, TEXT), proposal_id, form_id, [each for each in named if each]


def concern_sent() -> View:
    return modal(
        "Sent",
        [section("Saved. Whoever may read it is told that something waits.")],
        ids.VIEW,
    )


def worry_lines(worries: Sequence[Worry]) -> list[Block]:
    return [
        section(
            f"A concern about *#{worry.proposal_name}* · {when(worry.at)}",
            button("Open", f"{ids.READ_CONCERN}:{worry.id}", str(worry.id), label="Open the concern"),
        )
        for worry in worries
    ]


def worry_view(worry: Worry) -> View:
    value = str(worry.id)
    done = confirm("Dealt with?", "The concern is erased for everybody who could read it.", "Erase it", "Go back")
    return modal(
        "A concern",
        [
            context(f"About the proposed channel *#{worry.proposal_name}* · from a member · {when(worry.at)}"),
            *words(worry.text),
            context("It cannot be answered from here: who wrote it is not shown, unless they say so themselves."),
            actions(
                button("Open the proposal", ids.OPEN, str(worry.proposal_id)),
                button("Dealt with", ids.END_CONCERN, value, confirm=done),
                button("This is a report", ids.MAKE_REPORT, value),
            ),
        ],
        ids.VIEW,
    )


def worry_ended() -> View:
    return modal("Dealt with", [section("The concern is erased. What was read stays read.")], ids.VIEW)


def report_form(
    concern_id: UUID,
    viewer: str,
    roster: Roster,
    named: Sequence[RoleHolder],
    filled: Filled | None = None,
) -> View:
    """The conflict step, before anybody reads the concern as a report."""
    blocks = [
        section(
            "It becomes a report from the person who wrote it; their name stays hidden. *Those who can read this "
            "concern could read it until now*, and what they read stays read. From then on nobody reads it whom you "
            "rule out, whom its words name, or who proposed the channel or is its steward."
        ),
        *passing_on_blocks(
            viewer,
            roster,
            named,
            filled or Filled(what=""),
            about=ids.ABOUT,
            because="The words seem to name them, or it is their proposal.",
        ),
    ]
    return modal(
        "This is a report",
        blocks,
        ids.CONVERT,
        "Make it a report",
        close="Cancel",
        private_metadata=str(concern_id),
    )


def read_report_form(view: OpenView) -> Filled:
    return read_passing_on(view, about=ids.ABOUT)


def became_report(report_id: UUID, *, is_new: bool) -> View:
    said = "It is a report now. The person who wrote it is told."
    return modal("Passed on", passed_on_blocks(said, report_id, is_new=is_new), ids.VIEW)
