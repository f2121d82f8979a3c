"""The steps of arriving, in a message, on App Home and in windows; and the card with which people are welcomed."""

from collections.abc import Sequence
from dataclasses import dataclass

from gpbot.community import Community
from gpbot.directory import ids as directory_ids
from gpbot.directory.types import Channel, Outcome, Topic
from gpbot.directory.views import mention
from gpbot.onboarding import ids
from gpbot.onboarding.types import KEEP_WORDS, MOST_CHANNELS, MOST_WORDS, Arrival, Results
from gpbot.slack.blocks import (
    Block,
    Choice,
    Element,
    View,
    actions,
    button,
    choices_menu,
    context,
    escape,
    modal,
    section,
    text_input,
    words,
)
from gpbot.slack.cutting import cut

_MOST_NAMED = 30  # channels named in one line
_RESULTS = (
    (Outcome.JOINED, "Added to"),
    (Outcome.ALREADY, "Already in"),
    (None, "Still to come:"),
    (Outcome.CLOSED, "Closed by now, so not added:"),
    (Outcome.GONE, "No longer there, or private by now:"),
    (Outcome.REFUSED, "Slack did not let gpbot add you here; open them and join there:"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where one says hello, and where newcomers are welcomed: channel ids, "" for none."""

    hello: str
    welcome: str
    champions_welcome: bool


# --- the message ------------------------------------------------------------------------------------------------------


def arrival_message(
    community: Community, arrival: Arrival, places: Places, *, may_choose: bool, again: bool = False
) -> tuple[str, list[Block]]:
    """The text for a notification, and the blocks, as things stand."""
    name = escape(community.name)
    text = f"Welcome to {name}. A few small steps, if you like." if arrival.is_new else "Your channels."
    is_done = _is_done(arrival, places, may_choose=may_choose)
    reminded = again or (arrival.reminded and not is_done and not arrival.skipped)
    if reminded:
        text = f"You wanted to come back to the first steps in {name}. This is the only reminder."
    blocks = [section(text)]
    if arrival.skipped:
        said = "Skipped. Nothing more comes by itself. The steps stay on gpbot's Home tab for your first month."
        blocks.append(section("\n".join([said, *result_lines(arrival.joined)])))
        return text, blocks
    blocks += step_blocks(arrival, places, may_choose=may_choose, where="message")
    if arrival.is_new and not is_done:
        later = [] if arrival.put_off else [button("Later", ids.LATER)]
        blocks.append(actions(*later, button("Skip all this", ids.SKIP)))
        if arrival.put_off and not reminded:
            blocks.append(context("You are reminded once, in three days. You can also go on now."))
    return text, blocks


def _is_done(arrival: Arrival, places: Places, *, may_choose: bool) -> bool:
    """Whether there is nothing left to put off or to skip."""
    return bool((arrival.joined or not may_choose) and (arrival.said_hello or not places.hello) and arrival.gave_why)


def step_blocks(arrival: Arrival, places: Places, *, may_choose: bool, where: str) -> list[Block]:
    """Each step, what came of it, and its button; every one can be done again."""
    blocks: list[Block] = []
    if may_choose:
        lines = ["*Find your channels.* Pick topics you care about. You then see their channels, and choose."]
        lines += result_lines(arrival.joined)
        blocks += [
            section("\n".join(lines)),
            actions(
                button("Pick topics", f"{ids.TOPICS_FORM}:{where}", style=None if arrival.joined else "primary"),
                button("All channels", f"{directory_ids.OPEN}:{where}"),
            ),
        ]
    if places.hello:
        hello = f"*Say hello* in {mention(places.hello)}. Two lines are enough: who you are, and what you work on."
        done = section(f"{hello}\nDone, thank you.")
        blocks.append(done if arrival.said_hello else section(hello, button("I said hello", f"{ids.HELLO}:{where}")))
    blocks.append(_why_block(arrival, where))
    return blocks


def _why_block(arrival: Arrival, where: str) -> Block:
    line = "*Why did you join?* Write a line or two, so that somebody here can welcome you."
    if arrival.welcomed_by:
        return section(f"*Why did you join?*\n<@{arrival.welcomed_by}> will welcome you.")
    if arrival.gave_why:
        line = "*Why did you join?*\nPassed on. You are told here when somebody wants to welcome you."
        return section(line, button("Change it", f"{ids.WHY_FORM}:{where}", label="Change it: why you joined"))
    return section(line, button("Write it", f"{ids.WHY_FORM}:{where}", label="Write it: why you joined"))


def result_lines(joined: dict[str, Outcome | None]) -> list[str]:
    """What came of adding somebody to channels, in mrkdwn."""
    lines = []
    for outcome, said in _RESULTS:
        found = [channel_id for channel_id, how in joined.items() if how is outcome]
        if not found:
            continue
        if outcome is Outcome.GONE:  # a mention would show nothing
            lines.append(f"{said} {len(found)}.")
            continue
        named = ", ".join(map(mention, found[:_MOST_NAMED]))
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        lines.append(f"{said} {named}{more}.")
    return lines


# --- windows ----------------------------------------------------------------------------------------------------------


def topics_form(topics: Sequence[Topic]) -> View:
    if not topics:
        return modal(
            "Your topics",
            [
                section("No channel says yet what it is about. Look through all of them instead."),
                actions(button("All channels", f"{directory_ids.OPEN}:topics")),
            ],
            ids.TOPICS,
        )
    choices = [Choice(topic.key, topic.name) for topic in topics]
    return modal(
        "Your topics",
        [
            choices_menu("What do you care about?", ids.TOPICS, ids.TOPICS, choices, placeholder="Pick topics"),
            context("Next you see the channels, and choose. You are not added to anything yet."),
        ],
        ids.TOPICS,
        "Next",
        close="Cancel",
    )


def channels_form(channels: Sequence[Channel]) -> View:
    choices = [_choice(channel) for channel in channels]
    return modal(
        "Your channels",
        [
            choices_menu(
                "Add me to these",
                ids.CHANNELS,
                ids.CHANNELS,
                choices,
                initial=[choice.value for choice in choices[:MOST_CHANNELS]],
                most=MOST_CHANNELS,
                hint=f"At most {MOST_CHANNELS} at once. People in a channel see that you joined it.",
            ),
        ],
        ids.CHANNELS,
        "Add me",
        close="Cancel",
    )


def results_modal(results: Results) -> View:
    """As far as it is; the same window is shown again with every step."""
    joined = {channel_id: outcome for _, channel_id, outcome in results.channels}
    done = len(joined) - results.waiting
    head = f"Adding you: {done} of {len(joined)}." if results.waiting else "Done."
    blocks: list[Block] = [section("\n".join([head, *result_lines(joined)]))]
    if results.waiting:
        blocks.append(context("You can close this. How it went also stands in your direct messages with gpbot."))
    else:
        blocks.append(actions(button("Pick other topics", f"{ids.TOPICS_FORM}:again")))
    return modal("Your channels", blocks, ids.RESULTS)


def why_form(arrival: Arrival, places: Places) -> View:
    who = "the champions" if places.champions_welcome else f"everybody in {mention(places.welcome)}"
    return modal(
        "Why did you join?",
        [
            section(f"This is shown to {who}, with your name, so that one of them can welcome you."),
            text_input(
                "In a line or two",
                ids.WHY,
                ids.WHY,
                multiline=True,
                initial=arrival.why,
                max_length=MOST_WORDS,
                placeholder="For example: I run a drop-in and look for others who teach English",
                hint=f"gpbot keeps it for {KEEP_WORDS.days} days. If something is wrong, report a concern instead.",
            ),
        ],
        ids.WHY,
        "Send",
        close="Cancel",
    )


def why_sent_modal() -> View:
    return modal(
        "Why did you join?", [section("Thank you. gpbot tells you when somebody wants to welcome you.")], ids.RESULTS
    )


# --- being welcomed ---------------------------------------------------------------------------------------------------


def card_text(arrival: Arrival) -> str:
    if arrival.welcomed_by:
        return "A newcomer is being welcomed."
    return "Somebody new would like to be welcomed."


def card_blocks(arrival: Arrival) -> list[Block]:
    who = f"<@{arrival.member.slack_id}>"
    person_id = str(arrival.member.person_id)
    blocks = [section(f"{who} is new here.")]
    if arrival.why is not None:
        blocks += [context("Why they joined:"), *words(arrival.why)]
    if arrival.member.deactivated or not arrival.member.kind.is_here:
        return [*blocks, section("They have left since.")]
    if arrival.welcomed_by is None:
        return [*blocks, actions(button("I will welcome them", ids.CLAIM, person_id, style="primary"))]
    return [
        *blocks,
        section(f"<@{arrival.welcomed_by}> will welcome them. Next: a direct message to {who}, who has been told."),
        actions(button("I cannot after all", ids.RELEASE, person_id)),
    ]


def welcomed_message(welcomer_id: str) -> tuple[str, list[Block]]:
    text = "Somebody would like to welcome you."
    return text, [section(f"<@{welcomer_id}> would like to welcome you and write to you. You can also write first.")]


# --- after a week -----------------------------------------------------------------------------------------------------


def week_message(community: Community, doors: Sequence[Element]) -> tuple[str, list[Block]]:
    """`doors` are the buttons for people who have a question or a concern."""
    text = f"You have been in {escape(community.name)} for a week. How is it going?"
    more = "Is something missing, or not right? These are the ways to say so."
    return text, [section(f"{text}\n{more}"), actions(button("All is well", ids.WELL), *doors)]


def well_message() -> tuple[str, list[Block]]:
    text = "Good to hear. This was the last of these messages."
    return text, [section(f"{text} Channels, guidelines and ways to ask are on gpbot's Home tab.")]


def _choice(channel: Channel) -> Choice:
    about = " ".join((channel.purpose or channel.topic).split())
    return Choice(channel.id, cut(f"#{channel.name}", 75), cut(about, 75) if about else None)
