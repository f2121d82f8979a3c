"""What is said about a channel that is opened: in it, elsewhere, and to the champions when somebody has to help."""

from collections.abc import Sequence
from uuid import UUID

from gpbot.opening import ids
from gpbot.opening.steps import Step
from gpbot.opening.types import Opening, Standing, State, There
from gpbot.proposals.types import MOST_NAME, ProposalToOpen
from gpbot.slack.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    confirm,
    context,
    modal,
    notice,
    section,
    text_input,
    words,
)
from gpbot.slack.requests import Form

NAME = "opening.new_name"
_LACKS = {"missing_scope", "no_permission", "access_denied", "not_allowed_token_type"}
_LEFT = {
    Step.TOPIC: "setting its topic",
    Step.PURPOSE: "setting its description",
    Step.WELCOME: "a first message that welcomes people",
    Step.PIN: "pinning the welcome",
    Step.INVITE: "adding those who asked for it",
    Step.PROPOSALS: "telling the proposals channel",
    Step.GENERAL: "telling the channel that everybody is in",
}


# --- in the channel, and about it -----------------------------------------------------------------------------------


def welcome(wanted: ProposalToOpen, community: str) -> tuple[str, list[Block]]:
    stewards = ", ".join(f"<@{each}>" for each in wanted.steward_ids)
    after = f" {stewards} {'looks' if len(wanted.steward_ids) == 1 else 'look'} after it." if stewards else ""
    blocks = [
        section(f"*Welcome.* <@{wanted.proposer_id}> proposed this channel.{after}"),
        *(words(wanted.purpose) if wanted.purpose else []),
        context(f"Type /guidelines to read what {community} has agreed on."),
        context(
            "Has somebody hurt or worried you? Type /report, here or in any channel. Nobody in the channel sees it, "
            "and you see who will read it before you send it."
        ),
    ]
    return "Welcome to this channel.", blocks


def announcement(opening: Opening, wanted: ProposalToOpen) -> tuple[str, list[Block]]:
    blocks = [
        section(f"*A new channel is open: <#{opening.channel_id}>*"),
        *(words(wanted.purpose) if wanted.purpose else []),
        context("Everybody can go in: open it and choose “Join channel”."),
    ]
    return f"A new channel is open: #{opening.name}", blocks


def not_added(channel_id: str) -> tuple[str, list[Block]]:
    return (
        "A new channel is open, and gpbot could not add you to it.",
        [
            section(
                f"<#{channel_id}> is open. Slack did not let gpbot add you to it. You can go in yourself: open it and "
                "choose “Join channel”."
            )
        ],
    )


# --- for champions --------------------------------------------------------------------------------------------------


def card(standing: Standing) -> tuple[str, list[Block]]:
    """The status of an opening that could not go on by itself."""
    opening = standing.opening
    match opening.state:
        case State.STUCK:
            text = f"#{opening.name} could not be opened yet."
            why, buttons = what_happened(opening, standing.there)
            decline = button("Decline", ids.DECLINE, str(opening.proposal_id))
            return text, [section(f"*{text}*\n{why}"), actions(*buttons, decline)]
        case State.RUNNING:
            text = f"#{opening.name} is being opened."
            return text, [section(text)]
        case State.GIVEN_UP:
            text = f"#{opening.name} was declined, so gpbot does nothing more about it."
            return text, [section(text)]
        case State.DONE:
            return f"#{opening.name} is open.", [section(f"<#{opening.channel_id}> is open."), *_what_is_left(standing)]


