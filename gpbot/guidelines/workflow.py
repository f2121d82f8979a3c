"""Publishing, agreeing, and seeing who has not agreed yet."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.guidelines import days, mrkdwn, store
from gpbot.guidelines.jobs import Owed
from gpbot.guidelines.pasted import cleaned
from gpbot.guidelines.types import (
    CAP,
    Counts,
    ForChampions,
    NoReason,
    NothingPublished,
    NothingToFind,
    NotKnownYet,
    NotPublishable,
    NotYours,
    Outstanding,
    OutstandingPage,
    ReadAgain,
    Standing,
    Version,
    Where,
)
from gpbot.keyring import KeyRing
from gpbot.people import members as people
from gpbot.people import names
from gpbot.people.types import Member, RoleName
from gpbot.refusals import NotAvailable
from gpbot.signals import Signal
from gpbot.text import is_blank

PAGE = 20
MOST_PIECES = 60  # sections of up to 2,900 characters: what one modal of Slack's takes, with room
MOST_CHANGES = 2000
MOST_CATEGORIES = 90
LONGEST_CATEGORY = 75  # as much as one of Slack's menus shows


class Guidelines:
    """Each public method is one transaction."""

    def __init__(
        self,
        database: Database,
        owed: Owed,
        audit: AuditLog,
        keyring: KeyRing,
        *,
        wait: timedelta,
        guests: bool,
        gives_notice: bool,
    ) -> None:
        """`wait` is between joining and the first message; `guests` says whether guests are to agree too.

        `gives_notice`: there is a general channel in which minor versions are told of.
        """
        self.database = database
        self.guests = guests
        self._owed = owed
        self._audit = audit
        self._keyring = keyring
        self._wait = wait
        self.gives_notice = gives_notice
        self.accepted = Signal[[Session, Member, bool]]()  # the member, and whether for the first time

    # --- versions ------------------------------------------------------------------------------------------------

    def publish(self, markdown: str, *, is_major: bool, changes: str, attribution: str, by: str) -> Version:
        """The new version, which nothing alters any more. Raises NotPublishable."""
        text = cleaned(markdown).strip() + "\n"
        with self.database.begin() as session:
            newest, _ = store.numbers(session)
            before = store.find(session, newest)
            fresh = Version(
                number=newest + 1,
                markdown=text,
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                is_major=is_major or before is None,
                changes=changes.strip(),
                attribution=_attribution(attribution, before),
                published_at=self.database.clock.now(),
            )
            _check(fresh, before)
            if not store.create(session, fresh):
                raise NotPublishable("Another version was published at the same moment. Look at it, then try again.")
            if not fresh.is_major and self.gives_notice:
                self._owed.notice(session, fresh.number)
            self._audit.record(session, actor=by, act=f"guidelines.published:{fresh.number}")
        return fresh

    def current(self) -> Version | None:
        with self.database.read() as session:
            return store.find(session, store.numbers(session)[0])

    def version(self, number: int) -> Version | None:
        with self.database.read() as session:
            return store.find(session, number)

    def versions(self) -> list[Version]:
        """The newest first."""
        with self.database.read() as session:
            return store.versions(session)

    def categories(self) -> tuple[str, ...]:
        """What can be reported, in the community's own words; empty when its guidelines do not list it."""
        version = self.current()
        return mrkdwn.categories(version.markdown) if version else ()

    def categories_ever(self) -> frozenset[str]:
        """Of every version: a form may have been opened before the newest one."""
        return frozenset(name for version in self.versions() for name in mrkdwn.categories(version.markdown))

    # --- agreeing ------------------------------------------------------------------------------------------------

    def standing(self, slack_id: str) -> Standing:
        with self.database.read() as session:
            return self.standing_of(session, slack_id)

    def standing_of(self, session: Session, slack_id: str) -> Standing:
        """The same, in the caller's transaction."""
        return self._standing(session, people.member_called(session, slack_id))

    def has_accepted(self, session: Session, slack_id: str) -> bool:
        """Whether they count as someone who agreed: to the newest major version, or to one before in its grace."""
        standing = self.standing_of(session, slack_id)
        return standing.is_settled or (standing.until is not None and self.database.clock.now() < standing.until)

    def takes_part(self, session: Session, member: Member) -> bool:
        """As `has_accepted`, by less reading; everybody while no guidelines are published."""
        _, required = store.numbers(session)
        if member.accepted_number >= required:
            return True
        major = store.find(session, required) if member.accepted_number else None
        return major is not None and self.database.clock.now() < major.published_at + days.GRACE

    def accept(
        self,
        slack_id: str,
        number: int,
        where: Where,
        *,
        addressee: int | None = None,
        message: tuple[str, str] | None = None,
    ) -> Standing:
        """They agree to version `number`, which they were shown; a second time changes nothing.

        `addressee` is the person a message was for, `message` the one they pressed in.
        Raises NotKnownYet, NothingPublished, ReadAgain, NotYours.
        """
        with self.database.begin() as session:
            member = people.member_called(session, slack_id)
            if member is None or not member.kind.is_here:
                raise NotKnownYet
            if addressee is not None and addressee != member.person_id:
                raise NotYours
            version = self._acceptable(session, number)
            self._accept(session, member.person_id, version, where)
            standing = self.standing_of(session, slack_id)
            if message is not None and standing.member is not None:
                # It may not be known yet: killed just after it was sent.
                self._owed.receipt(session, standing.member, standing.member.accepted_number, *message)
            return standing

    def mark(self, viewer: str, person_id: int, reason: str) -> Standing:
        """A champion notes that somebody agreed, and how they know; that person is told.

        Raises ForChampions, NoReason, NothingPublished, NotAvailable.
        """
        with self.database.begin() as session:
            self._for_champions(session, viewer)
            member = people.member(session, person_id)
            if member is None:
                raise NotAvailable
            if is_blank(reason):
                raise NoReason
            newest, _ = store.numbers(session)
            version = self._acceptable(session, newest)
            sealed = self._keyring.box.seal({"by": viewer, "reason": reason.strip()})
            if self._accept(session, person_id, version, Where.BY_HAND, sealed_reason=sealed):
                self._owed.noted(session, member, version.number)
                self._audit.record(session, actor=viewer, act=f"guidelines.marked:{member.slack_id}:{version.number}")
            return self.standing_of(session, member.slack_id)

    def came_in(self, session: Session, member: Member) -> None:
        """Somebody joined, or came back: they are told after a short wait, unless they agreed already."""
        standing = self._standing(session, member)
        if standing.is_owed:
            now = self.database.clock.now()
            self._owed.tell(session, member, standing.required, nth=0, run_at=now + self._wait)

    # --- for champions -------------------------------------------------------------------------------------------

    def counts(self) -> Counts:
        with self.database.read() as session:
            _, required = store.numbers(session)
            return Counts(
                accepted=people.count_accepted(session, max(required, 1), guests=self.guests, cap=CAP),
                outstanding=people.count_not_accepted(session, required, guests=self.guests, cap=CAP),
            )

    def outstanding(self, viewer: str, cursor: str = "") -> OutstandingPage:
        """Raises ForChampions, NothingPublished."""
        accepted, _, last = cursor.partition(".")
        after = (int(accepted), int(last)) if accepted.isdecimal() and last.isdecimal() else (-1, 0)
        with self.database.read() as session:
            self._for_champions(session, viewer)
            _, required = store.numbers(session)
            if not required:
                raise NothingPublished
            found = people.not_accepted(session, required, guests=self.guests, after=after, limit=PAGE + 1)
            shown = found[:PAGE]
            last_shown = shown[-1] if len(found) > PAGE else None
            return OutstandingPage(
                lines=tuple(store.with_what_was_sent(session, shown, required)),
                next=f"{last_shown.accepted_number}.{last_shown.person_id}" if last_shown else None,
            )

    def search(self, viewer: str, text: str, cursor: str = "") -> OutstandingPage:
        """Those who have not agreed in whose name or title a word begins with each word of `text`.

        Raises ForChampions, NothingPublished, NothingToFind.
        """
        after = int(cursor) if cursor.isdecimal() else 0
        with self.database.read() as session:
            self._for_champions(session, viewer)
            _, required = store.numbers(session)
            if not required:
                raise NothingPublished
            if not names.searched(text):
                raise NothingToFind
            found = people.not_accepted_called(
                session, self._keyring, required, text, guests=self.guests, after=after, limit=PAGE + 1
            )
            shown = found[:PAGE]
            return OutstandingPage(
                lines=tuple(store.with_what_was_sent(session, shown, required)),
                next=str(shown[-1].person_id) if len(found) > PAGE else None,
                searched=text.strip(),
            )

    def look_up(self, viewer: str, slack_ids: Sequence[str]) -> list[tuple[Standing, Outstanding]]:
        """The status of these people; those whom gpbot does not know are left out. Raises ForChampions."""
        with self.database.read() as session:
            self._for_champions(session, viewer)
            _, required = store.numbers(session)
            members = people.members(session, slack_ids)
            sent = store.with_what_was_sent(session, members, required)
            return [(self._standing(session, each.member), each) for each in sent]

    def line(self, viewer: str, person_id: int) -> Outstanding:
        """One of them. Raises ForChampions, NotAvailable."""
        with self.database.read() as session:
            self._for_champions(session, viewer)
            member = people.member(session, person_id)
            if member is None:
                raise NotAvailable
            _, required = store.numbers(session)
            return store.with_what_was_sent(session, [member], required)[0]

    def is_champion(self, viewer: str) -> bool:
        with self.database.read() as session:
            return people.roster(session).role_of(viewer) is RoleName.CHAMPION

    # --- inside --------------------------------------------------------------------------------------------------

    def _standing(self, session: Session, member: Member | None) -> Standing:
        newest, required = store.numbers(session)
        current = store.find(session, newest)
        accepted = store.newest_acceptance(session, member.person_id) if member else None
        major = current if newest == required else store.find(session, required)
        in_grace = accepted is not None and accepted.number < required and major is not None
        return Standing(
            member=member,
            current=current,
            required=required,
            accepted=accepted,
            is_asked=member is not None and self.asks(member),
            until=major.published_at + days.GRACE if in_grace and major is not None else None,
        )

    def asks(self, member: Member) -> bool:
        """Whether this person is to agree: bots, strangers and closed accounts never."""
        return member.kind.is_here and not member.deactivated and (self.guests or member.kind.is_full)

    def _acceptable(self, session: Session, number: int) -> Version:
        _, required = store.numbers(session)
        if not required:
            raise NothingPublished
        version = store.find(session, number)
        if version is None or number < required:
            raise ReadAgain
        return version

    def _accept(
        self, session: Session, person_id: int, version: Version, where: Where, *, sealed_reason: bytes | None = None
    ) -> bool:
        member = people.member(session, person_id, to_write=True)
        if member is None or member.accepted_number >= version.number:
            return False
        _, required = store.numbers(session)
        settled_before = member.accepted_number >= required
        now = self.database.clock.now()
        store.accept(session, person_id, version, at=now, where=where, sealed_reason=sealed_reason)
        people.note_accepted(session, person_id, version.number)
        self._owed.stop_telling(session, member, required, last=days.LAST)
        for channel_id, message_ts in store.messages(session, person_id):
            self._owed.receipt(session, member, version.number, channel_id, message_ts)
        if not settled_before:
            self.accepted.send(session, member, member.accepted_number == 0)
        return True

    def _for_champions(self, session: Session, viewer: str) -> None:
        if people.roster(session).role_of(viewer) is not RoleName.CHAMPION:
            raise ForChampions


