"""Asking Slack about what the settings name, and telling those who can mend what is wrong."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.keyring import KeyRing
from gpbot.named import Named, OfChannel
from gpbot.outbox.types import SendingEnded
from gpbot.people import members as people
from gpbot.people.types import Profile
from gpbot.places import store
from gpbot.places.jobs import Owed
from gpbot.places.types import Found, Standing, Trouble
from gpbot.signals import Signal

log = logging.getLogger(__name__)

KEPT = timedelta(minutes=10)
DAY = timedelta(days=1)
A_FEW = 5

Ask = Callable[[Named], Found]
Follow = Callable[[Sequence[Profile]], None]


class Places:
    """Each public method is one transaction."""

    def __init__(
        self, database: Database, keyring: KeyRing, owed: Owed, named: Sequence[Named], *, follow: Follow
    ) -> None:
        """`follow(profiles)` keeps what Slack says of people."""
        self._database = database
        self._keyring = keyring
        self._owed = owed
        self._named = named
        self._follow = follow
        self._ask: Ask | None = None
        self.opened_to_others = Signal[[Session, str]]()  # of a channel, whose words others may read now
        self.changed = Signal[[Session, Named, Trouble | None]]()  # in the transaction that notes it

    def ask_by(self, ask: Ask) -> None:
        """`ask(named)` asks Slack. Raises SendingEnded. Until it is given, everything counts as it was last known."""
        self._ask = ask

    def begin(self) -> None:
        """At start: what is known to be wrong is said, and everything is looked at."""
        for standing in self.wrong():
            log.warning("%s", standing.words)
        with self._database.begin() as session:
            self._owed.look(session)

    def look_at_some(self) -> bool:
        """At a few that were not looked at for ten minutes; False, and tomorrow again, where there is none.

        What was seen of a few is kept before the next are asked about, so that a process that is killed again and
        again still comes to an end with it. Raises SendingEnded when Slack does not answer.
        """
        now = self._database.clock.now()
        with self._database.read() as session:
            looked_at = store.looked_at(session)
        times = ((named, looked_at.get((named.setting, self._keyring.mark(named.slack_id)))) for named in self._named)
        old = [named for named, at in times if at is None or not _is_new(at, now)]
        if old and self._ask is not None:
            self._look_at(old[:A_FEW], self._ask, now)
            return True
        with self._database.begin() as session:
            self.owe_tomorrow(session)
        return False

    def owe_the_next(self) -> None:
        with self._database.begin() as session:
            self._owed.look(session)

    def owe_tomorrow(self, session: Session) -> None:
        self._owed.look(session, run_at=self._database.clock.now() + DAY)

    def waits(self, channel_id: str) -> bool:
        """Whether what is to be posted there has to wait. Asks Slack, if that was ten minutes ago. Raises SendingEnded.

        Every setting that names the channel has its say.
        """
        waited_for = [named for named in self._named_by(channel_id) if _is_waited_for(named)]
        return any(self.look(named) is not None for named in waited_for)

    def find_out(self, channel_id: str) -> None:
        """As `waits`, for what people read of it; while Slack does not answer, it counts as it was last known."""
        try:
            self.waits(channel_id)
        except SendingEnded as ended:
            log.warning("Slack does not say how a channel of the settings is: %s", ended.code)

    def is_fit(self, channel_id: str) -> bool:
        """By what is known, without asking: for what people read of it."""
        with self._database.read() as session:
            return all(
                store.trouble_of(store.find(session, self._keyring, named)) is None
                for named in self._named_by(channel_id)
            )

    def look(self, named: Named) -> Trouble | None:
        """Raises SendingEnded."""
        now = self._database.clock.now()
        with self._database.read() as session:
            row = store.find(session, self._keyring, named)
            if self._ask is None or (row is not None and _is_new(row.looked_at, now)):
                return store.trouble_of(row)
        (found,) = self._look_at([named], self._ask, now)
        return found.trouble

    def _look_at(self, several: Sequence[Named], ask: Ask, now: datetime) -> list[Found]:
        """What was seen before Slack answered no more is kept. Raises SendingEnded."""
        seen: list[Found] = []
        try:
            for named in several:
                seen.append(ask(named))  # noqa: PERF401  (what was seen before it raised counts)
        finally:
            if seen:
                self._keep_all(several, seen, now)
        return seen

    def look_once_more(self, channel_id: str) -> None:
        """Something happened to it: what was known of it does not count any more."""
        if not (about := self._named_by(channel_id)):
            return
        with self._database.begin() as session:
            for named in about:
                store.forget_when(session, self._keyring, named)
            self._owed.look(session)

    def wrong(self) -> list[Standing]:
        """What was not as it has to be when it was last looked at."""
        with self._database.read() as session:
            known = store.troubles(session)
        found = [
            Standing(named=each, trouble=known.get((each.setting, self._keyring.mark(each.slack_id))))
            for each in self._named
        ]
        return [each for each in found if each.trouble is not None]

    def is_to_know(self, viewer: str) -> bool:
        """Champions, and while none can act the contacts."""
        with self._database.read() as session:
            return viewer in self._to_tell(session)

    def not_champions(self) -> tuple[str, ...]:
        """Who is in the champions' channel without being one; gpbot itself is not among them."""
        with self._database.read() as session:
            champions = people.roster(session).active_champion_ids
            inside = [
                slack_id
                for named in self._named
                if isinstance(named.wants, OfChannel) and named.wants.is_champions
                for slack_id in store.members(session, self._keyring, named)
            ]
        return tuple(dict.fromkeys(each for each in inside if each not in champions))

    def still_so(self, session: Session, setting: str, mark: str, trouble: Trouble | None) -> Named | None:
        """What a message is about, unless something else is true by now."""
        named = next(
            (each for each in self._named if (each.setting, self._keyring.mark(each.slack_id)) == (setting, mark)), None
        )
        return named if named and store.trouble_of(store.find(session, self._keyring, named)) is trouble else None

    def _named_by(self, channel_id: str) -> list[Named]:
        return [named for named in self._named if named.slack_id == channel_id]

    def _keep_all(self, several: Sequence[Named], seen: Sequence[Found], now: datetime) -> None:
        """What was seen of the first of them."""
        if profiles := [found.profile for found in seen if found.profile]:
            self._follow(profiles)
        with self._database.begin() as session:
            for named, found in zip(several, seen, strict=False):
                self._keep(session, named, found, now)

    def _keep(self, session: Session, named: Named, found: Found, now: datetime) -> None:
        before = store.keep(session, self._keyring, named, found, at=now)
        if found.trouble is before:
            return
        if found.trouble is None:
            log.warning("what %s names is as it has to be again", named.setting)
        else:
            log.warning("%s", Standing(named=named, trouble=found.trouble).words)
        if found.trouble is not None and found.trouble.is_open_to_others:
            self.opened_to_others.send(session, named.slack_id)
        self.changed.send(session, named, found.trouble)
        for slack_id in self._to_tell(session):
            self._owed.tell(session, named, found.trouble, people.person_id(session, slack_id), slack_id)

    @staticmethod
    def _to_tell(session: Session) -> tuple[str, ...]:
        roster = people.roster(session)
        return tuple(sorted(roster.active_champion_ids)) or roster.active_contact_ids


def _is_new(looked_at: datetime, now: datetime) -> bool:
    return now - KEPT < looked_at <= now


def _is_waited_for(named: Named) -> bool:
    return isinstance(named.wants, OfChannel) and named.wants.is_waited_for
