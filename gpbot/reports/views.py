"""What those who handle reports see: lists, the case, small forms; and how what was written is shown to anybody."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from uuid import UUID

from gpbot.people.types import MOST_CONFLICTS
from gpbot.reports import ids
from gpbot.reports.quoting import evidence_blocks
from gpbot.reports.shown import CONVERSATION, Shown
from gpbot.reports.types import (
    CATEGORIES,
    MAY_SPEAK,
    OUTCOMES,
    PARTS,
    WISHES,
    Case,
    Entry,
    EntryKind,
    Line,
    Named,
    Page,
    State,
)
from gpbot.slack.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    confirm,
    context,
    escape,
    listed,
    modal,
    notice,
    people_select,
    person,
    section,
    text_input,
    when,
    words,
)
from gpbot.slack.requests import Form
from gpbot.text import MAX_WORDS, is_blank

ENTRIES = 12  # shown at once
LOG_ROWS = 20  # in one section
TEXT = "text"
OUTCOME = "outcome"
REPORTED = "reported"
REPORTED_WORDS = "reported_words"
HARMED = "harmed"
WORRIED = "worried"

FIRST_REPLY = (
    "Thank you for telling us. We have read it and we take it seriously. "
    "Is there anything you need right now, and is there anything you would not want us to do?"
)
CLOSED_REPORTS = "Closed reports"  # “Closed” alone would stand beside Slack's own “Close”
CLOSING_WORDS = "Thank you for telling us. Here is what we did:\n"


class Tab(StrEnum):
    REPORT = "report"
    CONVERSATION = "conversation"
    NOTES = "notes"
    PEOPLE = "people"
    LOG = "log"


TAB_WORDS = {
    Tab.REPORT: "Report",
    Tab.CONVERSATION: "Conversation",
    Tab.NOTES: "Notes",
    Tab.PEOPLE: "People",
    Tab.LOG: "Log",
}

# Lists: App Home and the Desk.


def report_lines(page: Page, *, own: bool, viewer: str = "") -> list[Block]:
    """One section a report, with a button that opens it; a `viewer` who handles one reads so."""
    return [
        section(
            f"*{escape(line.code)}*\n{when(line.filed_at)} · {_own_state(line) if own else _state(line, viewer)}",
            button("Open", f"{ids.OPEN}:{line.report_id}", str(line.report_id), label=f"Open {line.code}"),
        )
        for line in page.lines
    ]


def desk(page: Page, viewer: str, *, closed: bool, also: Sequence[Block] = ()) -> View:
    """The viewer's own list, in a modal; `also` is what else waits for them, of other kinds."""
    blocks: list[Block] = []
    if not page.lines and not also:
        blocks.append(section("There is nothing closed." if closed else "Nothing is waiting for you."))
    blocks += report_lines(page, own=False, viewer=viewer)
    buttons = []
    if page.next:
        buttons.append(button("Older", f"{ids.LIST}:older", _list_value(page.next, closed=closed)))
    buttons.append(
        button("What is waiting", f"{ids.LIST}:waiting", _list_value("", closed=False))
        if closed
        else button(CLOSED_REPORTS, f"{ids.LIST}:closed", _list_value("", closed=True))
    )
    return modal("Waiting for you" if not closed else CLOSED_REPORTS, [*blocks, actions(*buttons), *also], ids.LIST)


def read_list_value(value: str | None) -> tuple[bool, str]:
    """(closed, cursor) of a list button."""
    state, _, cursor = (value or "").partition(":")
    return state == "closed", cursor


# The case, for its readers.


