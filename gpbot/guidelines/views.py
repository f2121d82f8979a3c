"""The text, receipts, what champions see of who has agreed, and the progress of telling everybody."""

from collections.abc import Sequence
from dataclasses import replace

from gpbot.community import Community
from gpbot.guidelines import ids, mrkdwn, sentences
from gpbot.guidelines.backfill import (
    FAILURES_PAGE,
    NEWER_VERSION,
    NOT_ANNOUNCED,
    NOT_FED,
    Preview,
    Unreached,
)
from gpbot.guidelines.types import CAP, Counts, Outstanding, OutstandingPage, Standing, Version
from gpbot.outbox.campaigns import Campaign
from gpbot.outbox.models import Status
from gpbot.outbox.patience import PACES
from gpbot.outbox.types import BULK
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
    modal,
    notice,
    person_menu,
    section,
    text_input,
)

REASON = "reason"
SEARCH = "search"
MOST_SEARCH = 100  # characters
MOST_REASON = 500


def text_blocks(markdown: str) -> list[Block]:
    """A version's text, wherever in Slack it is shown."""
    return [section(piece) for piece in mrkdwn.pieces(markdown)]


# --- for everybody ----------------------------------------------------------------------------------------------------


def first_message(
    community: Community, standing: Standing, version: Version, *, nth: int, is_new: bool
) -> tuple[str, list[Block]]:
    """The text for a notification, and the blocks. `standing.member` is who it is for."""
    safe = _escaped(community)
    lines = sentences.first_lines(safe, standing, version, nth=nth, is_new=is_new)
    blocks = [section("\n".join(lines))]
    if standing.accepted is not None and version.changes:
        blocks += [section("*What is new*"), *text_blocks(version.changes)]
    person_id = standing.member.person_id if standing.member else 0
    value = f"{version.number}:{person_id}"
    blocks.append(
        actions(
            button("Read in full", ids.READ),
            button("I agree", ids.AGREE, value, style="primary"),
            button("I have a question", ids.QUESTION),
        )
    )
    return lines[0], blocks


def receipt(standing: Standing) -> tuple[str, list[Block]]:
    """What a message with buttons becomes once they agreed; the text and the blocks."""
    text = sentences.agreed(standing)
    return text, [
        section(f"{text} Thank you."),
        context(sentences.recorded(standing)),
        actions(button("Read them again", ids.READ)),
    ]


def noted_message(standing: Standing) -> tuple[str, list[Block]]:
    """To somebody whose agreement a champion noted by hand."""
    number = standing.accepted.number if standing.accepted else 0
    text = f"A champion noted that you agreed to version {number} of the guidelines."
    return text, [
        section(f"{text}\nIs that not right? Press *I have a question*."),
        context(sentences.recorded(standing)),
        actions(button("Read them", ids.READ), button("I have a question", ids.QUESTION)),
    ]


def text_modal(standing: Standing, *, note: str = "") -> View:
    """The current text, its version, and where this person stands."""
    version = standing.current
    if version is None:
        return modal("Guidelines", [section(sentences.state(standing))], ids.TEXT)
    blocks = [notice(note)] if note else []
    blocks += [section(sentences.state(standing)), context(sentences.published(version))]
    newer = standing.accepted is not None and standing.accepted.number < version.number
    if newer and version.changes:
        blocks += [section("*What is new*"), *text_blocks(version.changes)]
    blocks += [divider(), *text_blocks(version.markdown)]
    if version.attribution:
        blocks += [divider(), *(context(piece) for piece in mrkdwn.pieces(version.attribution))]
    if standing.is_owed:
        blocks += [divider(), context("If you agree, we keep a note: your account, this version, when, and where.")]
    return modal(
        "Guidelines",
        blocks,
        ids.TEXT,
        "I agree" if standing.is_owed else None,
        private_metadata=str(version.number),
    )


