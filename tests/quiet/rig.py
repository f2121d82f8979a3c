"""Two channels that gpbot opened, the machine that watches them, and processes that die; each act is watched."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.opening.jobs import OpeningJob
from gpbot.outbox import Courier
from gpbot.outbox.typed import handler_of
from gpbot.outbox.types import ArchiveChannel, Outgoing, Post, Receipt
from gpbot.people import members as people
from gpbot.people.store import save as save_people
from gpbot.people.types import Kind, Profile
from gpbot.practice import Channel, Person, Server, Workspace
from gpbot.quiet import store
from gpbot.quiet.jobs import Owed, QuietJob
from gpbot.quiet.messages import QuietMessages
from gpbot.quiet.types import State, Watched
from gpbot.quiet.workflow import QuietChannels, Rules, may_answer
from gpbot.refusals import Refusal
from gpbot.slack.gateway import Gateway
from tests.clocks import StoppedClock
from tests.opening.rig import Killed, MortalSender, Rig, WhatSlackShows, build

DAYS = 14
NEARLY = timedelta(hours=2)  # clocks, and the seconds between a look and what follows from it


class Directory(WhatSlackShows):
    def is_complete(self, session: Session) -> bool:  # noqa: ARG002  (as the directory has it)
        return True


class WatchedSender(MortalSender):
    """Whatever goes out is held against what may."""

    def __init__(self, gateway: Gateway, watches: Callable[[Outgoing], None]) -> None:
        super().__init__(gateway)
        self.wrong: list[str] = []
        self._watches = watches

    def send(self, outgoing: Outgoing, wire_id: str) -> Receipt:
        try:
            self._watches(outgoing)
        except AssertionError as found:
            self.wrong.append(str(found))  # the sender takes every error for Slack's
        return super().send(outgoing, wire_id)


@dataclass
class QuietRig:
    here: Rig
    gateway: Gateway
    quiet: QuietChannels
    messages: QuietMessages
    harbour: UUID
    quay: UUID
    sender: WatchedSender = field(init=False)
    courier: Courier = field(init=False)
    may_archive: set[tuple[UUID, int]] = field(default_factory=set)  # rounds in which a champion pressed Archive
    asked_at: defaultdict[tuple[str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    wrote_at: defaultdict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.sender = WatchedSender(self.gateway, self.watch)
        self.start()

    def start(self) -> None:
        """A fresh process."""
        handlers = handler_of(QuietJob, self.messages) | handler_of(OpeningJob, self.here.messages)
        self.courier = Courier(self.here.database, self.sender, handlers)
        self.quiet.begin()

    # --- what may be ------------------------------------------------------------------------------------------------

    def watch(self, outgoing: Outgoing) -> None:
        match outgoing:
            case ArchiveChannel(channel_id=channel_id):
                watched = self.of(channel_id)
                assert (watched.proposal_id, watched.round) in self.may_archive, "archived without a champion's click"
                assert channel_id not in self.quiet.rules.keep, "an exempt channel was archived"
                assert self.quiet.is_on, "archived though it is switched off"
                assert watched.began_at is not None
                later = [at for at in self.wrote_at[channel_id] if at > watched.began_at]
                assert later == [], "archived while somebody wrote since the question"
            case Post(to=to, text=text) if text.startswith("Is #"):
                (channel_id,) = {
                    each.channel_id
                    for each in map(self.find, (self.harbour, self.quay))
                    if f"<#{each.channel_id}>" in str(outgoing.blocks)
                }
                watched, now = self.of(channel_id), self.here.clock.now()
                assert channel_id not in self.quiet.rules.keep, "an exempt channel was asked about"
                assert self.quiet.is_on
                assert watched.began_at is not None
                silent_from = watched.began_at - timedelta(days=DAYS)
                lately = [at for at in self.wrote_at[channel_id] if silent_from < at <= watched.began_at]
                assert lately == [], "asked about a channel in which somebody wrote"
                self.asked_at[to, channel_id].append(now)
            case _:
                pass

    def check(self) -> None:
        """Of each round, every steward has one message at most; and nobody is asked twice about one quiet spell."""
        assert self.sender.wrong == []
        for (who, channel_id), sent in self.asked_at.items():
            name = self.find_name(channel_id)
            person = next(each for each in self.here.people.values() if each.id == who)
            arrived = [
                datetime.fromtimestamp(float(said.ts), UTC)
                for said in person.inbox
                if f"#{name}" in said.text and "champions have" not in said.text
            ]
            for before, after in pairwise(arrived):
                assert after - before > timedelta(days=DAYS) - NEARLY, "asked twice about the same quiet spell"
            assert len(arrived) <= len(sent)

    def check_screens(self) -> None:
        """Everybody who can press something may, and what waits is shown."""
        waiting = {watched.proposal_id for watched in self.quiet.waiting(self.here.people["amina"].id)}
        for proposal_id in (self.harbour, self.quay):
            watched = self.find(proposal_id)
            assert watched.state is not State.ARCHIVING, "it is not known how archiving ended"
            assert (watched.state is State.OFFERED) == (proposal_id in waiting)
            shown = self.here.triage.messages.get(watched.card[1]) if watched.card else None
            assert shown is None or ("quiet.archive" in str(shown.blocks)) == (watched.state is State.OFFERED)
            with self.here.database.read() as session:
                asked = store.questions(session, proposal_id)
            for question in asked:
                place = self.here.workspace.dm(question.slack_id)
                said = place.messages.get(question.message[1]) if question.message else None
                assert said is None or ("quiet.keep" in str(said.blocks)) == may_answer(watched)

    def send_again(self) -> None:
        """What could not be sent, by the operator's command."""
        with self.here.database.begin() as session:
            for line in self.here.outbox.dead(session):
                assert self.here.outbox.retry(session, line.id)

    # --- what is so -------------------------------------------------------------------------------------------------

    def find(self, proposal_id: UUID) -> Watched:
        with self.here.database.read() as session:
            found = store.find(session, proposal_id)
        assert found is not None
        return found

    def of(self, channel_id: str) -> Watched:
        return next(each for each in map(self.find, (self.harbour, self.quay)) if each.channel_id == channel_id)

    def find_name(self, channel_id: str) -> str:
        return self.here.workspace.channels[channel_id].name

    def place(self, proposal_id: UUID) -> Channel:
        return self.here.workspace.channels[self.find(proposal_id).channel_id]

    # --- what happens -----------------------------------------------------------------------------------------------

    def run(self, seconds: int = 40, *, quiet: int = 6) -> None:
        idle = 0
        for _ in range(seconds):
            try:
                idle = 0 if self.courier.run_due() else idle + 1
            except Killed:
                self.start()
                idle = 0
            if idle >= quiet:
                return
            self.here.clock.advance(seconds=1)

    def press(self, what: str, who: str, proposal_id: UUID) -> None:
        """As somebody who has the newest message of it in front of them; each press comes twice."""
        watched, person = self.find(proposal_id), self.here.people[who].id
        use_cases = {
            "keep": self.quiet.keep,
            "let go": self.quiet.let_go,
            "decide to keep": self.quiet.decide_to_keep,
            "archive": self.quiet.archive,
        }
        for _ in range(2):
            with suppress(Refusal):
                use_cases[what](person, proposal_id, watched.round)
                if what == "archive":
                    assert who in {"amina", "ben"}, "somebody else than a champion decided"
                    self.may_archive.add((proposal_id, watched.round))

    def write(self, who: str, proposal_id: UUID) -> None:
        place, person = self.place(proposal_id), self.here.people[who]
        if place.is_archived or person.user.is_deleted:
            return
        self.here.workspace.invite(place, person)
        said = person.say("Does anybody know a boat?", to=place)
        self.wrote_at[place.id].append(datetime.fromtimestamp(float(said.ts), UTC))

    def by_hand(self, what: str, proposal_id: UUID, *, is_told: bool) -> None:
        """`is_told`: Slack's event arrives."""
        place, workspace = self.place(proposal_id), self.here.workspace
        match what:
            case "archived" if not place.is_archived:
                workspace.archive(place)
                if is_told:
                    self.quiet.was_archived(place.id)
            case "brought back" if place.is_archived:
                workspace.unarchive(place)
                if is_told:
                    self.quiet.came_back(place.id)
            case "gpbot taken out" if not place.is_archived:
                workspace.remove(place, self.here.app)
            case "gpbot invited" if not place.is_archived:
                workspace.invite(place, self.here.app)
                if is_told:
                    self.quiet.came_back(place.id)
            case "renamed":
                workspace.rename_channel(place, f"{place.name[:20]}-{int(self.here.clock.now().timestamp()) % 1000}")

    def leave(self, who: str, *, back: bool = False) -> None:
        person = self.here.people[who]
        (self.here.workspace.reactivate if back else self.here.workspace.deactivate)(person)
        self._know(person)
        if not back:
            with self.here.database.begin() as session:
                member = people.member_called(session, person.id)
                assert member is not None
                self.quiet.left(session, member)

    def set(self, **rules: Any) -> None:
        """Other settings, in another process."""
        self.quiet.rules = replace(self.quiet.rules, **rules)
        self.start()

    def _know(self, person: Person) -> None:
        with self.here.database.begin() as session:
            save_people(session, self.here.keyring, [_profile(person)], now=self.here.clock.now())


