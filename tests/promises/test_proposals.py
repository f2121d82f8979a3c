"""Proposals in any order, whatever goes wrong meanwhile; and concerns that become reports unknown to others."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from hypothesis import example
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gpbot.proposals import ids, views
from gpbot.proposals.models import SupporterRow
from gpbot.proposals.types import CannotTakePart, Place, Proposed, State
from gpbot.refusals import Refusal
from gpbot.reports import ids as report_ids
from tests.databases import Kind
from tests.promises.orders import anybody, either_database, promise, some_of_the_roster, upheaval
from tests.promises.test_two_worlds import compare_worlds
from tests.promises.worlds import (
    CAST,
    CHAMPIONS,
    CLICKS,
    CONTACTS,
    FORMS,
    MEMBERS,
    NEWCOMERS,
    ROSTER,
    Act,
    Click,
    Deactivate,
    Filing,
    OpenDesk,
    OpenHome,
    Outage,
    Reactivate,
    Recover,
    Recruit,
    Restart,
    Retire,
    Wait,
    World,
    Write,
    submit,
    text_state,
    ticks_state,
    world,
)

THRESHOLD = 2
DAYS = 14
PROPOSER, STEWARD = "mona", "nadia"


class Openings:
    def __init__(self) -> None:
        self.begun: list[UUID] = []

    def begin(self, session: Session, proposal_id: UUID) -> None:
        assert session.in_transaction()
        self.begun.append(proposal_id)

    def give_up(self, session: Session, proposal_id: UUID) -> None:
        """Nothing is made here, so nothing is stuck."""


@dataclass
class Model:
    """One proposal in the words of the product, worked out from the script alone."""

    champions: list[str] = field(default_factory=lambda: list(CHAMPIONS))
    gone: set[str] = field(default_factory=set)
    ever_gone: set[str] = field(default_factory=set)
    agreed: set[str] = field(default_factory=lambda: {NEWCOMERS[0]})
    supports: set[str] = field(default_factory=set)
    wants_in: set[str] = field(default_factory=set)
    stewards: set[str] = field(default_factory=lambda: {STEWARD})
    approved_by: set[str] = field(default_factory=set)
    state: State = State.OPEN
    ready: bool = False
    deadline_at: datetime | None = None
    lapse_at: datetime | None = None

    @property
    def deciders(self) -> set[str]:
        involved = {PROPOSER, *self.stewards}
        champions = set(self.champions) - self.gone - involved
        return champions or set(CONTACTS) - self.gone - involved

    def turn(self, who: str, chosen: set[str]) -> None:
        if self.state is State.OPEN and who in self.agreed and who not in self.gone | {PROPOSER}:
            chosen.symmetric_difference_update({who})
            self.ready = self.ready or len(self.supports) >= THRESHOLD

    def approve(self, who: str) -> None:
        if self.state is State.OPEN and self.ready and who in self.deciders:
            self.approved_by.add(who)
            if len(self.approved_by & self.deciders) >= max(1, min(2, len(self.deciders))):
                self.state = State.APPROVED

    def leave(self, who: str) -> None:
        self.gone.add(who)
        self.ever_gone.add(who)
        if self.state is not State.OPEN:
            return
        for chosen in (self.supports, self.wants_in, self.stewards):
            chosen.discard(who)
        self._lapse_if_left_alone()

    def step_down(self, who: str) -> None:
        self.stewards.discard(who)
        if self.state is State.OPEN:
            self._lapse_if_left_alone()

    def time_passed(self, now: datetime) -> None:
        if self.state is State.OPEN and self.lapse_at is not None and now >= self.lapse_at:
            self.state = State.LAPSED
        if self.state is State.OPEN and self.lapse_at is None and self.deadline_at and now >= self.deadline_at:
            self.ready, self.lapse_at = True, now + timedelta(days=DAYS)

    def _lapse_if_left_alone(self) -> None:
        if PROPOSER in self.gone and not self.stewards:
            self.state = State.LAPSED


Step = tuple[str, str]
steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.sampled_from(("support", "support", "want in", "agree")), st.sampled_from(CAST)),
    st.tuples(st.sampled_from(("support", "agree")), st.sampled_from(MEMBERS + CHAMPIONS)),
    st.tuples(st.just("support"), st.sampled_from(("tom", "amina", "ben"))),
    st.tuples(st.just("approve"), st.sampled_from(CHAMPIONS)),
    st.tuples(st.sampled_from(("approve", "ask", "decline")), st.sampled_from(CAST)),
    st.tuples(st.sampled_from(("withdraw", "answer", "step down")), st.sampled_from((PROPOSER, STEWARD, "tom"))),
    st.tuples(st.sampled_from(("leave", "come back")), st.sampled_from(CAST)),
    st.tuples(st.sampled_from(("retire", "recruit")), st.sampled_from(CHAMPIONS + MEMBERS)),
    st.tuples(st.sampled_from(("five days", "outage", "recover", "restart", "delete the message")), st.just("")),
)


class Playing:
    """A stage with one proposal on it, and what the model says of it."""

    def __init__(self, here: World) -> None:
        self.here = here
        self.c = here.c
        self.c.stop()
        self.c.settings = replace(self.c.settings, support_threshold=THRESHOLD, approvals=2, proposal_days=DAYS)
        self.c.start()
        here.even_out()
        here.settle()
        self.model = Model()
        self.openings = Openings()
        self.clicks = 0
        self._connect()
        for name in (PROPOSER, STEWARD, "tom", "amina", "ben"):
            self.step(("agree", name))
        proposed = Proposed(purpose="Housing law.", name="housing-law", steward_ids=(self.id_of(STEWARD),))
        proposal = self.c.bot.records.proposals.propose(self.id_of(PROPOSER), "one", proposed)
        self.proposal_id = proposal.id
        self.model.deadline_at = proposal.deadline_at
        here.settle()

    def id_of(self, name: str) -> str:
        return self.c.people[name].id

    def step(self, step: Step) -> None:
        """What gpbot refuses changes nothing; what the model refuses likewise."""
        self.clicks += 1
        with suppress(Refusal):
            self._press(*step)
        (self._happen if step[0] in HAPPENINGS else self._expect)(*step)
        self.here.settle()

    def _press(self, what: str, who: str) -> None:
        proposals = self.c.bot.records.proposals
        person, click = self.id_of(who) if who else "", f"click {self.clicks}"
        match what:
            case "support" | "want in":
                turn = proposals.support if what == "support" else proposals.want_in
                for _ in range(2):  # each click comes twice
                    turn(person, self.proposal_id, click)
            case "approve":
                proposals.approve(person, self.proposal_id)
            case "ask":
                proposals.ask(person, self.proposal_id, "Who would look after it?", once=click)
            case "decline":
                proposals.decline(person, self.proposal_id, "There is one already.", once=click)
            case "withdraw":
                proposals.withdraw(person, self.proposal_id)
            case "answer":
                proposals.answer(person, self.proposal_id, "We would.", once=click)
            case "step down":
                proposals.step_down(person, self.proposal_id)

    def _expect(self, what: str, who: str) -> None:
        model = self.model
        match what:
            case "support":
                model.turn(who, model.supports)
            case "want in":
                model.turn(who, model.wants_in)
            case "approve":
                model.approve(who)
            case "decline" if model.state is State.OPEN and who in model.deciders:
                model.state = State.DECLINED
            case "withdraw" if model.state is State.OPEN and who == PROPOSER:
                model.state = State.WITHDRAWN
            case "step down":
                model.step_down(who)

    def _happen(self, what: str, who: str) -> None:
        """In the workspace, on the roster, or to gpbot."""
        HAPPENINGS[what](self, who)

    def _agree(self, who: str) -> None:
        if who not in self.model.gone:
            self.c.people[who].send_action("guidelines.agree", "1:0")
            self.model.agreed.add(who)

    def _leave(self, who: str) -> None:
        if who not in self.model.gone:
            Deactivate(who).play(self.here)
            self.model.leave(who)

    def _come_back(self, who: str) -> None:
        if who in self.model.gone:
            Reactivate(who).play(self.here)
            self.model.gone.discard(who)

    def _retire(self, who: str) -> None:
        if who in self.model.champions:
            Retire(who).play(self.here)
            self.model.champions.remove(who)

    def _recruit(self, who: str) -> None:
        if not self.here.trouble and who not in self.model.gone | {*self.model.champions}:
            Recruit(who).play(self.here)
            self.model.champions.append(who)

    def _wait(self, _who: str) -> None:
        Recover().play(self.here)  # what cannot be sent for a day is given up
        self.here.settle()
        Wait(5 * 24).play(self.here)
        self.model.time_passed(self.c.clock.now())

    def _outage(self, _who: str) -> None:
        Outage(slow_down=bool(self.clicks % 2)).play(self.here)

    def _recover(self, _who: str) -> None:
        Recover().play(self.here)

    def _restart(self, _who: str) -> None:
        Restart().play(self.here)
        self._connect()

    def check(self) -> None:
        """At most one channel, and the count is of distinct people who may support it."""
        proposals, model = self.c.bot.records.proposals, self.model
        found = proposals.look(self.proposal_id)
        assert found.state is model.state
        assert found.supporters == len(model.supports)
        assert found.wanting == len(model.wants_in)
        with proposals.database.read() as session:
            rows = session.execute(select(func.count()).where(SupporterRow.supports)).scalar_one()
            assert rows == found.supporters
        assert self.openings.begun == ([self.proposal_id] if model.state is State.APPROVED else [])
        assert found.is_ready == model.ready

    def check_told(self) -> None:
        """In the end every message shows its status, and the proposer was told how it ended."""
        Recover().play(self.here)
        for _ in range(3):
            Wait(0.5).play(self.here)
            self.c.settle(8)
        self.check()
        found = self.c.bot.records.proposals.look(self.proposal_id)
        with self.c.bot.records.database.read() as session:
            messages = [
                message
                for place in Place
                for message in self.c.bot.records.proposals.store.messages(session, self.proposal_id, place)
            ]
        phrase = views._state(found) if found.state is not State.OPEN else f"{found.supporters} support"
        for message in messages:
            shown = self.c.workspace.channels[message.channel_id].messages.get(message.message_ts)
            assert shown is None or phrase in str(shown.blocks), (phrase, shown.blocks)  # None: an admin deleted it
        if found.state is not State.OPEN and PROPOSER not in self.model.ever_gone:
            proposer = self.c.people[PROPOSER]
            assert any(views._PLAIN[found.state] in str(sight.raw) for sight in proposer.seen), "nobody told them"

    def _delete_the_message(self, _who: str) -> None:
        """An admin does, in the proposals channel."""
        place = self.c.workspace.channels[self.c.proposals.id]
        for said in list(place.messages.values()):
            if "housing-law" in str(said.blocks):
                with self.c.workspace.acting():
                    self.c.workspace.messages.delete(said)

    def _connect(self) -> None:
        self.c.bot.records.proposals.open_with(self.openings)


HAPPENINGS: Mapping[str, Callable[[Playing, str], None]] = {
    "agree": Playing._agree,
    "leave": Playing._leave,
    "come back": Playing._come_back,
    "retire": Playing._retire,
    "recruit": Playing._recruit,
    "five days": Playing._wait,
    "outage": Playing._outage,
    "recover": Playing._recover,
    "restart": Playing._restart,
    "delete the message": Playing._delete_the_message,
}


@promise(16, st.lists(steps, min_size=8, max_size=30), either_database)
@example(
    [
        *(("agree", who) for who in ("chloe", "edith")),
        *(("support", who) for who in ("tom", "tom", "amina", "tom")),
        ("outage", ""),
        ("approve", "amina"),
        ("retire", "amina"),
        ("restart", ""),
        ("approve", "ben"),
        ("approve", "chloe"),
    ],
    "sqlite",
)
@example([*[("five days", "")] * 3, ("delete the message", ""), ("ask", "ben"), *[("five days", "")] * 3], "postgresql")
@example([("leave", PROPOSER), ("step down", STEWARD), ("come back", PROPOSER), ("support", "tom")], "sqlite")
@example([("leave", STEWARD), ("come back", STEWARD), ("leave", PROPOSER)], "postgresql")
def test_one_channel_at_most_and_a_count_of_distinct_members_in_any_order(script: Sequence[Step], kind: Kind) -> None:
    with world(has_report=False, kind=kind) as here:
        playing = Playing(here)
        for step in script:
            playing.step(step)
            playing.check()
        playing.check_told()


# --- a concern that becomes a report in one of two worlds ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Raise:
    """Somebody proposes a channel, and somebody has a concern about it; both worlds share that."""

    proposer: str
    steward: str
    author: str

    def play(self, world: World) -> None:
        records = world.c.bot.records
        for who in (self.proposer, self.steward, self.author):
            world.person(who).send_action("guidelines.agree", "1:0")
        world.c.bot.windows.settle()  # the answer to that comes before the answer to what they do next
        stewards = (world.person(self.steward).id,)
        proposed = Proposed(purpose="Housing law.", name="housing-law", steward_ids=stewards)
        proposal = records.proposals.propose(world.person(self.proposer).id, "one", proposed)
        words = world.words.ask("concern", by=self.author)
        form_id = str(uuid5(NAMESPACE_OID, "concern"))
        state = {
            views.TEXT: {views.TEXT: text_state(words)},
            f"{report_ids.KEEP_OUT}.0.x": {report_ids.KEEP_OUT: ticks_state(["none"])},
        }
        submit(world.person(self.author), ids.CONCERN, f"{proposal.id}:{form_id}", state)
        world.question_id = records.proposals.store.id_for("concern of proposal", world.person(self.author).id, form_id)


@dataclass(frozen=True, slots=True)
class LookAtConcern:
    who: str
    action: str

    def play(self, world: World) -> None:
        if world.can_act(self.who) and world.question_id is not None:
            world.person(self.who).send_action(self.action, str(world.question_id))


@dataclass(frozen=True, slots=True)
class PassOn:
    """In one world a reader of the concern makes it a report, in the other they deal with it."""

    who: str
    keep_out: tuple[str, ...]

    def play(self, world: World) -> None:
        raised, oracle = world.question_id, world.oracle
        if raised is None or oracle.reporter is not None or not world.can_act(self.who):
            return
        with world.c.bot.records.database.read() as session:
            concern = world.c.bot.records.proposals.store.concern(session, raised)
        may = concern is not None and world.person(self.who).id in concern.readers
        if concern is None or not may or self.who in self.keep_out:
            return
        names = {person.id: name for name, person in world.c.people.items()}
        involved = tuple(sorted(names[each] for each in concern.involved))
        author = names[concern.worry.author]
        filing = Filing(reporter=author, keep_out=(*self.keep_out, *involved))
        oracle.tried |= {self.who, author}
        if not oracle.filed(filing, world.c.clock.now()):
            return
        if world.trouble:
            oracle.may_have_lost()
        if not world.has_report:
            world.person(self.who).send_action(ids.END_CONCERN, str(raised))
            return
        ticks = ticks_state(world.person(name).id for name in self.keep_out)
        submit(
            world.person(self.who),
            ids.CONVERT,
            str(raised),
            {f"{report_ids.KEEP_OUT}.0.x": {report_ids.KEEP_OUT: ticks}},
        )
        world.report_id = world.c.bot.records.proposals.store.id_for("report of concern", "", str(raised))
        with world.c.bot.records.database.read() as session:
            standing = world.c.bot.records.reports.open_as_caretaker(session, world.report_id)
        assert standing is not None
        assert {names[each] for each in standing.reader_ids} <= oracle.could_read


concern_clicks = st.sampled_from((ids.READ_CONCERN, ids.MAKE_REPORT))
raisings = st.builds(lambda people: Raise(*people), st.lists(anybody, min_size=3, max_size=3, unique=True))
looks: st.SearchStrategy[Act] = st.one_of(
    st.builds(LookAtConcern, who=anybody, action=concern_clicks),
    st.builds(LookAtConcern, who=st.sampled_from(CHAMPIONS), action=concern_clicks),
    st.builds(OpenHome, who=anybody),
    st.builds(OpenDesk, who=st.sampled_from(ROSTER)),
    upheaval,
)
handling: st.SearchStrategy[Act] = st.one_of(
    st.builds(Click, who=anybody, action=st.sampled_from(CLICKS)),
    st.builds(Write, who=anybody, form=st.sampled_from(FORMS)),
)
passed_on = st.builds(
    lambda raised, between, made, then: [raised, *between, *made, *then],
    raisings,
    st.lists(looks, max_size=3),
    st.lists(st.builds(PassOn, who=st.sampled_from(ROSTER), keep_out=some_of_the_roster), min_size=1, max_size=3),
    st.lists(st.one_of(looks, handling), max_size=5),
)


@promise(10, passed_on, either_database)
@example(
    [
        Raise("amina", "tom", "mona"),
        *(LookAtConcern(who, ids.READ_CONCERN) for who in CHAMPIONS),
        PassOn("ben", ("chloe",)),
        LookAtConcern("chloe", ids.READ_CONCERN),
        *(OpenHome(who) for who in CHAMPIONS),
        Click("chloe", report_ids.CLAIM),
    ],
    "postgresql",
)
@example(
    [Raise("tom", "nadia", "mona"), LookAtConcern("chloe", ids.READ_CONCERN), PassOn("ben", ("chloe", "amina"))],
    "sqlite",
)
def test_somebody_who_does_not_read_the_report_cannot_tell_it_from_a_concern_that_was_dealt_with(
    script: Sequence[Act], kind: Kind
) -> None:
    compare_worlds(script, kind)


def test_a_support_that_is_refused_leaves_nothing_behind() -> None:
    with world(has_report=False, kind="sqlite") as here:
        playing = Playing(here)
        proposals = here.c.bot.records.proposals
        for name in ("chloe", PROPOSER):
            try:
                proposals.support(playing.id_of(name), playing.proposal_id, "1")
            except CannotTakePart:
                continue
            raise AssertionError(name)
        with proposals.database.read() as session:
            assert session.execute(select(func.count()).select_from(SupporterRow)).scalar_one() == 0
