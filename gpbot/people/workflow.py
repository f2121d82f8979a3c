"""The roster: seeded from settings once, kept in the database, following what Slack says of each account."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.keyring import KeyRing
from gpbot.people import store
from gpbot.people.types import (
    CameIn,
    CannotHoldRole,
    Left,
    Member,
    NotOnRoster,
    Profile,
    RoleName,
    Roster,
    RosterChanged,
)

GPBOT = "gpbot"


class People:
    def __init__(self, database: Database, audit: AuditLog, keyring: KeyRing) -> None:
        self.database = database
        self._audit = audit
        self._keyring = keyring
        self._on_change: list[RosterChanged] = []
        self._on_coming_in: list[CameIn] = []
        self._on_leaving: list[Left] = []

    def on_roster_change(self, hook: RosterChanged) -> None:
        """Call `hook(session, who)` in the transaction in which `who` gained or lost a role or their account."""
        self._on_change.append(hook)

    def on_coming_in(self, hook: CameIn) -> None:
        """Call `hook(session, member)` when somebody joined or came back; more than once for the same occasion."""
        self._on_coming_in.append(hook)

    def on_leaving(self, hook: Left) -> None:
        """Call `hook(session, member)` in the transaction in which a full member's account was closed, or a guest's."""
        self._on_leaving.append(hook)

    def roster(self) -> Roster:
        with self.database.read() as session:
            return store.roster(session)

    def seed(self, champions: Sequence[str], contacts: Sequence[str]) -> None:
        """Champions count on the very first start only; contacts follow the setting at every start.

        Raises CannotHoldRole when a contact is on the roster.
        """
        now = self.database.clock.now()
        with self.database.begin() as session:
            before = store.roster(session)
            if not store.was_ever_seeded(session):
                for slack_id in champions:
                    store.give_role(session, slack_id, RoleName.CHAMPION, since=now)
            on_roster = {holder.slack_id for holder in store.roster(session).champions}
            both = [slack_id for slack_id in contacts if slack_id in on_roster]
            if both:
                raise CannotHoldRole(
                    f"ESCALATION_CONTACTS holds {', '.join(both)}, who is on the champions' roster. "
                    "A contact takes what no champion may handle, so it must be someone else."
                )
            held = [holder.slack_id for holder in before.contacts]
            for slack_id in held:
                if slack_id not in contacts:
                    store.end_role(session, slack_id, until=now)
            for position, slack_id in enumerate(contacts):
                if slack_id in held:
                    store.move_contact(session, slack_id, position)
                else:
                    store.give_role(session, slack_id, RoleName.CONTACT, since=now, position=position)
            if _holding(store.roster(session)) != _holding(before):
                self._audit.record(session, actor=GPBOT, act="roster.seeded")
            self._changed(session, before)

    def add_champion(self, slack_id: str, *, by: str) -> None:
        """Raises CannotHoldRole."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            before = store.roster(session)
            if any(holder.slack_id == slack_id for holder in before.everyone):
                raise CannotHoldRole(f"{slack_id} is a champion or an escalation contact already.")
            store.give_role(session, slack_id, RoleName.CHAMPION, since=now)
            self._audit.record(session, actor=by, act=f"roster.added:{slack_id}")
            self._changed(session, before)

    def remove_champion(self, slack_id: str, *, by: str) -> None:
        """Raises CannotHoldRole."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            before = store.roster(session)
            if not any(holder.slack_id == slack_id for holder in before.champions):
                raise CannotHoldRole(f"{slack_id} is not on the roster.")
            store.end_role(session, slack_id, until=now)
            self._audit.record(session, actor=by, act=f"roster.removed:{slack_id}")
            self._changed(session, before)

    def follow(self, profiles: Iterable[Profile], *, joined: bool = False) -> None:
        """Keep what Slack says of these accounts. `joined`: Slack says that they have just joined."""
        profiles = list(profiles)
        with self.database.read() as session:
            if not joined and not store.differ(session, self._keyring, profiles):
                return
        with self.database.begin() as session:
            came_in = self._save(session, profiles)
            if joined:  # perhaps known already, from the list; whoever was told once is not told again
                came_in = store.members(session, [profile.slack_id for profile in profiles])
            elif store.list_complete_at(session) is None:
                came_in = []  # only new to gpbot
            self._tell_who_came(session, came_in)

    def take_page(self, session: Session, profiles: Sequence[Profile], *, first_time: bool) -> None:
        """One page of Slack's list. Whoever is new in it came while gpbot was away, except the `first_time`."""
        came_in = self._save(session, profiles)
        if not first_time:
            self._tell_who_came(session, came_in)

    def _save(self, session: Session, profiles: Sequence[Profile]) -> list[Member]:
        before = store.roster(session)
        slack_ids = [profile.slack_id for profile in profiles]
        took_part = {each.person_id for each in store.members(session, slack_ids) if each.takes_part}
        came_in = store.save(session, self._keyring, profiles, now=self.database.clock.now())
        self._changed(session, before)
        for member in store.members(session, slack_ids) if took_part else ():
            if member.person_id in took_part and not member.takes_part:
                for hook in self._on_leaving:
                    hook(session, member)
        return came_in

    def _tell_who_came(self, session: Session, came_in: Iterable[Member]) -> None:
        for member in came_in:
            for hook in self._on_coming_in:
                hook(session, member)

    def declare_conflicts(self, slack_id: str, others: Sequence[str]) -> None:
        """The whole list of whom they should not handle reports about. Raises NotOnRoster."""
        with self.database.begin() as session:
            if store.roster(session).role_of(slack_id) is None:
                raise NotOnRoster
            wanted = [other for other in dict.fromkeys(others) if other != slack_id]
            store.declare_conflicts(session, slack_id, wanted, at=self.database.clock.now())
            self._audit.record(session, actor=slack_id, act="conflicts.declared")

    def conflicts_of(self, slack_id: str) -> list[str]:
        """Raises NotOnRoster."""
        with self.database.read() as session:
            if store.roster(session).role_of(slack_id) is None:
                raise NotOnRoster
            return store.conflicts_of(session, slack_id)

    def _changed(self, session: Session, before: Roster) -> None:
        who = frozenset(slack_id for slack_id, *_ in _holding(before) ^ _holding(store.roster(session)))
        if who:
            for hook in self._on_change:
                hook(session, who)


def _holding(roster: Roster) -> set[tuple[str, RoleName, bool]]:
    return {(holder.slack_id, holder.role, holder.reachable) for holder in roster.everyone}