def agreed_modal(standing: Standing) -> View:
    return modal(
        "Guidelines",
        [section(f"{sentences.agreed(standing)} Thank you."), context(sentences.recorded(standing))],
        ids.TEXT,
        private_metadata=str(standing.current.number if standing.current else 0),
    )


def home_blocks(standing: Standing) -> list[Block]:
    """On App Home, for everybody; nothing while nothing is published."""
    version = standing.current
    if version is None:
        return []
    blocks = [section(f"*Guidelines*\n{sentences.state(standing)}")]
    is_newer = standing.is_settled and standing.accepted is not None and standing.accepted.number < version.number
    if is_newer and version.changes:
        blocks += [section(f"*New in version {version.number}*"), *text_blocks(version.changes)]
    read = button("Read the guidelines", ids.READ)
    agree = [button("I agree", f"{ids.AGREE}:home", f"{version.number}:0", style="primary")] if standing.is_owed else []
    return [*blocks, actions(read, *agree)]


# --- for champions ----------------------------------------------------------------------------------------------------


def counted(count: int) -> str:
    return f"{CAP - 1}+" if count >= CAP else str(count)


def champions_blocks(counts: Counts, campaign: Campaign | None) -> list[Block]:
    """On App Home, for champions."""
    blocks = [
        section(
            f"*Who has agreed to the guidelines*\n{_people(counts.accepted, counted(counts.accepted))} agreed. "
            f"{_not_yet(counts)}."
        )
    ]
    if campaign is not None and campaign.is_open:
        blocks += campaign_blocks(campaign, where="home")
    return [
        *blocks,
        actions(
            button("Who has not agreed", f"{ids.OUTSTANDING}:home"),
            button("Write to them", ids.BACKFILL_FORM),
        ),
    ]


def outstanding_modal(
    page: OutstandingPage, counts: Counts, looked_up: Sequence[tuple[Standing, Outstanding]] = ()
) -> View:
    """Who has not agreed yet, all or those searched for, a page at a time; and where any one person stands."""
    blocks = [
        text_input(
            "Search this list",
            SEARCH,
            SEARCH,
            optional=True,
            max_length=MOST_SEARCH,
            initial=page.searched or None,
            placeholder="A name or an organisation",
            hint="How its words begin is enough. To see the whole list again, empty the box.",
        ),
        section("See where anybody stands, also who has agreed:", person_menu("Look somebody up", ids.FIND))
        | {"block_id": ids.FIND},
    ]
    for standing, line in looked_up:
        who = f"<@{line.member.slack_id}>"
        if standing.is_settled and standing.accepted is not None:
            accepted = standing.accepted
            where = sentences.WHERE[accepted.where]
            text = f"{who} agreed to version {accepted.number} on {sentences.day(accepted.accepted_at)} ({where})."
            blocks.append(section(text))
        elif standing.is_owed:
            blocks.append(_line(line, "found"))
        else:
            blocks.append(section(f"{who} is not asked to agree."))
    blocks += [divider(), section(_over_the_list(page, counts))]
    blocks += [_line(line, "page") for line in page.lines]
    if page.next and page.searched:
        blocks.append(actions(button("More", f"{ids.SEARCHED}:more", f"{page.next}:{page.searched}")))
    elif page.next:
        blocks.append(actions(button("More", f"{ids.OUTSTANDING}:more", page.next)))
    return modal("Not agreed yet", blocks, ids.OUTSTANDING, "Search")


def mark_form(line: Outstanding) -> View:
    return modal(
        "Mark as agreed",
        [
            section(f"<@{line.member.slack_id}> is told that a champion noted it."),
            text_input(
                "How do you know that they agree?",
                REASON,
                REASON,
                multiline=True,
                max_length=MOST_REASON,
                placeholder="For example: they said so when we spoke on the phone",
                hint="Kept sealed with the note, together with your name.",
            ),
        ],
        ids.MARK,
        "Mark",
        close="Cancel",
        private_metadata=str(line.member.person_id),
    )


