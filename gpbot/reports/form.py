"""What the person who reports sees before Send: the form, the review, and more about privacy."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID, uuid4

from gpbot.community import Community
from gpbot.people.types import RoleHolder, Roster
from gpbot.reports import colleagues, ids
from gpbot.reports.quoting import evidence_blocks
from gpbot.reports.ticks import mark_if_same, name_of, read_ticks, seem_named, tick_list
from gpbot.reports.types import Draft, Filled, NobodyLeft, Review
from gpbot.slack.blocks import (
    Block,
    Choice,
    View,
    actions,
    button,
    checkboxes,
    choice_buttons,
    confirm,
    context,
    divider,
    escape,
    header,
    listed,
    modal,
    notice,
    people_select,
    section,
    text_input,
    words,
)
from gpbot.slack.requests import OpenView
from gpbot.text import MAX_WORDS, is_blank, start_of

WHAT = "what"
ABOUT_WORDS = "about_words"
OUTSIDE = "outside"  # in windows of the release before, the action id too
_OUTSIDE = f"{ids.KEEP_OUT}:outside"
NAME = "name"

TITLE = "Report a concern"
LABEL_WHAT = "What happened? Any language."
LABEL_ABOUT = "Who is it about?"
LABEL_ABOUT_WORDS = "Their name, if they are not on Slack"
LABEL_OUTSIDE = "Who should receive it?"
LABEL_NAME = "Show my name?"
NOT_YET = "You see this once more before you send it."
CHANGED = "This changed since. Please read it once more."
CHOSEN = "It is not sent yet. Read once more who will read it, and press Send."
NOT_SENT = "Not sent: nobody would be left to read it."


def report_form(
    community: Community,
    roster: Roster,
    user_id: str,
    *,
    draft: Draft | None = None,
    filled: Filled | None = None,
    draft_id: UUID | None = None,
    shown: OpenView | None = None,
) -> View:
    """The form; `draft` brings back what was kept, `filled` or `shown` what is on the screen now.

    `draft_id` is what a draft will be called that is not kept yet, so that one form makes one draft.
    """
    too_long = draft.filled.what[MAX_WORDS:] if draft else ""
    filled = read_form(shown) if shown else filled or (draft.filled if draft else Filled(what=""))
    others = _others(roster, user_id)
    ticks = {*filled.keep_out_ids, *filled.about_ids}
    could = _could_read(roster, user_id, filled, ticks)
    readers = [each for each in could if each in roster.champions] or could[:1]
    blocks = [section(_who_would_read(community, roster, readers))]
    blocks += colleagues.on_form(community, roster, filled, readers, could)
    blocks.append(section(f"{NOT_YET} If someone is in immediate danger, call {escape(community.emergency_number)}."))
    if draft and draft.evidence:
        blocks += [section("*The message you are reporting* (a copy is kept)"), *evidence_blocks(draft.evidence)]
    blocks += [
        text_input(LABEL_WHAT, WHAT, WHAT, multiline=True, max_length=MAX_WORDS,
                   initial=start_of(filled.what, MAX_WORDS), hint="You need not be sure, and you need not prove it."),
        *_rest(too_long),
        people_select(
            LABEL_ABOUT,
            ids.ABOUT,
            ids.ABOUT,
            initial=filled.about_ids,
            optional=True,
            dispatch=True,
            hint="They cannot read this, and sending it does not tell them.",
        ),
        text_input(LABEL_ABOUT_WORDS, ABOUT_WORDS, ABOUT_WORDS, initial=filled.about_words, max_length=200,
                   optional=True),
        *_outside(roster, user_id, filled),
        *tick_list(others, ticks, mark=mark_if_same(shown, others, ticks) if shown else None, follows=True),
        choice_buttons(
            LABEL_NAME,
            NAME,
            NAME,
            [
                Choice("no", "No", "Whoever reads it does not see who you are."),
                Choice("yes", "Yes", "Whoever reads it can speak with you directly."),
            ],
            initial="yes" if filled.show_name else "no",
        ),
        actions(button("More about privacy", ids.PRIVACY)),
    ]  # fmt: skip
    metadata = str(draft.id if draft else draft_id or uuid4())
    return modal(TITLE, blocks, ids.FORM, "Next", close="Cancel", private_metadata=metadata)


def read_form(view: OpenView) -> Filled:
    """What the form holds now."""
    form = view.form
    return Filled(
        what=form.text(WHAT, WHAT),
        about_ids=form.people(ids.ABOUT, ids.ABOUT),
        about_words=form.text(ABOUT_WORDS, ABOUT_WORDS),
        keep_out_ids=read_ticks(view).ticked,
        outside_only=any(form.choices(block, each) for block in form.blocks(OUTSIDE) for each in (_OUTSIDE, OUTSIDE)),
        show_name=form.choice(NAME, NAME) == "yes",
    )


def review(community: Community, found: Review, *, said: str = "", mark: str | None = None, after: str = "") -> View:
    """What they will see, who they are, and what happens after; `said` is a line about what just happened.

    `mark` and `after` are as for the list of people who must not read it.
    """
    filled = found.draft.filled
    asks = found.draft.asks
    ticks = [
        *([section(escape(seem_named(found.named)))] if found.named else []),
        *tick_list(found.listed, found.ticked, asks=asks, none=found.draft.none, mark=mark, after=after, follows=True),
    ]
    blocks = [notice(said)] if said else []
    blocks += colleagues.on_review(community, found)
    blocks += ticks if asks else []
    blocks += _who_reads(community, found)
    blocks += [header("What they will see"), context(_about(filled)), *words(filled.what)]
    if found.draft.evidence:
        seen = found.draft.evidence.as_readers_see(filled.about_ids, show_name=filled.show_name)
        blocks += [context("The message you are reporting"), *evidence_blocks(seen)]
    if filled.show_name:
        blocks.append(context("They will see your name."))
    else:
        blocks.append(context("They will not see your name, but how or what you write may show who you are."))
        if found.signed:
            blocks.append(section(_signed(found)))
    if found.reporter_is_known and not filled.show_name:
        blocks.append(
            section(
                "You are one of the people who handle reports. The others see that you are *not handling* "
                "this one, and may guess that you sent it."
            )
        )
    blocks += [] if asks else ticks
    blocks += [
        divider(),
        *([section(_what_happens_after(community, found))] if found.readers else []),
        _draft_buttons(found.draft.id),
        context("“Not now” sends nothing: it is kept for 24 hours, and we remind you once."),
    ]
    return modal(
        "Read it once more",
        blocks,
        ids.REVIEW,
        "Send",
        close="Not now",
        private_metadata=f"{found.draft.id}:{found.revision}",
    )


def read_review(private_metadata: str) -> tuple[str, str]:
    """The draft's id as it came, and the revision."""
    draft_id, _, revision = private_metadata.partition(":")
    return draft_id, revision


