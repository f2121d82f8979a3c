"""The roster: seeded from settings once, kept in the database, following what Slack says of each account."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.people import store
from gpbot.people.types import CannotHoldRole, NotOnRoster, Profile, RoleName, Roster, RosterChanged

GPBOT = "gpbot"


class People:
    def __init__(self, database: Database, audit: AuditLog) -> None:
        self.database = database
        self._audit = audit
        self._on_change: list[RosterChanged] = []

    def on_roster_change(self, hook: RosterChanged) -> None:
        """Call `hook(session, who)` in the transaction in which `who` gained or lost a role or their account."""
        self._on_change.append(hook)

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

    def follow(self, profiles: Iterable[Profile]) -> None:
        """Keep names and activity of the people gpbot knows; strangers are not stored."""
        profiles = list(profiles)
        with self.database.read() as session:
            known = {holder.slack_id for holder in store.roster(session).everyone}
        if not any(profile.slack_id in known for profile in profiles):
            return
        with self.database.begin() as session:
            before = store.roster(session)
            for profile in profiles:
                store.save_profile(session, profile)
            self._changed(session, before)

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
