"""What is said about a quiet channel: to its stewards, and to the champions."""

from typing import Any

from gpbot.quiet import ids
from gpbot.quiet.answering import may_answer
from gpbot.quiet.types import ANSWER_WITHIN_DAYS, CANNOT_LOOK, Ending, Reason, State, Watched
from gpbot.slack.blocks import Block, Element, actions, button, confirm, context, section

_LACKS = {"missing_scope", "no_permission", "access_denied", "not_allowed_token_type", "not_authorized"}


# --- for stewards ---------------------------------------------------------------------------------------------------


def question(watched: Watched, days: int, viewer: str) -> tuple[str, list[Block]]:
    """The direct message as it is now; `days` is for how long nobody has to write before somebody is asked."""
    name, where = f"#{watched.name}", f"<#{watched.channel_id}>"
    if may_answer(watched):
        return f"Is {name} still needed?", question_blocks(watched, days)
    match watched.state:
        case State.OFFERED:
            said = "Thank you." if watched.answered_by == viewer else f"<@{watched.answered_by}> has answered."
            text = f"{said} {where} can be archived. The champions decide, and you are told."
        case State.ARCHIVING:
            text = f"The champions have decided that {where} is archived."
        case _:
            text = _to_steward(watched, days, viewer)
    return f"About {name}", [section(text)]


def question_blocks(watched: Watched, days: int) -> list[Block]:
    """With the buttons; on App Home too."""
    if watched.state is State.ASKED:
        then = (
            f"Nothing is archived by itself. Without an answer in {ANSWER_WITHIN_DAYS} days the champions are asked. "
            "An archived channel can still be read, and be brought back."
        )
    else:
        then = "The champions are asked too by now. Your answer still counts."
    return [
        section(
            f"*Is <#{watched.channel_id}> still needed?* You look after it, and nobody has written there for {days} "
            "days or more. That can be fine: some channels are only needed now and then."
        ),
        actions(
            _button(watched, "Keep it", ids.KEEP, style="primary"),
            _button(watched, "It can be archived", ids.LET_GO),
        ),
        context(then),
    ]


def told(watched: Watched) -> tuple[str, list[Block]]:
    """To a steward: what the champions decided."""
    if watched.ending is Ending.KEPT:
        return (
            f"#{watched.name} stays.",
            [section(f"The champions have decided: <#{watched.channel_id}> stays.")],
        )
    return (
        f"#{watched.name} was archived.",
        [
            section(
                f"The champions have had <#{watched.channel_id}> archived, because nobody wrote there any more. It can "
                "still be read, and be brought back: open it in Slack, then “Unarchive”."
            )
        ],
    )


def _to_steward(watched: Watched, days: int, viewer: str) -> str:
    where = f"<#{watched.channel_id}>"
    match watched.ending:
        case Ending.KEPT if watched.decided_by == viewer:
            return f"Thank you. {where} stays. If nobody writes there for another {days} days, gpbot asks again."
        case Ending.KEPT:
            return f"{where} stays: <@{watched.decided_by}> decided so. There is nothing left for you to do."
        case Ending.ALIVE:
            return f"Somebody has written in {where} meanwhile, so it stays. There is nothing left for you to do."
        case Ending.ARCHIVED:
            return f"{where} was archived. It can still be read, and be brought back."
        case Ending.BY_HAND:
            return f"{where} was archived meanwhile, and not by gpbot. There is nothing left for you to do."
        case Ending.EXEMPT:
            return f"{where} is on the list of channels that always stay. There is nothing left for you to do."
        case Ending.OFF:
            return f"gpbot does not ask about quiet channels any more. Nothing was changed in {where}."
        case _:
            return f"#{watched.name} is not there any more, or gpbot was taken out of it. Nothing is left to do."


# --- for champions --------------------------------------------------------------------------------------------------


def card(watched: Watched, days: int) -> tuple[str, list[Block]]:
    """As it stands now; with buttons while it waits for them."""
    name, where = f"#{watched.name}", f"<#{watched.channel_id}>"
    if watched.state is State.OFFERED:
        return f"{name} is quiet.", offer(watched, days)
    if watched.state is State.ARCHIVING:
        return f"{name} is being archived.", [
            section(f"{where} is being archived: <@{watched.decided_by}> decided so.")
        ]
    return f"{name}: decided", [section(_to_champions(watched))]


