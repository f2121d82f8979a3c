"""What newcomers do, one step after another or not at all, and who welcomes them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.directory.types import Channel, NotForYou, Outcome, Topic
from gpbot.directory.workflow import Directory
from gpbot.guidelines.workflow import Guidelines
from gpbot.keyring import KeyRing
from gpbot.onboarding import store
from gpbot.onboarding.jobs import Owed
from gpbot.onboarding.models import ArrivalRow
from gpbot.onboarding.types import (
    KEEP_WORDS,
    LATER,
    MONTH,
    MOST_CHANNELS,
    MOST_WORDS,
    WEEK,
    AlreadyWelcomed,
    Arrival,
    Chosen,
    NoChannel,
    NotForClaiming,
    NotTheWelcomer,
    NotYourself,
    NoWords,
    Results,
    TooMany,
)
from gpbot.people import members as people
from gpbot.people.types import Member, RoleName
from gpbot.refusals import NotAvailable
from gpbot.text import is_blank, start_of

_BEFORE = -1  # the spell of people who were here before, and whose arrival nobody expected
MOST_SHOWN = 100  # as many as one of Slack's menus shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """Each public method is one transaction, but for those that take a session."""

    database: Database
    owed: Owed
    keyring: KeyRing
    guidelines: Guidelines
    directory: Directory
    owe_home: Callable[[Session, str], None]  # enqueues that person's App Home
    is_on: bool
    champions_welcome: bool  # newcomers are welcomed in the champions' channel, and so by champions alone

    # --- beginning -----------------------------------------------------------------------------------------------

    def came_in(self, session: Session, member: Member) -> None:
        """Somebody joined, or came back: once they have agreed to the guidelines, their arrival begins. Once."""
        self._redraw_card(session, member)
        if self.is_on and store.create(session, member.person_id, member.spell) and self._has_agreed(session, member):
            self._begin(session, member)

    def accepted(self, session: Session, member: Member, _first: bool) -> None:  # noqa: FBT001  (the hook's)
        """People who were here before gpbot came are no newcomers."""
        row = store.find(session, member.person_id)
        if self.is_on and row is not None and row.spell != _BEFORE and row.started_at is None:
            self._begin(session, member)

    def _has_agreed(self, session: Session, member: Member) -> bool:
        return self.guidelines.has_accepted(session, member.slack_id)

    def _begin(self, session: Session, member: Member) -> None:
        now = self.database.clock.now()
        store.change(session, member.person_id, started_at=now, spell=member.spell)
        self.owed.begin(session, member.person_id, member.spell, 0)
        self.owed.week(session, member.person_id, member.spell, now + WEEK)

    # --- steps ---------------------------------------------------------------------------------------------------

    def arrival(self, slack_id: str) -> Arrival | None:
        """None for anyone whom gpbot does not know."""
        with self.database.read() as session:
            member = self._member(session, slack_id)
            return self.arrival_of(session, member) if member else None

    def arrival_of(self, session: Session, member: Member) -> Arrival:
        row = store.find(session, member.person_id) or ArrivalRow(person_id=member.person_id, spell=member.spell)
        welcomer = people.member(session, row.welcomer_id) if row.welcomer_id else None
        why = str(self.keyring.box.open(row.sealed_why)["why"]) if row.sealed_why else None
        return Arrival(
            member=member,
            is_new=row.started_at is not None and row.spell == member.spell,
            skipped=row.skipped_at is not None,
            put_off=row.later_at is not None,
            reminded=row.later_at is not None and row.later_at + LATER <= self.database.clock.now(),
            said_hello=row.hello_at is not None,
            why=why,
            gave_why=row.why_at is not None,
            welcomed_by=welcomer.slack_id if welcomer else None,
            message=_place(row.channel_id, row.message_ts),
            card=_place(row.card_channel_id, row.card_ts),
            joined=store.chosen(session, member.person_id),
        )

    def topics(self, slack_id: str) -> list[Topic]:
        """Raises NotForYou."""
        with self.database.read() as session:
            self.directory.let_in(session, slack_id)
            return self.directory.topics(session)

    def channels_about(self, slack_id: str, topics: Sequence[str]) -> list[Channel]:
        """Open channels of these topics, by name; a hundred at most. Raises NotForYou, NoChannel."""
        with self.database.read() as session:
            self.directory.let_in(session, slack_id)
            found: dict[str, Channel] = {}
            for topic in dict.fromkeys(topics):
                page = self.directory.public(session, topic=topic, limit=MOST_SHOWN)
                found |= {channel.id: channel for channel in page.channels}
        if not found:
            raise NoChannel
        return sorted(found.values(), key=lambda channel: channel.name)[:MOST_SHOWN]

    def choose(self, slack_id: str, channel_ids: Sequence[str], view_id: str) -> int:
        """They are added to these channels, one after another; which time of choosing it is.

        Whatever is no open public channel is left out. Raises NotForYou, NoChannel, TooMany.
        """
        with self.database.begin() as session:
            self.directory.let_in(session, slack_id)
            member = self._known(session, slack_id)
            known = [each.id for each in self.directory.several(session, channel_ids[:MOST_SHOWN])]
            if not known:
                raise NoChannel
            if len(known) > MOST_CHANNELS:
                raise TooMany
            store.create(session, member.person_id, _BEFORE)
            number = store.choose(session, member.person_id, known)
            for channel_id in known:
                chosen = Chosen(person_id=member.person_id, number=number, channel_id=channel_id, view_id=view_id)
                self.owed.join(session, chosen)
        return number

    def note_outcome(self, session: Session, chosen: Chosen, outcome: Outcome) -> None:
        store.note_outcome(session, chosen, outcome)
        self.owed.window(session, chosen.person_id, chosen.number, chosen.view_id)
        if None not in store.chosen(session, chosen.person_id, chosen.number).values():
            self._show(session, chosen.person_id)
            # Somebody who was here before gpbot: how joining went is said to them all the same.
            self.owed.results(session, chosen.person_id)

    def results(self, slack_id: str, number: int) -> Results:
        with self.database.read() as session:
            return self.results_of(session, self._known(session, slack_id).person_id, number)

    def results_of(self, session: Session, person_id: int, number: int) -> Results:
        chosen = store.chosen(session, person_id, number)
        known = {each.id: each for each in self.directory.several(session, list(chosen))}
        return Results(channels=tuple((known.get(each), each, outcome) for each, outcome in chosen.items()))

    def said_hello(self, slack_id: str) -> None:
        self._note(slack_id, hello_at=self.database.clock.now())

    def put_off(self, slack_id: str) -> None:
        """They are asked once more."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            member = self._known(session, slack_id)
            row = store.find(session, member.person_id)
            if row is None:
                raise NotAvailable
            if row.later_at is None and row.skipped_at is None:
                store.change(session, member.person_id, later_at=now)
                self.owed.begin(session, member.person_id, row.spell, 1, now + LATER)
            self._show(session, member.person_id)

    def skip(self, slack_id: str) -> None:
        """Nothing more comes by itself; App Home keeps the steps."""
        with self.database.begin() as session:
            member = self._known(session, slack_id)
            row = store.find(session, member.person_id)
            if row is None:
                raise NotAvailable
            store.change(session, member.person_id, skipped_at=self.database.clock.now())
            self.owed.do_not_begin_again(session, member.person_id, row.spell)
            self._show(session, member.person_id)

    # --- why they joined, and who welcomes them ------------------------------------------------------------------

    def tell_why(self, slack_id: str, words: str) -> None:
        """A second time replaces the first. Raises NoWords."""
        if is_blank(words):
            raise NoWords
        now = self.database.clock.now()
        with self.database.begin() as session:
            member = self._known(session, slack_id)
            store.create(session, member.person_id, _BEFORE)
            sealed = self.keyring.box.seal({"why": start_of(words.strip(), MOST_WORDS)})
            store.change(session, member.person_id, sealed_why=sealed, why_at=now)
            self.owed.card(session, member.person_id)
            self.owed.fill(session, member.person_id)
            self.owed.forget(session, member.person_id, now + KEEP_WORDS)
            self._show(session, member.person_id)

    def claim(self, viewer: str, person_id: int) -> None:
        """`viewer` will welcome them. Raises NotYourself, NotForClaiming, AlreadyWelcomed, NotAvailable."""
        with self.database.begin() as session:
            welcomer = self._welcomer(session, viewer)
            row = store.find(session, person_id, to_write=True)
            if row is None or row.why_at is None:
                raise NotAvailable
            if welcomer.person_id == person_id:
                raise NotYourself
            if row.welcomer_id == welcomer.person_id:
                return
            if not store.claim(session, person_id, welcomer.person_id):
                raise AlreadyWelcomed
            self.owed.welcomed(session, person_id, welcomer.person_id)
            self.owed.fill(session, person_id)
            self._show(session, person_id)

    def release(self, viewer: str, person_id: int) -> None:
        """Somebody else may do it. Raises NotForClaiming, NotTheWelcomer."""
        with self.database.begin() as session:
            welcomer = self._welcomer(session, viewer)
            row = store.find(session, person_id, to_write=True)
            if row is None or row.welcomer_id is None:
                return
            if row.welcomer_id != welcomer.person_id:
                raise NotTheWelcomer
            self._free(session, person_id)

    def left(self, session: Session, member: Member) -> None:
        """Their card says so; and what they claimed, somebody else may do."""
        self._redraw_card(session, member)
        self._free_claims(session, member)

    def roster_changed(self, session: Session, who: Collection[str]) -> None:
        """What those claimed who may welcome nobody any more, somebody else may do."""
        for member in people.members(session, list(who)):
            if not self._may_welcome(session, member):
                self._free_claims(session, member)

    def forget(self, person_id: int) -> None:
        """Their words go when they are old enough; words written since stay until their own time."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            row = store.find(session, person_id, to_write=True)
            if row is not None and row.sealed_why is not None and row.why_at and row.why_at + KEEP_WORDS <= now:
                store.change(session, person_id, sealed_why=None)
                self.owed.fill(session, person_id)

    # --- what was sent -------------------------------------------------------------------------------------------

    def note_message(self, session: Session, person_id: int, channel_id: str, message_ts: str) -> None:
        """The message that shows their steps from now on; one before it goes."""
        row = store.find(session, person_id)
        if row is not None and row.channel_id and row.message_ts:
            self.owed.unsend(session, person_id, row.channel_id, row.message_ts)
        store.change(session, person_id, channel_id=channel_id, message_ts=message_ts)
        self.owed.show(session, person_id)  # as things stand by now

    def note_card(self, session: Session, person_id: int, channel_id: str, message_ts: str) -> None:
        store.change(session, person_id, card_channel_id=channel_id, card_ts=message_ts)
        self.owed.fill(session, person_id)

    def note_check(self, session: Session, person_id: int) -> None:
        store.change(session, person_id, checked_at=self.database.clock.now())

    def is_still_owed(self, session: Session, person_id: int, spell: int) -> Member | None:
        """Whom a message is for; None when they left, came back since, or skip all this."""
        member = people.member(session, person_id)
        row = store.find(session, person_id)
        if member is None or row is None or member.deactivated or not member.kind.is_here:
            return None
        return member if member.spell == spell and row.skipped_at is None else None

    def is_recent(self, slack_id: str) -> bool:
        """Whether they are a newcomer whose first steps are still shown: for a month."""
        with self.database.read() as session:
            member = self._member(session, slack_id)
            row = store.find(session, member.person_id) if member else None
        return row is not None and row.started_at is not None and self.database.clock.now() < row.started_at + MONTH

    def may_choose(self, session: Session, slack_id: str) -> bool:
        """Whether channels are for them to find: not for guests."""
        try:
            self.directory.let_in(session, slack_id)
        except NotForYou:
            return False
        return True

    # --- inside --------------------------------------------------------------------------------------------------

    def _show(self, session: Session, person_id: int) -> None:
        """Their status, wherever it is shown to them."""
        member = people.member(session, person_id)
        if member is not None:
            self.owed.show(session, person_id)
            self.owe_home(session, member.slack_id)

    def _note(self, slack_id: str, **values: object) -> None:
        with self.database.begin() as session:
            member = self._known(session, slack_id)
            store.create(session, member.person_id, _BEFORE)
            store.change(session, member.person_id, **values)
            self._show(session, member.person_id)

    def _member(self, session: Session, slack_id: str) -> Member | None:
        return people.member_called(session, slack_id)

    def _known(self, session: Session, slack_id: str) -> Member:
        member = self._member(session, slack_id)
        if member is None or not member.kind.is_here or member.deactivated:
            raise NotAvailable
        return member

    def _welcomer(self, session: Session, slack_id: str) -> Member:
        member = self._known(session, slack_id)
        if not self._may_welcome(session, member):
            raise NotForClaiming
        return member

    def _may_welcome(self, session: Session, member: Member) -> bool:
        if people.roster(session).role_of(member.slack_id) is RoleName.CHAMPION:
            return True
        return not self.champions_welcome and member.takes_part and self._has_agreed(session, member)

    def _redraw_card(self, session: Session, member: Member) -> None:
        row = store.find(session, member.person_id)
        if row is not None and row.card_ts is not None:
            self.owed.fill(session, member.person_id)

    def _free_claims(self, session: Session, member: Member) -> None:
        for person_id in store.claimed_by(session, member.person_id):
            self._free(session, person_id)

    def _free(self, session: Session, person_id: int) -> None:
        store.change(session, person_id, welcomer_id=None)
        self.owed.fill(session, person_id)
        self._show(session, person_id)


def _place(channel_id: str | None, message_ts: str | None) -> tuple[str, str] | None:
    return (channel_id, message_ts) if channel_id and message_ts else None
