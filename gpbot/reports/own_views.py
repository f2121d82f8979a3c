"""What the reporter sees of what they sent: their list, their own view of it, and its small forms."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from uuid import UUID

from gpbot.community import Community
from gpbot.people.types import RoleHolder
from gpbot.reports import ids
from gpbot.reports.form import names_of
from gpbot.reports.ticks import seem_named, tick_list
from gpbot.reports.types import MAY_SPEAK, OUTCOMES, PARTS, WISHES, OwnReport, Page, State, last_answer
from gpbot.reports.views import TEXT, WORRIED, back, entries_from, pages_of, report_lines
from gpbot.slack.blocks import (
    Block,
    Choice,
    Element,
    View,
    actions,
    button,
    checkboxes,
    choice_buttons,
    confirm,
    context,
    divider,
    escape,
    listed,
    modal,
    notice,
    section,
    select,
    text_input,
)
from gpbot.slack.requests import Form
from gpbot.text import MAX_WORDS


def own_list(page: Page) -> View:
    blocks: list[Block] = report_lines(page, own=True) or [section("You have not reported anything.")]
    if page.next:
        blocks.append(actions(button("Older", f"{ids.OWN_LIST}:older", page.next)))
    return modal("What you reported", blocks, ids.OWN_LIST)


def own(community: Community, report: OwnReport, *, start: int | None = None, said: str = "") -> View:
    """What was written stands before what is seldom pressed: a reply must not hide behind six buttons."""
    is_open = report.state is State.OPEN
    style = "primary" if is_open else None
    blocks = [notice(said)] if said else []
    blocks += [
        section(_own_status(community, report)),
        *(context(piece) for piece in _own_readers(community, report)),
        actions(button("Add something", ids.WRITE_MORE, str(report.report_id), style=style)),
        divider(),
        *pages_of(report.entries, start, "", f"{report.report_id}", for_reporter=True),
    ]
    seen = last_answer(entries_from(report.entries, start))
    blocks += [divider(), actions(*_own_buttons(report, seen))] if is_open else [actions(_change_readers(report))]
    return modal(report.code, blocks, ids.OWN, private_metadata=str(report.report_id))


def more_form(
    report: OwnReport,
    text: str = "",
    named: Sequence[RoleHolder] = (),
    *,
    ticked: Collection[str] = (),
    after: str = "",
) -> View:
    """`named`: whom `text` names and who could read it; `after` is as for the list of people who must not read it.

    The list stands first where it wants an answer, and where the form comes back for it.
    """
    could_read = [*report.could_read, *(each for each in named if each not in report.could_read)]
    ticks = tick_list(could_read, ticked, asks=report.asks, after=after)
    field = text_input("Add something", TEXT, TEXT, multiline=True, max_length=MAX_WORDS, initial=text or None)
    blocks = [notice(f"Not sent yet. {seem_named(named)}")] if named else []
    blocks += [*ticks, field] if report.asks or named or after else [field, *ticks]
    if report.state is State.CLOSED:
        blocks.append(context("This opens the report again."))
    blocks.append(back(report.report_id))
    metadata = ":".join([str(report.report_id), *(each.slack_id for each in named)])
    return modal("Add something", blocks, ids.MORE, "Send", close="Cancel", private_metadata=metadata)


def readers_form(report: OwnReport) -> View:
    blocks = [
        section(
            "Tick whoever should not read this. It works at once; what they have already read stays read. "
            "Only you can take a tick back."
        ),
        *tick_list(report.could_be_ticked, report.ticked, label="Who should not read this?"),
        back(report.report_id),
    ]
    return modal(
        "Change who can read",
        blocks,
        ids.READERS,
        "Save",
        close="Cancel",
        private_metadata=":".join([str(report.report_id), *report.ticked]),
    )


def details_form(report_id: UUID, categories: Mapping[str, str]) -> View:
    """All optional: it is safe already. `categories`: what is kept → what people read."""
    return modal(
        "Add details",
        [
            context("Everything here is optional."),
            select("What is it about?", "category", "category", _choices(categories.items()), optional=True),
            choice_buttons("Your part in it", "part", "part", _choices(PARTS.items()), optional=True),
            choice_buttons("What would you like?", "wish", "wish", _choices(WISHES.items()), optional=True),
            choice_buttons(
                "May the champions speak to the person it is about?",
                "may_speak",
                "may_speak",
                _choices(MAY_SPEAK.items()),
                optional=True,
                hint="If you do not answer, they take it as no.",
            ),
            checkboxes(
                "Retaliation",
                WORRIED,
                WORRIED,
                [Choice("yes", "I am worried that someone may take it out on me")],
                optional=True,
            ),
            back(report_id),
        ],
        ids.DETAILS,
        "Save",
        close="Cancel",
        private_metadata=str(report_id),
    )


def read_details(form: Form, categories: Container[str]) -> dict[str, str]:
    """Only what was answered, and nothing that was never on the form."""
    asked: dict[str, Container[str]] = {
        "category": categories,
        "part": PARTS,
        "wish": WISHES,
        "may_speak": MAY_SPEAK,
    }
    answers = {name: form.choice(name, name) or "" for name in asked}
    found = {name: answer for name, answer in answers.items() if answer in asked[name]}
    if form.choices(WORRIED, WORRIED):
        found[WORRIED] = "yes"
    return found


def withdrawn(*, erased: bool) -> View:
    if erased:
        text = "Nobody had opened it. It is erased, and nobody will see it."
    else:
        text = "It is closed. Someone had opened it: they see that you withdrew it, and keep what they read."
    return modal("Withdrawn", [section(text)], ids.OWN)


def hiding_someone() -> View:
    return modal(
        "Hide someone in Slack",
        [
            section(
                "Open the person's profile, choose the three dots, then *Hide*. You no longer see their "
                "messages, and they are not told."
            ),
            context("Slack does this, not gpbot. Direct messages from them are hidden too."),
        ],
        ids.HIDING,
    )


def _choices(pairs: Iterable[tuple[str, str]]) -> list[Choice]:
    return [Choice(value, text) for value, text in pairs]


def _own_status(community: Community, report: OwnReport) -> str:
    if report.state is State.CLOSED:
        reason = f" {OUTCOMES[report.outcome]}." if report.outcome else ""
        return f"*Closed.*{reason}"
    if report.claimed:
        return "*Someone is handling it.* Their replies appear here."
    if report.opened:
        return "*Someone has opened it.* Nobody has taken it on yet."
    days = community.reply_within_days
    within = "one working day" if days == 1 else f"{days} working days"
    return f"*Saved. No person has read it yet.* The champions usually reply within {within}."


def _own_readers(community: Community, report: OwnReport) -> list[str]:
    name = "They see your name." if report.show_name else "They do not see your name."
    if not report.readers:
        return [f"Nobody here can read this now. Please contact {escape(community.external_help)}."]
    return listed("Who can read it: ", names_of(report.readers), f". {name}")


def _own_buttons(report: OwnReport, seen: int) -> list[Element]:
    value = str(report.report_id)
    buttons = [
        button("Add details", ids.WRITE_DETAILS, value),
        _change_readers(report),
    ]
    if not report.show_name:
        sure = confirm(
            "Show your name?",
            "Those who can read this will see who you are. You cannot undo it.",
            "Show it",
            "Go back",
        )
        buttons.append(button("Show my name", ids.SHOW_NAME, f"{value}:{report.mark_of_readers}", confirm=sure))
    unread = "Nobody has opened it, so it is erased at once."
    read = "Someone has opened it: it is closed, they see that you withdrew it, and keep what they read."
    sure = confirm("Withdraw this?", read if report.opened else unread, "Withdraw", "Go back")
    return [
        *buttons,
        button("Withdraw", ids.WITHDRAW, f"{value}:{seen}", confirm=sure),
        button("How to hide someone in Slack", ids.HIDING),
    ]


def _change_readers(report: OwnReport) -> Element:
    return button("Change who can read", ids.CHANGE_READERS, str(report.report_id))
