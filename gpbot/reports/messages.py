"""What reports send later: neutral words and a button, rendered at delivery for one recipient."""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.db import Database
from gpbot.home import doors
from gpbot.home.notices import SOMETHING, something
from gpbot.home.screens import Screens
from gpbot.outbox.types import Outgoing, Post, Receipt, Withdraw
from gpbot.refusals import NotAvailable
from gpbot.reports import ids, jobs
from gpbot.reports.changes import NOT_REACHED, Changes
from gpbot.reports.filing import Filing
from gpbot.reports.store import Standing, Store
from gpbot.reports.timers import Timers
from gpbot.reports.types import EntryKind, State
from gpbot.slack.blocks import Block, actions, button, confirm, section

NOT_SENT_YET = "You have not sent this yet."
STAYS_IN_SLACK = (
    "What you write here stays in Slack, and nobody is told about it. Was it a concern, a question, or neither? "
    "To tell the champions something in confidence, use the form. A question has a form of its own."
)


def stub_blocks(report_id: UUID) -> list[Block]:
    sure = confirm(
        "Leave this to others?",
        "You will not see it again, and nobody is told why. You do not need to have opened it.",
        "Leave it",
        "Go back",
    )
    return [
        section(SOMETHING),
        actions(
            button("Open", ids.OPEN, str(report_id), style="primary"),
            button("I should not handle this", ids.STEP_BACK, str(report_id), confirm=sure),
        ),
    ]


def draft_blocks(draft_id: UUID) -> list[Block]:
    return [
        section(NOT_SENT_YET),
        actions(
            button("Continue", ids.CONTINUE, str(draft_id), style="primary"),
            button("Delete", ids.DISCARD, str(draft_id)),
        ),
    ]


class ReportMessages:
    """Sends the jobs of reports. Who may get it is asked again, here, at the moment of sending."""

    def __init__(
        self,
        database: Database,
        store: Store,
        *,
        filing: Filing,
        timers: Timers,
        changes: Changes,
        screens: Screens,
        learn: Callable[[Collection[str]], None],
    ) -> None:
        """`learn(user_ids)` asks Slack for their names. Raises SendingEnded when Slack does not answer."""
        self._database = database
        self._store = store
        self._filing = filing
        self._timers = timers
        self._changes = changes
        self._screens = screens
        self._learn = learn

    def prepare(self, job: jobs.ReportJob) -> Outgoing | Withdraw | None:
        match job:
            case jobs.TellReader() | jobs.TellReporter():
                return self._something(job)
            case jobs.DraftLeft():
                return self._draft_left(job.to, job.draft)
            case jobs.AnswerInDm():
                form = button("Open the form", ids.OPEN_FORM, style="primary")
                blocks = [section(STAYS_IN_SLACK), actions(form, doors.ask())]
                return Post(to=job.to, text=STAYS_IN_SLACK, blocks=blocks)
            case _:
                self._time_has_come(job)
                return None

    def record(self, session: Session, job: jobs.ReportJob, receipt: Receipt) -> None:
        if receipt.channel_id is None or receipt.message_ts is None:
            return
        if isinstance(job, jobs.DraftLeft):
            self._filing.note_reminder(session, job.to, job.draft, (receipt.channel_id, receipt.message_ts))
        if not isinstance(job, jobs.TellReader | jobs.TellReporter):
            return
        standing = self._store.open_as_caretaker(session, job.report, to_write=True)
        if standing is None or not _is_owed(job, standing):
            self._screens.unsend(session, receipt.channel_id, receipt.message_ts)
            return
        self._store.note_message(
            session,
            standing,
            to=job.to,
            channel_id=receipt.channel_id,
            message_ts=receipt.message_ts,
            is_stub=isinstance(job, jobs.TellReader),
            at=self._database.clock.now(),
        )

    def gave_up(self, session: Session, job: jobs.ReportJob, code: str) -> None:  # noqa: ARG002
        """Everybody else who may read it is told.

        What has not reached the reporter is noted for the readers who see their name: for others it would tell whose
        account was closed. To them it is what nobody has opened yet.
        """
        if not isinstance(job, jobs.TellReader | jobs.TellReporter):
            return
        try:
            standing = self._store.open_as_caretaker(session, job.report, to_write=True)
        except DoesNotOpen:
            return  # without its key nobody knows who else may read it; health says that a key is missing
        if standing is None or standing.state is not State.OPEN:
            return
        now = self._database.clock.now()
        if isinstance(job, jobs.TellReporter):
            if standing.show_name:
                self._store.write(session, standing, EntryKind.NOTE, at=now, text=NOT_REACHED)
                self._changes.notify_readers(session, standing, about=f"unreached:{now.isoformat()}", at=now)
        elif _is_owed(job, standing):  # claimed meanwhile: nobody else need be asked
            self._changes.pass_over(session, standing, job.to, now)

    def _something(self, job: jobs.TellReader | jobs.TellReporter) -> Post | Withdraw:
        standing = self._timers.up_to_date(job.report)
        if standing is None or not _is_owed(job, standing):
            return Withdraw(to=job.to)
        is_stub = isinstance(job, jobs.TellReader)
        blocks = stub_blocks(job.report) if is_stub else something(ids.OPEN, str(job.report))
        return Post(to=job.to, text=SOMETHING, blocks=blocks)

    def _draft_left(self, to: str, draft_id: UUID) -> Post | Withdraw | None:
        try:
            draft = self._filing.draft(to, draft_id)
        except NotAvailable:
            return Withdraw(to=to)
        if not draft.reviewed or draft.notice:
            return None
        return Post(to=to, text=NOT_SENT_YET, blocks=draft_blocks(draft_id))

    def _time_has_come(self, job: jobs.ReportJob) -> None:
        match job:
            case jobs.DraftOver():
                self._filing.expire(job.to, job.draft, job.saved_at)
            case jobs.StubsOver():
                self._timers.stubs_over(job.report)
            case jobs.Unclaimed():
                self._timers.unclaimed(job.report, job.since)
            case jobs.Remind():
                self._timers.remind(job.report, job.since)
            case jobs.RosterChanged():
                self._learn(job.people)
                self._timers.roster_changed(job.people)
            case jobs.Compare():
                self._timers.compare(job.people, job.after)
            case jobs.Forget():
                self._timers.forget(job.report, job.looked_at)


def _is_owed(job: jobs.TellReader | jobs.TellReporter, standing: Standing) -> bool:
    if isinstance(job, jobs.TellReporter):
        return job.to == standing.reporter
    is_theirs = standing.claimer in {None, job.to}
    return job.to in standing.reader_ids and is_theirs and standing.state is State.OPEN
