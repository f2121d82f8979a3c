"""Each job, enqueued once, and what is written down for it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gpbot.crypto import Vault
from gpbot.db import Database
from gpbot.desk.desk import Desk
from gpbot.desk.models import DeskMessage
from gpbot.directory.channel_list import ChannelsPage, channel_list
from gpbot.guidelines.jobs import GuidelinesJob
from gpbot.guidelines.jobs import Owed as GuidelinesOwed
from gpbot.home.screens import Screens
from gpbot.keyring import KeyRing
from gpbot.named import Named, OfChannel
from gpbot.onboarding.jobs import Owed as OnboardingOwed
from gpbot.onboarding.types import Chosen
from gpbot.opening.jobs import Owed as OpeningsOwed
from gpbot.opening.steps import Step
from gpbot.outbox import Outbox, campaigns
from gpbot.outbox.listing import ListPage, ListReader
from gpbot.outbox.models import JobRow, State
from gpbot.outbox.typed import TypedJob
from gpbot.people.member_list import MembersPage, member_list
from gpbot.people.types import Kind, Member
from gpbot.places.jobs import Owed as PlacesOwed
from gpbot.places.types import Trouble
from gpbot.proposals.jobs import Owed as ProposalsOwed
from gpbot.proposals.types import State as ProposalState
from gpbot.questions.jobs import Owed as QuestionsOwed
from gpbot.quiet.jobs import Owed as QuietOwed
from gpbot.reports.jobs import Owed as ReportsOwed
from gpbot.sealed.jobs import SealedJobs

GOLDEN = Path(__file__).parent / "golden_jobs.json"
MASTER_KEY = "WS4nNQZWPbGFSBQXo8xPUcYC5o3Jm-Nd2Xu3YJ4SvmM="
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 9, 30, 15, tzinfo=UTC)
ONE, OTHER = UUID(int=0x11111111), UUID(int=0x22222222)
_MEMBER = Member(person_id=7, slack_id="U7", kind=Kind.MEMBER, deactivated=False, here_since=NOW, accepted_number=1)
_NAMED = Named(setting="TRIAGE_CHANNEL", slack_id="C0TRIAGE", wants=OfChannel())
_WATCHED: Any = SimpleNamespace(proposal_id=ONE, round=3)


class Then:
    """The same moment, always."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What asks for one job: `name` tells it from others of its kind and task."""

    name: str
    ask: Callable[[Session], object] = lambda _session: None
    by_itself: Callable[[], object] | None = None  # for what begins its own transaction


def everything(database: Database, keyring: KeyRing) -> list[Asked]:
    """Named as `kind task` and, where one task is asked for in several ways, the way."""
    outbox = Outbox(database)
    sealed = SealedJobs(outbox, keyring)
    screens = Screens(sealed, keyring)
    return [
        *_of_places(PlacesOwed(outbox, keyring)),
        *_of_guidelines(GuidelinesOwed(outbox)),
        *_of_onboarding(OnboardingOwed(outbox)),
        *_of_lists(database, outbox),
        *_of_the_desk(Desk(database, outbox, "C0TRIAGE")),
        *_of_proposals(ProposalsOwed(outbox, keyring, proposals_channel="C0PROPOSALS", triage_channel="C0TRIAGE")),
        *_of_openings(
            OpeningsOwed(
                outbox,
                keyring,
                triage_channel="C0TRIAGE",
                proposals_channel="C0PROPOSALS",
                general_channel="C0GENERAL",
            )
        ),
        *_of_quiet_channels(QuietOwed(outbox, keyring, triage_channel="C0TRIAGE")),
        *_of_questions(QuestionsOwed(outbox, keyring, triage_channel="C0TRIAGE")),
        *_of_screens(screens),
        *_of_reports(ReportsOwed(sealed, screens)),
    ]


def _of_places(owed: PlacesOwed) -> list[Asked]:
    return [
        Asked(name="places look", ask=owed.look),
        Asked(name="places look tomorrow", ask=lambda s: owed.look(s, run_at=LATER)),
        Asked(name="places tell", ask=lambda s: owed.tell(s, _NAMED, Trouble.PUBLIC, 7, "U7")),
        Asked(name="places tell mended", ask=lambda s: owed.tell(s, _NAMED, None, 7, "U7")),
    ]