def what_happened(opening: Opening, there: There | None) -> tuple[str, list[Element]]:
    """In words, and what can be pressed about it."""
    press = _Buttons(opening)
    if opening.channel_id and opening.code != "channel_not_found":
        return _in_the_channel(opening), [press.try_again]
    use = [press.use(there)] if there is not None else []
    name = opening.name
    match opening.code:
        case "name_taken" if there is not None and there.is_archived:
            why = (
                "There is an archived channel of that name, so Slack keeps the name. To use it, bring it back in Slack "
                f"(search for #{name}, open it, then “Unarchive”), and press “Use #{name}”. Or choose another name."
            )
            return why, [*use, press.other_name]
        case "name_taken" if there is not None:
            why = (
                f"Somebody has made <#{there.id}> meanwhile. If it is meant for this, use it; otherwise choose another "
                "name."
            )
            return why, [*use, press.other_name]
        case "name_taken":
            why = (
                "Slack says that the name is taken: by a private channel, by somebody's account name, or by one of "
                "Slack's own words. gpbot cannot see by which. Please choose another name."
            )
            return why, [press.other_name, press.try_again]
        case "restricted_action":
            why = (
                "In this workspace gpbot may not make channels. A workspace admin can allow it (in Slack's workspace "
                f"settings, under Permissions), or somebody who may can make #{name} by hand."
            )
        case code if code in _LACKS:
            why = (
                "gpbot was installed without the permission to make channels. Whoever runs it can install it again "
                f"with its newest manifest. Until then, somebody can make #{name} by hand."
            )
        case "channel_not_found":
            why = f"#{name} was deleted before everything in it was ready. “Try again” makes it once more."
        case code if code.startswith("invalid_name"):
            return f"Slack does not take this name ({code}). Please choose another.", [press.other_name]
        case code:
            why = f"Slack did not make the channel ({code}). You can try again, or somebody can make #{name} by hand."
    if there is None:
        return why, [press.try_again, press.other_name]
    return f"{why} <#{there.id}> is there now.", [*use, press.try_again, press.other_name]


def name_form(proposal_id: UUID, name: str) -> View:
    return modal(
        "Another name",
        [
            notice("The channel is opened under this name. Whoever proposed it sees the new name when it is open."),
            text_input(
                "Name",
                NAME,
                NAME,
                initial=name,
                max_length=MOST_NAME,
                hint="Small letters from a to z, digits, - and _.",
            ),
        ],
        ids.NAME,
        "Open it",
        close="Cancel",
        private_metadata=str(proposal_id),
    )


def read_name(form: Form) -> str:
    return form.text(NAME, NAME).strip().removeprefix("#").strip().lower().replace(" ", "-")


def stuck_lines(standings: Sequence[Standing]) -> list[Block]:
    return [block for standing in standings for block in card(standing)[1]]


class _Buttons:
    def __init__(self, opening: Opening) -> None:
        self._proposal = str(opening.proposal_id)
        self.try_again = button("Try again", ids.TRY_AGAIN, self._proposal)
        self.other_name = button("Another name", ids.WRITE_NAME, self._proposal)

    def use(self, there: There) -> Element:
        return button(
            f"Use #{there.name}",
            ids.USE,
            f"{self._proposal} {there.id}",
            style="primary",
            confirm=confirm(
                f"Use #{there.name}?",
                "It becomes the channel of this proposal. gpbot goes in, posts and pins a welcome, and adds those who "
                "asked for it. Topic and description stay where there are any.",
                "Use it",
                "Go back",
            ),
        )


def _in_the_channel(opening: Opening) -> str:
    where = f"<#{opening.channel_id}>"
    match opening.code:
        case "is_archived":
            return (
                f"{where} was archived before everything in it was ready. Bring it back in Slack (open it, then "
                "“Unarchive”), and try again."
            )
        case "not_in_channel":
            return f"gpbot was taken out of {where} before everything in it was ready. “Try again” lets it go back in."
        case "method_not_supported_for_channel_type":
            return f"{where} is private now. Invite gpbot to it, and try again."
        case code:
            return f"{where} is there, but one step did not work: {_LEFT.get(opening.step, 'going into it')} ({code})."


def _what_is_left(standing: Standing) -> list[Block]:
    left = [f"• {_LEFT[step]} ({code})" for step, code in standing.opening.left.items() if step is not Step.INVITE]
    blocks = [section("\n".join(["Slack did not let gpbot do all of it. To be done by hand:", *left]))] if left else []
    counts = standing.counts
    if counts.not_added:
        one = counts.not_added == 1
        blocks.append(
            context(
                f"{counts.not_added} {'person' if one else 'people'} could not be added. They are told how to go in, "
                "unless their account is closed."
            )
        )
    return blocks