def _attribution(given: str, before: Version | None) -> str:
    """That of the version before, where none is given."""
    return given.strip() if not is_blank(given) else before.attribution if before else ""


def _check(fresh: Version, before: Version | None) -> None:
    """Raises NotPublishable."""
    check_text(fresh.markdown)
    if before is not None and before.sha256 == fresh.sha256:
        raise NotPublishable(f"It is the same text as version {before.number}, which is the current one.")
    if before is not None and not fresh.changes:
        raise NotPublishable("Say in a few words what changed: members read that first.")
    if len(fresh.changes) > MOST_CHANGES:
        raise NotPublishable(f"What changed is longer than {MOST_CHANGES} characters. A few lines are enough.")


def check_text(markdown: str) -> None:
    """Whether Slack can show it. Raises NotPublishable."""
    if is_blank(markdown):
        raise NotPublishable("There is no text in it.")
    if len(mrkdwn.pieces(markdown)) > MOST_PIECES:
        raise NotPublishable("It is too long to be shown in Slack in one piece.")
    categories = mrkdwn.categories(markdown)
    too_long = [name for name in categories if len(name) > LONGEST_CATEGORY]
    if too_long or len(categories) > MOST_CATEGORIES:
        raise NotPublishable(
            f"Under “{mrkdwn.CATEGORIES_HEADING}”, each line may have {LONGEST_CATEGORY} characters, and there may be "
            f"{MOST_CATEGORIES} lines: people choose from them in a menu when they report."
        )
