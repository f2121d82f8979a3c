"""What follows from every change to a question: its cards, windows and Homes drawn again, and who is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.clock import Clock
from gpbot.home.screens import Screens
from gpbot.questions.jobs import Owed
from gpbot.questions.store import Opened, Store
from gpbot.questions.types import EntryKind, MessageKind, State

QUIET_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Part of the caller's transaction, after its own change."""

    store: Store
    owed: Owed
    screens: Screens
    audit: AuditLog
    clock: Clock
    keep_closed: timedelta  # how long a closed question is kept

    def moved(self, session: Session, opened: Opened, *, still_quiet: bool = False) -> None:
        """Something happened: the clock starts again, and people who see the question see it as it is now."""
        if opened.head.quiet and not still_quiet:
            self.store.save_head(session, opened, quiet=False)
        turn = self.store.next_turn(session, opened.id)
        self.owed.quiet(session, opened.id, turn, self.clock.now() + QUIET_AFTER)
        self.fill_cards(session, opened)
        self.redraw(session, opened)

    def open_again(self, session: Session, opened: Opened) -> None:
        """By the person who asked: with a new card, which is noticed where a changed one is not."""
        closed = opened.state is State.CLOSED
        self.store.save_head(session, opened, answered=False, claimer=None if closed else opened.claimer)
        self.store.change(session, opened.id, state=State.OPEN, closed_at=None)
        self.moved(session, opened)
        self.post_card_again(session, opened)

    def post_card_again(self, session: Session, opened: Opened) -> None:
        self.drop_messages(session, opened, MessageKind.CARD)
        self.owed.card(session, opened.id, self.store.next_card(session, opened.id))

    def close(self, session: Session, opened: Opened, *, but: str | None = None) -> None:
        now = self.clock.now()
        self.store.change(session, opened.id, state=State.CLOSED, closed_at=now)
        self.store.next_turn(session, opened.id)
        self.owed.forget(session, opened.id, now + self.keep_closed)
        self.drop_messages(session, opened, MessageKind.CARD, MessageKind.TOLD)
        self.end_on_screens(session, opened, but=but)

    def erase(self, session: Session, opened: Opened, *, but: str | None = None) -> None:
        self.drop_messages(session, opened, *MessageKind)
        self.store.erase(session, opened.id)
        self.end_on_screens(session, opened, but=but)
        self.screens.forget_windows(session, opened.id)

    def end_on_screens(self, session: Session, opened: Opened, *, but: str | None) -> None:
        """`but` is who ended it: their own window tells them what they did."""
        everybody = {*opened.answerers, opened.head.asker}
        self.screens.redraw_windows(session, everybody - {but}, opened.id)
        self.screens.redraw_homes(session, everybody)

    def drop_messages(self, session: Session, opened: Opened, *kinds: MessageKind) -> None:
        for message in self.store.messages(session, opened):
            if message.kind in kinds:
                self.screens.unsend(session, message.channel_id, message.message_ts)
                self.store.forget_message(session, message.id)

    def fill_cards(self, session: Session, opened: Opened) -> None:
        for message in self.store.messages(session, opened):
            if message.kind is MessageKind.CARD:
                self.owed.fill(session, opened.id, message.message_ts)

    def redraw(self, session: Session, opened: Opened) -> None:
        self.screens.redraw_homes(session, {*opened.answerers, opened.head.asker})

    def tell_asker(self, session: Session, opened: Opened, words: str, at: datetime) -> int:
        entry = self.store.write(session, opened, EntryKind.STATUS, at=at, text=words)
        self.owed.news(session, opened.id, entry, opened.head.asker)
        return entry

    def tell_contacts(self, session: Session, opened: Opened, entry: int) -> None:
        """While there is no champion nobody need look at the champions' channel."""
        if not opened.roster.active_champion_ids:
            for contact in opened.roster.active_contact_ids:
                self.owed.tell(session, opened.id, entry, contact)

    def log(self, session: Session, opened: Opened, actor: str, act: str) -> None:
        self.audit.record(session, actor=actor, act=act, subject=opened.id, key=opened.key)

    def is_on_a_card(self, session: Session, opened: Opened) -> bool:
        return any(message.kind is MessageKind.CARD for message in self.store.messages(session, opened))
