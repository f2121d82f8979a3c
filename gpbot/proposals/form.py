"""The form in which a channel is proposed, with its preview."""

from collections.abc import Sequence
from uuid import uuid4

from gpbot.proposals import ids
from gpbot.proposals.types import MOST_NAME, MOST_PURPOSE, MOST_TOPIC, Preview, Proposed, Similar
from gpbot.slack.blocks import (
    Block,
    View,
    context,
    divider,
    escape,
    modal,
    notice,
    people_select,
    person,
    section,
    text_input,
    words,
)
from gpbot.slack.cutting import cut
from gpbot.slack.requests import OpenView
from gpbot.text import is_blank

PURPOSE = "purpose"
NAME = "name"
STEWARDS = "stewards"
TOPICS = "topics"
MOST_STEWARDS = 5


def propose_form(proposed: Proposed, *, form_id: str = "", preview: Preview | None = None) -> View:
    """With `preview`, what would be posted and what is close to it stand above the fields, and *Post* posts it."""
    blocks: list[Block] = []
    if preview is not None:
        blocks += [
            notice("This is not posted yet. Press Post to post it, or change it below."),
            *_similar(preview.similar),
            section("*What members will see*"),
            *what_is_proposed(preview.name, proposed.purpose, proposed.topics),
            context(f"Stewards: {mentions(preview.steward_ids)}"),
            divider(),
        ]
    else:
        blocks.append(context("First you see what members will see. Nothing is posted before that."))
    blocks += [
        text_input(
            "What is it for?",
            PURPOSE,
            PURPOSE,
            multiline=True,
            initial=proposed.purpose or None,
            max_length=MOST_PURPOSE,
            hint="One or two sentences: they become the channel's description.",
        ),
        text_input(
            "Its name",
            NAME,
            NAME,
            initial=proposed.name or None,
            max_length=MOST_NAME,
            hint="For example: legal-advice. Capital letters and spaces are changed to what Slack allows.",
        ),
        people_select(
            "Who looks after it?",
            STEWARDS,
            STEWARDS,
            initial=proposed.steward_ids,
            optional=True,
            max_people=MOST_STEWARDS,
            hint="Its stewards. If you choose nobody, it is you. Whoever you choose is told, and can say no.",
        ),
        text_input(
            "What would people talk about there?",
            TOPICS,
            TOPICS,
            initial=proposed.topics or None,
            max_length=MOST_TOPIC,
            optional=True,
            hint="A few examples: they become the channel's topic line.",
        ),
    ]
    metadata = f"{form_id or uuid4()}:{preview.mark if preview else ''}"
    return modal(
        "Propose a channel",
        blocks,
        ids.FORM,
        "Post" if preview else "Next",
        close="Cancel",
        private_metadata=metadata,
    )


def read_propose_form(view: OpenView) -> tuple[Proposed, str, str]:
    """What the form holds, which form it is, and the mark of what was previewed ("" before)."""
    form_id, _, mark = view.private_metadata.partition(":")
    form = view.form
    proposed = Proposed(
        purpose=form.text(PURPOSE, PURPOSE),
        name=form.text(NAME, NAME),
        steward_ids=form.people(STEWARDS, STEWARDS),
        topics=form.text(TOPICS, TOPICS),
    )
    return proposed, form_id, mark


def _similar(found: Sequence[Similar]) -> list[Block]:
    if not found:
        return []
    lines = [section("*These look close. Is one of them what you need?*")]
    for each in found:
        name = f"<#{each.channel_id}>" if each.channel_id and not each.is_archived else f"#{escape(each.name)}"
        state = (
            "archived: ask a champion to bring it back" if each.is_archived else "" if each.channel_id else "proposed"
        )
        about = escape(cut(" ".join(each.purpose.split()), 150)) if not is_blank(each.purpose) else ""
        lines.append(context(" · ".join(part for part in (name, state, about) if part)))
    return lines


def what_is_proposed(name: str, purpose: str, topics: str) -> list[Block]:
    blocks = [section(f"*#{name}*")] if name else []
    blocks += words(purpose)
    return [*blocks, *words(f"For example: {topics}")] if not is_blank(topics) else blocks


def mentions(slack_ids: Sequence[str]) -> str:
    return ", ".join(person(each) for each in slack_ids) or "nobody"
