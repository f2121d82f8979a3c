"""Concerns about proposals: for the champions whom it does not concern, and made a report when it is one.

A concern is read by the champions who neither proposed the channel nor are its stewards, whom its words do not name,
and who did not write it; when there is none, by the first escalation contact of whom the same is true. However it ends
(dealt with, made a report, or forgotten after the proposal), it ends alike for all of them: it can no longer be opened,
and what told them of it is taken back.
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.crypto import DoesNotOpen
from gpbot.db import Database
from gpbot.erasing import another_look
from gpbot.home.screens import Screens
from gpbot.people import members as people
from gpbot.people.known_as import KnownAs
from gpbot.people.types import RoleHolder, Roster
from gpbot.proposals.jobs import Owed
from gpbot.proposals.store import Concern, ConcernMessage, Store
from gpbot.proposals.types import AboutYou, HasEnded, NobodyCouldRead, Proposal, State, Worry
from gpbot.refusals import NotAvailable, NothingWritten, Refusal
from gpbot.reports.filing import Filing
from gpbot.reports.types import EntryKind, Filled, Handed
from gpbot.text import is_blank

log = logging.getLogger(__name__)

GPBOT = "gpbot"
WAS_A_CONCERN = (
    "You wrote this as a concern about the proposed channel #{name}. A champion thought that it should be handled as a "
    "report, in confidence. Until now those who read concerns about that proposal could read it. From now on only "
    "those named above can. It is your report: you can change who reads it, add to it, or withdraw it."
)
READ_BY_OTHERS = (
    "This was written as a concern about a proposed channel. Those who read concerns about that proposal could read it "
    "before it became a report, also those who are not handling it now."
)


class Concerns:
    """Each public method is one transaction, and raises NotAvailable to anyone who may not."""

    def __init__(
        self,
        database: Database,
        store: Store,
        owed: Owed,
        *,
        screens: Screens,
        filing: Filing,
        audit: AuditLog,
        known_as: KnownAs,
        external_help: str,
    ) -> None:
        self.database = database
        self._store = store
        self._owed = owed
        self.screens = screens
        self._filing = filing
        self._audit = audit
        self._known_as = known_as
        self._external_help = external_help

    def named_in(self, text: str) -> tuple[RoleHolder, ...]:
        """Champions and contacts whom these words name."""
        with self.database.read() as session:
            return self._known_as.mentioned(session, text, people.roster(session).everyone)

    def could_read(self, author: str, proposal: Proposal) -> tuple[RoleHolder, ...]:
        """All who would read this author's concern about it, or would be asked to, if nobody were ruled out."""
        with self.database.read() as session:
            out = {author, *proposal.involved}
            return tuple(
                each for each in people.roster(session).everyone if each.reachable and each.slack_id not in out
            )

    def raise_one(
        self,
        author: str,
        proposal_id: UUID,
        form_id: str,
        text: str,
        *,
        keep_out: Collection[str] = (),
        allowed: Collection[str] = (),
    ) -> None:
        """On disk when this returns, and once however often the form is sent.

        `allowed`: whom the words name and who, the author says, may read it all the same.
        Raises NothingWritten, HasEnded, NobodyCouldRead.
        """
        if is_blank(text):
            raise NothingWritten
        concern_id = self._store.id_for("concern of proposal", author, form_id)
        now = self.database.clock.now()
        with self.database.begin() as session:
            proposal = self._store.get(session, proposal_id)
            if proposal.state is not State.OPEN:
                raise HasEnded
            roster = people.roster(session)
            named = {each.slack_id for each in self._known_as.mentioned(session, text, roster.everyone)}
            ticked = {each.slack_id for each in roster.everyone} & set(keep_out)
            # A steward may step down, and a name change: neither lets anybody in whom it was kept from.
            out = proposal.involved | (named - set(allowed)) | ticked
            if not self._store.create_concern(
                session, concern_id, proposal_id, author, text, out=out, allowed=named & set(allowed) - ticked, at=now
            ):
                return
            concern = self._store.concern(session, concern_id)
            if concern is None or not concern.readers:
                raise NobodyCouldRead(self._external_help)
            self._tell(session, concern)
            self._log(session, concern, "author", "concern.raised")

    def look(self, viewer: str, concern_id: UUID) -> Worry:
        """Logged."""
        with self.database.begin() as session:
            concern = self._store.open_concern(session, concern_id, viewer)
            self._log(session, concern, viewer, "concern.opened")
            return concern.worry

    def show_again(self, viewer: str, concern_id: UUID) -> Worry:
        """For a window that gpbot redraws by itself, which is no look of anybody's."""
        with self.database.read() as session:
            return self._store.open_concern(session, concern_id, viewer).worry

    def waiting(self, viewer: str) -> list[Worry]:
        """Those this person may read, newest first."""
        with self.database.read() as session:
            return self._of(session, viewer)

    def of(self, viewer: str, proposal_id: UUID) -> list[Worry]:
        with self.database.read() as session:
            return self._of(session, viewer, proposal_id)

    def end(self, viewer: str, concern_id: UUID) -> None:
        """It was dealt with: it is erased."""
        with self.database.begin() as session:
            concern = self._store.open_concern(session, concern_id, viewer, to_write=True)
            self._end(session, concern, viewer, but=viewer)

    def kept_out(self, viewer: str, concern_id: UUID) -> tuple[Roster, tuple[RoleHolder, ...]]:
        """The roster, and who would not read it if it became a report, whatever is ticked."""
        with self.database.read() as session:
            concern = self._store.open_concern(session, concern_id, viewer)
            involved = tuple(each for each in concern.roster.everyone if each.slack_id in concern.involved)
            return concern.roster, tuple(dict.fromkeys((*concern.named, *involved)))

    def make_report(self, viewer: str, concern_id: UUID, filled: Filled, *, once: str = "") -> tuple[UUID, bool]:
        """The concern becomes a report of the person who wrote it, their name hidden. Once, however often it is sent.

        The report's id, and whether this act made it: it is made once, and what others choose then is not used.
        Whether the viewer is one of its readers is not told: it could tell them who wrote it.
        Nor whether anybody is left to read it: that may depend on who wrote it.
        Raises AboutYou.
        """
        report_id = self._store.id_for("report of concern", "", str(concern_id))
        with self._noting_refusals(viewer, concern_id), self.database.begin() as session:
            try:
                concern = self._store.open_concern(session, concern_id, viewer, to_write=True)
            except NotAvailable:
                is_same = self._filing.was_taken_over(session, once)  # sent twice
                if is_same or self._filing.is_reader(session, viewer, report_id):  # or by two at once
                    return report_id, is_same
                raise
            worry = concern.worry
            me = [each for each in concern.roster.everyone if each.slack_id == viewer]
            is_named = self._known_as.mentioned(session, filled.about_words, me)
            if is_named or viewer in {*filled.about_ids, *filled.keep_out_ids}:
                raise AboutYou
            # First what every reader of it sees: that it ended, like any other.
            self._end(session, concern, viewer, but=viewer)
            words = f"About the proposed channel #{worry.proposal_name}:\n\n{worry.text}"
            kept_out = tuple(dict.fromkeys((*filled.keep_out_ids, *sorted(concern.involved))))
            self._filing.take_over(
                session,
                report_id,
                worry.author,
                replace(filled, what=words, keep_out_ids=kept_out),
                [Handed(at=worry.at, kind=EntryKind.REPORT, text=words, author="")],
                written_at=worry.at,
                said=WAS_A_CONCERN.format(name=worry.proposal_name),
                noted=READ_BY_OTHERS,
                by=viewer,
                once=once,
                was="a concern about a proposal",
            )
            return report_id, True

    # --- what is on screens, and what was sent -------------------------------------------------------------------

    def note_window(self, viewer: str, view_id: str, concern_id: UUID) -> None:
        """A modal now shows this concern; emptied if its viewer may not see it any more."""
        with self.database.begin() as session:
            self.screens.note_window(session, view_id, viewer, concern_id, self.database.clock.now())
            try:
                self._store.open_concern(session, concern_id, viewer)
            except NotAvailable:
                self.screens.draw_again(session, view_id, viewer, concern_id)

    def note_message(self, session: Session, concern_id: UUID, told: ConcernMessage) -> None:
        """A message that told one of its readers was sent; it goes when the concern ends, or they read it no more."""
        concern = self._store.concern(session, concern_id)
        if concern is None:
            self.screens.unsend(session, told.channel_id, told.message_ts)
        else:
            self._store.note_concern_message(session, concern, told)
            self._take_back_from_others(session, concern)

    # --- as time passes; each is safe to repeat -----------------------------------------------------------------

    def forget(self, proposal_id: UUID, due: datetime, looked_at: datetime | None = None) -> None:
        """Its proposal ended long ago; `looked_at`: when that was about to be so."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            kept = self._store.kept_concerns(session, proposal_id)
            if kept and (look := another_look(due, now=now, looked_at=looked_at)) is not None:
                self._owed.forget(session, proposal_id, due, **look)
                return
        for concern_id in kept:
            with self.database.begin() as session:
                concern = self._store.concern(session, concern_id, to_write=True)
                if concern is not None:
                    self._end(session, concern, GPBOT)

    def roster_changed(self) -> None:
        """Roles or names did: somebody must know of each concern, and anyone its words name now holds nothing of it.

        People who were told are not told again.
        """
        with self.database.read() as session:
            kept = self._store.kept_concerns(session)
        for concern_id in kept:
            try:
                with self.database.begin() as session:
                    concern = self._store.concern(session, concern_id)
                    if concern is not None:
                        self._tell(session, concern)
                        self._take_back_from_others(session, concern)
                        gone = {each.slack_id for each in concern.roster.everyone} - set(concern.readers)
                        self.screens.redraw_windows(session, gone, concern_id)
            except DoesNotOpen:
                log.error("a concern does not open with the keys at hand")  # noqa: TRY400  (the others go on)

    # --- part of the caller's transaction ------------------------------------------------------------------------

    @contextmanager
    def _noting_refusals(self, viewer: str, concern_id: UUID) -> Iterator[None]:
        """What a refusal tells one of its readers is logged before they are told."""
        try:
            yield
        except NotAvailable:  # which tells nothing
            raise
        except Refusal:
            with self.database.begin() as session:
                concern = self._store.open_concern(session, concern_id, viewer)
                self._log(session, concern, viewer, "concern.tried to make it a report")
            raise

    def _of(self, session: Session, viewer: str, proposal_id: UUID | None = None) -> list[Worry]:
        if people.roster(session).role_of(viewer) is None:
            return []  # without opening them all
        return self._store.concerns_for(session, viewer, proposal_id)

    def _tell(self, session: Session, concern: Concern) -> None:
        for reader in concern.readers:
            self._owed.concern(session, concern.worry.id, reader)
        self.screens.redraw_homes(session, concern.readers)

    def _take_back_from_others(self, session: Session, concern: Concern) -> None:
        """What told those who read it no more; whose account is closed for now may read it again."""
        stay = {*concern.readers, *(each.slack_id for each in concern.roster.everyone if not each.reachable)}
        marks = {""}.union(*map(self._owed.marks, stay))
        for told in self._store.concern_messages(session, concern):
            if told.to not in marks:
                self.screens.unsend(session, told.channel_id, told.message_ts)
                self._store.forget_concern_message(session, told.id)

    def _end(self, session: Session, concern: Concern, actor: str, *, but: str | None = None) -> None:
        """`but` is who ended it: their own window tells them what they did."""
        concern_id = concern.worry.id
        self._log(session, concern, actor, "concern.ended")
        for told in self._store.concern_messages(session, concern):
            self.screens.unsend(session, told.channel_id, told.message_ts)
        self._store.erase_concern(session, concern_id)
        everybody = set(concern.readers) | {each.slack_id for each in concern.roster.everyone if each.reachable}
        self.screens.redraw_windows(session, everybody - {but}, concern_id)
        self.screens.redraw_homes(session, concern.readers)
        self.screens.forget_windows(session, concern_id)

    def _log(self, session: Session, concern: Concern, actor: str, act: str) -> None:
        self._audit.record(session, actor=actor, act=act, subject=concern.worry.id, key=concern.key)