def _of_guidelines(owed: GuidelinesOwed) -> list[Asked]:
    return [
        Asked(name="guidelines tell", ask=lambda s: owed.tell(s, _MEMBER, 4, nth=0, run_at=LATER)),
        Asked(name="guidelines tell again", ask=lambda s: owed.tell(s, _MEMBER, 4, nth=1, run_at=LATER)),
        Asked(name="guidelines tell all", ask=lambda s: owed.tell_all(s, [_MEMBER], 4, campaign_id=_campaign(s))),
        Asked(name="guidelines receipt", ask=lambda s: owed.receipt(s, _MEMBER, 4, "D7", "1772442003.000100")),
        Asked(name="guidelines noted", ask=lambda s: owed.noted(s, _MEMBER, 4)),
        Asked(name="guidelines notice", ask=lambda s: owed.notice(s, 4)),
        Asked(name="guidelines announce", ask=lambda s: owed.announce(s, _campaign(s))),
        Asked(name="guidelines feed", ask=lambda s: owed.feed(s, _campaign(s), 5, run_at=LATER)),
        Asked(name="guidelines card", ask=lambda s: campaigns.owe_card(s, _campaign(s), GuidelinesJob.KIND, NOW)),
    ]


def _campaign(session: Session) -> int:
    found = campaigns.latest(session, GuidelinesJob.KIND)
    return found.id if found else campaigns.start(session, kind=GuidelinesJob.KIND, about=4, total=1, now=NOW) or 0


def _of_onboarding(owed: OnboardingOwed) -> list[Asked]:
    chosen = Chosen(person_id=7, number=2, channel_id="C0NEW", view_id="V0VIEW")
    return [
        Asked(name="onboarding begin", ask=lambda s: owed.begin(s, 7, 1772442000, 0)),
        Asked(name="onboarding begin again", ask=lambda s: owed.begin(s, 7, 1772442000, 1, LATER)),
        Asked(name="onboarding show", ask=lambda s: owed.show(s, 7)),
        Asked(name="onboarding results", ask=lambda s: owed.results(s, 7)),
        Asked(name="onboarding unsend", ask=lambda s: owed.unsend(s, 7, "D7", "1772442003.000100")),
        Asked(name="onboarding join", ask=lambda s: owed.join(s, chosen)),
        Asked(name="onboarding window", ask=lambda s: owed.window(s, 7, 2, "V0VIEW")),
        Asked(name="onboarding week", ask=lambda s: owed.week(s, 7, 1772442000, LATER)),
        Asked(name="onboarding card", ask=lambda s: owed.card(s, 7)),
        Asked(name="onboarding fill", ask=lambda s: owed.fill(s, 7)),
        Asked(name="onboarding welcomed", ask=lambda s: owed.welcomed(s, 7, 8)),
        Asked(name="onboarding forget", ask=lambda s: owed.forget(s, 7, LATER)),
    ]


def _of_lists(database: Database, outbox: Outbox) -> list[Asked]:
    """A page that follows another is asked for by the page before it."""

    def two_pages(_cursor: str) -> tuple[list[Any], str]:
        return [], "dXNlcjpVMEc5"

    nothing: Any = SimpleNamespace(
        database=database, take_page=lambda *_args, **_more: None, list_complete=lambda *_args: None
    )
    found = []
    for pages, reader in {
        MembersPage: member_list(database, outbox, nothing, two_pages, team_id="T0"),
        ChannelsPage: channel_list(outbox, nothing, two_pages, bot_user_id="U0BOT"),
    }.items():
        first = pages(run="2026-03-02", page=0, cursor="x", began=1772442000)
        found += [
            Asked(name=f"{pages.KIND} first page", by_itself=reader.begin),
            Asked(name=f"{pages.KIND} next page", by_itself=partial(reader.prepare, first)),
            Asked(name=f"{pages.KIND} tomorrow", ask=partial(_gave_up, reader, first)),
        ]
    return found


def _gave_up(reader: ListReader, first: ListPage, session: Session) -> None:
    reader.gave_up(session, first, "fatal_error")