def marked_modal(standing: Standing) -> View:
    who = f"<@{standing.member.slack_id}>" if standing.member else "They"
    number = standing.accepted.number if standing.accepted else 0
    return modal("Mark as agreed", [section(f"{who} counts as having agreed to version {number}.")], ids.MARK)


# --- telling everybody ------------------------------------------------------------------------------------------------


def preview_modal(preview: Preview, general_channel: str) -> View:
    """Who, how many and how long; it starts only when this is submitted."""
    if preview.cannot is not None:
        return cannot_modal(preview.cannot)
    people = _people(preview.people)
    return modal(
        "Write to them",
        [
            section(
                f"*Who:* everybody who has not agreed to version {preview.number} and was not told about it yet. "
                f"That is {people} now."
            ),
            section(
                "*What:* one direct message each, with the text and *I agree*. Whoever does not answer is reminded "
                "after 3, 10 and 30 days, and then no more."
            ),
            section(
                f"*How long:* about {_minutes(preview.minutes)}, {PACES[BULK]:.0f} messages a minute. Reports go "
                "first all the while. You can pause or cancel it at any time."
            ),
            section(
                f"*First* gpbot says in <#{general_channel}> that these messages are coming, so that nobody takes "
                "them for a trick. Its progress is shown in your private channel."
            ),
        ],
        ids.BACKFILL,
        "Start",
        close="Not now",
        private_metadata=str(preview.number),
    )


def cannot_modal(why: str) -> View:
    return modal("Write to them", [section(escape(why))], ids.BACKFILL)


def started_modal() -> View:
    return modal(
        "Write to them",
        [section("Started. Your private channel shows how far it is; there you can also pause or cancel it.")],
        ids.BACKFILL,
    )


def announcement(community: Community) -> tuple[str, list[Block]]:
    """In the general channel, before anybody is written to."""
    name = escape(community.name)
    text = f"gpbot is writing to members of {name} about our guidelines."
    return text, [
        section(
            f"{text}\nIf you get a direct message from gpbot today or in the next days that asks you to read and agree "
            "to the guidelines: it is real, and the champions asked for it. It never asks for a password or for money. "
            "You can also read them with `/guidelines`."
        )
    ]


def minor_notice(community: Community, version: Version) -> tuple[str, list[Block]]:
    """In the general channel, when a minor version is published."""
    text = f"The guidelines of {escape(community.name)} have changed a little."
    return text, [
        section(f"{text}\nWhoever has agreed to them need not agree again. This is new in version {version.number}:"),
        *text_blocks(version.changes),
        actions(button("Read the guidelines", ids.READ)),
    ]


def campaign_text(campaign: Campaign) -> str:
    return f"Telling members about version {campaign.about} of the guidelines: {_headline(campaign)}"


def campaign_blocks(campaign: Campaign, *, where: str = "card") -> list[Block]:
    """How far it is, in counts alone."""
    done = campaign.told + campaign.failed + campaign.skipped
    lines = [f"*Telling members about version {campaign.about} of the guidelines*", _headline(campaign)]
    if campaign.is_open and campaign.told + campaign.waiting:
        left = max(campaign.total - done, campaign.waiting)
        lines.append(f"{campaign.told} of about {max(campaign.total, done)} told.")
        if campaign.status is Status.RUNNING and left:
            lines.append(f"About {_minutes(max(1, round(left / PACES[BULK])))} left.")
    elif not campaign.is_open:
        lines.append(f"{_people(campaign.told)} told.")
    if campaign.skipped:
        lines.append(f"{campaign.skipped} no longer needed it.")
    if campaign.failed:
        lines.append(f"{campaign.failed} could not be reached.")
    return [section("\n".join(lines)), *_campaign_buttons(campaign, where)]


def failures_modal(unreached: Sequence[Unreached]) -> View:
    lines = [f"• <@{each.member.slack_id}>: {sentences.why_unreached(each.code)}" for each in unreached]
    if len(lines) == FAILURES_PAGE:
        lines.append(f"These are the first {FAILURES_PAGE}; all of them also stand under *Who has not agreed*.")
    return modal("Not reached", [section("\n".join(lines) or "Everybody so far could be reached.")], ids.FAILURES)


