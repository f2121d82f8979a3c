"""The forms in which somebody asks the champions, and adds to what they asked."""

from collections.abc import Collection, Sequence
from uuid import uuid4

from gpbot.community import Community
from gpbot.people.types import RoleHolder, Roster
from gpbot.questions import ids
from gpbot.questions.types import Asking, Question, State
from gpbot.slack.blocks import (
    Block,
    Choice,
    View,
    actions,
    button,
    choice_buttons,
    context,
    escape,
    modal,
    notice,
    section,
    text_input,
    words,
)
from gpbot.slack.cutting import cut
from gpbot.slack.requests import OpenView
from gpbot.text import MAX_WORDS, start_of

QUESTION = "question"
PUBLIC = "public"
NAME = "name"
TEXT = "text"
MAX_NAMES = 2000  # characters; they stand in one sentence

EVERYBODY_READS = "All champions read this, in their channel. So does anyone else who is in it."
CHAMPIONS_READ = (
    "All champions can read this: each of them is told by direct message. Their channel cannot be used just now; when "
    "it can, this stands there too, and anyone else who is in it reads it."
)
CONTACTS_READ = "There is no champion at the moment. Those who are asked in their place read this."
NOBODY_READS = "Nobody can read this at the moment; it waits until somebody can. If it cannot wait, contact {help}."
NAME_SHOWN = "Everyone in the champions' channel sees it."
NAME_SHOWN_TO_CHAMPIONS = "The champions see it, and whoever is in their channel later."
IF_A_PERSON = "If it is about a person, use *Report a concern* instead: there you choose who reads it."
SIGNED = "signed"  # among whom the words name: the person who asks


def ask_form(
    community: Community,
    roster: Roster,
    user_id: str,
    asking: Asking | None = None,
    *,
    form_id: str = "",
    named: Sequence[RoleHolder] = (),
    signed: bool = False,
    said: str = "",
    in_channel: bool = True,
) -> View:
    """`named`: whom the words name, `signed`: whether they tell who asks; both are said once before it is posted.

    `in_channel`: it is posted in the champions' channel.
    """
    asking = asking or Asking(what="")
    blocks = [*_warning(named, signed=signed), *([context(said)] if said else [])]
    blocks += [
        section(f"{_who_reads(community, roster, in_channel=in_channel)} {IF_A_PERSON}"),
        actions(button("Report a concern", ids.REPORT_INSTEAD)),
        text_input(
            "Your question. Any language.",
            QUESTION,
            QUESTION,
            multiline=True,
            max_length=MAX_WORDS,
            initial=start_of(asking.what, MAX_WORDS) or None,
        ),
        *_rest(asking.what[MAX_WORDS:]),
        choice_buttons(
            "May the answer be public?",
            PUBLIC,
            PUBLIC,
            [
                Choice("no", "No", "Only you get the answer."),
                Choice("yes", "Yes", "Champions may post it in a channel; gpbot adds no name and no question."),
            ],
            initial="yes" if asking.may_be_public else "no",
        ),
        choice_buttons(
            "Show my name?",
            NAME,
            NAME,
            [
                Choice("no", "No", "The champions will not see who asks."),
                Choice("yes", "Yes", NAME_SHOWN if in_channel else NAME_SHOWN_TO_CHAMPIONS),
            ],
            initial="yes" if asking.show_name else "no",
        ),
    ]
    if roster.role_of(user_id) is not None:
        blocks.append(
            context(
                "You are one of the people who handle reports. If this becomes a report, the others see that you are "
                "*not handling* it, and may guess that you asked."
            )
        )
    metadata = _marked(form_id or str(uuid4()), named, signed=signed)
    return modal("Ask the champions", blocks, ids.FORM, "Ask", close="Cancel", private_metadata=metadata)


def read_ask_form(view: OpenView) -> tuple[Asking, str, Collection[str]]:
    """What the form holds, which form it is, and whom it named before."""
    form_id, *named = view.private_metadata.split(":")
    form = view.form
    asking = Asking(
        what=form.text(QUESTION, QUESTION),
        may_be_public=form.choice(PUBLIC, PUBLIC) == "yes",
        show_name=form.choice(NAME, NAME) == "yes",
    )
    return asking, form_id, named


def more_form(
    community: Community,
    roster: Roster,
    question: Question,
    text: str = "",
    *,
    named: Sequence[RoleHolder] = (),
    signed: bool = False,
    in_channel: bool = True,
) -> View:
    """`named`, `signed` and `in_channel` as for the first words."""
    blocks = [
        *_warning(named, signed=signed),
        section(f"{_who_reads(community, roster, in_channel=in_channel)} {IF_A_PERSON}"),
        actions(button("Report a concern", ids.REPORT_INSTEAD)),
        text_input("Add something", TEXT, TEXT, multiline=True, max_length=MAX_WORDS, initial=text or None),
    ]
    if question.state is State.CLOSED:
        blocks.append(context("This opens the question again."))
    metadata = _marked(str(question.id), named, signed=signed)
    return modal("Add something", blocks, ids.MORE, "Send", close="Cancel", private_metadata=metadata)


def read_more(view: OpenView) -> tuple[str, str, Collection[str]]:
    """The question's id as it came, the words, and whom they named before."""
    question_id, *named = view.private_metadata.split(":")
    return question_id, view.form.text(TEXT, TEXT), named


def words_to_report(view: OpenView) -> str:
    """What a form of a question holds, for a report instead."""
    return view.form.text(QUESTION, QUESTION) or view.form.text(TEXT, TEXT)


def _who_reads(community: Community, roster: Roster, *, in_channel: bool) -> str:
    if roster.active_champion_ids:
        return EVERYBODY_READS if in_channel else CHAMPIONS_READ
    if roster.active_contact_ids:
        return CONTACTS_READ
    return NOBODY_READS.format(help=escape(community.external_help))


def _warning(named: Sequence[RoleHolder], *, signed: bool) -> list[Block]:
    said = []
    if named:
        names = ", ".join(each.name for each in named)
        said.append(
            f"Not sent yet. Your words seem to name {cut(names, MAX_NAMES)}. Every champion would read this. If it is "
            "a concern about somebody, choose “Report a concern”; your words come along, and nothing is posted. If it "
            "is not, send it again."
        )
    if signed:
        said.append(
            "Your words seem to say who you are, although your name is not to be shown. Change them, or send them "
            "again as they are."
        )
    return [notice("\n".join(said))] if said else []


def _marked(subject: str, named: Sequence[RoleHolder], *, signed: bool) -> str:
    return ":".join([subject, *(each.slack_id for each in named), *([SIGNED] if signed else [])])


def _rest(too_long: str) -> list[Block]:
    if not too_long:
        return []
    return [context("This did not fit. Copy it now, and add it after asking with *Add something*:"), *words(too_long)]