def _of_the_desk(desk: Desk) -> list[Asked]:
    def take_down(session: Session) -> None:
        session.add(DeskMessage(channel_id="C0TRIAGE", message_ts="1772442003.000100"))
        session.flush()
        desk.take_down(session)

    return [
        Asked(name="desk up", by_itself=desk.put_up),
        Asked(name="desk away", ask=take_down),
    ]


def _of_proposals(owed: ProposalsOwed) -> list[Asked]:
    return [
        Asked(name="proposal post", ask=lambda s: owed.post(s, ONE, 2)),
        Asked(name="proposal card", ask=lambda s: owed.card(s, ONE, 2)),
        Asked(name="proposal draw", ask=lambda s: owed.draw(s, [5])),
        Asked(name="proposal unsend", ask=lambda s: owed.unsend(s, "C0TRIAGE", "1772442003.000100")),
        Asked(name="proposal state", ask=lambda s: owed.state(s, ONE, ProposalState.APPROVED, 7, "U7")),
        Asked(name="proposal question", ask=lambda s: owed.question(s, ONE, 16, 7, "U7")),
        Asked(name="proposal steward", ask=lambda s: owed.steward(s, ONE, 7, "U7")),
        Asked(name="proposal deadline", ask=lambda s: owed.deadline(s, ONE, LATER)),
        Asked(name="proposal lapse", ask=lambda s: owed.lapse(s, ONE, LATER)),
        Asked(name="proposal concern", ask=lambda s: owed.concern(s, OTHER, "U7")),
        Asked(name="proposal forget", ask=lambda s: owed.forget(s, ONE, LATER)),
        Asked(name="proposal roster_changed", ask=lambda s: owed.roster_changed(s, frozenset({"U7"}))),
        Asked(name="proposal renamed", ask=lambda s: owed.renamed(s, frozenset({"U7"}))),
    ]


def _of_openings(owed: OpeningsOwed) -> list[Asked]:
    steps = [
        Asked(name=f"opening step {step}", ask=partial(_step, owed, step)) for step in Step if step is not Step.DONE
    ]
    return [
        *steps,
        Asked(name="opening card", ask=lambda s: owed.card(s, ONE)),
        Asked(name="opening not_added", ask=lambda s: owed.not_added(s, ONE, 7, "U7")),
    ]


def _step(owed: OpeningsOwed, step: Step, session: Session) -> None:
    opening: Any = SimpleNamespace(proposal_id=ONE, step=step, turn=2, channel_id="C0NEW")
    owed.step(session, opening, 1)


def _of_quiet_channels(owed: QuietOwed) -> list[Asked]:
    return [
        Asked(name="quiet day", ask=lambda s: owed.day(s, "2026-03-09", LATER)),
        Asked(name="quiet look", ask=lambda s: owed.look(s, ONE)),
        Asked(name="quiet ask", ask=lambda s: owed.ask(s, _WATCHED, 7, "U7")),
        Asked(name="quiet draw", ask=lambda s: owed.draw(s, ONE, 7)),
        Asked(name="quiet card", ask=lambda s: owed.card(s, _WATCHED)),
        Asked(name="quiet archive", ask=lambda s: owed.archive(s, _WATCHED)),
        Asked(name="quiet told", ask=lambda s: owed.told(s, _WATCHED, 7, "U7")),
    ]


def _of_questions(owed: QuestionsOwed) -> list[Asked]:
    return [
        Asked(name="question card", ask=lambda s: owed.card(s, ONE, 2)),
        Asked(name="question fill", ask=lambda s: owed.fill(s, ONE, "1772442003.000100")),
        Asked(name="question news", ask=lambda s: owed.news(s, ONE, 5, "U7")),
        Asked(name="question tell", ask=lambda s: owed.tell(s, ONE, -2, "U8")),
        Asked(name="question public", ask=lambda s: owed.public(s, ONE, 5)),
        Asked(name="question quiet", ask=lambda s: owed.quiet(s, ONE, 4, LATER)),
        Asked(name="question forget", ask=lambda s: owed.forget(s, ONE, LATER)),
        Asked(name="question roster_changed", ask=lambda s: owed.roster_changed(s, frozenset({"U7"}))),
    ]


