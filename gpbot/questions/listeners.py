"""What people did about questions in Slack: one call to a use case, and the answer."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from gpbot import rights
from gpbot.community import Community
from gpbot.guidelines import ids as guidelines_ids
from gpbot.guidelines.workflow import Guidelines
from gpbot.home.lists import Lists
from gpbot.people.agreement import agreement
from gpbot.people.names import is_signed
from gpbot.people.types import RoleHolder
from gpbot.people.workflow import People
from gpbot.people.writers import Writers
from gpbot.questions import form, ids, views
from gpbot.questions.types import AnsweredSince, Asking, Question
from gpbot.questions.workflow import Questions
from gpbot.refusals import NotAvailable
from gpbot.reports import form as report
from gpbot.reports import ids as report_ids
from gpbot.reports.filing import Filing
from gpbot.reports.types import Filled
from gpbot.slack import on
from gpbot.slack.answers import Answer, FieldErrors, Nothing, Show
from gpbot.slack.blocks import View, unescape
from gpbot.slack.requests import Asked, Click, Command, OpenView, Shortcut, Submission, read_uuid, uuid_or_none
from gpbot.slack.windows import Again, Windows
from gpbot.text import is_blank

COMMAND = "/ask"
AGREE_LATER = "You can agree to the guidelines after you have your answer."


class QuestionListeners:
    def __init__(
        self,
        community: Community,
        windows: Windows,
        people: People,
        *,
        questions: Questions,
        filing: Filing,
        triage_channel: str,
        writers: Writers,
        guidelines: Guidelines,
        lists: Lists,
    ) -> None:
        self._community = community
        self._windows = windows
        self._people = people
        self._questions = questions
        self._filing = filing
        self._triage_channel = triage_channel
        self._writers = writers
        self._guidelines = guidelines
        self._lists = lists

    # Asking.

    @on.command(COMMAND, description="Ask the champions something", may=rights.ANYONE)
    def open_form_by_command(self, asked: Command) -> Answer:
        what = unescape(asked.text).strip()

        def keep() -> str:
            return str(self._filing.keep(asked.user_id, Filled(what=what))) if what else ""

        def build() -> View:
            self._questions.look_at_channel()
            return self._ask_form(asked, Asking(what=what))

        again = Again(action_id=ids.ASK, value=keep, words="Open the form")
        self._windows.open(asked, build, again=again, opened=lambda _view: self._writers.ask(asked.user_id))
        return Nothing()

    @on.shortcut(
        "question.new",
        name="Ask the champions",
        description="Ask the champions something about this community",
        may=rights.ANYONE,
    )
    @on.click(ids.ASK, may=report_ids.ANY_DRAFT)
    def open_form(self, asked: Click | Shortcut, *, said: str = "") -> Answer:
        """A button may carry words that were typed when Slack was too slow to open the form; `said` is added to it."""
        draft_id = uuid_or_none(asked.value) if isinstance(asked, Click) else None

        def build() -> View:
            kept = self._filing.draft_if_kept(asked.user_id, draft_id)
            self._questions.look_at_channel()
            return self._ask_form(asked, Asking(what=kept.filled.what if kept else ""), said=said)

        again = Again(action_id=ids.ASK, value=str(draft_id or ""), words="Open the form")
        self._windows.open(asked, build, again=again, opened=lambda _view: self._writers.ask(asked.user_id))
        return Nothing()

    @on.click(guidelines_ids.QUESTION, may=rights.ANYONE)
    def ask_about_guidelines(self, asked: Click) -> Answer:
        is_owed = self._guidelines.standing(asked.user_id).is_owed
        return self.open_form(asked, said=AGREE_LATER if is_owed else "")

    @on.click(ids.REPORT_INSTEAD, may=rights.ANYONE)
    def report_instead(self, asked: Click) -> Answer:
        """The words come along; nothing was posted."""
        view = asked.view
        if view is not None:
            filled = Filled(what=form.words_to_report(view))
            self._windows.show(asked, lambda: self._report_form(asked, filled))
        return Nothing()

    @on.submission(ids.FORM, may=rights.ANYONE)
    def ask(self, asked: Submission) -> Answer:
        """Words that name someone on the roster, or the person, are not posted before they have seen that they do."""
        asking, form_id, known = form.read_ask_form(asked.view)
        if is_blank(asking.what):
            return FieldErrors({form.QUESTION: "Please write your question."})
        named = self._questions.named_in(asking.what)
        signed = not asking.show_name and is_signed(asking.what, asked.user_id, self._writers.names_of(asked))
        if _is_news(named, known, signed=signed):
            return Show(self._ask_form(asked, asking, form_id=form_id, named=named, signed=signed))
        question = self._questions.ask(asked.user_id, form_id, asking)
        return Show(self._asked(question))

    # Looking.

    @on.click(ids.OPEN, may=ids.ASKER_OR_ANSWERER)
    def open_question(self, asked: Click) -> Answer:
        question_id = self._question_of(asked)
        again = Again(action_id=ids.OPEN, value=str(question_id))
        return self._show(asked, question_id, lambda: self._view(asked, question_id), again=again)

    @on.click(ids.TURN, may=ids.ASKER_OR_ANSWERER)
    def turn_question(self, asked: Click) -> Answer:
        """Value: question, then the first entry shown."""
        question, _, first = (asked.value or "").partition(":")
        question_id = read_uuid(question)
        start = int(first) if first.isdecimal() else None
        return self._show(asked, question_id, lambda: self._view(asked, question_id, start=start))

    @on.click(ids.LIST, may=rights.ANYONE)
    def turn_list(self, asked: Click) -> Answer:
        def build() -> View:
            return views.question_list(self._questions.open_list(asked.user_id, cursor=asked.value), own=False)

        self._lists.show(asked, build, again=Again(action_id=ids.LIST, value=asked.value or ""))
        return Nothing()

    @on.click(ids.OWN_LIST, may=rights.ANYONE)
    def turn_own_list(self, asked: Click) -> Answer:
        def build() -> View:
            return views.question_list(self._questions.own_list(asked.user_id, cursor=asked.value), own=True)

        self._windows.show(asked, build, again=Again(action_id=ids.OWN_LIST, value=asked.value or ""))
        return Nothing()

    def render_window(self, viewer: str, question_id: UUID | None) -> View | None:
        """An open window drawn again, for its viewer as they may see it now: no look of theirs."""
        try:
            return views.question(self._questions.show_again(viewer, question_id)) if question_id else None
        except NotAvailable:
            return None

    # Answering.

    @on.click(ids.CLAIM, may=ids.ANSWERER)
    def claim(self, asked: Click) -> Answer:
        question_id = self._question_of(asked)
        self._questions.claim(asked.user_id, question_id)
        return self._show_unless_on_card(asked, question_id, "You have claimed this.")

    @on.click(ids.RELEASE, may=ids.ANSWERER)
    def release(self, asked: Click) -> Answer:
        question_id = self._question_of(asked)
        self._questions.release(asked.user_id, question_id)
        return self._show_unless_on_card(asked, question_id, "You have released this.")

    @on.click(ids.WRITE_ANSWER, may=ids.ANSWERER)
    def open_answer_form(self, asked: Click) -> Answer:
        """Value: question, then the newest entry that was shown; a card shows the question alone."""
        value, _, seen = (asked.value or "").partition(":")
        question_id = self._question_of(replace(asked, value=value))

        def build() -> View:
            return self._answer_form(asked, question_id, views.read_number(seen) or 0)

        again = Again(action_id=ids.WRITE_ANSWER, value=str(question_id), words="Answer")
        return self._show(asked, question_id, build, again=again)

    @on.click(ids.TEMPLATE, may=ids.ANSWERER)
    def choose_template(self, asked: Click) -> Answer:
        """What was typed already stays below it."""
        view = asked.view
        if view is not None:
            question_id, seen, _ = views.read_answered(view)
            text, channel_id, _ = views.read_answer(view)

            def build() -> View:
                return self._answer_form(
                    asked, question_id, seen, text=text, template=asked.value, channel_id=channel_id
                )

            self._windows.update(view.view_id, build, hash=view.hash)
        return Nothing()

    @on.submission(ids.ANSWER, may=ids.ANSWERER)
    def answer(self, asked: Submission) -> Answer:
        """Only to what was read, and with the people named agreeing; else the form comes back as it was filled."""
        question_id, _, newest = views.read_answered(asked.view)
        text, channel_id, block = views.read_answer(asked.view)
        if is_blank(text):
            return FieldErrors({block: "Please write an answer."})
        agreed = agreement(self._people, asked.form, text, channel_id)
        again: dict[str, Any] = {
            "text": text,
            "channel_id": channel_id,
            "said": views.NOT_SENT,
            "agreement": agreed.blocks,
        }
        if agreed.is_missing:
            return Show(self._answer_form(asked, question_id, newest or 0, **again))
        unseen = self._questions.answer(
            asked.user_id, question_id, text, channel_id=channel_id, seen=newest, once=asked.once
        )
        if unseen:
            question = self._questions.show_again(asked.user_id, question_id)
            return Show(views.answer_form(question, unseen, seen=newest or 0, **again))
        said = "Saved. The person who asked is told that something waits."
        return self._shown(asked, question_id, f"{said} It is posted in the channel too." if channel_id else said)

    def _answer_form(self, asked: Asked, question_id: UUID, seen: int, **more: Any) -> View:
        question, unseen = self._questions.look_at_unseen(asked.user_id, question_id, seen)
        return views.answer_form(question, unseen, seen=seen, **more)

    # A question that is a concern.

    @on.click(ids.MAKE_REPORT, may=ids.ANSWERER)
    def open_concern_form(self, asked: Click) -> Answer:
        question_id = self._question_of(asked)

        def build() -> View:
            roster, named = self._questions.kept_out(asked.user_id, question_id)
            return views.concern_form(question_id, asked.user_id, roster, named)

        again = Again(action_id=ids.MAKE_REPORT, value=str(question_id), words="Go on")
        return self._show(asked, question_id, build, again=again)

    @on.click(ids.ABOUT, may=ids.ANSWERER)
    def name_someone(self, asked: Click) -> Answer:
        """People named on the form are ticked among those who should not read it."""
        view = asked.view
        if view is not None:
            self._windows.update(view.view_id, lambda: self._concern_form(asked, view), hash=view.hash)
        return Nothing()

    @on.submission(ids.CONVERT, may=ids.ANSWERER)
    def make_report(self, asked: Submission) -> Answer:
        question_id = read_uuid(asked.private_metadata)
        concern = views.read_concern(asked.view)
        report_id, is_new = self._questions.make_report(asked.user_id, question_id, concern, once=asked.once)
        return Show(views.became_report(report_id, is_new=is_new))

    # The side of the person who asked.

    @on.click(ids.WRITE_MORE, may=ids.ASKER)
    def open_more_form(self, asked: Click) -> Answer:
        question_id = read_uuid(asked.value)
        return self._show(asked, question_id, lambda: self._more_form(self._as_asker(asked, question_id)))

    @on.submission(ids.MORE, may=ids.ASKER)
    def add(self, asked: Submission) -> Answer:
        """As for the first words."""
        subject, text, known = form.read_more(asked.view)
        question_id = read_uuid(subject)
        if is_blank(text):
            return FieldErrors({views.TEXT: "Please write a few words."})
        question = self._as_asker(asked, question_id)
        named = self._questions.named_in(text)
        signed = not question.show_name and is_signed(text, asked.user_id, self._writers.names_of(asked))
        if _is_news(named, known, signed=signed):
            return Show(self._more_form(question, text, named=named, signed=signed))
        question = self._questions.add(asked.user_id, question_id, text, once=asked.once)
        return Show(self._asked(question))

    @on.click(ids.CLOSE, may=ids.ASKER)
    def close(self, asked: Click) -> Answer:
        """Value: question, then the newest entry that was shown; likewise of *Withdraw*."""
        question_id, seen = _seen(asked)
        try:
            self._questions.close(asked.user_id, question_id, seen=seen)
        except AnsweredSince as answered:
            return self._said(asked, question_id, answered.words)
        return self._said(asked, question_id, "Closed. The champions no longer see it.")

    @on.click(ids.REOPEN, may=ids.ASKER)
    def reopen(self, asked: Click) -> Answer:
        question_id = read_uuid(asked.value)
        self._questions.reopen(asked.user_id, question_id)
        return self._said(asked, question_id, "This is open again.")

    @on.click(ids.WITHDRAW, may=ids.ASKER)
    def withdraw(self, asked: Click) -> Answer:
        question_id, seen = _seen(asked)
        try:
            self._questions.withdraw(asked.user_id, question_id, seen=seen)
        except AnsweredSince as answered:
            return self._said(asked, question_id, answered.words)
        self._windows.show(asked, views.withdrawn)
        return Nothing()

    @on.click(ids.CONCERN, may=ids.ASKER)
    def make_draft(self, asked: Click) -> Answer:
        """The question is withdrawn at once; the form opens with its words, and is reminded of when it is left."""
        draft_id = self._questions.make_draft(asked.user_id, read_uuid(asked.value))

        def build() -> View:
            draft = self._filing.draft(asked.user_id, draft_id)
            return report.report_form(self._community, self._people.roster(), asked.user_id, draft=draft)

        self._windows.show(asked, build, again=Again(action_id=report_ids.OPEN_FORM, value=str(draft_id)))
        return Nothing()

    # How it is shown.

    def _question_of(self, asked: Click) -> UUID:
        """The question a button is about; one pressed on a card tells where that card stands."""
        question_id = read_uuid(asked.value)
        if asked.message is not None and asked.message[0] == self._triage_channel:
            self._questions.adopt_card(question_id, asked.message[1])
        return question_id

    def _view(self, asked: Click, question_id: UUID, *, start: int | None = None, said: str = "") -> View:
        return views.question(self._questions.look(asked.user_id, question_id), start=start, said=said)

    def _as_asker(self, asked: Asked, question_id: UUID) -> Question:
        question = self._questions.show_again(asked.user_id, question_id)
        if not question.is_own:
            raise NotAvailable
        return question

    def _asked(self, question: Question) -> View:
        is_in_channel = self._questions.is_in_channel()
        return views.asked(self._community, self._people.roster(), question, in_channel=is_in_channel)

    def _ask_form(self, asked: Asked, asking: Asking, **more: Any) -> View:
        more["in_channel"] = self._questions.is_in_channel()
        return form.ask_form(self._community, self._people.roster(), asked.user_id, asking, **more)

    def _more_form(self, question: Question, text: str = "", **more: Any) -> View:
        more["in_channel"] = self._questions.is_in_channel()
        return form.more_form(self._community, self._people.roster(), question, text, **more)

    def _report_form(self, asked: Asked, filled: Filled) -> View:
        return report.report_form(self._community, self._people.roster(), asked.user_id, filled=filled)

    def _concern_form(self, asked: Asked, view: OpenView) -> View:
        question_id = read_uuid(view.private_metadata)
        concern = views.read_concern(view)
        roster, named = self._questions.kept_out(asked.user_id, question_id, concern.about_words)
        return views.concern_form(question_id, asked.user_id, roster, named, concern)

    def _said(self, asked: Click, question_id: UUID, said: str) -> Answer:
        return self._show(asked, question_id, lambda: self._view(asked, question_id, said=said))

    def _show_unless_on_card(self, asked: Click, question_id: UUID, said: str) -> Answer:
        """A card says itself what was done."""
        if asked.view is None:
            return Nothing()
        return self._show(asked, question_id, lambda: self._view(asked, question_id, said=said))

    def _shown(self, asked: Submission, question_id: UUID, said: str) -> Answer:
        return Show(views.question(self._questions.look(asked.user_id, question_id), said=said))

    def _show(
        self, asked: Click, question_id: UUID, build: Callable[[], View], *, again: Again | None = None
    ) -> Answer:
        """What shows a question is remembered, to be emptied when the question ends."""

        def opened(view_id: str) -> None:
            self._questions.note_window(asked.user_id, view_id, question_id)

        self._windows.show(asked, build, opened=opened, again=again)
        return Nothing()


def _seen(asked: Click) -> tuple[UUID, int | None]:
    question, _, seen = (asked.value or "").partition(":")
    return read_uuid(question), views.read_number(seen)


def _is_news(named: Sequence[RoleHolder], known: Collection[str], *, signed: bool) -> bool:
    """Whether the words name somebody of whom the person has not been told yet that they do."""
    found = {each.slack_id for each in named} | ({form.SIGNED} if signed else set())
    return not found <= set(known)
