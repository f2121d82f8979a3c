"""The directory of channels: by topic, with search, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from gpbot.directory import ids
from gpbot.directory.types import Channel, Outcome, Page, Topic
from gpbot.slack.blocks import (
    Block,
    Choice,
    View,
    actions,
    button,
    context,
    divider,
    escape,
    modal,
    section,
    select,
    text_input,
)
from gpbot.slack.cutting import cut
from gpbot.slack.requests import OpenView
from gpbot.text import is_blank, start_of

TOPIC = "topic"
TEXT = "text"
EVERY_TOPIC = "*"
_MOST_TEXT = 80
_SAID = 250  # characters of a purpose

BUSY = "Slack asks for a moment's patience. Press Join again, or open {channel} and join there."
_WORDS = {
    Outcome.JOINED: "You are in {channel} now.",
    Outcome.ALREADY: "You are in {channel} already.",
    Outcome.CLOSED: "That channel is closed: it was archived.",
    Outcome.GONE: "That channel is no longer there, or is private now.",
    Outcome.REFUSED: "Slack does not let gpbot add you to {channel}. Open it and join there.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What somebody looks for. `topic` is a topic's key, None for all."""

    topic: str | None = None
    text: str = ""
    after: str = ""


def mention(channel_id: str) -> str:
    return f"<#{channel_id}>"


def outcome_words(outcome: Outcome | None, channel_id: str) -> str:
    """How adding this person to a channel ended; None when it is not known yet."""
    return (_WORDS[outcome] if outcome else BUSY).format(channel=mention(channel_id))


def directory_modal(page: Page, topics: Sequence[Topic], looking: Looking, *, said: str = "") -> View:
    """`said` is mrkdwn that stands on top: how the last *Join* ended."""
    blocks: list[Block] = [section(said)] if said else []
    if topics:
        choices = [Choice(EVERY_TOPIC, "Every topic"), *(Choice(topic.key, topic.name) for topic in topics)]
        known = looking.topic if looking.topic in {topic.key for topic in topics} else None
        blocks.append(
            select("Topic", TOPIC, ids.TOPIC, choices[:100], initial=known or EVERY_TOPIC, optional=True, dispatch=True)
        )
    blocks.append(
        text_input(
            "Words to look for",
            TEXT,
            TEXT,
            initial=looking.text,
            max_length=_MOST_TEXT,
            optional=True,
            placeholder="In names, topics and purposes",
        )
    )
    blocks.append(divider())
    blocks += [_line(channel) for channel in page.channels]
    if not page.channels:
        blocks.append(section("No channel fits. Try fewer words, or every topic." if _narrow(looking) else _EMPTY))
    elsewhere = []
    if looking.after:
        elsewhere.append(button("From the beginning", f"{ids.MORE}:first", "-"))
    if page.next:
        elsewhere.append(button("More", f"{ids.MORE}:next", page.next))
    if elsewhere:
        blocks.append(actions(*elsewhere))
    blocks.append(context("*Join* adds you at once. gpbot goes into a channel to add you; it does not read there."))
    return modal("Channels", blocks, ids.SHOW, "Search", private_metadata=looking.after)


def read_looking(view: OpenView, *, after: str = "") -> Looking:
    topic = view.form.choice(TOPIC, ids.TOPIC)
    return Looking(
        topic=None if topic in {None, EVERY_TOPIC} else topic,
        text=start_of(view.form.text(TEXT, TEXT), _MOST_TEXT),
        after=after,
    )


_EMPTY = "gpbot knows of no channel yet. It reads Slack's list when it starts; try again in a minute."


def _narrow(looking: Looking) -> bool:
    return bool(looking.topic or not is_blank(looking.text) or looking.after)


def _line(channel: Channel) -> Block:
    about = channel.purpose or channel.topic
    words = f"*{mention(channel.id)}*"
    if channel.members and channel.members > 1:
        words += f" · about {channel.members} people"
    if about:
        words += f"\n{escape(cut(' '.join(about.split()), _SAID))}"
    join = button("Join", f"{ids.JOIN}:{channel.id}", channel.id, label=f"Join {channel.name}")
    return section(words, join)
