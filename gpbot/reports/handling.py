"""What those who handle reports did in Slack: one call to a use case, and the answer."""

from collections.abc import Callable
from uuid import UUID

from gpbot import rights
from gpbot.people.agreement import agreement
from gpbot.people.workflow import People
from gpbot.reports import ids, views
from gpbot.reports.cases import Cases
from gpbot.reports.closing import NOT_CLOSED, closing_form, read_closing
from gpbot.reports.looking import ReportWindows, or_said
from gpbot.reports.shown import Shown
from gpbot.reports.types import Outcome
from gpbot.reports.views import Tab
from gpbot.slack import on
from gpbot.slack.answers import Answer, FieldErrors, Nothing, Show
from gpbot.slack.blocks import View
from gpbot.slack.requests import Click, Submission, read_uuid
from gpbot.slack.windows import Again, Windows


class HandlingListeners:
    def __init__(self, windows: Windows, people: People, *, cases: Cases, shown: ReportWindows) -> None:
        self._windows = windows
        self._people = people
        self._cases = cases
        self._shown = shown

    @on.click(ids.CLAIM, may=ids.READER)
    def claim(self, asked: Click) -> Answer:
        self._cases.claim(asked.user_id, read_uuid(asked.value))
        return self._show_case(asked, "You have claimed this. The others can see that you have it.")

    @on.click(ids.RELEASE, may=ids.READER)
    def release(self, asked: Click) -> Answer:
        self._cases.release(asked.user_id, read_uuid(asked.value))
        return self._show_case(asked, "You have released this. Others who can read it are told.")

    @on.click(ids.REOPEN, may=ids.READER)
    def reopen(self, asked: Click) -> Answer:
        self._cases.reopen(asked.user_id, read_uuid(asked.value))
        return self._show_case(asked, "This is open again.")

    @on.click(ids.STEP_BACK, may=ids.READER)
    def step_back(self, asked: Click) -> Answer:
        self._cases.step_back(asked.user_id, read_uuid(asked.value))
        return self._shown.show(asked, views.stepped_back)

    @on.click(ids.WRITE_NOTE, may=ids.READER)
    def open_note_form(self, asked: Click) -> Answer:
        return self._reader_form(asked, views.note_form)

    @on.click(ids.WRITE_MESSAGE, may=ids.READER)
    def open_message_form(self, asked: Click) -> Answer:
        report_id = read_uuid(asked.value)

        def build() -> View:
            return views.message_form(report_id, first=not self._cases.has_reply(asked.user_id, report_id))

        return self._shown.show(asked, build, shows=report_id)

    @on.click(ids.NAME_PEOPLE, may=ids.READER)
    def open_people_form(self, asked: Click) -> Answer:
        return self._reader_form(asked, views.people_form)

    @on.click(ids.WRITE_CLOSING, may=ids.READER)
    def open_closing_form(self, asked: Click) -> Answer:
        """Value: report, then what the window has shown: the form shows what it has not."""
        report, *carried = (asked.value or "").split(":")
        report_id = read_uuid(report)
        shown = Shown.read(carried) or Shown()

        def build() -> View:
            return closing_form(report_id, shown, self._cases.look_at_unseen(asked.user_id, report_id, shown))

        return self._shown.show(asked, build, shows=report_id)

    @on.submission(ids.NOTE, may=ids.READER)
    def save_note(self, asked: Submission) -> Answer:
        report_id = read_uuid(asked.private_metadata)
        self._cases.note(asked.user_id, report_id, asked.form.text(views.TEXT, views.TEXT), once=asked.once)
        return self._case(asked, report_id, Tab.NOTES, "Your note is saved.")

    @on.submission(ids.MESSAGE, may=ids.READER)
    def send_message(self, asked: Submission) -> Answer:
        report_id = read_uuid(asked.private_metadata)
        self._cases.write_to_reporter(
            asked.user_id, report_id, asked.form.text(views.TEXT, views.TEXT), once=asked.once
        )
        return self._case(asked, report_id, Tab.CONVERSATION, "Saved. The reporter is told that something waits.")

    @on.submission(ids.PEOPLE, may=ids.READER)
    def add_people(self, asked: Submission) -> Answer:
        report_id = read_uuid(asked.private_metadata)
        reported, harmed = views.read_people(asked.form)
        if not reported and not harmed:
            return FieldErrors({views.REPORTED: "Please name someone, or go back."})
        if not self._cases.add_people(asked.user_id, report_id, reported=reported, harmed=harmed):
            return Show(views.stepped_back())
        return self._case(asked, report_id, Tab.PEOPLE, "Added.")

    @on.submission(ids.CLOSING, may=ids.READER)
    def close_report(self, asked: Submission) -> Answer:
        """Only against what was seen, and with the people named agreeing; else the form comes back as it was filled."""
        closing = read_closing(asked.view)
        report_id, seen = closing.report_id, closing.seen
        if closing.outcome not in set(Outcome) - {Outcome.WITHDRAWN}:
            return FieldErrors({views.OUTCOME: "Please choose a reason."})
        if closing.text.strip() == views.CLOSING_WORDS.strip():
            return FieldErrors({views.TEXT: "Please say in a few words what was done."})
        agreed = agreement(self._people, asked.form, closing.text)
        if agreed.is_missing:
            unseen = self._cases.look_at_unseen(asked.user_id, report_id, seen or Shown())
        else:
            unseen = self._cases.close(
                asked.user_id, report_id, Outcome(closing.outcome), closing.text, seen=seen, once=asked.once
            )
        if agreed.is_missing or unseen:
            again = closing_form(
                report_id,
                seen or Shown(),
                unseen,
                outcome=closing.outcome,
                text=closing.text,
                said=NOT_CLOSED,
                agreement=agreed.blocks,
            )
            return Show(again)
        return self._case(asked, report_id, Tab.CONVERSATION, "Closed. The reporter is told that something waits.")

    # Their own settings.

    @on.click(ids.CONFLICTS_FORM, may=rights.ROSTER)
    def open_conflicts_form(self, asked: Click) -> Answer:
        def build() -> View:
            return views.conflicts_form(self._people.conflicts_of(asked.user_id))

        self._windows.open(asked, build, again=Again(action_id=ids.CONFLICTS_FORM))
        return Nothing()

    @on.submission(ids.CONFLICTS, may=rights.ROSTER)
    def declare_conflicts(self, asked: Submission) -> Answer:
        self._people.declare_conflicts(asked.user_id, asked.form.people(views.TEXT, views.TEXT))
        return Nothing()

    # How it is shown.

    def _reader_form(self, asked: Click, build: Callable[[UUID], View]) -> Answer:
        """A small form in place of the case, for those who may read it; it shows no word of it, so this is no look."""
        report_id = read_uuid(asked.value)

        def checked() -> View:
            self._cases.has_reply(asked.user_id, report_id)
            return build(report_id)

        return self._shown.show(asked, checked, shows=report_id)

    def _show_case(self, asked: Click, said: str) -> Answer:
        report_id = read_uuid(asked.value)
        return self._shown.show(
            asked,
            lambda: or_said(lambda: views.case(self._cases.look(asked.user_id, report_id), said=said), said),
            shows=report_id,
        )

    def _case(self, asked: Submission, report_id: UUID, tab: Tab, said: str) -> Answer:
        return Show(or_said(lambda: views.case(self._cases.look(asked.user_id, report_id), tab, said=said), said))
