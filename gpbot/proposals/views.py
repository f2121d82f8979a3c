"""Proposals on screens: the two messages, the proposal itself, lists, and small forms."""

from collections.abc import Sequence
from uuid import UUID

from gpbot.proposals import ids
from gpbot.proposals.concern_views import worry_lines
from gpbot.proposals.form import mentions, what_is_proposed
from gpbot.proposals.types import Event, EventKind, Line, Page, Proposal, Standing, State, Worry
from gpbot.slack.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    confirm,
    context,
    divider,
    escape,
    header,
    modal,
    notice,
    person,
    section,
    text_input,
    when,
    words,
)
from gpbot.slack.cutting import cut
from gpbot.slack.requests import read_uuid

TEXT = "text"
EVENTS = 8  # shown at once, the newest
ON_CARD = 3
MOST_TEXT = 1000

OPEN_ONES = "open"
DECIDED_ONES = "decided"

READ_FIRST = "Please read this before you decide: it was written since."
_LIST_LINES = 10
_LONGEST = 18  # digits of an event's number
_SEEN = "seen"  # before it


# --- once it is proposed -----------------------------------------------------------------------------------------


def posted(proposal: Proposal, channel_id: str) -> View:
    after = f"Members can support it there until {_day(proposal)}."
    return modal(
        "Posted",
        [
            section(f"*#{proposal.name}* is being posted in <#{channel_id}>. {after}"),
            section(_what_next(proposal)),
            context("You are told what becomes of it. To withdraw it, open it on gpbot's Home tab."),
        ],
        ids.VIEW,
    )


# --- the message in the proposals channel ------------------------------------------------------------------------


def public_text(proposal: Proposal) -> str:
    return f"A channel is proposed: #{proposal.name}"


def public_blocks(proposal: Proposal) -> list[Block]:
    """As it stands now. Counts alone: who supports it is nobody's business but their own."""
    if proposal.state is not State.OPEN:
        return [
            section(f"*#{proposal.name}* · {_state(proposal)}"),
            *what_is_proposed("", proposal.purpose, proposal.topics),
            *_reason(proposal),
        ]
    value = str(proposal.id)
    return [
        section(f"*A channel is proposed: #{proposal.name}*"),
        *what_is_proposed("", proposal.purpose, proposal.topics),
        context(_by(proposal)),
        section(_counts(proposal)),
        context(f"{_what_next(proposal)} Nobody is shown who supports it."),
        actions(
            button("Support", ids.SUPPORT, value, style="primary", label=f"Support #{proposal.name}"),
            button("Add me when it opens", ids.WANT_IN, value, label=f"Add me when it opens: #{proposal.name}"),
            button("Concern", ids.WRITE_CONCERN, value, label=f"Concern about #{proposal.name}"),
        ),
    ]


# --- the card in the champions' channel --------------------------------------------------------------------------


def card_text(proposal: Proposal) -> str:
    return f"A channel is proposed: #{proposal.name}"


def card(proposal: Proposal) -> list[Block]:
    """As it stands now; concerns are no part of it, for every champion sees it."""
    is_open = proposal.state is State.OPEN
    title = f"*A channel is proposed: #{proposal.name}*" if is_open else f"*#{proposal.name}* · {_state(proposal)}"
    blocks = [
        section(title),
        *what_is_proposed("", proposal.purpose, proposal.topics),
        context(f"{_by(proposal)} · {_counts(proposal)}"),
    ]
    if is_open:
        blocks.append(section(_state_for_champions(proposal)))
    for event in _said(proposal)[-ON_CARD:]:
        blocks += _event(event, cut_to=300)
    opened = button("Open", ids.OPEN, str(proposal.id), label=f"Open: #{proposal.name}")
    buttons = [opened, *_deciding_buttons(proposal)]
    return [*blocks, actions(*buttons)]


# --- the proposal itself -----------------------------------------------------------------------------------------


