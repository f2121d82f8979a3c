"""What is said where those who would read a report work with whom it is about."""

from collections.abc import Sequence

from gpbot.community import Community
from gpbot.people.organisations import all_work_with, standing, works_elsewhere
from gpbot.people.types import RoleHolder, Roster
from gpbot.people.views import all_of_one
from gpbot.reports import ids
from gpbot.reports.types import Filled, Review
from gpbot.slack.blocks import Block, actions, button, escape, section
from gpbot.slack.cutting import cut

_NAMES = 1200  # characters


def on_form(
    community: Community,
    roster: Roster,
    filled: Filled,
    readers: Sequence[RoleHolder],
    could: Sequence[RoleHolder],
) -> list[Block]:
    """`readers`: who would read what the form holds now, of all who `could`."""
    if said := all_of_one(community, standing(roster)):
        return [section(said)]
    about = [each for each in roster.everyone if each.slack_id in filled.about_ids]
    colleagues = all_work_with(readers, about)
    if not colleagues:
        return []
    elsewhere = any(works_elsewhere(each, colleagues) for each in could if each in roster.contacts)
    choice = "Before you send it, you can choose somebody who does not." if elsewhere else _outside(community)
    return [section(f"*{_same(readers, colleagues)}* {choice}")]


def on_review(community: Community, found: Review) -> list[Block]:
    if not found.colleagues:
        return []
    same = f"*{_same(found.readers, found.colleagues)}*"
    if found.instead is None:
        return [section(f"{same} {_outside(community)}")]
    name = found.instead.name
    return [
        section(f"{same} Send it to {escape(name)} instead?"),
        actions(button(f"Choose {name}", ids.ELSEWHERE, str(found.draft.id), style="primary")),
    ]


def _outside(community: Community) -> str:
    return f"Outside this workspace there is {escape(community.external_help)}."


def _same(readers: Sequence[RoleHolder], colleagues: Sequence[RoleHolder]) -> str:
    works = "works" if len(readers) == 1 else "work"
    return f"{together(readers)} {works} at the same organisation as {together(colleagues)}."


def together(holders: Sequence[RoleHolder]) -> str:
    """Names, in mrkdwn."""
    *others, last = [each.name for each in holders]
    return escape(cut(f"{', '.join(others)} and {last}" if others else last, _NAMES))
