"""The roster: seeded from settings once, kept in the database, following what Slack says of each account."""

import logging
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.keyring import KeyRing
from gpbot.people import members, naming, roles, sealed_roster, store
from gpbot.people.organisations import as_written
from gpbot.people.types import (
    MOST_CONFLICTS,
    Bar,
    CannotHoldRole,
    Kind,
    LastChampion,
    Member,
    NotOnRoster,
    Profile,
    RoleHolder,
    RoleName,
    Roster,
    TooManyConflicts,
)
from gpbot.signals import Signal

log = logging.getLogger(__name__)

GPBOT = "gpbot"


class People:
    def __init__(self, database: Database, audit: AuditLog, keyring: KeyRing) -> None:
        self.database = database
        self._audit = audit
        self._keyring = keyring
        # Each is sent in the transaction in which it happened.
        self.roster_changed = Signal[[Session, frozenset[str]]]()  # they gained or lost a role or their account
        self.untold = Signal[[Session, frozenset[str]]]()  # Slack did not tell of them; ask again
        self.renamed = Signal[[Session, frozenset[str]]]()  # they got a role, or while holding one another name
        self.organisation_set = Signal[[Session]]()  # a role holder said where they work
        self.joined = Signal[[Session, Member]]()  # or came back; more than once for the same occasion
        self.left = Signal[[Session, Member]]()  # a full member's account was closed, or is a guest's now

    def roster(self) -> Roster:
        with self.database.read() as session:
            return members.roster(session)

    def who_can_act(self, session: Session) -> frozenset[str]:
        """Champions and contacts alike."""
        return frozenset(holder.slack_id for holder in members.roster(session).everyone if holder.reachable)

    def names_somebody(self, text: str) -> bool:
        """Whether it holds an e-mail address, or names an account or anybody here in full: whom, nobody is told."""
        if naming.names_openly(text):
            return True
        with self.database.read() as session:
            return store.is_somebody_in(session, self._keyring, naming.runs(text))

    def seed(
        self, champions: Sequence[str], contacts: Sequence[str], organisations: Mapping[str, str] | None = None
    ) -> None:
        """Champions count on the very first start only; contacts follow the setting at every start.

        `organisations` of people who hold a role count until they say it themselves.

        Raises CannotHoldRole when a contact is on the roster.
        """
        now = self.database.clock.now()
        with self.database.begin() as session:
            before = members.roster(session)
            if not store.was_ever_seeded(session):
                for slack_id in champions:
                    store.give_role(session, slack_id, RoleName.CHAMPION, since=now)
            on_roster = {holder.slack_id for holder in members.roster(session).champions}
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
            _say_first(session, organisations or {})
            if _holding(members.roster(session)) != _holding(before):
                self._audit.record(session, actor=GPBOT, act="roster.seeded")
            self._changed(session, before)

    def seal_what_stands(self) -> bool:
        """At the first start after an earlier release."""
        with self.database.begin() as session:
            sealed_roster.seal_what_stands(session)
        return True

    @property
    def is_altered(self) -> bool:
        """Whether somebody without the keys gave, took or renamed a role in the database, as far as is known."""
        return sealed_roster.is_altered(self._keyring)

    def add_champion(self, slack_id: str, *, by: str, told: Profile | None = None) -> RoleHolder:
        """Their status on the roster then: while Slack has not said who they are, the role waits.

        `told` is what Slack has just said of them. Raises CannotHoldRole.
        """
        now = self.database.clock.now()
        with self.database.begin() as session:
            before = members.roster(session)
            if any(holder.slack_id == slack_id for holder in before.everyone):
                raise CannotHoldRole(f"{slack_id} is a champion or an escalation contact already.")
            known = told or members.member_called(session, slack_id)
            if known is not None and known.kind is not Kind.UNKNOWN:
                _check_may_hold(slack_id, RoleName.CHAMPION, known)
            store.give_role(session, slack_id, RoleName.CHAMPION, since=now)
            if told is not None:
                store.save(session, self._keyring, [told], now=now)
            self._audit.record(session, actor=by, act=f"roster.added:{slack_id}")
            self._changed(session, before)
            return next(holder for holder in members.roster(session).champions if holder.slack_id == slack_id)

    def remove_champion(self, slack_id: str, *, by: str, even_the_last: bool = True) -> None:
        """Raises CannotHoldRole, and unless `even_the_last`, LastChampion."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            before = members.roster(session)
            if not any(holder.slack_id == slack_id for holder in before.champions):
                raise CannotHoldRole(f"{slack_id} is not on the roster.")
            if not even_the_last and before.active_champion_ids == {slack_id}:
                raise LastChampion
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
            if joined:  # perhaps known already, from the list; somebody who was told once is not told again
                came_in = members.members(session, [profile.slack_id for profile in profiles])
            elif members.list_complete_at(session) is None:
                came_in = []  # only new to gpbot
            self._tell_who_came(session, came_in)

    def take_page(self, session: Session, profiles: Sequence[Profile], *, first_time: bool) -> None:
        """One page of Slack's list. People who are new in it came while gpbot was away, except the `first_time`."""
        came_in = self._save(session, profiles)
        if not first_time:
            self._tell_who_came(session, came_in)

    def _save(self, session: Session, profiles: Sequence[Profile]) -> list[Member]:
        before = members.roster(session)
        slack_ids = [profile.slack_id for profile in profiles]
        took_part = {each.person_id for each in members.members(session, slack_ids) if each.takes_part}
        came_in = store.save(session, self._keyring, profiles, now=self.database.clock.now())
        self._changed(session, before)
        for member in members.members(session, slack_ids) if took_part else ():
            if member.person_id in took_part and not member.takes_part:
                self.left.send(session, member)
        return came_in

    def _tell_who_came(self, session: Session, came_in: Iterable[Member]) -> None:
        for member in came_in:
            self.joined.send(session, member)

    def declare_conflicts(self, slack_id: str, others: Sequence[str]) -> None:
        """The whole list of whom they should not handle reports about. Raises NotOnRoster, TooManyConflicts.

        A longer list of an earlier release can be shortened, and not added to.
        """
        with self.database.begin() as session:
            if members.roster(session).role_of(slack_id) is None:
                raise NotOnRoster
            wanted = [other for other in dict.fromkeys(others) if other != slack_id]
            if len(wanted) > MOST_CONFLICTS and not set(wanted) <= set(members.conflicts_of(session, slack_id)):
                raise TooManyConflicts
            store.declare_conflicts(session, slack_id, wanted, at=self.database.clock.now())
            self._audit.record(session, actor=slack_id, act="conflicts.declared")

    def set_organisation(self, slack_id: str, organisation: str) -> None:
        """Where they work, as they say; "" for nowhere. Raises NotOnRoster."""
        with self.database.begin() as session:
            if members.roster(session).role_of(slack_id) is None:
                raise NotOnRoster
            store.set_organisation(session, slack_id, as_written(organisation))
            self._audit.record(session, actor=slack_id, act="organisation.set")
            self.organisation_set.send(session)

    def conflicts_of(self, slack_id: str) -> list[str]:
        """Raises NotOnRoster."""
        with self.database.read() as session:
            if members.roster(session).role_of(slack_id) is None:
                raise NotOnRoster
            return members.conflicts_of(session, slack_id)

    def _changed(self, session: Session, before: Roster) -> None:
        after = members.roster(session)
        who = frozenset(slack_id for slack_id, *_ in _holding(before) ^ _holding(after))
        if who:
            self.roster_changed.send(session, who)
        renamed = frozenset(holder.slack_id for holder in after.everyone if holder.changed > before.version)
        if renamed:
            self.renamed.send(session, renamed)
        if before.active_champion_ids and not after.active_champion_ids:
            log.warning(
                "there is no champion who can act any more: reports and questions go to the escalation contacts alone "
                "until one is added (python -m gpbot champions add)"
            )


def _check_may_hold(slack_id: str, role: RoleName, known: Profile | Member) -> None:
    found = roles.bar(role, known.kind, deactivated=known.deactivated)
    if found is not None:
        raise CannotHoldRole(f"{slack_id} cannot be {role.value} here: {roles.why(found)}. Nothing was changed.")


def _holding(roster: Roster) -> set[tuple[str, RoleName, bool, Bar | None]]:
    return {(holder.slack_id, holder.role, holder.reachable, holder.bar) for holder in roster.everyone}


def _say_first(session: Session, organisations: Mapping[str, str]) -> None:
    for holder in members.roster(session).everyone:
        if organisation := as_written(organisations.get(holder.slack_id, "")):
            store.set_organisation(session, holder.slack_id, organisation, only_first=True)