def proposal_view(
    proposal: Proposal,
    viewer: str,
    *,
    standing: Standing,
    decides: bool,
    sees_all: bool,
    worries: Sequence[Worry] = (),
    said: str = "",
) -> View:
    """As this viewer sees it; `said` is a line about what just happened."""
    is_open = proposal.state is State.OPEN
    involved = viewer in proposal.involved
    blocks = [notice(said)] if said else []
    blocks += [
        section(f"*#{proposal.name}* · {_state(proposal)}"),
        *what_is_proposed("", proposal.purpose, proposal.topics),
        context(f"{_by(proposal)} · {_counts(proposal)}"),
        *_reason(proposal),
    ]
    if is_open:
        blocks.append(context(_state_for_champions(proposal) if sees_all else _what_next(proposal)))
    if is_open and (buttons := [*_member_buttons(proposal, viewer, standing), *_own_buttons(proposal, viewer)]):
        blocks.append(actions(*buttons))
    if decides and (deciding := _deciding_buttons(proposal)):
        blocks += [divider(), actions(*deciding)]
    if sees_all or involved:
        for event in _said(proposal)[-EVENTS:]:
            blocks += _event(event)
    if worries:
        blocks += [divider(), header("Concerns"), *worry_lines(worries)]
    return modal("Proposed channel", blocks, ids.VIEW)


def question_form(proposal: Proposal, *, text: str = "", agreement: Sequence[Block] = ()) -> View:
    return modal(
        "Ask",
        [
            *agreement,
            context(
                f"It goes to {mentions([proposal.proposer_id])}, from the Champions. The answer comes on the card."
            ),
            text_input(
                "What do you want to know?", TEXT, TEXT, multiline=True, max_length=MOST_TEXT, initial=text or None
            ),
        ],
        ids.ASK,
        "Send",
        close="Cancel",
        private_metadata=str(proposal.id),
    )


def declining_form(
    proposal: Proposal,
    viewer: str,
    seen: int,
    *,
    text: str = "",
    said: str = READ_FIRST,
    agreement: Sequence[Block] = (),
) -> View:
    """What others wrote after event `seen` stands first: from then on it was seen. `said` is about it."""
    blocks: list[Block] = []
    if unseen := proposal.unseen(seen, viewer)[-EVENTS:]:
        blocks += [notice(said), *(block for event in unseen for block in _event(event)), divider()]
    blocks += [
        *agreement,
        context("Whoever proposed it is told why, and everybody can read it: kind and plain words help."),
        text_input(
            f"Why not #{proposal.name}?", TEXT, TEXT, multiline=True, max_length=MOST_TEXT, initial=text or None
        ),
    ]
    metadata = _carried(proposal, max(seen, proposal.last_said))
    return modal("Decline", blocks, ids.DECLINE, "Decline", close="Cancel", private_metadata=metadata)


def read_seen(carried: str | None) -> tuple[UUID, int | None]:
    """The proposal, and the newest event that was shown; None where it is not said, as in earlier releases.

    A number without its sign is of a release that counted the events of all proposals: nothing counts as seen.
    """
    proposal, _, seen = (carried or "").partition(":")
    number = seen.removeprefix(_SEEN)
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST):
        return read_uuid(proposal), None
    return read_uuid(proposal), int(number) if seen.startswith(_SEEN) else 0


def _carried(proposal: Proposal, seen: int) -> str:
    return f"{proposal.id}:{_SEEN}{seen}"


def answer_form(proposal: Proposal) -> View:
    asked = [event for event in proposal.events if event.kind is EventKind.ASKED]
    blocks: list[Block] = [*words(asked[-1].text)] if asked else []
    blocks += [
        context("All champions can read the answer."),
        text_input("Your answer", TEXT, TEXT, multiline=True, max_length=MOST_TEXT),
    ]
    return modal("Answer", blocks, ids.ANSWER, "Send", close="Cancel", private_metadata=str(proposal.id))


# --- lists -------------------------------------------------------------------------------------------------------


def proposal_lines(page: Page, *, most: int = _LIST_LINES) -> list[Block]:
    """One section a proposal, with a button that opens it, and the reason of what was declined."""
    blocks: list[Block] = []
    for line in page.lines[:most]:
        opened = button("Open", f"{ids.OPEN}:{line.id}", str(line.id), label=f"Open: #{line.name}")
        about = escape(cut(" ".join(line.purpose.split()), 150))
        blocks.append(section(f"*#{line.name}* · {_line_state(line)}\n{about}", opened))
        if line.reason:
            blocks.append(context(f"Why: {escape(cut(' '.join(line.reason.split()), 300))}"))
    return blocks


