"""The list *Tick everyone who must not read it*: how it is shown, and what was ticked in it."""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import TypeVar

from gpbot.people.types import RoleHolder, RoleName
from gpbot.reports import ids
from gpbot.reports.types import NobodyLeftOnList, OnTheList, Ticks, check_answer
from gpbot.slack.answers import FieldErrors, Show
from gpbot.slack.blocks import Block, Choice, checkboxes, context, section_with_boxes
from gpbot.slack.cutting import cut
from gpbot.slack.errors import with_notice
from gpbot.slack.requests import OpenView

LABEL = "Tick everyone who must not read it"
NONE_OF_THEM = "None of them"
NOT_TOLD = "Those you tick are not told."

_NONE = "none"
_BOXES = 10  # checkboxes in one group
_NAMES = 300  # characters

T = TypeVar("T")


def tick_list(
    holders: Sequence[RoleHolder],
    ticked: Collection[str],
    *,
    label: str = LABEL,
    asks: bool = False,
    none: bool = False,
    mark: str | None = None,
    after: str = "",
    follows: bool = False,
) -> list[Block]:
    """In tens, which is what Slack shows; nothing where there is nobody to tick.

    With `asks` it wants an answer, a tick or *None of them*; `follows` tells of each tick at once. Slack can want an
    answer only in each of several groups, where one in any of them is enough. So then they are no inputs, which Slack
    would call optional, and gpbot alone asks, in words.

    Slack keeps what it shows for a block id it knows. So they change with the ticks, and with those of the list it
    comes `after`; with a `mark` they stay, so that a tick made meanwhile is not lost.
    """
    if not holders:
        return []
    values = [*ticked, _NONE] if none else list(ticked)
    if mark is None:
        mark = sha256(",".join([after, *sorted(values)]).encode()).hexdigest()[:8]
    choices = [Choice(each.slack_id, name_of(each), ROLES[each.role]) for each in holders]
    if asks:
        choices.append(Choice(_NONE, NONE_OF_THEM))
    groups = _tens(choices)
    hint = f"{NOT_TOLD} If it concerns nobody here, tick “{NONE_OF_THEM}”." if asks else NOT_TOLD
    labels = [f"{label} (more)" if number else label for number in range(len(groups))]
    known = [f"{ids.KEEP_OUT}.{number}.{mark}" for number in range(len(groups))]
    if asks and len(groups) > 1:
        boxes = [
            section_with_boxes(words, block_id, ids.KEEP_OUT, group, initial=values)
            for words, block_id, group in zip(labels, known, groups, strict=True)
        ]
        return [*boxes, context(hint)]
    return [
        checkboxes(
            words,
            block_id,
            ids.KEEP_OUT,
            group,
            initial=values,
            optional=not asks,
            dispatch=follows,
            hint=hint if group is groups[-1] else None,
        )
        for words, block_id, group in zip(labels, known, groups, strict=True)
    ]


def read_ticks(view: OpenView) -> Ticks:
    """What the list on this view holds; all empty where there is none."""
    ticked: list[str] = []
    listed: list[str] = []
    for block in _groups(view):
        ticked += view.form.choices(str(block["block_id"]), ids.KEEP_OUT)
        listed += _values(block)
    return Ticks(
        listed=tuple(each for each in dict.fromkeys([*listed, *ticked]) if each != _NONE),
        ticked=tuple(each for each in dict.fromkeys(ticked) if each != _NONE),
        none=_NONE in ticked,
    )


def mark_of(view: OpenView) -> str:
    """By which the list on this view is known to Slack; "" where there is none."""
    return next((str(block["block_id"]).rpartition(".")[2] for block in _groups(view)), "")


def mark_if_same(view: OpenView, holders: Sequence[RoleHolder], ticked: Collection[str]) -> str | None:
    """As `mark_of`, while the list on this view holds these people and, of them, these ticks; else None."""
    held = read_ticks(view)
    listed = {each.slack_id for each in holders}
    return mark_of(view) if set(held.listed) == listed and set(held.ticked) == listed & set(ticked) else None


def could_not_answer(view: OpenView) -> bool:
    """Of a window of the release before: *None of them* does not stand on it."""
    return not any(_NONE in _values(block) for block in _groups(view)) and not read_ticks(view).none


# See docs/decisions/0023-tick-everyone.md
def check_list(view: OpenView, *, asks: bool, external_help: str) -> None:
    """Before words are sent with it. Raises NotAnswered, BothAnswers, NobodyLeftOnList."""
    held = read_ticks(view)
    if asks:
        check_answer(ticked=bool(held.ticked), none=held.none)
    if held.listed and set(held.listed) <= set(held.ticked):
        raise NobodyLeftOnList(external_help)


def at_the_list(view: OpenView, refused: OnTheList) -> FieldErrors | Show:
    """Its words under the last group of the list on this view, where *None of them* stands, or else on top.

    Raises it where there is no list.
    """
    groups = _groups(view)
    if not groups:
        raise refused
    if groups[-1]["type"] != "input":
        return Show(with_notice(view, refused.words))
    return FieldErrors({str(groups[-1]["block_id"]): refused.words})


def seem_named(holders: Sequence[RoleHolder]) -> str:
    """Why somebody is ticked whom the person did not tick."""
    names = in_a_line(holders)
    return f"Your words seem to name {names}. Whoever is ticked cannot read this. If they may, take the tick away."


def in_a_line(holders: Sequence[RoleHolder]) -> str:
    return cut(", ".join(each.name for each in holders), _NAMES)


def name_of(holder: RoleHolder) -> str:
    """With where they work, as they say themselves; nothing that only looks like it."""
    return f"{holder.name} ({holder.organisation})" if holder.organisation else holder.name


ROLES = {
    RoleName.CHAMPION: "Champion",
    RoleName.CONTACT: "Outside the champions; asked when no champion can",
}


def _groups(view: OpenView) -> list[Block]:
    blocks: Sequence[Block] = view.raw.get("blocks") or ()
    return [block for block in blocks if str(block.get("block_id", "")).startswith(f"{ids.KEEP_OUT}.")]


def _values(block: Block) -> list[str]:
    element = block.get("element") or block.get("accessory")
    options = element.get("options") if isinstance(element, dict) else None
    return [str(option.get("value")) for option in options or () if isinstance(option, dict)]


def _tens(boxes: Sequence[T]) -> list[Sequence[T]]:
    return [boxes[start : start + _BOXES] for start in range(0, len(boxes), _BOXES)]