def case(
    case: Case, tab: Tab = Tab.REPORT, *, start: int | None = None, said: str = "", shown: Shown | None = None
) -> View:
    """`start` is the first entry shown, the newest ones when None; `said` is a line about what just happened.

    `shown`: what this window has shown before; the tabs and *Close report* carry it on.
    """
    entries = [entry for entry in case.entries if entry.kind in _IN_TAB.get(tab, ())]
    shown = (shown or Shown()).also(entries if tab is Tab.REPORT else entries_from(entries, start))
    value = f"{case.report_id}:{tab}"
    blocks = [notice(said)] if said else []
    blocks += [_case_head(case), _tabs(case, tab, shown)]
    match tab:
        case Tab.REPORT:
            blocks += _report_tab(case, shown)
        case Tab.CONVERSATION:
            blocks += pages_of(entries, start, "Nothing has been written yet.", value, shown=shown)
            blocks.append(actions(*_conversation_buttons(case, shown)))
        case Tab.NOTES:
            blocks.append(context("Notes are for those who handle this. The reporter never sees them."))
            blocks += pages_of(entries, start, "There are no notes.", value, shown=shown)
            blocks.append(actions(button("Write a note", ids.WRITE_NOTE, str(case.report_id), style="primary")))
        case Tab.PEOPLE:
            blocks += _people_tab(case)
        case Tab.LOG:
            blocks.append(context("Who opened this and what was done, newest first."))
            rows = [f"{when(row.at)} · {who(row.actor)} · {row.act}" for row in case.log]
            blocks += [section("\n".join(rows[start : start + LOG_ROWS])) for start in range(0, len(rows), LOG_ROWS)]
    return modal(case.code, blocks, ids.CASE, private_metadata=str(case.report_id))


_IN_TAB = {
    Tab.REPORT: {EntryKind.REPORT, EntryKind.DETAILS},
    Tab.CONVERSATION: CONVERSATION,
    Tab.NOTES: {EntryKind.NOTE},
}


def note_form(report_id: UUID) -> View:
    return modal(
        "Write a note",
        [
            context("For those who handle this. The reporter never sees it."),
            text_input("Note", TEXT, TEXT, multiline=True, max_length=MAX_WORDS),
            back(report_id, Tab.NOTES),
        ],
        ids.NOTE,
        "Save",
        private_metadata=str(report_id),
    )


def message_form(report_id: UUID, *, first: bool) -> View:
    return modal(
        "Write to the reporter",
        [
            context("It comes “from the Champions”; your name is not shown."),
            text_input(
                "Message",
                TEXT,
                TEXT,
                multiline=True,
                max_length=MAX_WORDS,
                initial=FIRST_REPLY if first else None,
            ),
            back(report_id, Tab.CONVERSATION),
        ],
        ids.MESSAGE,
        "Send",
        private_metadata=str(report_id),
    )


def people_form(report_id: UUID) -> View:
    return modal(
        "Add people",
        [
            section(
                "Whoever you add can no longer read this, from this moment, if they could. "
                "You cannot take it back here."
            ),
            people_select("Who else is it about?", REPORTED, REPORTED, optional=True),
            text_input("Their name, if not on Slack", REPORTED_WORDS, REPORTED_WORDS, optional=True, max_length=200),
            people_select("Who was harmed?", HARMED, HARMED, optional=True),
            back(report_id, Tab.PEOPLE),
        ],
        ids.PEOPLE,
        "Add",
        private_metadata=str(report_id),
    )


def read_people(form: Form) -> tuple[list[Named], list[Named]]:
    """Whom the form names: those reported, those harmed."""
    reported = [Named(slack_id=slack_id) for slack_id in form.people(REPORTED, REPORTED)]
    name = form.text(REPORTED_WORDS, REPORTED_WORDS).strip()
    if not is_blank(name):
        reported.append(Named(words=name))
    return reported, [Named(slack_id=slack_id) for slack_id in form.people(HARMED, HARMED)]


def stepped_back() -> View:
    return modal(
        "Left to others",
        [section("You will not see this again, and nobody is told why. Thank you for saying so.")],
        ids.CASE,
    )


def only(said: str) -> View:
    """What happened, when the rest cannot be shown."""
    return modal("Done", [section(escape(said)), context("The rest cannot be shown just now.")], ids.CASE)


def conflicts_form(others: Sequence[str]) -> View:
    return modal(
        "Whom I should not handle",
        [
            section(
                "Reports about these people, or sent by them, will not reach you. It counts for reports sent "
                "from now on. Nobody is shown this list, but others can notice which reports you do not read."
            ),
            people_select(
                "People",
                TEXT,
                TEXT,
                initial=others,
                optional=True,
                max_people=max(MOST_CONFLICTS, len(others)),
                hint=f"At most {MOST_CONFLICTS}, so that nobody can tell who sent what reaches them.",
            ),
        ],
        ids.CONFLICTS,
        "Save",
        close="Cancel",
    )