def offer(watched: Watched, days: int) -> list[Block]:
    """With the buttons; on App Home and the Desk too."""
    where = f"<#{watched.channel_id}>"
    why = [_why(watched)]
    if watched.code:
        why.append(_could_not(watched))
    return [
        section(
            f"*{where} is quiet. Should it be archived?*\nNobody has written there for {days} days or more. "
            + "\n".join(why)
        ),
        actions(_archive(watched), _button(watched, "Keep it", ids.DECIDE_TO_KEEP)),
        context(
            "It is up to you, and there is no hurry. Before a channel is archived, gpbot looks once more whether "
            "somebody has written there."
        ),
    ]


def _why(watched: Watched) -> str:
    match watched.reason:
        case Reason.STEWARD:
            return f"<@{watched.answered_by}>, who looks after it, says that it can be archived."
        case Reason.SILENCE:
            asked = " and ".join(f"<@{each}>" for each in watched.stewards) or "Nobody who looks after it"
            did_not = "did" if not watched.stewards else "did not"
            return f"{asked} {did_not} answer within {ANSWER_WITHIN_DAYS} days."
        case _:
            return "There is nobody whom gpbot could ask: it has no steward any more, or Slack took no message to them."


def _archive(watched: Watched) -> Element:
    return _button(
        watched,
        "Archive",
        ids.ARCHIVE,
        style="danger",
        confirm=confirm(
            f"Archive #{watched.name}?",
            "Nobody can write there any more. What is there can still be read, and the channel can be brought back.",
            "Archive",
            "Go back",
        ),
    )


def _could_not(watched: Watched) -> str:
    """What Slack said when it was to be archived, and what a person can do."""
    by_hand = "somebody who may can do it by hand: open the channel, then its settings, “Archive channel”."
    match watched.code:
        case code if code == CANNOT_LOOK or code in _LACKS:
            lacked = "whether somebody has written there meanwhile" if code == CANNOT_LOOK else ""
            start = f"gpbot cannot see {lacked}, so it was not archived" if lacked else "gpbot may not archive channels"
            return (
                f"{start}: it was installed without that permission. Whoever runs it can install it again from its "
                f"newest manifest; or {by_hand}"
            )
        case "restricted_action":
            return (
                "In this workspace gpbot may not archive channels. A workspace admin can allow it (in Slack's "
                f"workspace settings, under Permissions), or {by_hand}"
            )
        case "cant_archive_required" | "cant_archive_general":
            return (
                "Slack keeps this channel: it is one that everybody is in, so it cannot be archived. Press “Keep it”; "
                "an admin can change that in Slack."
            )
        case "not_in_channel":
            return f"gpbot was taken out of this channel. Invite it again and press “Archive”; or {by_hand}"
        case code:
            return f"Slack did not archive it ({code}). Press “Archive” to try again; or {by_hand}"


def _to_champions(watched: Watched) -> str:
    where = f"<#{watched.channel_id}>"
    match watched.ending:
        case Ending.KEPT:
            return f"{where} stays: <@{watched.decided_by}> decided so."
        case Ending.ALIVE:
            return f"Somebody has written in {where} meanwhile, so it stays. It was not archived."
        case Ending.ARCHIVED:
            by = f": <@{watched.decided_by}> decided so" if watched.decided_by else ""
            return f"{where} was archived{by}. It can still be read, and be brought back."
        case Ending.BY_HAND:
            return f"{where} was archived meanwhile, and not by gpbot."
        case Ending.EXEMPT:
            return f"{where} is on the list of channels that always stay, so nothing was changed."
        case Ending.OFF:
            return f"gpbot does not ask about quiet channels any more. Nothing was changed in {where}."
        case _:
            return f"#{watched.name} is not there any more, or gpbot was taken out of it."


def _button(watched: Watched, said: str, action_id: str, **more: Any) -> Element:
    """Several channels may stand on one page: the id tells them apart, and so does what a screen reader says."""
    return button(
        said,
        f"{action_id}:{watched.channel_id}",
        f"{watched.proposal_id} {watched.round}",
        label=f"{said}: #{watched.name}",
        **more,
    )
