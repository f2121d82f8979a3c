"""What people did in Slack to report something, and to look at it: one call to a use case, and the answer."""

from collections.abc import Callable, Mapping
from uuid import UUID

from gpbot import rights
from gpbot.community import Community
from gpbot.guidelines.workflow import Guidelines
from gpbot.home.lists import Lists
from gpbot.people.workflow import People
from gpbot.people.writers import Writers
from gpbot.reports import form, ids, own_views, ticks, views
from gpbot.reports.cases import Cases
from gpbot.reports.copying import copied
from gpbot.reports.evidence import is_account
from gpbot.reports.filing import Filing
from gpbot.reports.looking import ReportWindows, or_said
from gpbot.reports.own import ChangedSince, OwnReports
from gpbot.reports.shown import Shown
from gpbot.reports.types import CATEGORIES, Filled, NobodyLeft, OnTheList, OwnReport, Review
from gpbot.reports.views import Tab
from gpbot.slack import on
from gpbot.slack.answers import Answer, FieldErrors, Nothing, Show
from gpbot.slack.blocks import View, unescape
from gpbot.slack.requests import (
    Asked,
    Click,
    Command,
    Event,
    OpenView,
    Shortcut,
    Submission,
    is_said_by_a_person,
    read_uuid,
    uuid_or_none,
)
from gpbot.slack.windows import Again, Windows
from gpbot.text import MAX_WORDS, is_blank

COMMAND = "/report"