# Small words.


def who(actor: str) -> str:
    return "The reporter" if actor == "reporter" else person(actor)


def named(people: Iterable[Named]) -> str:
    shown = [f"<@{each.slack_id}>" if each.slack_id else escape(each.words) for each in people]
    return ", ".join(shown) or "nobody named"


def _list_value(cursor: str, *, closed: bool) -> str:
    return f"{'closed' if closed else 'open'}:{cursor}"


def _state(line: Line, viewer: str) -> str:
    if line.state is State.CLOSED:
        return "Closed"
    if line.claimer and line.claimer == viewer:
        return "You are handling it"
    return f"Handled by {who(line.claimer)}" if line.claimer else "Nobody has claimed it"


def _own_state(line: Line) -> str:
    if line.state is State.CLOSED:
        return "Closed"
    if line.claimer:
        return "Someone is handling it"
    return "Someone has opened it" if line.opened else "Nobody has read it yet"


def _case_head(case: Case) -> Block:
    if case.state is State.CLOSED:
        step = f"Closed: {OUTCOMES[case.outcome] if case.outcome else 'no reason given'}."
    elif case.claimer == case.viewer:
        step = "You are handling this. *Next step:* write to the reporter, or close it with a reason."
    elif case.claimer:
        step = f"{who(case.claimer)} is handling this."
    else:
        step = "*Next step:* claim it, so that the others know someone has it."
    return section(f"{step}\nSent {when(case.filed_at)}.")


def _tabs(case: Case, here: Tab, shown: Shown) -> Block:
    return actions(
        *(
            button(
                TAB_WORDS[tab],
                f"{ids.TAB}:{tab}",
                f"{case.report_id}:{tab}:{shown}",
                style="primary" if tab is here else None,
                label=f"{TAB_WORDS[tab]} (shown)" if tab is here else None,
            )
            for tab in Tab
        )
    )


def _report_tab(case: Case, shown: Shown) -> list[Block]:
    sender = f"Sent by {who(case.reporter)}." if case.reporter else "The reporter's name is hidden."
    blocks = [section(f"*About:* {named(case.reported)}\n{sender}")]
    if case.harmed:
        blocks.append(section(f"*Harmed:* {named(case.harmed)}"))
    for entry in case.entries:
        if entry.kind is EntryKind.REPORT:
            blocks += words(entry.text)
            if entry.evidence:
                blocks += [context("The message they reported, as it was then"), *evidence_blocks(entry.evidence)]
    details = [entry for entry in case.entries if entry.kind is EntryKind.DETAILS]
    if details:
        blocks += [context(f"Details the reporter added {when(details[-1].at)}"), section(_details(details[-1]))]
    blocks.append(actions(*_case_buttons(case, shown)))
    return blocks


def _case_buttons(case: Case, shown: Shown) -> list[Element]:
    value = str(case.report_id)
    buttons = []
    if case.state is State.CLOSED:
        return [button("Reopen", ids.REOPEN, value)]
    if case.claimer is None:
        buttons.append(button("Claim", ids.CLAIM, value, style="primary"))
    elif case.claimer == case.viewer:
        buttons.append(button("Release", ids.RELEASE, value))
    buttons += [
        button("Write to the reporter", ids.WRITE_MESSAGE, value),
        button("Write a note", ids.WRITE_NOTE, value),
        button("Close report", ids.WRITE_CLOSING, f"{value}:{shown}"),
        button("I should not handle this", ids.STEP_BACK, value, confirm=_leave()),
    ]
    return buttons


def _conversation_buttons(case: Case, shown: Shown) -> list[Element]:
    value = str(case.report_id)
    if case.state is State.CLOSED:
        return [button("Reopen", ids.REOPEN, value)]
    return [
        button("Write to the reporter", ids.WRITE_MESSAGE, value, style="primary"),
        button("Close report", ids.WRITE_CLOSING, f"{value}:{shown}"),
    ]


