"""What people did about proposals in Slack: one call to a use case, and the answer."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from gpbot import rights
from gpbot.community import Community
from gpbot.directory import ids as directory_ids
from gpbot.directory.types import NotForYou
from gpbot.people.agreement import agreement
from gpbot.people.workflow import People
from gpbot.proposals import concern_views, form, ids, views
from gpbot.proposals.concerns import Concerns
from gpbot.proposals.names import normalised
from gpbot.proposals.types import MOST_NAME, OnField, Place, Proposal, Proposed, WrittenSince
from gpbot.proposals.workflow import Proposals
from gpbot.refusals import NotAvailable
from gpbot.reports import form as report
from gpbot.reports import ticks
from gpbot.reports.types import Filled, OnTheList
from gpbot.slack import on
from gpbot.slack.answers import Answer, FieldErrors, Nothing, Show
from gpbot.slack.blocks import View, unescape
from gpbot.slack.requests import Asked, Click, Command, OpenView, Shortcut, Submission, read_uuid
from gpbot.slack.windows import Again, TooBusy, Windows
from gpbot.text import is_blank, start_of

COMMAND = "/propose-channel"


class ProposalListeners:
    def __init__(
        self,
        community: Community,
        windows: Windows,
        people: People,
        *,
        proposals: Proposals,
        concerns: Concerns,
    ) -> None:
        self._community = community
        self._windows = windows
        self._people = people
        self._proposals = proposals
        self._concerns = concerns

    # --- proposing -----------------------------------------------------------------------------------------------

    @on.command(COMMAND, description="Propose a new channel", hint="[its name]", may=ids.AGREED)
    def open_form_by_command(self, asked: Command) -> Answer:
        return self._open_form(asked, unescape(asked.text).strip())

    @on.shortcut(
        "proposal.new", name="Propose a channel", description="Propose a new channel to everybody", may=ids.AGREED
    )
    @on.click(ids.PROPOSE, may=ids.AGREED)
    def open_form(self, asked: Click | Shortcut) -> Answer:
        """A button may carry the name that was typed when Slack was too slow to open the form."""
        return self._open_form(asked, (asked.value or "") if isinstance(asked, Click) else "")

    @on.submission(ids.FORM, may=ids.AGREED)
    def propose(self, asked: Submission) -> Answer:
        """What they see before it is posted is what is posted: a form that was changed since is shown once more."""
        proposed, form_id, mark = form.read_propose_form(asked.view)
        try:
            if mark:
                preview = self._proposals.preview(asked.user_id, form_id, proposed)
                if preview is not None and preview.mark != mark:
                    return Show(form.propose_form(proposed, form_id=form_id, preview=preview))
                proposal = self._proposals.propose(asked.user_id, form_id, proposed)
                return Show(views.posted(proposal, self._proposals.owed.proposals_channel))
            preview = self._proposals.preview(asked.user_id, form_id, proposed)
        except OnField as wrong:
            return FieldErrors({wrong.field: wrong.words})
        return Show(form.propose_form(proposed, form_id=form_id, preview=preview))

    def _open_form(self, asked: Asked, typed: str) -> Answer:
        def build() -> View:
            self._proposals.may_propose(asked.user_id)
            return form.propose_form(Proposed(name=start_of(typed, MOST_NAME)))

        again = Again(action_id=ids.PROPOSE, value=start_of(normalised(typed), MOST_NAME), words="Open the form")
        if isinstance(asked, Click):
            self._windows.show(asked, build, again=again)
        else:
            self._windows.open(asked, build, again=again)
        return Nothing()

    # --- supporting ----------------------------------------------------------------------------------------------

    @on.click(ids.SUPPORT, may=ids.SUPPORTER)
    def support(self, asked: Click) -> Answer:
        proposal_id = read_uuid(asked.value)
        standing = self._proposals.support(
            asked.user_id, proposal_id, asked.click, message_ts=self._ts(asked, Place.PUBLIC)
        )
        return self._said(asked, proposal_id, views.told(standing, of_support=True))

    @on.click(ids.WANT_IN, may=ids.SUPPORTER)
    def want_in(self, asked: Click) -> Answer:
        proposal_id = read_uuid(asked.value)
        standing = self._proposals.want_in(
            asked.user_id, proposal_id, asked.click, message_ts=self._ts(asked, Place.PUBLIC)
        )
        return self._said(asked, proposal_id, views.told(standing, of_support=False))

    # --- looking -------------------------------------------------------------------------------------------------

    @on.click(ids.OPEN, may=rights.ANYONE.of(ids.PROPOSAL))
    def open_proposal(self, asked: Click) -> Answer:
        proposal_id = self._proposal_of(asked)
        again = Again(action_id=ids.OPEN, value=str(proposal_id))
        self._windows.show(asked, lambda: self._view(asked, proposal_id), again=again)
        return Nothing()

    @on.subcommand(directory_ids.COMMAND, "proposals", may=rights.MEMBERS)
    def list_by_command(self, asked: Command) -> Answer:
        self._windows.open(asked, lambda: self._list(asked, views.OPEN_ONES, ""), again=Again(action_id=ids.LIST))
        return Nothing()

    @on.click(ids.LIST, may=rights.MEMBERS)
    def turn_list(self, asked: Click) -> Answer:
        """Value: which of the two lists, then the cursor of a page."""
        which, _, cursor = (asked.value or "").partition(":")
        again = Again(action_id=ids.LIST, value=asked.value or "")
        self._windows.show(asked, lambda: self._list(asked, which, cursor), again=again)
        return Nothing()

    def _list(self, asked: Asked, which: str, cursor: str) -> View:
        if not self._proposals.may_look_through(asked.user_id):
            raise NotForYou
        if which == views.DECIDED_ONES:
            return views.proposals_list(self._proposals.decided_list(cursor), which)
        return views.proposals_list(self._proposals.open_list(cursor), views.OPEN_ONES)

    # --- deciding ------------------------------------------------------------------------------------------------

    @on.click(ids.APPROVE, may=ids.DECIDER)
    def approve(self, asked: Click) -> Answer:
        """Value: proposal, then the newest of what was shown of it; likewise of *Decline*."""
        proposal_id, seen = views.read_seen(asked.value)
        self._proposal_of(asked, proposal_id)
        try:
            proposal = self._proposals.approve(asked.user_id, proposal_id, seen=seen)
        except WrittenSince as written:
            said = written.words
            self._windows.show(asked, lambda: self._view(asked, proposal_id, said=said))
            return Nothing()
        said = "You approved this." if proposal.state.is_decided else "You approved this; it takes another approval."
        return self._said_unless_on_card(asked, proposal_id, said)

    @on.click(ids.WRITE_QUESTION, may=ids.DECIDER)
    def open_question_form(self, asked: Click) -> Answer:
        return self._deciding_form(asked, ids.WRITE_QUESTION, lambda proposal, _: views.question_form(proposal))

    @on.click(ids.WRITE_DECLINING, may=ids.DECIDER)
    def open_declining_form(self, asked: Click) -> Answer:
        def form(proposal: Proposal, seen: int | None) -> View:
            return views.declining_form(proposal, asked.user_id, seen or 0)

        return self._deciding_form(asked, ids.WRITE_DECLINING, form)

    @on.submission(ids.ASK, may=ids.DECIDER)
    def ask(self, asked: Submission) -> Answer:
        proposal_id = read_uuid(asked.private_metadata)
        text = asked.form.text(views.TEXT, views.TEXT)
        agreed = agreement(self._people, asked.form, text)
        if agreed.is_missing:
            proposal = self._proposals.look_to_decide(asked.user_id, proposal_id)
            return Show(views.question_form(proposal, text=text, agreement=agreed.blocks))
        return self._say(
            asked, self._proposals.ask, missing="Please write a question.", said="Sent. The answer comes on the card."
        )

    @on.submission(ids.DECLINE, may=ids.DECIDER)
    def decline(self, asked: Submission) -> Answer:
        """Only with what was written read, and the people named agreeing; else the form comes back as it was filled."""
        proposal_id, seen = views.read_seen(asked.private_metadata)
        text = asked.form.text(views.TEXT, views.TEXT)
        if is_blank(text):
            return FieldErrors({views.TEXT: "Please write why."})
        agreed = agreement(self._people, asked.form, text)
        try:
            if not agreed.is_missing:
                self._proposals.decline(asked.user_id, proposal_id, text, seen=seen, once=asked.once)
                return Show(self._view(asked, proposal_id, said="Declined. Whoever proposed it is told why."))
        except WrittenSince:
            pass
        proposal = self._proposals.look_to_decide(asked.user_id, proposal_id)
        return Show(
            views.declining_form(
                proposal,
                asked.user_id,
                seen or 0,
                text=text,
                said=WrittenSince.words,
                agreement=agreed.blocks,
            )
        )

    @on.click(ids.POST_AGAIN, may=ids.CHAMPION)
    def post_again(self, asked: Click) -> Answer:
        proposal_id = self._proposal_of(asked)
        self._proposals.post_again(asked.user_id, proposal_id)
        return self._said_unless_on_card(asked, proposal_id, "It is posted again.")

    def _deciding_form(self, asked: Click, action_id: str, form: Callable[[Proposal, int | None], View]) -> Answer:
        proposal_id, seen = views.read_seen(asked.value)
        self._proposal_of(asked, proposal_id)

        def build() -> View:
            return form(self._proposals.look_to_decide(asked.user_id, proposal_id), seen)

        self._windows.show(asked, build, again=Again(action_id=action_id, value=str(proposal_id)))
        return Nothing()

    # --- the side of those who proposed it -----------------------------------------------------------------------

    @on.click(ids.WRITE_ANSWER, may=ids.INVOLVED)
    def open_answer_form(self, asked: Click) -> Answer:
        proposal_id = read_uuid(asked.value)

        def build() -> View:
            return views.answer_form(self._proposals.look_as_involved(asked.user_id, proposal_id))

        self._windows.show(
            asked, build, again=Again(action_id=ids.WRITE_ANSWER, value=str(proposal_id), words="Answer")
        )
        return Nothing()

    @on.submission(ids.ANSWER, may=ids.INVOLVED)
    def answer(self, asked: Submission) -> Answer:
        return self._say(
            asked,
            self._proposals.answer,
            missing="Please write an answer.",
            said="Sent. All champions can read it.",
        )

    @on.click(ids.WITHDRAW, may=ids.PROPOSER)
    def withdraw(self, asked: Click) -> Answer:
        proposal_id = read_uuid(asked.value)
        self._proposals.withdraw(asked.user_id, proposal_id)
        return self._said(asked, proposal_id, "Withdrawn.")

    @on.click(ids.STEP_DOWN, may=ids.STEWARD)
    def step_down(self, asked: Click) -> Answer:
        proposal_id = read_uuid(asked.value)
        self._proposals.step_down(asked.user_id, proposal_id)
        return self._said(asked, proposal_id, "You are not its steward any more.")

    # --- concerns ------------------------------------------------------------------------------------------------

    @on.click(ids.WRITE_CONCERN, may=rights.ANYONE.of(ids.PROPOSAL))
    def open_concern_form(self, asked: Click) -> Answer:
        proposal_id = read_uuid(asked.value)

        def build() -> View:
            proposal = self._proposals.look_if_open(proposal_id)
            return concern_views.concern_form(proposal, self._concerns.could_read(asked.user_id, proposal))

        again = Again(action_id=ids.WRITE_CONCERN, value=str(proposal_id), words="Open the form")
        self._windows.show(asked, build, again=again)
        return Nothing()

    @on.click(ids.REPORT_INSTEAD, may=rights.ANYONE)
    def report_instead(self, asked: Click) -> Answer:
        """The words come along; nothing was kept."""
        view = asked.view
        if view is not None:
            text, _, _, _ = concern_views.read_concern_form(view)

            def build() -> View:
                filled = Filled(what=text)
                return report.report_form(self._community, self._people.roster(), asked.user_id, filled=filled)

            self._windows.show(asked, build)
        return Nothing()

    @on.submission(ids.CONCERN, may=rights.ANYONE.of(ids.PROPOSAL))
    def raise_concern(self, asked: Submission) -> Answer:
        """Words that name someone on the roster are not kept before the person has seen that they are ticked."""
        text, proposal, form_id, already_named = concern_views.read_concern_form(asked.view)
        proposal_id = read_uuid(proposal)
        if is_blank(text):
            return FieldErrors({views.TEXT: "Please write a few words."})
        held = ticks.read_ticks(asked.view)
        named = self._concerns.named_in(text)
        news = {each.slack_id for each in named} - {*already_named, *held.ticked}
        found = self._proposals.look_if_open(proposal_id)
        could_read = self._concerns.could_read(asked.user_id, found)
        if news or (could_read and ticks.could_not_answer(asked.view)):
            shown = concern_views.concern_form(
                found,
                could_read,
                text=text,
                form_id=form_id,
                named=named,
                ticked=news.union(held.ticked),
                none=held.none and news.isdisjoint(each.slack_id for each in could_read),
                after=ticks.mark_of(asked.view),
            )
            return Show(shown)
        try:
            ticks.check_list(asked.view, asks=bool(could_read), external_help=self._community.external_help)
        except OnTheList as refused:
            return ticks.at_the_list(asked.view, refused)
        allowed = set(already_named) & set(held.listed) - set(held.ticked)
        self._concerns.raise_one(
            asked.user_id, proposal_id, form_id, text, keep_out=held.ticked, allowed=sorted(allowed)
        )
        return Show(concern_views.concern_sent())

    @on.click(ids.READ_CONCERN, may=ids.CONCERN_READER)
    def read_concern(self, asked: Click) -> Answer:
        concern_id = read_uuid(asked.value)

        def build() -> View:
            return concern_views.worry_view(self._concerns.look(asked.user_id, concern_id))

        def opened(view_id: str) -> None:
            self._concerns.note_window(asked.user_id, view_id, concern_id)

        again = Again(action_id=ids.READ_CONCERN, value=str(concern_id))
        self._windows.show(asked, build, opened=opened, again=again)
        return Nothing()

    def render_window(self, viewer: str, concern_id: UUID | None) -> View | None:
        """An open window drawn again, for its viewer as they may see it now: no look of theirs."""
        try:
            return concern_views.worry_view(self._concerns.show_again(viewer, concern_id)) if concern_id else None
        except NotAvailable:
            return None

    @on.click(ids.END_CONCERN, may=ids.CONCERN_READER)
    def end_concern(self, asked: Click) -> Answer:
        self._concerns.end(asked.user_id, read_uuid(asked.value))
        self._windows.show(asked, concern_views.worry_ended)
        return Nothing()

    @on.click(ids.MAKE_REPORT, may=ids.CONCERN_READER)
    def open_report_form(self, asked: Click) -> Answer:
        concern_id = read_uuid(asked.value)

        def build() -> View:
            roster, named = self._concerns.kept_out(asked.user_id, concern_id)
            return concern_views.report_form(concern_id, asked.user_id, roster, named)

        def opened(view_id: str) -> None:
            self._concerns.note_window(asked.user_id, view_id, concern_id)

        self._windows.show(asked, build, opened=opened, again=Again(action_id=ids.MAKE_REPORT, value=str(concern_id)))
        return Nothing()

    @on.click(ids.ABOUT, may=ids.CONCERN_READER)
    def name_someone(self, asked: Click) -> Answer:
        """People named on the form are ticked among those who should not read it."""
        view = asked.view
        if view is not None:
            self._windows.update(view.view_id, lambda: self._report_form(asked, view), hash=view.hash)
        return Nothing()

    @on.submission(ids.CONVERT, may=ids.CONCERN_READER)
    def make_report(self, asked: Submission) -> Answer:
        concern_id = read_uuid(asked.private_metadata)
        filled = concern_views.read_report_form(asked.view)
        report_id, is_new = self._concerns.make_report(asked.user_id, concern_id, filled, once=asked.once)
        return Show(concern_views.became_report(report_id, is_new=is_new))

    def _report_form(self, asked: Asked, view: OpenView) -> View:
        concern_id = read_uuid(view.private_metadata)
        roster, named = self._concerns.kept_out(asked.user_id, concern_id)
        return concern_views.report_form(concern_id, asked.user_id, roster, named, concern_views.read_report_form(view))

    def _say(self, asked: Submission, use_case: Callable[..., object], *, missing: str, said: str) -> Answer:
        """Words about a proposal, which `use_case` takes."""
        proposal_id = read_uuid(asked.private_metadata)
        text = asked.form.text(views.TEXT, views.TEXT)
        if is_blank(text):
            return FieldErrors({views.TEXT: missing})
        use_case(asked.user_id, proposal_id, text, once=asked.once)
        return Show(self._view(asked, proposal_id, said=said))

    # --- how it is shown -----------------------------------------------------------------------------------------

    def _proposal_of(self, asked: Click, proposal_id: UUID | None = None) -> UUID:
        """The proposal a button is about; one pressed on a card tells where that card stands."""
        proposal_id = proposal_id or read_uuid(asked.value)
        if message_ts := self._ts(asked, Place.CARD):
            self._proposals.adopt(proposal_id, Place.CARD, self._proposals.owed.triage_channel, message_ts)
        return proposal_id

    def _ts(self, asked: Click, place: Place) -> str:
        """Of the message the click was on, when it stands where such messages do."""
        owed = self._proposals.owed
        channel_id = owed.triage_channel if place is Place.CARD else owed.proposals_channel
        return asked.message[1] if asked.message is not None and asked.message[0] == channel_id else ""

    def _view(self, asked: Asked, proposal_id: UUID, *, said: str = "") -> View:
        viewer = asked.user_id
        proposal = self._proposals.look(proposal_id)
        return views.proposal_view(
            proposal,
            viewer,
            standing=self._proposals.standing(viewer, proposal_id),
            decides=self._proposals.decides(viewer, proposal),
            sees_all=self._proposals.sees_all(viewer),
            worries=self._concerns.of(viewer, proposal_id),
            said=said,
        )

    def _said(self, asked: Click, proposal_id: UUID, said: str) -> Answer:
        """In the modal, or to this person alone where the message stands."""
        if asked.view is not None:
            self._windows.show(asked, lambda: self._view(asked, proposal_id, said=said))
        else:
            with suppress(TooBusy):  # it is done; the message shows the count
                self._windows.respond(asked, said)
        return Nothing()

    def _said_unless_on_card(self, asked: Click, proposal_id: UUID, said: str) -> Answer:
        """A card says itself what was done."""
        return Nothing() if asked.view is None else self._said(asked, proposal_id, said)