class ReportListeners:
    def __init__(
        self,
        community: Community,
        windows: Windows,
        people: People,
        *,
        filing: Filing,
        cases: Cases,
        own: OwnReports,
        shown: ReportWindows,
        lists: Lists,
        guidelines: Guidelines,
        writers: Writers,
    ) -> None:
        self._community = community
        self._windows = windows
        self._people = people
        self._filing = filing
        self._cases = cases
        self._own = own
        self._shown = shown
        self._lists = lists
        self._guidelines = guidelines
        self._writers = writers

    # The form.

    @on.command(COMMAND, description="Tell the champions in confidence", may=rights.ANYONE)
    def open_report_form_by_command(self, asked: Command) -> Answer:
        filled = Filled(what=unescape(asked.text).strip())

        def keep() -> UUID | None:
            return self._filing.keep(asked.user_id, filled) if filled.what else None

        def build() -> View:
            if len(filled.what) > MAX_WORDS:  # what does not fit the form must be found again from it
                return self._form(asked, keep())
            return form.report_form(self._community, self._people.roster(), asked.user_id, filled=filled)

        again = self._form_again(asked, lambda: str(keep() or ""))
        self._windows.open(asked, build, again=again, opened=lambda _view: self._writers.ask(asked.user_id))
        return Nothing()

    @on.shortcut(
        "report.new", name="Report a concern", description="Tell the champions in confidence", may=rights.ANYONE
    )
    @on.click(ids.OPEN_FORM, may=ids.ANY_DRAFT)
    def open_report_form(self, asked: Click | Shortcut) -> Answer:
        draft_id = uuid_or_none(asked.value) if isinstance(asked, Click) else None
        again = self._form_again(asked, str(draft_id or ""))
        self._windows.open(
            asked,
            lambda: self._form(asked, draft_id),
            again=again,
            opened=lambda _view: self._writers.ask(asked.user_id),
        )
        return Nothing()

    @on.message_shortcut(
        "report.message_shortcut",
        name="Report to the Champions",
        description="Tell the champions about this message",
        may=rights.ANYONE,
    )
    def report_message(self, asked: Shortcut) -> Answer:
        """The message is copied before anything else: it may be gone in a minute."""
        evidence = copied(asked)
        is_someone_else = is_account(evidence.author) and evidence.author != asked.user_id
        filled = Filled(what="", about_ids=(evidence.author,) if is_someone_else else ())
        draft_id = self._filing.keep(asked.user_id, filled, evidence)
        again = self._form_again(asked, str(draft_id))
        self._windows.open(
            asked,
            lambda: self._form(asked, draft_id),
            again=again,
            opened=lambda _view: self._writers.ask(asked.user_id),
        )
        return Nothing()

    def _form_again(self, asked: Asked, value: Callable[[], str] | str) -> Again:
        def leave(draft: str) -> None:
            if draft:
                self._filing.leave(asked.user_id, UUID(draft))

        return Again(action_id=ids.OPEN_FORM, value=value, words="Open the form", unsaid=leave)

    @on.click(ids.ABOUT, may=ids.ANY_DRAFT)
    def follow_form(self, asked: Click) -> Answer:
        """Who will read it follows what is chosen; people it is about are ticked among those who must not."""
        view = asked.view
        if view is not None:
            draft_id = uuid_or_none(view.private_metadata)

            def build() -> View:
                return form.report_form(
                    self._community,
                    self._people.roster(),
                    asked.user_id,
                    draft=self._filing.draft_if_kept(asked.user_id, draft_id),
                    draft_id=draft_id,
                    shown=view,
                )

            self._windows.follow(asked, build)
        return Nothing()

    @on.click(ids.PRIVACY, may=rights.ANYONE)
    def ask_about_privacy(self, asked: Click) -> Answer:
        self._windows.open(asked, lambda: form.privacy(self._community), push=True)
        return Nothing()

    @on.submission(ids.FORM, may=ids.ANY_DRAFT)
    def review_report(self, asked: Submission) -> Answer:
        filled = form.read_form(asked.view)
        if is_blank(filled.what):
            return FieldErrors({form.WHAT: "Please write a few words about what happened."})
        found = self._filing.review(
            asked.user_id, filled, uuid_or_none(asked.private_metadata), user_name=self._writers.names_of(asked)
        )
        return Show(self._review(found))

    @on.click(ids.KEEP_OUT, may=ids.WRITER)
    def tick(self, asked: Click) -> Answer:
        """Somebody was ticked, or a tick taken away: who will read it follows, and of a review it is kept."""
        view = asked.view
        if view is not None and view.callback_id == ids.FORM:
            return self.follow_form(asked)
        if view is None or view.callback_id != ids.REVIEW:
            return Nothing()
        found = self._keep_ticks(asked, view)
        if found is not None:
            _, revision = form.read_review(view.private_metadata)
            mark = ticks.mark_of(view)
            drawn = {"mark": mark} if found.has_list_of(revision) else {"after": mark}
            self._windows.follow(asked, lambda: form.review(self._community, found, **drawn))
        return Nothing()

    def _keep_ticks(self, asked: Asked, view: OpenView) -> Review | None:
        draft_id, revision = form.read_review(view.private_metadata)
        return self._filing.tick(
            asked.user_id,
            read_uuid(draft_id),
            ticks.read_ticks(view),
            revision=revision,
            user_name=self._writers.names_of(asked),
        )

    @on.click(ids.ELSEWHERE, may=ids.WRITER)
    def send_elsewhere(self, asked: Click) -> Answer:
        """To somebody who works elsewhere than whom it is about; it is not sent yet."""
        view = asked.view
        if view is None or view.callback_id != ids.REVIEW or self._keep_ticks(asked, view) is None:
            return Nothing()
        draft_id, _ = form.read_review(view.private_metadata)
        found = self._filing.send_elsewhere(asked.user_id, read_uuid(draft_id), user_name=self._writers.names_of(asked))
        if found is not None:
            shown = form.review(self._community, found, said=form.CHOSEN, after=ticks.mark_of(view))
            self._windows.update(view.view_id, lambda: shown, hash=view.hash)
        return Nothing()

    @on.click(ids.EDIT, may=ids.WRITER)
    def edit_draft(self, asked: Click) -> Answer:
        draft_id = read_uuid(asked.value)
        if asked.view is not None and asked.view.callback_id == ids.REVIEW:
            self._keep_ticks(asked, asked.view)
        return self._shown.show(asked, lambda: self._form(asked, draft_id))

    @on.click(ids.CONTINUE, may=ids.WRITER)
    def continue_draft(self, asked: Click) -> Answer:
        draft_id = read_uuid(asked.value)

        def build() -> View:
            if is_blank(self._filing.draft(asked.user_id, draft_id).filled.what):
                return self._form(asked, draft_id)
            return self._review(self._filing.resume(asked.user_id, draft_id, user_name=self._writers.names_of(asked)))

        def opened(view_id: str) -> None:
            known, kept = self._writers.names_of(asked), self._filing.draft_if_kept(asked.user_id, draft_id)
            self._writers.ask(asked.user_id)
            if self._writers.names_of(asked) != known and kept is not None and not is_blank(kept.filled.what):
                self._windows.update(view_id, build)  # with what their words say of them

        self._windows.show(asked, build, opened=opened)
        return Nothing()

    @on.click(ids.DISCARD, may=ids.ANY_DRAFT)
    def discard_draft(self, asked: Click) -> Answer:
        was_there = self._filing.discard(asked.user_id, read_uuid(asked.value))
        return self._shown.show(asked, form.deleted if was_there else form.nothing_to_delete)

    @on.submission(ids.REVIEW, may=ids.WRITER)
    def send_report(self, asked: Submission) -> Answer:
        draft_id, revision = form.read_review(asked.private_metadata)
        try:
            sent = self._filing.file(
                asked.user_id,
                read_uuid(draft_id),
                ticks.read_ticks(asked.view),
                revision=revision,
                user_name=self._writers.names_of(asked),
            )
        except OnTheList as refused:
            return ticks.at_the_list(asked.view, refused)
        match sent:
            case OwnReport():
                return Show(or_said(lambda: own_views.own(self._community, sent), "Saved."))
            case Review():
                said = form.CHANGED if sent.readers else form.NOT_SENT
                return Show(form.review(self._community, sent, said=said, after=ticks.mark_of(asked.view)))
            case _:
                return Show(form.nobody_left(self._community, sent))

    # Opening: each person's own view of the same report.

    @on.click(ids.OPEN, may=ids.READER_OR_REPORTER)
    def open_report(self, asked: Click) -> Answer:
        report_id = read_uuid(asked.value)
        again = Again(action_id=ids.OPEN, value=str(report_id))
        return self._shown.show(
            asked, lambda: self._shown.opened(asked.user_id, report_id), shows=report_id, again=again
        )

    @on.click(ids.LIST, may=rights.ANYONE)
    def turn_list(self, asked: Click) -> Answer:
        closed, cursor = views.read_list_value(asked.value)

        def build() -> View:
            return self._shown.listed(asked.user_id, closed=closed, cursor=cursor)

        self._lists.show(asked, build, again=Again(action_id=ids.LIST, value=asked.value or ""))
        return Nothing()

    @on.click(ids.OWN_LIST, may=rights.ANYONE)
    def turn_own_list(self, asked: Click) -> Answer:
        return self._shown.show(
            asked,
            lambda: own_views.own_list(self._own.all(asked.user_id, cursor=asked.value)),
            again=Again(action_id=ids.OWN_LIST, value=asked.value or ""),
        )

    @on.click(ids.TAB, may=ids.READER_OR_REPORTER)
    def turn_tab(self, asked: Click) -> Answer:
        """Value: report, then tab, the first entry shown, what was shown; the reporter's own view has no tabs."""
        report, *rest = (asked.value or "").split(":")
        report_id = read_uuid(report)
        tab = next((Tab(each) for each in rest if each in set(Tab)), None)
        start = next((int(each) for each in rest if each.isdecimal()), None)

        def build() -> View:
            if tab is None:
                return own_views.own(self._community, self._own.look(asked.user_id, report_id), start=start)
            case = self._cases.look(asked.user_id, report_id, with_log=tab is Tab.LOG)
            return views.case(case, tab, start=start, shown=Shown.read(rest))

        return self._shown.show(asked, build, shows=report_id)

    # The reporter's side.

    @on.click(ids.WRITE_MORE, may=ids.REPORTER)
    def open_more_form(self, asked: Click) -> Answer:
        report_id = read_uuid(asked.value)
        return self._shown.show(asked, lambda: own_views.more_form(self._own.look(asked.user_id, report_id)))

    @on.click(ids.CHANGE_READERS, may=ids.REPORTER)
    def open_readers_form(self, asked: Click) -> Answer:
        report_id = read_uuid(asked.value)
        return self._shown.show(asked, lambda: own_views.readers_form(self._own.look(asked.user_id, report_id)))

    @on.click(ids.WRITE_DETAILS, may=ids.REPORTER)
    def open_details_form(self, asked: Click) -> Answer:
        report_id = read_uuid(asked.value)

        def build() -> View:
            self._own.look(asked.user_id, report_id)
            return own_views.details_form(report_id, self._categories())

        return self._shown.show(asked, build)

    @on.submission(ids.MORE, may=ids.REPORTER)
    def add_something(self, asked: Submission) -> Answer:
        """Words that name somebody are not sent before the reporter has seen that they are ticked."""
        report, *already_asked = asked.private_metadata.split(":")
        report_id = read_uuid(report)
        text = asked.form.text(views.TEXT, views.TEXT)
        own = self._own.look(asked.user_id, report_id)
        ticked = ticks.read_ticks(asked.view).ticked
        named = self._own.named_in(asked.user_id, report_id, text)
        news = {each.slack_id for each in named} - {*already_asked, *ticked}
        if news or (own.asks and ticks.could_not_answer(asked.view)):
            after = ticks.mark_of(asked.view)
            return Show(own_views.more_form(own, text, named, ticked=news.union(ticked), after=after))
        try:
            ticks.check_list(asked.view, asks=own.asks, external_help=self._community.external_help)
        except OnTheList as refused:
            return ticks.at_the_list(asked.view, refused)
        self._own.add(asked.user_id, report_id, text, keep_out=ticked, may_read=already_asked, once=asked.once)
        return self._show_own(asked, report_id, "Saved. It is with your report.")

    @on.submission(ids.READERS, may=ids.REPORTER)
    def change_readers(self, asked: Submission) -> Answer:
        report, *were_ticked = asked.private_metadata.split(":")
        report_id = read_uuid(report)
        ticked = ticks.read_ticks(asked.view).ticked
        # Only a tick that was shown can be taken back: another window may have added one meanwhile.
        untick = set(were_ticked) - set(ticked)
        self._own.change_readers(asked.user_id, report_id, tick=ticked, untick=untick)
        return self._show_own(asked, report_id, "Saved. It holds from now on.")

    @on.submission(ids.DETAILS, may=ids.REPORTER)
    def add_details(self, asked: Submission) -> Answer:
        report_id = read_uuid(asked.private_metadata)
        answers = own_views.read_details(asked.form, self._guidelines.categories_ever() | CATEGORIES.keys())
        if answers:
            self._own.add_details(asked.user_id, report_id, answers, once=asked.once)
        return self._show_own(asked, report_id, "Saved." if answers else "")

    @on.click(ids.SHOW_NAME, may=ids.REPORTER)
    def show_name(self, asked: Click) -> Answer:
        """Value: report, then which readers its window showed; that of *Withdraw* has the newest answer."""
        report_id, mark = _marked(asked.value)
        try:
            self._own.show_name(asked.user_id, report_id, mark=mark)
        except ChangedSince as changed:
            return self._show_own_again(asked, report_id, changed.words)
        return self._show_own_again(asked, report_id, "They can now see your name.")

    @on.click(ids.WITHDRAW, may=ids.REPORTER)
    def withdraw(self, asked: Click) -> Answer:
        report_id, seen = _marked(asked.value)
        try:
            erased = self._own.withdraw(asked.user_id, report_id, seen=seen)
        except ChangedSince as changed:
            return self._show_own_again(asked, report_id, changed.words)
        return self._shown.show(asked, lambda: own_views.withdrawn(erased=erased))

    @on.click(ids.HIDING, may=rights.ANYONE)
    def ask_how_to_hide_someone(self, asked: Click) -> Answer:
        self._windows.open(asked, own_views.hiding_someone, push=asked.modal is not None)
        return Nothing()

    @on.event("message")
    def hear_direct_message(self, event: Event) -> None:
        """A plain message is never guessed into a report: the form is offered instead."""
        message = event.body
        if message.get("channel_type") == "im" and is_said_by_a_person(message):
            self._filing.answer_in_dm(str(message["user"]), str(message.get("ts", "")))

    # How it is shown.

    def _form(self, asked: Asked, draft_id: UUID | None) -> View:
        draft = self._filing.draft(asked.user_id, draft_id) if draft_id else None
        return form.report_form(self._community, self._people.roster(), asked.user_id, draft=draft)

    def _review(self, found: Review | NobodyLeft) -> View:
        if isinstance(found, NobodyLeft):
            return form.nobody_left(self._community, found)
        return form.review(self._community, found)

    def _show_own_again(self, asked: Click, report_id: UUID, said: str) -> Answer:
        def build() -> View:
            return own_views.own(self._community, self._own.look(asked.user_id, report_id), said=said)

        return self._shown.show(asked, build, shows=report_id)

    def _show_own(self, asked: Submission, report_id: UUID, said: str) -> Answer:
        return Show(
            or_said(lambda: own_views.own(self._community, self._own.look(asked.user_id, report_id), said=said), said)
        )

    def _categories(self) -> Mapping[str, str]:
        """The guidelines' own, where they list any."""
        return {words: words for words in self._guidelines.categories()} or CATEGORIES


def _marked(value: str | None) -> tuple[UUID, str]:
    report, _, mark = (value or "").partition(":")
    return read_uuid(report), mark