def _of_screens(screens: Screens) -> list[Asked]:
    return [
        Asked(name="report unsend", ask=lambda s: screens.unsend(s, "D7", "1772442003.000100")),
        Asked(name="report unsend again", ask=lambda s: screens.unsend(s, "D7", "1772442003.000200", again=True)),
        Asked(name="report blank", ask=lambda s: screens.blank(s, "D7", "1772442003.000100")),
        Asked(name="report home", ask=lambda s: screens.redraw_home(s, "U7")),
        Asked(name="report window", ask=lambda s: screens.draw_again(s, "V0VIEW", "U7", ONE)),
        Asked(name="report window list", ask=lambda s: screens.draw_again(s, "V0VIEW", "U7", None)),
        Asked(name="report window again", ask=lambda s: screens.empty_again(s, "V0VIEW", "U7", ONE, NOW)),
    ]


def _of_reports(owed: ReportsOwed) -> list[Asked]:
    return [
        Asked(name="report stub", ask=lambda s: owed.stub(s, ONE, "U8", about="filed")),
        Asked(name="report news", ask=lambda s: owed.news(s, ONE, "U7", about="5")),
        Asked(name="report draft_left", ask=lambda s: owed.draft_left(s, OTHER, "U7", NOW)),
        Asked(name="report draft_over", ask=lambda s: owed.draft_over(s, OTHER, "U7", NOW)),
        Asked(name="report stubs_over", ask=lambda s: owed.stubs_over(s, ONE, "filed", NOW)),
        Asked(name="report unclaimed", ask=lambda s: owed.unclaimed(s, ONE, LATER, since=NOW.isoformat())),
        Asked(name="report remind", ask=lambda s: owed.remind(s, ONE, LATER, since=NOW.isoformat())),
        Asked(name="report roster_changed", ask=lambda s: owed.roster_changed(s, {"U8", "U7"})),
        Asked(name="report compare", ask=lambda s: owed.compare(s, {"U8", "U7"})),
        Asked(name="report compare on", ask=lambda s: owed.compare(s, {"U8", "U7"}, after=(3, ONE))),
        Asked(name="report forget", ask=lambda s: owed.forget(s, ONE, LATER)),
        Asked(name="report forget looked", ask=lambda s: owed.forget(s, ONE, LATER, looked_at=NOW, again=NOW)),
        Asked(name="report answer_in_dm", ask=lambda s: owed.answer_in_dm(s, "U7", "1772442003.000100")),
    ]


def keyring_again() -> KeyRing:
    """The same hashes each time."""
    return KeyRing(Vault([MASTER_KEY]), b"golden")


def written(database: Database, keyring: KeyRing, asked: Asked) -> dict[str, Any]:
    """The row that stands there then; what is made up by chance is whatever chance is held still at."""
    with database.begin() as session:
        session.execute(delete(JobRow))
        session.execute(delete(DeskMessage))
    _ask(database, asked)
    with database.begin() as session:
        row = session.scalars(select(JobRow).order_by(JobRow.id)).first()
        assert row is not None, asked.name
        payload: dict[str, Any] = row.payload
        if "sealed" in payload:  # which comes out different each time
            payload = {"sealed": keyring.box.open(payload["sealed"].encode())}
        found = {
            "kind": row.kind,
            "payload": payload,
            "key": row.key,
            "lane": row.lane,
            "priority": row.priority,
            "of_a_campaign": row.campaign_id is not None,
            "in_seconds": (row.run_at - NOW).total_seconds(),
        }
        row.state = State.DEAD.value
        row_id = row.id
    _ask(database, asked)
    with database.read() as session:
        row = session.get_one(JobRow, row_id)
        if row.turns > 1:
            return found | {"asked_again": "another turn"}
        return found | {"asked_again": "nothing" if row.state == State.DEAD else "tried again"}


def _ask(database: Database, asked: Asked) -> None:
    if asked.by_itself is not None:
        asked.by_itself()
    with database.begin() as session:
        asked.ask(session)


def golden() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(GOLDEN.read_text())
    return found


def kinds(package: str) -> dict[str, type[TypedJob]]:
    """The class of each kind that is declared in what is loaded of it."""
    below = list(TypedJob.__subclasses__())
    for jobs in below:
        below += jobs.__subclasses__()
    return {jobs.KIND: jobs for jobs in below if "KIND" in vars(jobs) and jobs.__module__.startswith(package)}