def _headline(campaign: Campaign) -> str:
    match campaign.status:
        case Status.RUNNING:
            return "Under way."
        case Status.DONE:
            return "Done."
        case Status.CANCELLED if campaign.reason == NEWER_VERSION:
            return "Ended, because a newer version was published. Whoever is left is asked to agree to that one."
        case Status.CANCELLED:
            return "Cancelled. Whoever was told stays told."
        case _:
            return _why_paused(campaign.reason)


def _why_paused(reason: str | None) -> str:
    if reason is None:
        return "Paused."
    if reason == "message_limit_exceeded":
        return (
            "Paused: Slack takes no more messages in this workspace for now, because it is over Slack's limit. "
            "Nobody was told twice, and nobody is left out. Press *Go on* in some hours, or ask Slack about the limit."
        )
    if reason.startswith(NOT_ANNOUNCED):
        why = sentences.why_unreached(reason.removeprefix(NOT_ANNOUNCED))
        return f"Paused: gpbot could not post in the general channel ({why}). Nobody was written to yet."
    if reason.startswith(NOT_FED):
        return "Paused: gpbot could not go on by itself. Press *Go on*; if it stops again, tell whoever runs gpbot."
    return f"Paused: {sentences.why_unreached(reason)}."


def _campaign_buttons(campaign: Campaign, where: str) -> list[Block]:
    value = str(campaign.id)
    buttons: list[Element] = []
    if campaign.status is Status.RUNNING:
        buttons.append(button("Pause", f"{ids.PAUSE}:{where}", value))
    elif campaign.status is Status.PAUSED:
        buttons.append(button("Go on", f"{ids.RESUME}:{where}", value, style="primary"))
    if campaign.is_open:
        sure = confirm("Cancel it?", "Nobody else is written to. Whoever was told stays told.", "Cancel it", "Go back")
        buttons.append(button("Cancel", f"{ids.CANCEL}:{where}", value, confirm=sure))
    if campaign.failed:
        buttons.append(button("Who was not reached", f"{ids.FAILURES}:{where}", value))
    return [actions(*buttons)] if buttons else []


def _over_the_list(page: OutstandingPage, counts: Counts) -> str:
    if not page.searched:
        return f"*{_not_yet(counts)}*"
    searched = escape(page.searched)
    if page.lines:
        return f"*Not agreed yet, found with “{searched}”*"
    return (
        f"Nobody on this list has a name or an organisation that begins with “{searched}”. Whoever has agreed is not "
        "on it."
    )


def _line(line: Outstanding, where: str) -> Block:
    told = f"told on {sentences.day(line.told_at)}" if line.told_at else "not told yet"
    if line.reminders:
        told += ", reminded once" if line.reminders == 1 else f", reminded {line.reminders} times"
    before = f"agreed to version {line.member.accepted_number}, " if line.member.accepted_number else ""
    person_id = str(line.member.person_id)
    mark = button("Mark as agreed", f"{ids.MARK_FORM}:{where}.{person_id}", person_id)
    return section(f"<@{line.member.slack_id}>: {before}{told}", mark)


def _not_yet(counts: Counts) -> str:
    if not counts.outstanding:
        return "Nobody is still to agree"
    has = "has" if counts.outstanding == 1 else "have"
    return f"{_people(counts.outstanding, counted(counts.outstanding))} {has} not agreed yet"


def _people(count: int, shown: str = "") -> str:
    return "1 person" if count == 1 else f"{shown or count} people"


def _minutes(minutes: int) -> str:
    if minutes >= 120:  # noqa: PLR2004  (two hours)
        return f"{round(minutes / 60)} hours"
    return "a minute" if minutes == 1 else f"{minutes} minutes"


def _escaped(community: Community) -> Community:
    return replace(community, name=escape(community.name), external_help=escape(community.external_help))
