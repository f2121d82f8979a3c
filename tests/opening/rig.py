"""The opening machine alone: a practice workspace, a database, proposals that were approved, and processes that die."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.community import Community
from gpbot.crypto import Vault, new_master_key
from gpbot.db import Base, Database
from gpbot.keyring import KeyRing, load_keyring
from gpbot.opening import store
from gpbot.opening.jobs import OpeningJob, Owed
from gpbot.opening.messages import OpeningMessages
from gpbot.opening.types import Opening, Standing, State, There
from gpbot.opening.workflow import Openings
from gpbot.outbox import Courier, Outbox
from gpbot.outbox.typed import handler_of
from gpbot.outbox.types import Outgoing, Receipt
from gpbot.people import members as people
from gpbot.people.store import save as save_people
from gpbot.people.types import Kind, Profile
from gpbot.people.workflow import People
from gpbot.practice import App, Channel, Person, Server, Workspace
from gpbot.proposals.models import ProposalRow
from gpbot.proposals.types import ProposalToOpen
from gpbot.slack.gateway import Gateway
from tests.clocks import StoppedClock

PURPOSE = "Finding boats & <quays>, and work on them."


class Killed(BaseException):
    """SIGKILL, as far as one thread can tell."""


class MortalSender:
    """The gateway, in a process that may die before or after a call; `plan` says which calls, in their order."""

    def __init__(self, gateway: Gateway) -> None:
        self.plan: list[str] = []
        self.just_before: dict[type[Outgoing], Callable[[], object]] = {}  # once each
        self._gateway = gateway

    def send(self, outgoing: Outgoing, wire_id: str) -> Receipt:
        if meanwhile := self.just_before.pop(type(outgoing), None):
            meanwhile()
        fate = self.plan.pop(0) if self.plan else ""
        if fate == "before":
            raise Killed
        receipt = self._gateway.send(outgoing, wire_id)
        if fate == "after":
            raise Killed
        return receipt

    def find(self, to: str, wire_id: str, since: datetime) -> list[Receipt]:
        return self._gateway.find(to, wire_id, since)


class ApprovedProposals:
    """What an opening asks of proposals, and what it told them."""

    def __init__(self) -> None:
        self.known: dict[UUID, ProposalToOpen] = {}
        self.told: list[tuple[UUID, str]] = []

    def to_open(self, session: Session, proposal_id: UUID) -> ProposalToOpen:  # noqa: ARG002  (as the directory and proposals have it)
        return self.known[proposal_id]

    def opened(self, session: Session, proposal_id: UUID, channel_id: str) -> None:
        self._told_at_commit(session, proposal_id, f"opened {channel_id}")

    def could_not_open(self, session: Session, proposal_id: UUID, code: str) -> None:
        self._told_at_commit(session, proposal_id, code)

    def renamed(self, _session: Session, proposal_id: UUID, name: str) -> bool:
        if any(each.name == name for each in self.known.values()):
            return False
        self.known[proposal_id] = replace(self.known[proposal_id], name=name)
        return True

    def _told_at_commit(self, session: Session, proposal_id: UUID, what: str) -> None:
        session.info.setdefault("after_commit", []).append(lambda: self.told.append((proposal_id, what)))


class WhatSlackShows:
    """The directory of public channels, read from the workspace itself."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def named(self, session: Session, name: str) -> There | None:  # noqa: ARG002  (as the directory and proposals have it)
        return next((each for each in self._public() if each.name == name), None)

    def get(self, session: Session, channel_id: str) -> There | None:  # noqa: ARG002  (as the directory and proposals have it)
        return next((each for each in self._public() if each.id == channel_id), None)

    def _public(self) -> list[There]:
        places = self._workspace.channels.values()
        return [
            There(id=place.id, name=place.name, is_archived=place.is_archived)
            for place in places
            if not (place.is_im or place.is_private)
        ]