def proposals_list(page: Page, which: str) -> View:
    """`which` is OPEN_ONES or DECIDED_ONES."""
    nothing = "Nothing is proposed just now." if which == OPEN_ONES else "Nothing has been decided yet."
    other = ("What was decided", DECIDED_ONES) if which == OPEN_ONES else ("What is open", OPEN_ONES)
    blocks = proposal_lines(page) or [section(nothing)]
    turn = [button("Older", f"{ids.LIST}:older", f"{which}:{page.next}")] if page.next else []
    propose = [button("Propose a channel", ids.PROPOSE)] if which == OPEN_ONES else []
    blocks.append(actions(*turn, *propose, button(other[0], f"{ids.LIST}:other", f"{other[1]}:")))
    return modal("Proposed channels" if which == OPEN_ONES else "Decided proposals", blocks, ids.VIEW)


# --- direct messages ---------------------------------------------------------------------------------------------


def state_message(proposal: Proposal, *, is_proposer: bool) -> tuple[str, list[Block]]:
    """To the proposer or a steward: what became of it."""
    whose = "Your proposal" if is_proposer else "The proposed channel you look after,"
    is_own_doing = is_proposer and proposal.state is State.WITHDRAWN
    text = f"{whose} #{proposal.name}: {'you withdrew it.' if is_own_doing else _PLAIN[proposal.state]}"
    state = "you withdrew it." if is_own_doing else _state(proposal)
    blocks = [section(f"{whose} *#{proposal.name}*: {state}"), *_reason(proposal)]
    if proposal.state is State.LAPSED:
        blocks.append(context("You can propose it again."))
    return text, [*blocks, actions(button("Open", ids.OPEN, str(proposal.id)))]


def question_message(proposal: Proposal, event: Event) -> tuple[str, list[Block]]:
    text = f"The champions have a question about #{proposal.name}."
    answer = button("Answer", ids.WRITE_ANSWER, str(proposal.id), style="primary")
    return text, [section(text), *words(event.text), actions(answer)]


def steward_message(proposal: Proposal) -> tuple[str, list[Block]]:
    text = f"You were named as a steward of a proposed channel: #{proposal.name}."
    value = str(proposal.id)
    return text, [
        section(f"{person(proposal.proposer_id)} named you as a steward of a proposed channel: *#{proposal.name}*."),
        *words(proposal.purpose),
        context("A steward welcomes people there and keeps an eye on it. If that is fine, there is nothing to do."),
        actions(button("Open", ids.OPEN, value), button("I would rather not", ids.STEP_DOWN, value)),
    ]


# --- small words -------------------------------------------------------------------------------------------------


def told(standing: Standing, *, of_support: bool) -> str:
    """After a press of *Support*, or of *Add me when it opens*."""
    if of_support:
        if not standing.supports:
            return "Your support is taken back."
        return "You support this. To take it back, press the same button again."
    if not standing.wants_in:
        return "You are not added when it opens."
    return "You are added when it opens. To change that, press the same button again."


_PLAIN = {
    State.OPEN: "open for support.",
    State.APPROVED: "approved. Its channel is being made.",
    State.STUCK: "approved, but its channel could not be made yet. The champions are told.",
    State.OPENED: "open.",
    State.DECLINED: "declined by the champions.",
    State.WITHDRAWN: "withdrawn by whoever proposed it.",
    State.LAPSED: "ended, because nobody decided it in time, or nobody is left to look after it.",
}


def _state(proposal: Proposal) -> str:
    if proposal.state is State.OPENED and proposal.channel_id:
        return f"open: <#{proposal.channel_id}>"
    return _PLAIN[proposal.state]


def _line_state(line: Line) -> str:
    if line.state is State.OPENED and line.channel_id:
        return f"open: <#{line.channel_id}>"
    if line.state is State.OPEN:
        return _support(line.supporters)
    return _PLAIN[line.state]


def _by(proposal: Proposal) -> str:
    others = [each for each in proposal.steward_ids if each != proposal.proposer_id]
    by = f"Proposed by {mentions([proposal.proposer_id])}"
    if not others:
        return by if proposal.steward_ids else f"{by} · no steward"
    whole = proposal.steward_ids if proposal.proposer_id in proposal.steward_ids else others
    return f"{by} · stewards: {mentions(whole)}"


def _counts(proposal: Proposal) -> str:
    wanting = "1 wants to be added" if proposal.wanting == 1 else f"{proposal.wanting} want to be added"
    return f"*{_support(proposal.supporters)}* · {wanting} when it opens"


def _support(number: int) -> str:
    return "1 supports it" if number == 1 else f"{number} support it"


