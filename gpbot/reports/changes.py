"""What follows from every change to a report: messages taken back, windows emptied, Homes redrawn, the next reader."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.clock import after_working_days
from gpbot.home.screens import Screens
from gpbot.people.types import RoleHolder
from gpbot.reports.jobs import Owed
from gpbot.reports.store import Opened, Standing, Store
from gpbot.reports.types import EntryKind, State

GPBOT = "gpbot"
FIRST_REMINDER_DAYS = 1  # working days until those who could claim it are reminded, and from then on
NEXT_REMINDER_DAYS = 5
IDLE_DAYS = 10  # working days without a word from the one who claimed it, until it is released
UNCLAIMED_DAYS = 5  # working days until the next contact outside the champions is asked
NOBODY_CAN_READ = "Nobody here can read this at the moment. Please contact {external_help} if you need an answer."
NOBODY_REACHED = (
    "Nobody who can read this could be told that it is here. Please contact {external_help} if you need an answer."
)
NOT_REACHED = "A message has not reached the reporter."
NOT_TOLD = "{name} could not be told about this: Slack did not take the message."
READERS_CHANGED = "Who can read this has changed. You see above who can read it now."
SEEM_NAMED = (
    "{names} cannot read this from now on, because your words seem to name them. They are not told. If they may read "
    "it all the same, press “Change who can read” and take the tick away."
)
ASKED_OUTSIDE = "Someone outside the champions has been asked to look at this."


class Changes:
    """Part of the caller's transaction, after its own change."""

    def __init__(self, store: Store, owed: Owed, screens: Screens, audit: AuditLog, *, external_help: str) -> None:
        self._store = store
        self._owed = owed
        self._screens = screens
        self._audit = audit
        self._external_help = external_help

    def follow(self, session: Session, before: Standing, at: datetime, *, lost: Collection[str] | None = None) -> None:
        """Bring the world in line with who may read the report now; `before` is its status then.

        `lost`: who may have lost it, where `before` cannot tell; their screens are the caller's, once, however
        many reports there are: people who could never read them must not see how often it is redrawn.
        """
        now = self._store.open_as_caretaker(session, before.id)
        if now is None:
            return
        may_have_lost = before.reader_ids if lost is None else lost
        for who in sorted(set(may_have_lost) - set(now.reader_ids)):
            self.take_back(session, now, who)
            if lost is None:
                self._screens.redraw_windows(session, [who], now.id)
                self._screens.redraw_home(session, who)
        was_claimed = self._store.release_claim(session, now)
        if now.state is State.OPEN:
            if not now.readers:
                self.ask_next_contact(session, now, at)
            elif was_claimed:
                self.notify_readers(session, now, about=f"left:{at.isoformat()}", at=at)
                self.await_claim(session, now, at)
        self.redraw(session, now)

    def take_back(self, session: Session, standing: Standing, who: str) -> None:
        """Every message about this report that `who` may still have."""
        for sent in self._store.messages(session, standing):
            if sent.to == who and who != standing.reporter:
                self._screens.unsend(session, sent.channel_id, sent.message_ts)
                self._store.forget_message(session, sent.id)

    def redraw_for(self, session: Session, who: str) -> None:
        self._screens.redraw_all_of(session, who)

    def drop_stubs(self, session: Session, standing: Standing, *, older_than: datetime | None = None) -> None:
        """Take the stubs back from everybody alike."""
        for sent in self._store.messages(session, standing):
            if sent.is_stub and (older_than is None or sent.sent_at <= older_than):
                self._screens.unsend(session, sent.channel_id, sent.message_ts)
                self._store.forget_message(session, sent.id)

    def redraw(self, session: Session, standing: Standing) -> None:
        self._screens.redraw_homes(session, {*standing.reader_ids, standing.reporter})

    def ask_next_contact(self, session: Session, standing: Standing, at: datetime) -> None:
        """The next contact who is not excluded; with none left and no reader, the reporter is told."""
        contact = standing.next_contact
        if contact is None:
            once = f"nobody:{standing.id}:{standing.waiting_since}"
            if not standing.readers and not self._store.was_written(session, once):
                words = NOBODY_CAN_READ.format(external_help=self._external_help)
                entry = self._store.tell_reporter(session, standing, words, at=at, once=once)
                self._owed.news(session, standing.id, standing.reporter, about=str(entry))
            return
        self._store.add_contact(session, standing, contact.slack_id)
        entry = self._store.tell_reporter(session, standing, ASKED_OUTSIDE, at=at)
        self._owed.news(session, standing.id, standing.reporter, about=str(entry))
        self._owed.stub(session, standing.id, contact.slack_id, about=f"asked:{entry}")
        self._owed.stubs_over(session, standing.id, f"asked:{entry}", at)
        self.await_claim(session, standing, at)
        self._screens.redraw_home(session, contact.slack_id)
        self._audit.record(session, actor=GPBOT, act="next contact asked", subject=standing.id, key=standing.key)

    def pass_over(self, session: Session, standing: Standing, who: str, at: datetime) -> None:
        """A message to this reader gave up: a claim of theirs is free, and when no reader was told, the next one is."""
        if not self._store.was_written(session, _unreached(standing, who)):
            words = NOT_TOLD.format(name=standing.roster.name_of(who) or "A reader")
            self._store.write(session, standing, EntryKind.NOTE, at=at, text=words, once=_unreached(standing, who))
        told = {sent.to for sent in self._store.messages(session, standing) if sent.is_stub}
        hopeful = [
            reader
            for reader in standing.reader_ids
            if reader != who and (reader in told or not self._store.was_written(session, _unreached(standing, reader)))
        ]
        if standing.claimer == who:
            self._free(session, standing, [each for each in standing.reader_ids if each != who], at)
        if hopeful:
            return
        if standing.next_contact is not None:
            self.ask_next_contact(session, standing, at)
        elif not self._store.was_written(session, once := f"nobody told:{standing.id}:{standing.waiting_since}"):
            words = NOBODY_REACHED.format(external_help=self._external_help)
            entry = self._store.tell_reporter(session, standing, words, at=at, once=once)
            self._owed.news(session, standing.id, standing.reporter, about=str(entry))

    def knows(self, session: Session, standing: Standing, who: str) -> None:
        """They opened it: that a message to them gave up before does not count any more."""
        self._store.may_be_written_again(session, _unreached(standing, who))

    def notify_readers(
        self,
        session: Session,
        standing: Standing,
        *,
        about: str,
        at: datetime,
        but: str | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        """The reader who handles it; while nobody does, every reader (or `only` those, and all `but` one)."""
        told = [standing.claimer] if standing.claimer and only is None else standing.reader_ids
        told = [reader for reader in told if reader != but and (only is None or reader in only)]
        for reader in told:
            self._owed.stub(session, standing.id, reader, about=about)
        if told:
            self._owed.stubs_over(session, standing.id, about, at)

    def await_claim(self, session: Session, standing: Standing, at: datetime) -> None:
        """Remind its readers until somebody claims it, and ask the next contact when nobody does in time."""
        since = at.isoformat()
        if standing.waiting_since != since:
            self._store.wait_from(session, standing, since)
        self._owed.remind(session, standing.id, after_working_days(at, FIRST_REMINDER_DAYS), since=since)
        self._owed.unclaimed(session, standing.id, after_working_days(at, UNCLAIMED_DAYS), since=since)

    def await_work(self, session: Session, standing: Standing, at: datetime) -> None:
        """Somebody has claimed it: remind them when nothing happens, and in the end release it."""
        since = at.isoformat()
        self._store.wait_from(session, standing, since)
        self._owed.remind(session, standing.id, after_working_days(at, NEXT_REMINDER_DAYS), since=since)

    def remind(self, session: Session, standing: Standing, at: datetime) -> None:
        """Those who could claim it, or the one who has and does nothing; idle for long, it is free for others again."""
        since = datetime.fromisoformat(standing.waiting_since)
        if standing.claimer is None and standing.next_contact and after_working_days(since, UNCLAIMED_DAYS) <= at:
            self.ask_next_contact(session, standing, at)  # nobody outside could be asked when it was time
            return
        if standing.claimer is not None:
            last = max(self._store.last_work_at(session, standing) or since, since)
            if after_working_days(last, IDLE_DAYS) <= at:
                self._free(session, standing, standing.reader_ids, at)
                return
            is_quiet = after_working_days(last, NEXT_REMINDER_DAYS) <= at
        if standing.claimer is None or is_quiet:
            self.notify_readers(session, standing, about=f"remind:{standing.waiting_since}:{at.date()}", at=at)
        later = after_working_days(at, NEXT_REMINDER_DAYS)
        self._owed.remind(session, standing.id, later, since=standing.waiting_since)

    def _free(self, session: Session, standing: Standing, told: Collection[str], at: datetime) -> None:
        """End a claim in its holder's stead."""
        self._store.end_claim(session, standing)
        self.notify_readers(session, standing, about=f"free:{at.isoformat()}", at=at, only=told)
        self.await_claim(session, standing, at)
        self.redraw(session, standing)
        self._audit.record(session, actor=GPBOT, act="released", subject=standing.id, key=standing.key)

    def tell_reporter(self, session: Session, standing: Standing, words: str, *, at: datetime) -> None:
        """Words of gpbot's own in the reporter's view, and a message that something waits there."""
        entry = self._store.tell_reporter(session, standing, words, at=at)
        self._owed.news(session, standing.id, standing.reporter, about=str(entry))

    def tell_whom_words_name(
        self, session: Session, standing: Standing, kept_out: Iterable[RoleHolder], *, at: datetime
    ) -> None:
        """Nobody asked the reporter about these, who could have read it or been asked to."""
        if names := ", ".join(holder.name for holder in kept_out):
            self.tell_reporter(session, standing, SEEM_NAMED.format(names=names), at=at)

    def close(self, session: Session, standing: Standing, forget_at: datetime, *, at: datetime) -> None:
        self._store.change(session, standing.id, state=State.CLOSED, closed_at=at)
        self.drop_stubs(session, standing)
        self._owed.forget(session, standing.id, forget_at)
        self.redraw(session, standing)

    def reopen(self, session: Session, opened: Opened, at: datetime) -> None:
        self._store.save_head(session, opened, outcome=None, claimer=None)
        self._store.change(session, opened.id, state=State.OPEN, closed_at=None, claimed_at=None)
        self.await_claim(session, opened, at)
        self.redraw(session, opened)

    def erase(self, session: Session, standing: Standing, *, but: str | None = None) -> None:
        """Destroy the report, and take back every message and window that led to it, `but` one person's windows."""
        for sent in self._store.messages(session, standing):
            self._screens.unsend(session, sent.channel_id, sent.message_ts)
        self._screens.redraw_windows(session, {standing.reporter, *standing.reader_ids} - {but}, standing.id)
        self._screens.forget_windows(session, standing.id)
        self.redraw(session, standing)
        self._audit.record(session, actor=GPBOT, act="erased", subject=standing.id, key=standing.key)
        self._store.erase(session, standing)


def _unreached(standing: Standing, who: str) -> str:
    """What is written once about somebody who could not be told."""
    return f"unreached:{standing.id}:{who}"