@dataclass
class Rig:
    clock: StoppedClock
    workspace: Workspace
    app: App
    database: Database
    keyring: KeyRing
    proposals: ApprovedProposals
    openings: Openings
    sender: MortalSender
    messages: OpeningMessages
    people: dict[str, Person]
    triage: Channel
    proposed: Channel
    general: Channel
    outbox: Outbox
    courier: Courier = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """A fresh process."""
        self.courier = Courier(self.database, self.sender, handler_of(OpeningJob, self.messages))

    def approve(
        self,
        name: str = "harbour",
        *,
        stewards: Sequence[str] = (),
        wants_in: Sequence[str] = (),
        wants_too: Sequence[str] = (),
    ) -> UUID:
        """Mona proposed it, and it was approved just now; `wants_too` are Slack ids."""
        proposal_id, mona = uuid4(), self.people["mona"].id
        self.proposals.known[proposal_id] = ProposalToOpen(
            id=proposal_id,
            name=name,
            topic="Boats",
            purpose=PURPOSE,
            proposer_id=mona,
            steward_ids=tuple(self.people[each].id for each in stewards),
            wants_in=(*(self.people[each].id for each in wants_in), *wants_too),
            approved_at=self.clock.now(),
        )
        with self.database.begin() as session:
            proposer = people.person_id(session, mona)
            row = {"id": proposal_id, "proposer_id": proposer, "name": name, "state": "approved"}
            session.execute(insert(ProposalRow).values(filled(ProposalRow, row)))
            self.openings.begin(session, proposal_id)
        return proposal_id

    def run(self, seconds: int = 60, *, quiet: int = 8) -> None:
        """Send what is due, for so long by the clock, or until nothing was for `quiet` seconds.

        A process that dies is started again at once.
        """
        idle = 0
        for _ in range(seconds):
            try:
                idle = 0 if self.courier.run_due() else idle + 1
            except Killed:
                self.start()
                idle = 0
            if idle >= quiet:
                return
            self.clock.advance(seconds=1)

    def later(self, **time: float) -> None:
        self.clock.advance(**time)
        self.run(quiet=1)

    def opening(self, proposal_id: UUID) -> Opening:
        with self.database.read() as session:
            found = store.find(session, proposal_id)
        assert found is not None
        return found

    def standing(self, proposal_id: UUID) -> Standing:
        with self.database.read() as session:
            found = self.openings.standing(session, proposal_id)
        assert found is not None
        return found

    def is_open(self, proposal_id: UUID) -> bool:
        return self.opening(proposal_id).state is State.DONE

    def channel(self, name: str = "harbour") -> Channel:
        (place,) = (place for place in self.workspace.channels.values() if place.name == name)
        return place

    def made(self) -> list[Channel]:
        """The channels that gpbot made."""
        return [
            place
            for place in self.workspace.channels.values()
            if place.creator == self.app.bot_user_id and not place.is_im
        ]

    def told(self, proposal_id: UUID) -> list[str]:
        return [what for about, what in self.proposals.told if about == proposal_id]

    def said(self, place: Channel) -> list[str]:
        """What gpbot itself said there."""
        return [
            self.workspace.messages.screen(said).text
            for said in place.messages.values()
            if said.user.id == self.app.bot_user_id and said.subtype is None
        ]

    def calls(self, method: str) -> int:
        return len([call for call in self.workspace.calls if call.method == method])

    def fail(self, method: str, error: str, times: int | None = 1) -> None:
        self.workspace.faults.add(method=method, error=error, times=times)


def build(database: Database, clock: StoppedClock, workspace: Workspace, server: Server, manifest: Any) -> Rig:
    manifest["oauth_config"]["scopes"]["bot"] += [
        scope
        for scope in ("channels:join", "channels:manage", "channels:read")
        if scope not in manifest["oauth_config"]["scopes"]["bot"]
    ]
    app = workspace.install(manifest)
    names = ("Amina Okafor", "Ben Adeyemi", "Mona Said", "Tom Reed", "Nadia Haddad")
    here = {name.split(maxsplit=1)[0].lower(): workspace.add_person(name, announce=False) for name in names}
    keyring = load_keyring(database, Vault([new_master_key()]))
    audit = AuditLog(keyring, database.clock)
    roster = People(database, audit, keyring)
    for name in ("amina", "ben"):
        roster.add_champion(here[name].id, by="operator")
    know(database, keyring, clock, list(here.values()))
    triage = workspace.add_channel("champions-triage", private=True, members=[here["amina"], here["ben"], app])
    proposed = workspace.add_channel("proposals", members=[*here.values(), app])
    general = workspace.add_channel("general", members=[*here.values(), app])
    outbox = Outbox(database)
    owed = Owed(
        outbox,
        keyring,
        triage_channel=triage.id,
        proposals_channel=proposed.id,
        general_channel=general.id,
    )
    proposals = ApprovedProposals()
    openings = Openings(
        database=database, proposals=proposals, channels=WhatSlackShows(workspace), owed=owed, audit=audit
    )
    community = Community(
        name="Good Practice Network",
        emergency_number="999",
        external_help="help@outside.example",
        reply_within_days=3,
        keep_closed_days=90,
    )
    return Rig(
        clock=clock,
        workspace=workspace,
        app=app,
        database=database,
        keyring=keyring,
        proposals=proposals,
        openings=openings,
        sender=MortalSender(Gateway(app.bot_token, server.api_url)),
        messages=OpeningMessages(database, community, openings, owed),
        people=here,
        triage=triage,
        proposed=proposed,
        general=general,
        outbox=outbox,
    )


def know(database: Database, keyring: KeyRing, clock: StoppedClock, persons: Sequence[Person]) -> None:
    """Slack has told of them."""
    with database.begin() as session:
        save_people(session, keyring, [_profile(person) for person in persons], now=clock.now())


def _profile(person: Person) -> Profile:
    return Profile(
        slack_id=person.id,
        kind=Kind.MEMBER,
        display_name=person.user.display_name,
        real_name=person.user.real_name,
        title="",
        deactivated=False,
    )


_BY_TYPE: dict[type, Callable[[], Any]] = {
    str: lambda: "",
    int: lambda: 0,
    bool: lambda: False,
    object: lambda: datetime(2026, 3, 2, 9, tzinfo=UTC),  # what our own type of times says of itself
}


def filled(model: type[Base], given: dict[str, Any]) -> dict[str, Any]:
    """The row, with something of its type in every column that must have one."""
    columns = Base.metadata.tables[model.__tablename__].columns
    needed = [column for column in columns if not column.nullable and column.name not in given]
    return given | {column.name: _BY_TYPE[column.type.python_type]() for column in needed}