def nobody_left(community: Community, found: NobodyLeft) -> View:
    return modal(
        "Nobody here can read it",
        [
            section(
                "Nobody who handles reports here is left to read this, so it was *not sent and not kept*. "
                f"Please contact {escape(community.external_help)}."
            ),
            context("Your words, so that you can copy them:"),
            *words(found.words),
        ],
        ids.OWN,
    )


def deleted() -> View:
    return modal("Deleted", [section("What you wrote was deleted. Nothing was sent.")], ids.OWN)


def nothing_to_delete() -> View:
    return modal(
        "Nothing to delete",
        [
            section(
                "There is nothing left to delete here. What you have sent is on gpbot's Home tab, under “What you "
                "reported”."
            )
        ],
        ids.OWN,
    )


def privacy(community: Community) -> View:
    kept = f"{community.keep_closed_days} days"
    return modal(
        "More about privacy",
        [
            section(
                "*What is kept.* Your words and who they are about, encrypted, until "
                f"{kept} after the report is closed. Then they are erased; backups may hold them a while longer, "
                "and Slack keeps its own copy of what you type in a direct message. "
                "A form you do not send is kept encrypted for 24 hours."
            ),
            section(
                "*Your name.* The champions do not see it unless you choose so. The software must know it, "
                "to bring you their replies. How you write, or facts that few people know, may still show "
                "who you are."
            ),
            section("*Help.* While your name is hidden, nobody can come and help you. You can show it later."),
            section(
                "*When others may have to be told.* If someone may be seriously harmed, or the law requires it. "
                "We try to ask you first."
            ),
            section(
                "*Who could still find out.* Whoever runs this software and holds its keys. Anyone who gets hold "
                "of its Slack token could read what is written in direct messages with it. And Slack itself, "
                "when a court orders it to tell."
            ),
            section(
                "*Notifications.* Slack may e-mail them to your work address. Ours never say what it is about; "
                "most only say “There is something for you”."
            ),
        ],
        ids.HIDING,
    )


def _rest(too_long: str) -> list[Block]:
    if not too_long:
        return []
    return [context("This did not fit. Copy it now, and add it after sending with *Add something*:"), *words(too_long)]


def _outside(roster: Roster, user_id: str, filled: Filled) -> list[Block]:
    contact = next(
        (each for each in roster.contacts if each.reachable and each.slack_id not in {user_id, *filled.about_ids}),
        None,
    )
    if contact is None and not filled.outside_only:
        return []
    return [
        checkboxes(
            LABEL_OUTSIDE,
            # Slack keeps what it shows for a block id it knows; with another name on it, it is another box.
            f"{OUTSIDE}.{contact.slack_id if contact else ''}",
            _OUTSIDE,
            [
                Choice(
                    "yes",
                    "Send only to someone outside the champions",
                    name_of(contact) if contact else "Nobody is left",
                )
            ],
            initial=["yes"] if filled.outside_only else [],
            optional=True,
            dispatch=True,
        )
    ]


def _others(roster: Roster, user_id: str) -> list[RoleHolder]:
    return [each for each in roster.everyone if each.reachable and each.slack_id != user_id]