def _people_tab(case: Case) -> list[Block]:
    blocks = [
        section(f"*About:* {named(case.reported)}\n*Harmed:* {named(case.harmed)}"),
        *(section(piece) for piece in listed("*Can read this:* ", [escape(name) for name in case.readers])),
    ]
    if case.not_handling:
        others = [escape(name) for name in case.not_handling]
        blocks += [section(piece) for piece in listed("*Not handling:* ", others)]
        blocks.append(context("Please do not talk about this with them."))
    blocks.append(actions(button("Add people", ids.NAME_PEOPLE, str(case.report_id))))
    return blocks


def _leave() -> dict[str, object]:
    return confirm(
        "Leave this to others?",
        "You will not see it again. Your notes stay. Nobody is told why.",
        "Leave it",
        "Go back",
    )


def entries_from(entries: Sequence[Entry], start: int | None) -> Sequence[Entry]:
    """Those that are shown at once: from `start` on, or the newest."""
    first = _first(entries, start)
    return entries[first : first + ENTRIES]


def entry_blocks(entry: Entry, *, for_reporter: bool = False) -> list[Block]:
    """One entry, with who wrote it and when."""
    blocks: list[Block] = [context(f"*{_author(entry, for_reporter=for_reporter)}* · {when(entry.at)}")]
    blocks += words(entry.text) if entry.text else []
    if entry.choices:
        blocks.append(section(_details(entry)))
    return [*blocks, *evidence_blocks(entry.evidence)] if entry.evidence else blocks


def pages_of(
    entries: Sequence[Entry],
    start: int | None,
    nothing: str,
    value: str,
    *,
    for_reporter: bool = False,
    shown: Shown | None = None,
) -> list[Block]:
    if not entries:
        return [section(nothing)] if nothing else []
    first = _first(entries, start)
    blocks = [
        block for entry in entries_from(entries, start) for block in entry_blocks(entry, for_reporter=for_reporter)
    ]
    carried = f":{shown}" if shown else ""
    turn = []
    if first > 0:
        turn.append(button("Older", f"{ids.TAB}:older", f"{value}:{max(0, first - ENTRIES)}{carried}"))
    if first + ENTRIES < len(entries):
        turn.append(button("Newer", f"{ids.TAB}:newer", f"{value}:{first + ENTRIES}{carried}"))
    return [*blocks, actions(*turn)] if turn else blocks


def _first(entries: Sequence[Entry], start: int | None) -> int:
    return max(0, len(entries) - ENTRIES) if start is None else min(max(0, start), len(entries) - 1)


def _author(entry: Entry, *, for_reporter: bool) -> str:
    match entry.kind:
        case EntryKind.NOTE | EntryKind.STATUS:
            return who(entry.author) if entry.author else "gpbot"
        case EntryKind.TO_REPORTER | EntryKind.CLOSING:
            return "From the Champions" if for_reporter else f"{who(entry.author)} to the reporter"
        case EntryKind.REPORT if for_reporter:
            return "What you sent"
        case EntryKind.DETAILS:
            return "Details you added" if for_reporter else "Details"
        case _:
            return "You" if for_reporter else "The reporter"


def _details(entry: Entry) -> str:
    category = entry.choices.get("category", "")
    lines = [escape(CATEGORIES.get(category, category))] if category else []
    shown = {"part": PARTS, "wish": WISHES}
    lines += [texts[entry.choices[name]] for name, texts in shown.items() if entry.choices.get(name) in texts]
    speak = MAY_SPEAK.get(entry.choices.get("may_speak", "no"), MAY_SPEAK["no"])
    lines.append(f"May the champions speak to the person? {speak}")
    if entry.choices.get(WORRIED):
        lines.append("Worried about retaliation")
    return "\n".join(f"• {line}" for line in lines)


def back(report_id: UUID, tab: Tab | None = None) -> Block:
    """To the case as its readers see it, at this tab; without one, to the reporter's own view."""
    return actions(button("Back", f"{ids.TAB}:back", f"{report_id}:{tab}" if tab else str(report_id)))
