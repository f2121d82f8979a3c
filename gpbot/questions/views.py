"""Questions on screens: the card, the question as each person sees it, and small forms."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from gpbot.community import Community
from gpbot.people.types import RoleHolder, Roster
from gpbot.questions import ids
from gpbot.questions.form import NOBODY_READS
from gpbot.questions.types import Concern, Entry, EntryKind, Line, Page, Question, State
from gpbot.reports.form import passed_on_blocks, passing_on_blocks, read_passing_on
from gpbot.reports.types import Filled
from gpbot.slack.blocks import (
    Block,
    Choice,
    Element,
    View,
    actions,
    button,
    channel_select,
    confirm,
    context,
    divider,
    escape,
    modal,
    notice,
    person,
    section,
    select,
    text_input,
    when,
    words,
)
from gpbot.slack.cutting import cut
from gpbot.slack.requests import OpenView, read_uuid
from gpbot.text import MAX_WORDS

TEXT = "text"
CHANNEL = "channel"
ENTRIES = 12  # shown at once

CARD = "A question for the champions"
READ_FIRST = "Please read this before you answer: it was written since, or you had not been shown it."
NOT_SENT = "Nothing is sent yet. Something was written meanwhile; please read it first."
MORE_TO_READ = "There is more to read in the question."
_LONGEST = 18  # digits of an entry's number
TEMPLATES: Sequence[tuple[str, str]] = (
    ("Thank you, we are looking into it", "Thank you for asking. We are looking into it and will answer here."),
    ("Could you tell us more?", "Thank you for asking. Could you tell us a little more about what you need?"),
    ("The guidelines say", "Thank you for asking. The guidelines say this about it:\n"),
    ("Please ask in a channel", "Thank you for asking. The best place for this is the channel"),
)


# The card in the champions' channel.


def empty_card(question_id: UUID) -> list[Block]:
    """Without a word of it: a copy that gpbot does not know of must not keep any."""
    return [section(CARD), actions(button("Open", ids.OPEN, str(question_id)))]


def card(question: Question) -> list[Block]:
    """As it stands now."""
    value = str(question.id)
    claim = [] if question.claimer else [button("Claim", ids.CLAIM, value, style="primary")]
    asked = next((entry.text for entry in question.entries if entry.kind is EntryKind.QUESTION), "")
    more = sum(entry.kind in {EntryKind.ADDITION, EntryKind.ANSWER} for entry in question.entries)
    blocks = [
        section(f"*{CARD}*"),
        context(f"{_asker(question)} · {when(question.asked_at)} · {_where_to(question)}"),
        *words(asked),
        context(" · ".join([_state(question), *([f"{more} more to read: Open"] if more else [])])),
    ]
    blocks += [context(entry.text) for entry in question.entries[-1:] if entry.kind is EntryKind.NOTE]
    return [
        *blocks,
        actions(
            button("Open", ids.OPEN, value),
            *claim,
            button("Answer", ids.WRITE_ANSWER, value),
            button("This is a concern", ids.MAKE_REPORT, value),
        ),
    ]


# Lists.


def question_lines(page: Page, *, own: bool) -> list[Block]:
    """One section a question, with a button that opens it."""
    return [
        section(
            f"{escape(line.start)}\n{when(line.asked_at)} · {_own_line(line) if own else _line(line)}",
            button("Open", f"{ids.OPEN}:{line.id}", str(line.id), label=f"Open: {cut(line.start, 60)}"),
        )
        for line in page.lines
    ]


def question_list(page: Page, *, own: bool) -> View:
    nothing = "You have not asked anything." if own else "No question is open."
    blocks = question_lines(page, own=own) or [section(nothing)]
    if page.next:
        blocks.append(actions(button("Older", f"{ids.OWN_LIST if own else ids.LIST}:older", page.next)))
    return modal("What you asked" if own else "Questions", blocks, ids.VIEW)


# The question.


def question(question: Question, *, start: int | None = None, said: str = "") -> View:
    """`start` is the first entry shown, the newest ones when None; `said` is a line about what just happened."""
    first = _first(question, start)
    seen = max((entry.id for entry in question.entries[first : first + ENTRIES]), default=0)
    blocks = [notice(said)] if said else []
    if question.is_own:
        name = "The champions see your name." if question.show_name else "The champions do not see your name."
        blocks += [
            section(_own_state(question)),
            context(f"All champions read this. {name} {_where_to(question)}."),
            actions(*_own_buttons(question, seen)),
        ]
    else:
        blocks += [
            section(_state(question)),
            context(f"{_asker(question)} · {when(question.asked_at)} · {_where_to(question)}"),
            actions(*_buttons(question, seen)),
        ]
    blocks += [divider(), *_entries(question, start)]
    return modal("Your question" if question.is_own else "Question", blocks, ids.VIEW)


def asked(community: Community, roster: Roster, sent: Question, *, in_channel: bool = True) -> View:
    """Their question, just sent."""
    if roster.active_champion_ids:
        where = "read it in their channel" if in_channel else "are told, each by direct message"
        said = f"Sent. The champions {where}, and their answer comes here."
    elif roster.active_contact_ids:
        said = "Sent. Those who are asked in the champions' place are told, and their answer comes here."
    else:
        said = f"Saved. {NOBODY_READS.format(help=community.external_help)}"
    return question(sent, said=said)


def answer_form(
    question: Question,
    unseen: Sequence[Entry] = (),
    *,
    seen: int = 0,
    text: str = "",
    template: str | None = None,
    channel_id: str = "",
    said: str = READ_FIRST,
    agreement: Sequence[Block] = (),
) -> View:
    """`text` is what is on the screen now, `template` what was chosen to start from.

    `unseen`, which others wrote after entry `seen`, stands first: from then on it was seen. `said` is about it.
    """
    ready = dict(TEMPLATES).get(template or "", "")
    started = f"{ready}\n\n{text}".strip()
    fits = len(started) <= MAX_WORDS  # else the end of what was typed would be cut off
    text = started if ready and fits and ready.strip() not in text else text
    choices = [Choice(name, name) for name, _ in TEMPLATES]
    blocks: list[Block] = []
    if unseen:
        blocks.append(notice(said))
        blocks += [context(MORE_TO_READ)] if len(unseen) > ENTRIES else []
        blocks += [block for entry in unseen[-ENTRIES:] for block in _entry(entry, is_own=False)]
        blocks.append(divider())
    blocks += [
        *agreement,
        context("It comes “from the Champions”; your name is not shown."),
        select("Start from", ids.TEMPLATE, ids.TEMPLATE, choices, optional=True, dispatch=True, initial=template),
        # A new block id: Slack keeps what it shows for one it knows.
        text_input(
            "Answer",
            f"{TEXT}.{sha256(text.encode()).hexdigest()[:8]}",
            TEXT,
            multiline=True,
            max_length=MAX_WORDS,
            initial=text or None,
        ),
    ]
    if question.may_be_public:
        blocks.append(
            channel_select(
                "Post it in a channel too?",
                CHANNEL,
                CHANNEL,
                optional=True,
                initial=channel_id or None,
                hint="Only your words are posted, not the question: write them so that they stand alone, and name "
                "nobody. gpbot has to be a member of the channel.",
            )
        )
    newest = max((entry.id for entry in unseen), default=seen)
    metadata = f"{question.id}:{seen}:{newest}"
    return modal("Answer", blocks, ids.ANSWER, "Send", close="Cancel", private_metadata=metadata)


def read_answer(view: OpenView) -> tuple[str, str, str]:
    """The words, the channel, and the block to show an error at."""
    block = next((each for each in view.input_blocks() if each.partition(".")[0] == TEXT), TEXT)
    return view.form.text(block, TEXT), view.form.choice(CHANNEL, CHANNEL) or "", block


def read_answered(view: OpenView) -> tuple[UUID, int, int | None]:
    """Which question is answered, the entry after which all is shown, and the newest seen; None in older windows."""
    question, *numbers = view.private_metadata.split(":")
    seen, newest = [read_number(each) for each in numbers] if len(numbers) == 2 else [None, None]  # noqa: PLR2004
    return read_uuid(question), seen or 0, newest


def read_number(carried: str) -> int | None:
    """Of an entry, as a button or window carries it; None where it carries none, as those of earlier releases."""
    return int(carried) if carried.isascii() and carried.isdecimal() and len(carried) <= _LONGEST else None


def withdrawn() -> View:
    return modal(
        "Withdrawn", [section("It is erased, and its card is taken away. What was read stays read.")], ids.VIEW
    )


# A question that is a concern.


def concern_form(
    question_id: UUID,
    viewer: str,
    roster: Roster,
    named: Sequence[RoleHolder],
    concern: Concern | None = None,
) -> View:
    """The conflict step, before anybody reads it as a report; `named` are kept out whatever is ticked."""
    concern = concern or Concern()
    filled = Filled(
        what="", about_ids=concern.about_ids, about_words=concern.about_words, keep_out_ids=concern.keep_out_ids
    )
    blocks = [
        section(
            "It becomes a report from the person who asked, their name hidden, and its card goes. *The champions could "
            "read this while it was a question*, and what they read stays read. From then on only those read it "
            "whom neither you nor its words rule out."
        ),
        *passing_on_blocks(viewer, roster, named, filled, about=ids.ABOUT),
    ]
    return modal(
        "This is a concern",
        blocks,
        ids.CONVERT,
        "Make it a report",
        close="Cancel",
        private_metadata=str(question_id),
    )


def read_concern(view: OpenView) -> Concern:
    filled = read_passing_on(view, about=ids.ABOUT)
    return Concern(about_ids=filled.about_ids, about_words=filled.about_words, keep_out_ids=filled.keep_out_ids)


def became_report(report_id: UUID, *, is_new: bool) -> View:
    said = "It is a report now, and its card is taken away. The person who asked is told."
    return modal("Passed on", passed_on_blocks(said, report_id, is_new=is_new), ids.VIEW)


# Small words.


def _asker(question: Question) -> str:
    return f"{person(question.asker)} asks" if question.asker else "A member asks"


def _where_to(question: Question) -> str:
    if question.may_be_public:
        return "The answer may be public"
    return "Only you get the answer" if question.is_own else "The answer is for the person who asks alone"


def _state(question: Question) -> str:
    if question.state is State.CLOSED:
        return "Closed"
    has_it = f"{person(question.claimer)} has it" if question.claimer else "Nobody has claimed it"
    state = f"Answered; {has_it}" if question.answered else has_it
    return f"{state}; nothing has happened for a week" if question.quiet else state


def _own_state(question: Question) -> str:
    if question.state is State.CLOSED:
        return "*Closed.*"
    if question.answered:
        return "*Answered.* If that was all, close the question."
    return "*Someone has it.*" if question.claimer else "*With the champions.* Nobody has taken it on yet."


def _line(line: Line) -> str:
    has_it = f"{person(line.claimer)} has it" if line.claimer else "Nobody has claimed it"
    return f"Answered; {has_it}" if line.answered else has_it


def _own_line(line: Line) -> str:
    if line.state is State.CLOSED:
        return "Closed"
    if line.answered:
        return "Answered"
    return "Someone has it" if line.claimer else "With the champions"


def _buttons(question: Question, seen: int) -> list[Element]:
    value = str(question.id)
    claim = []
    if question.claimer is None:
        claim.append(button("Claim", ids.CLAIM, value, style="primary"))
    elif question.claimer == question.viewer:
        claim.append(button("Release", ids.RELEASE, value))
    return [
        *claim,
        button("Answer", ids.WRITE_ANSWER, f"{value}:{seen}"),
        button("This is a concern", ids.MAKE_REPORT, value),
    ]


def _own_buttons(question: Question, seen: int) -> list[Element]:
    value, of_seen = str(question.id), f"{question.id}:{seen}"
    is_open = question.state is State.OPEN
    withdraw = confirm("Withdraw this?", "It is erased at once. What was read stays read.", "Withdraw", "Go back")
    concern = confirm(
        "Make it a report instead?",
        "The question is withdrawn now, and its card goes. What was read stays read. You then choose who reads the "
        "report before it is sent; what you do not send is kept for 24 hours.",
        "Go on",
        "Go back",
    )
    return [
        button("Add something", ids.WRITE_MORE, value, style="primary"),
        button("Close question", ids.CLOSE, of_seen) if is_open else button("Reopen", ids.REOPEN, value),
        button("This is a concern", ids.CONCERN, value, confirm=concern),
        button("Withdraw", ids.WITHDRAW, of_seen, confirm=withdraw),
    ]


def _entries(question: Question, start: int | None) -> list[Block]:
    first = _first(question, start)
    shown = question.entries[first : first + ENTRIES]
    blocks = [block for entry in shown for block in _entry(entry, is_own=question.is_own)]
    turn = []
    if first > 0:
        turn.append(button("Older", f"{ids.TURN}:older", f"{question.id}:{max(0, first - ENTRIES)}"))
    if first + ENTRIES < len(question.entries):
        turn.append(button("Newer", f"{ids.TURN}:newer", f"{question.id}:{first + ENTRIES}"))
    return [*blocks, actions(*turn)] if turn else blocks


def _first(question: Question, start: int | None) -> int:
    last = len(question.entries)
    return max(0, last - ENTRIES) if start is None else min(max(0, start), max(0, last - 1))


def _entry(entry: Entry, *, is_own: bool) -> list[Block]:
    blocks = [context(f"*{_author(entry, is_own=is_own)}* · {when(entry.at)}")]
    # gpbot's own words may link to a channel; nobody else's do anything.
    blocks += [section(entry.text)] if entry.kind is EntryKind.NOTE else words(entry.text)
    if entry.channel_id:
        blocks.append(context(f"Also for <#{entry.channel_id}>"))
    return blocks


def _author(entry: Entry, *, is_own: bool) -> str:
    match entry.kind:
        case EntryKind.ANSWER:
            return "From the Champions" if is_own else f"{person(entry.author)} answered"
        case EntryKind.STATUS | EntryKind.NOTE:
            return "gpbot"
        case _:
            return "You" if is_own else "The person who asks"