def passing_on_blocks(
    viewer: str,
    roster: Roster,
    named: Sequence[RoleHolder],
    filled: Filled,
    *,
    about: str,
    because: str = "The words seem to name them.",
) -> list[Block]:
    """The conflict step of somebody who makes a report of what was written elsewhere.

    `named` are kept out whatever is ticked, and `because` says why; `about` is the block and action id of *Who is it
    about?*.
    """
    ticked = {*filled.about_ids, *filled.keep_out_ids}
    out = {each.slack_id for each in named}
    could = [each for each in _others(roster, viewer) if each.slack_id not in out]
    blocks = [
        people_select(LABEL_ABOUT, about, about, initial=filled.about_ids, optional=True, dispatch=True),
        text_input(LABEL_ABOUT_WORDS, ABOUT_WORDS, ABOUT_WORDS, optional=True, max_length=200,
                   initial=filled.about_words or None),
        *tick_list(could, ticked),
    ]  # fmt: skip
    if named:
        names = escape(", ".join(each.name for each in named))
        who = "unless the person who wrote this decides otherwise"
        blocks.append(context(f"Kept out, {who}: {names}. {because}"))
    return blocks


def passed_on_blocks(said: str, report_id: UUID, *, is_new: bool) -> list[Block]:
    """After it, for the champion who passed it on: the same whether or not they read it.

    Else a conflict that they declared themselves could tell them who wrote it. `said`, when this act made the report.
    """
    if not is_new:
        said = (
            "It was a report already, so what you chose on this form was *not used*. If somebody you ruled out should "
            "not read it, open it and add them under *People*."
        )
    opened = button("Open", ids.OPEN, str(report_id), style="primary")
    return [section(said), actions(opened), context("It opens only for those who may read it.")]


def read_passing_on(view: OpenView, *, about: str) -> Filled:
    """What that part of a form holds, without the words."""
    return Filled(
        what="",
        about_ids=view.form.people(about, about),
        about_words=view.form.text(ABOUT_WORDS, ABOUT_WORDS),
        keep_out_ids=read_ticks(view).ticked,
    )


def _could_read(roster: Roster, user_id: str, filled: Filled, ticked: Collection[str]) -> list[RoleHolder]:
    """As far as the form can know: of whom it picks, not of whom its words name."""
    out = {user_id, *filled.about_ids, *ticked}
    champions = () if filled.outside_only else roster.champions
    return [each for each in (*champions, *roster.contacts) if each.reachable and each.slack_id not in out]


def _who_would_read(community: Community, roster: Roster, readers: Sequence[RoleHolder]) -> str:
    """On the form, in short: with where they work they stand in its list, and on the review."""
    if not readers:
        return _nobody(community)
    names = colleagues.together(readers)
    if any(each in roster.champions for each in readers):
        return f"*{names} will read this.*"
    none = "The champions will not." if roster.active_champion_ids else "No champion can at the moment."
    return f"*{names} will read this*, outside the champions. {none}"


def _nobody(community: Community) -> str:
    return (
        "*Nobody is left to read this*, so it cannot be sent. Take a tick away, or contact "
        f"{escape(community.external_help)}."
    )


def _who_reads(community: Community, found: Review) -> list[Block]:
    if not found.readers:
        return [section(_nobody(community))]
    names = names_of(found.readers)
    if found.outside:
        return [section(f"*{', '.join(names)} will read this*, outside the champions. The champions will not.")]
    return [section(piece) for piece in listed("*Who will read this:* ", names)]


def _signed(found: Review) -> str:
    said = "*Your words seem to say who you are.* Press Edit if you do not want that."
    return f"{said} The message you are reporting stays as it is." if found.draft.evidence else said


def _about(filled: Filled) -> str:
    named = [f"<@{slack_id}>" for slack_id in filled.about_ids]
    if not is_blank(filled.about_words):
        named.append(escape(filled.about_words.strip()))
    return f"About: {', '.join(named)}" if named else "About: nobody named"


def _what_happens_after(community: Community, found: Review) -> str:
    told = "They get a message that something waits for them, without any detail."
    usually = f"They usually reply within {_days(community.reply_within_days)}, here in Slack."
    if found.outside:
        return (
            f"*After Send.* {told} {usually} If it is not taken on in five working days, the next contact outside "
            "the champions is asked, if there is one you have not ruled out."
        )
    return (
        f"*After Send.* {told} {usually} If nobody takes it on in five working days, someone outside the "
        "champions is asked, if there is anyone you have not ruled out."
    )


def _draft_buttons(draft_id: UUID) -> Block:
    sure = confirm("Delete what you wrote?", "Nothing is sent, and nothing is kept.", "Delete", "Go back")
    return actions(
        button("Edit", ids.EDIT, str(draft_id)),
        button("Cancel and delete", ids.DISCARD, str(draft_id), confirm=sure),
    )


def names_of(holders: Iterable[RoleHolder]) -> list[str]:
    return [escape(name_of(holder)) for holder in holders]


def _days(number: int) -> str:
    return "one working day" if number == 1 else f"{number} working days"
