"""What is said about guidelines in so many words, wherever it is shown."""

from datetime import datetime

from gpbot.community import Community
from gpbot.guidelines import days, mrkdwn
from gpbot.guidelines.types import Standing, Version, Where
from gpbot.slack.blocks import when

WHERE = {
    Where.MESSAGE: "in a message from gpbot",
    Where.WINDOW: "in the window with the text",
    Where.HOME: "on gpbot's Home tab",
    Where.BY_HAND: "noted by a champion",
    Where.JOINING: "on the form to join",
}


def day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def first_lines(community: Community, standing: Standing, version: Version, *, nth: int, is_new: bool) -> list[str]:
    """Five plain lines, in mrkdwn: for someone new, in a second language, on a phone."""
    minutes = mrkdwn.minutes(version.markdown)
    reading = "It takes about a minute." if minutes == 1 else f"It takes about {minutes} minutes."
    again = standing.accepted is not None
    if nth:
        which = "new guidelines" if again else "guidelines"
        first = f"You have not agreed to the {which} of {community.name} yet. This is a reminder."
        if nth == days.LAST:
            first = f"You have not agreed to the {which} of {community.name} yet. This is the last reminder."
    elif again:
        first = f"The guidelines of {community.name} have changed."
    else:
        first = (
            f"Welcome to {community.name}." if is_new else f"Hello. {community.name} has guidelines for its members."
        )
    please = "Please read the new text." if again else "Please read our guidelines."
    agree = "If you agree, press *I agree*."
    if standing.until is not None:
        agree = f"If you agree, press *I agree*. Please do it by {day(standing.until)}."
    if nth == days.LAST:
        agree += " Champions see who has not, and may ask you."
    return [
        first,
        f"{please} {reading}",
        agree,
        "We then keep a note: your account, the version, when, and where you pressed.",
        "Is something not clear? Press *I have a question*.",
    ]


def agreed(standing: Standing) -> str:
    """What is recorded of this person's agreement; empty when nothing is."""
    if standing.accepted is None:
        return ""
    accepted = standing.accepted
    return f"You agreed to version {accepted.number} of the guidelines on {day(accepted.accepted_at)}."


def recorded(standing: Standing) -> str:
    """All that is kept of it."""
    if standing.accepted is None:
        return ""
    accepted = standing.accepted
    how = f"where: {WHERE[accepted.where]}"
    if accepted.where is Where.BY_HAND:
        how = "sealed, which champion noted it and how they know"
    return (
        f"We keep: your account, version {accepted.number} (a code made from its exact words: "
        f"{accepted.sha256[:12]}), when: {when(accepted.accepted_at)}, and {how}."
    )


def state(standing: Standing) -> str:
    """Where this person stands, in one or two sentences."""
    if standing.current is None:
        return "This community has not published its guidelines here yet."
    if standing.is_settled:
        return agreed(standing)
    if not standing.is_asked:
        return "You are welcome to read them. You are not asked to agree."
    if standing.until is not None:
        return f"{agreed(standing)} Version {standing.required} asks you to agree again, by {day(standing.until)}."
    return "You have not agreed to them yet."


def published(version: Version) -> str:
    return f"Version {version.number}, {day(version.published_at)}"


def why_unreached(code: str) -> str:
    """Slack's code as a reason a champion can read."""
    return _UNREACHED.get(code, f"Slack says {code}")


_UNREACHED = {
    "account_inactive": "the account is closed",
    "channel_not_found": "Slack does not let gpbot write to this account",
    "is_archived": "the channel is archived",
    "message_limit_exceeded": "the workspace is over Slack's limit for messages",
    "messages_tab_disabled": "gpbot's Messages tab is switched off in the Slack app's settings",
    "not_in_channel": "gpbot is not in that channel: invite it",
    "restricted_action": "the workspace's settings do not let gpbot write there",
    "user_disabled": "the account is closed",
    "user_not_found": "Slack does not know this account any more",
    "user_not_visible": "gpbot may not see this account",
    "poison": "gpbot stopped each time it tried; whoever runs it should look at its log",
}