def build_quiet(
    database: Database, clock: StoppedClock, workspace: Workspace, server: Server, manifest: Any
) -> QuietRig:
    manifest["oauth_config"]["scopes"]["bot"] += ["channels:history"]
    here = build(database, clock, workspace, server, manifest)
    harbour, quay = here.approve("harbour", stewards=["tom", "nadia"]), here.approve("quay", stewards=["ben"])
    here.run(200, quiet=20)
    owed = Owed(here.outbox, here.keyring, triage_channel=here.triage.id)

    def stewards(session: Session, proposal_id: UUID) -> Sequence[str]:
        found = people.members(session, here.proposals.known[proposal_id].steward_ids)
        return [member.slack_id for member in found if not member.deactivated]

    quiet = QuietChannels(
        database=database,
        owed=owed,
        audit=AuditLog(here.keyring, database.clock),
        channels=Directory(workspace),
        stewards=stewards,
        owe_homes=lambda _session, _people: None,
        rules=Rules(days=DAYS, keep=frozenset()),
    )
    gateway = Gateway(here.app.bot_token, server.api_url)
    with database.begin() as session:
        quiet.opened(session, harbour, here.channel("harbour").id)
        quiet.opened(session, quay, here.channel("quay").id)
    messages = QuietMessages(database, quiet, owed, last_spoken=gateway.last_spoken)
    return QuietRig(here=here, gateway=gateway, quiet=quiet, messages=messages, harbour=harbour, quay=quay)


def _profile(person: Person) -> Profile:
    return Profile(
        slack_id=person.id,
        kind=Kind.MEMBER,
        display_name=person.user.display_name,
        real_name=person.user.real_name,
        title="",
        deactivated=person.user.is_deleted,
    )