def _day(proposal: Proposal) -> str:
    at = proposal.deadline_at
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}|{at:%d %b %Y}>"


def _what_next(proposal: Proposal) -> str:
    if proposal.threshold > 0 and not proposal.is_ready:
        return f"The champions decide when {proposal.threshold} support it, or after {_day(proposal)}."
    return "The champions can decide this at any time."


def _state_for_champions(proposal: Proposal) -> str:
    if proposal.state is not State.OPEN:
        return _state(proposal)
    lines = []
    if not proposal.is_ready:
        lines.append(f"It can be approved when {proposal.threshold} support it, or after {_day(proposal)}.")
    if proposal.approvers:
        more = proposal.approvals_needed - len(proposal.approvers)
        left = f"{more} more needed." if more > 0 else "that is enough by now, so press “Approve” and it is made."
        lines.append(f"Approved by {mentions(proposal.approvers)}; {left}")
    elif proposal.approvals_needed > 1:
        lines.append(f"It takes {proposal.approvals_needed} approvals.")
    if not proposal.proposer_is_here:
        lines.append("Who proposed it has left.")
    lines.append("It is decided by champions who neither proposed it nor are its stewards.")
    return " ".join(lines)


def _deciding_buttons(proposal: Proposal) -> list[Element]:
    if proposal.state is not State.OPEN:
        return []
    value, seen = str(proposal.id), _carried(proposal, proposal.last_said)
    left = proposal.approvals_needed - len(proposal.approvers)
    then = (
        f"gpbot makes #{proposal.name} at once." if left <= 1 else f"It takes {left} approvals, of which this is one."
    )
    sure = confirm("Approve this?", then, "Approve", "Go back")
    name = proposal.name
    approve = button("Approve", ids.APPROVE, seen, style="primary", confirm=sure, label=f"Approve #{name}")
    again = [button("Post it again", ids.POST_AGAIN, value, label=f"Post it again: #{name}")]
    return [
        *([approve] if proposal.is_ready else []),
        button("Ask", ids.WRITE_QUESTION, value, label=f"Ask about #{name}"),
        button("Decline", ids.WRITE_DECLINING, seen, label=f"Decline #{name}"),
        *(again if proposal.is_missing else []),
    ]


def _member_buttons(proposal: Proposal, viewer: str, standing: Standing) -> list[Element]:
    if viewer == proposal.proposer_id:
        return []
    value = str(proposal.id)
    return [
        button("Take back my support" if standing.supports else "Support", ids.SUPPORT, value),
        button("Do not add me" if standing.wants_in else "Add me when it opens", ids.WANT_IN, value),
        button("Concern", ids.WRITE_CONCERN, value),
    ]


def _own_buttons(proposal: Proposal, viewer: str) -> list[Element]:
    value = str(proposal.id)
    buttons = []
    if viewer == proposal.proposer_id:
        sure = confirm("Withdraw this?", "It ends, and can be proposed again.", "Withdraw", "Go back")
        buttons.append(button("Withdraw", ids.WITHDRAW, value, confirm=sure))
    elif viewer in proposal.steward_ids:
        buttons.append(button("I would rather not be a steward", ids.STEP_DOWN, value))
    if viewer in proposal.involved and any(event.kind is EventKind.ASKED for event in proposal.events):
        buttons.append(button("Answer", ids.WRITE_ANSWER, value))
    return buttons


def _said(proposal: Proposal) -> list[Event]:
    """The reason of a decline stands above already."""
    return [event for event in proposal.events if event.kind is not EventKind.DECLINED]


def _event(event: Event, *, cut_to: int | None = None) -> list[Block]:
    match event.kind:
        case EventKind.NOTE:
            return [context(event.text)]  # gpbot's own words
        case EventKind.APPROVED:
            return [context(f"{person(event.by)} approved it · {when(event.at)}")]
        case _:
            did = "asked" if event.kind is EventKind.ASKED else "answered"
            text = cut(event.text, cut_to) if cut_to else event.text
            return [context(f"{person(event.by)} {did} · {when(event.at)}"), *words(text)]


def _reason(proposal: Proposal) -> list[Block]:
    if proposal.state is not State.DECLINED:
        return []
    declined = [event for event in proposal.events if event.kind is EventKind.DECLINED]
    return [context("Why:"), *words(declined[-1].text)] if declined else []
