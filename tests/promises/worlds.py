"""Scripts of people, orders and faults, and one world in which such a script is played."""

import json
import random
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from uuid import NAMESPACE_OID, UUID, uuid5

from flask.testing import FlaskClient

from gpbot.clock import after_working_days
from gpbot.guidelines import ids as guidelines_ids
from gpbot.people.types import CannotHoldRole
from gpbot.practice.person import CannotDo, Person
from gpbot.practice.state import Answer, Sight
from gpbot.questions import form as question_form
from gpbot.questions import ids as question_ids
from gpbot.questions import views as question_views
from gpbot.questions.types import State as QuestionState
from gpbot.reports import codenames, form, ids, views
from gpbot.reports.changes import UNCLAIMED_DAYS
from gpbot.reports.ticks import NONE_OF_THEM
from gpbot.web.server import flask_app
from tests.databases import FOLDER, Kind
from tests.promises.words import Words
from tests.stage import Stage, begun_stage

CHAMPIONS = ("amina", "ben", "chloe")
CONTACTS = ("edith", "farid")
MEMBERS = ("mona", "tom", "nadia")
NEWCOMERS = ("zoe", "yan")  # who came while gpbot was there; the first of them has agreed to the guidelines
ROSTER = CHAMPIONS + CONTACTS
CAST = ROSTER + MEMBERS + NEWCOMERS

# Clicks whose value is a report or a draft, and which could do something to it.
CLICKS = (
    ids.OPEN,
    ids.CLAIM,
    ids.RELEASE,
    ids.REOPEN,
    ids.STEP_BACK,
    ids.TAB,
    ids.WRITE_NOTE,
    ids.WRITE_MESSAGE,
    ids.NAME_PEOPLE,
    ids.WRITE_CLOSING,
    ids.WRITE_MORE,
    ids.CHANGE_READERS,
    ids.WRITE_DETAILS,
    ids.SHOW_NAME,
    ids.WITHDRAW,
    ids.OPEN_FORM,
    ids.EDIT,
    ids.CONTINUE,
    ids.DISCARD,
)
# Clicks whose value is a question.
QUESTION_CLICKS = (
    question_ids.OPEN,
    question_ids.CLAIM,
    question_ids.RELEASE,
    question_ids.WRITE_ANSWER,
    question_ids.MAKE_REPORT,
    question_ids.WRITE_MORE,
    question_ids.CLOSE,
    question_ids.REOPEN,
)
# Forms that change who may read come as actions of their own.
FORMS = (ids.NOTE, ids.MESSAGE, ids.CLOSING, ids.MORE, ids.DETAILS, ids.REVIEW, ids.FORM)


FORGED = "answer to a forged form"
CHANNELS = {"flats": "housing", "tenants": "housing", "lawyers": "law"}  # name → topic


class EvenRandom(random.Random):
    """Back-off without jitter, so that two worlds wait alike."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


@dataclass
class Oracle:
    """Promise C1 in the words of promises.md, erring towards calling someone a reader.

    Worked out from the script alone, never from what gpbot stored.
    """

    champions: list[str] = field(default_factory=lambda: list(CHAMPIONS))
    contacts: list[str] = field(default_factory=lambda: list(CONTACTS))
    called: dict[str, str] = field(default_factory=dict)
    were_called: dict[str, set[str]] = field(default_factory=dict)  # while they held a role
    names_in_words: set[str] = field(default_factory=set)  # of the report
    gone: set[str] = field(default_factory=set)  # accounts that are deactivated
    guests: set[str] = field(default_factory=set)
    conflicts: dict[str, set[str]] = field(default_factory=dict)
    conflicts_when_asked: dict[str, set[str]] = field(default_factory=dict)  # and ever since
    reporter: str | None = None
    tried: set[str] = field(default_factory=set)  # reported, or would have
    could_read: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    for_good: set[str] = field(default_factory=set)  # excluded for a reason nobody can undo
    ticked: set[str] = field(default_factory=set)
    asked_again_at: datetime | None = None
    could_answer: set[str] = field(default_factory=lambda: set(CHAMPIONS))  # and so could read questions
    proposer: str = ""
    stewards: set[str] = field(default_factory=set)  # of the proposal about which there is a concern
    out_of_concern: set[str] = field(default_factory=set)  # who proposed it, and who wrote the concern
    could_read_concern: set[str] = field(default_factory=set)

    @property
    def acting_champions(self) -> set[str]:
        return set(self.champions) - self.gone - self.guests

    @property
    def answerers(self) -> set[str]:
        """Who may answer questions now."""
        return self.acting_champions or set(self.contacts) - self.gone

    @property
    def roster(self) -> list[str]:
        return [*self.champions, *self.contacts]

    def holds_role(self, who: str) -> bool:
        """And can act in it."""
        return who in self.acting_champions or (who in self.contacts and who not in self.gone)

    def is_named(self, who: str) -> bool:
        """In the report's words, by what they are called or were called in a role."""
        return bool(self.names_in_words & {self.called.get(who, ""), *self.were_called.get(who, ())})

    def got_role(self, who: str) -> None:
        if self.is_named(who):
            self.ticked.add(who)

    def lost_role(self, who: str) -> None:
        self.were_called.setdefault(who, set()).add(self.called[who])

    def renamed(self, who: str, name: str) -> None:
        if who in self.roster:
            self.lost_role(who)
        self.called[who] = name
        if who in self.roster and self.is_named(who):
            self.ticked.add(who)
            self.may_have_lost()

    def filed(self, filing: "Filing", at: datetime, *, names: Collection[str] = (), was_asked: bool = False) -> bool:
        """False when nobody is left to read it, unless it `was_asked`: what others pass on, who do not know whose.

        `names` are those in its words.
        """
        self.tried.add(filing.reporter)
        involved = {filing.reporter, *filing.about}
        conflicted = {who for who, others in self.conflicts.items() if others & set(filing.about)}
        with_reporter = self.conflicts_when_asked if was_asked else self.conflicts
        conflicted |= {who for who, others in with_reporter.items() if filing.reporter in others}
        for_good = involved | conflicted
        self.names_in_words = set(names)
        ticked = {*filing.keep_out, *filter(self.is_named, self.roster)}
        out = for_good | ticked
        shown = set() if filing.outside else self.acting_champions
        readers = shown - out
        if not readers:
            readers = set([who for who in self.contacts if who not in self.gone | out][:1])
        if not readers and not was_asked:
            return False
        self.reporter, self.could_read = filing.reporter, readers
        self.shown, self.for_good, self.ticked = shown, for_good, ticked
        self.asked_again_at = after_working_days(at, UNCLAIMED_DAYS)
        return True

    def may_have_lost(self) -> None:
        """Some reader may be one no more; with none left a contact is asked."""
        if self.reporter is not None:
            self.could_read |= set(self.contacts) - self.for_good - self.ticked

    def reporter_chose(self) -> None:
        """The reporter may have undone any tick."""
        self.ticked = set()
        self.could_read |= (self.shown | set(self.contacts)) - self.for_good
        self.names_in_words = set()  # whom they name may read it

    def time_passed(self, now: datetime) -> None:
        self.could_answer |= self.answerers
        self.stewards -= self.gone  # people who leave are stewards no more, also when they come back
        if self.out_of_concern:
            out = self.gone | self.out_of_concern | self.stewards
            self.could_read_concern |= self.acting_champions - out or set(self.contacts) - out
        if self.asked_again_at is not None and now >= self.asked_again_at:
            self.may_have_lost()

    @property
    def never_readers(self) -> list[str]:
        return [who for who in CAST if who not in self.tried | self.could_read]


class Act(Protocol):
    """One step of a script."""

    def play(self, world: "World") -> None: ...


@dataclass
class World:
    """A stage, and which report the script means by "the report" and by "the other one"."""

    c: Stage
    has_report: bool
    oracle: Oracle = field(default_factory=Oracle)
    report_id: UUID | None = None
    other_id: UUID | None = None
    question_id: UUID | None = None
    asker: str = ""
    has_ended: bool = False  # the question, in one world as a report
    proposal_id: UUID | None = None
    concern_id: UUID | None = None
    words: Words = field(default_factory=Words)
    trouble: bool = False  # some fault is on
    filed: int = 0  # as often in both worlds
    unfit: list[tuple[datetime, datetime]] = field(default_factory=list)  # when nothing was to go to the triage channel
    health_pages: list[str] = field(default_factory=list)  # what anybody on the internet was told, act by act

    def person(self, name: str) -> Person:
        return self.c.people[name]

    def target(self) -> str:
        """The report where there is one, else an id of nothing: the same for as long as that report's would be."""
        if self.report_id is not None:
            return str(self.report_id)
        return str(uuid5(NAMESPACE_OID, f"made up {self.filed}"))

    def can_act(self, name: str) -> bool:
        return not self.person(name).user.is_deleted

    def question_is_open(self) -> bool:
        questions = self.c.bot.records.questions
        with questions.database.read() as session:
            opened = questions.store.open_as_caretaker(session, self.question_id) if self.question_id else None
        return opened is not None and opened.state is QuestionState.OPEN

    def was_unfit(self, at: datetime) -> bool:
        return any(since <= at < until for since, until in self.unfit)

    def may_ask_on(self, name: str) -> bool:
        """Not who asked what became a report: in the other world they could open the question again."""
        return self.can_act(name) and not (self.has_ended and name == self.asker)

    def even_out(self) -> None:
        """No jitter in this process's back-off."""
        self.c.bot.courier._delivery._rng = EvenRandom()

    @cached_property
    def _internet(self) -> FlaskClient:
        return flask_app(lambda: self.c.bot.health()).test_client()  # noqa: PLW0108  (of whichever process runs by then)

    def ask_health(self) -> str:
        """What anybody on the internet would be told by the health page."""
        page = self._internet.get("/healthz")
        return f"{page.status} {page.text}"

    def settle(self) -> None:
        """As on stage, in one step: here nobody waits for the second message in a row."""
        self.c.bot.settle()
        self.c.clock.advance(seconds=3)
        self.c.bot.settle()


# --- filing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Who reports whom, and whom they keep out; `named` are named in the words."""

    reporter: str
    about: tuple[str, ...] = ()
    keep_out: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    outside: bool = False
    show_name: bool = False

    def play(self, world: World) -> None:
        """The report itself: in one of the two worlds only."""
        if not world.can_act(self.reporter) or world.oracle.reporter is not None:
            return
        # In both worlds, so that the second knows who may not see a difference.
        names = [world.person(name).user.real_name for name in self.named]
        expected = world.oracle.filed(self, world.c.clock.now(), names=names)
        if world.trouble:
            world.oracle.may_have_lost()  # a message that cannot arrive asks the next contact
        world.filed += 1
        if not world.has_report:
            return
        world.report_id = self.file(world, "report")
        assert (world.report_id is not None) == expected, "the oracle and gpbot disagree on who can read it"

    def file(self, world: World, about: str, draft_id: str = "") -> UUID | None:
        """The new report's id; None when nobody may read it. By submissions alone, which an outage does not touch."""
        who = world.person(self.reporter)
        people = world.c.people
        names = " ".join(people[name].user.real_name for name in self.named)
        what = f"{world.words.write(about, by=self.reporter)} {names}"
        state: dict[str, Any] = {
            form.WHAT: {form.WHAT: text_state(what)},
            ids.ABOUT: {ids.ABOUT: people_state(people[name].id for name in self.about)},
            form.ABOUT_WORDS: {form.ABOUT_WORDS: text_state(world.words.write("alias", by=self.reporter))},
            f"{ids.KEEP_OUT}.0.x": {ids.KEEP_OUT: ticks_state(people[name].id for name in self.keep_out)},
            form.OUTSIDE: {form.OUTSIDE: ticks_state(["yes"] if self.outside else [])},
            form.NAME: {form.NAME: choice_state("yes" if self.show_name else "no")},
        }
        submit(who, ids.FORM, draft_id, state)
        review = answered(who)
        reviewed = review.get("private_metadata", "")
        if not reviewed:
            return None
        submit(who, ids.REVIEW, reviewed, as_ticked(review))
        sent = answered(who)
        return UUID(reviewed[:36]) if sent["callback_id"] == ids.OWN and sent.get("private_metadata") else None


@dataclass(frozen=True, slots=True)
class OtherReport:
    """A report that both worlds share."""

    filing: Filing

    def play(self, world: World) -> None:
        if world.other_id is None and world.can_act(self.filing.reporter):
            world.other_id = self.filing.file(world, "other")


# --- questions, which both worlds share until one of them becomes a report -----------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    who: str
    show_name: bool = False

    def play(self, world: World) -> None:
        if not world.can_act(self.who) or world.question_is_open() or world.has_ended:
            return
        person = world.person(self.who)
        form_id = str(uuid5(NAMESPACE_OID, f"asked {len(world.words.in_questions)}"))
        state: dict[str, Any] = {
            question_form.QUESTION: {question_form.QUESTION: text_state(world.words.ask("question", by=self.who))},
            question_form.NAME: {question_form.NAME: choice_state("yes" if self.show_name else "no")},
        }
        submit(person, question_ids.FORM, form_id, state)
        world.asker = self.who
        world.oracle.conflicts_when_asked = {who: set(others) for who, others in world.oracle.conflicts.items()}
        world.question_id = world.c.bot.records.questions.store.id_for(person.id, form_id)


@dataclass(frozen=True, slots=True)
class QuestionClick:
    who: str
    action: str

    def play(self, world: World) -> None:
        if world.may_ask_on(self.who):
            world.person(self.who).send_action(self.action, str(world.question_id or world.target()))


@dataclass(frozen=True, slots=True)
class WriteInQuestion:
    """An answer, or more words of who asked: whichever form, no matter who sends it."""

    who: str
    form: str

    def play(self, world: World) -> None:
        if world.may_ask_on(self.who):
            words = world.words.ask("answer", by=self.who, sees=[world.asker] if world.asker else [])
            block = f"{question_views.TEXT}.x" if self.form == question_ids.ANSWER else question_views.TEXT
            state = {block: {question_views.TEXT: text_state(words)}}
            submit(world.person(self.who), self.form, str(world.question_id or world.target()), state)


@dataclass(frozen=True, slots=True)
class MakeReport:
    """In one world the question becomes a report, by a champion or by who asked; in the other it ends otherwise."""

    who: str  # "": by who asked
    about: tuple[str, ...] = ()
    keep_out: tuple[str, ...] = ()
    otherwise: str = question_ids.WITHDRAW

    def play(self, world: World) -> None:
        oracle, out = world.oracle, {*self.about, *self.keep_out}
        by = self.who or world.asker
        may = by == world.asker or (by in oracle.answerers and by not in out)
        if oracle.reporter is not None or not world.question_is_open() or not may:
            return
        if not world.can_act(by) or not world.can_act(world.asker):
            return
        filing = Filing(reporter=world.asker, about=self.about, keep_out=self.keep_out)
        oracle.tried.add(by)
        if not oracle.filed(filing, world.c.clock.now(), was_asked=by != world.asker):
            return
        if world.trouble:
            oracle.may_have_lost()
        asker, question_id = world.person(world.asker), str(world.question_id)
        report_id = world.c.bot.records.questions.store.report_id_for(UUID(question_id))
        world.has_ended = True
        world.filed += 1
        if not world.has_report:
            asker.send_action(self.otherwise, question_id)
        elif by == world.asker:
            asker.send_action(question_ids.CONCERN, question_id)
            world.report_id = filing.file(world, "concern", str(report_id))
            assert world.report_id == report_id
        else:
            people = world.c.people
            state: dict[str, Any] = {
                question_ids.ABOUT: {question_ids.ABOUT: people_state(people[name].id for name in self.about)},
                f"{ids.KEEP_OUT}.0.x": {ids.KEEP_OUT: ticks_state(people[name].id for name in self.keep_out)},
            }
            submit(world.person(by), question_ids.CONVERT, question_id, state)
            assert "It is a report now" in str(answered(world.person(by)))
            world.report_id = report_id


# --- what anybody may try with the report's id, whether or not it is theirs ------------------------------------------


@dataclass(frozen=True, slots=True)
class Click:
    who: str
    action: str
    tail: str = ""
    other: bool = False

    def play(self, world: World) -> None:
        if not world.can_act(self.who):
            return
        value = str(world.other_id) if self.other and world.other_id else world.target()
        if self.action == ids.TAB:
            value += f":{self.tail}"
        if not self.other and self.action == ids.STEP_BACK and self.who in world.oracle.could_read:
            world.oracle.may_have_lost()
        world.person(self.who).send_action(self.action, value)


@dataclass(frozen=True, slots=True)
class Write:
    """Send one of the forms that carry a report's id."""

    who: str
    form: str
    other: bool = False

    def play(self, world: World) -> None:
        if not world.can_act(self.who):
            return
        target = str(world.other_id) if self.other and world.other_id else world.target()
        kind = {ids.NOTE: "note", ids.MESSAGE: "message", ids.CLOSING: "closing"}.get(self.form, "more")
        reporter = world.oracle.reporter
        sees = [reporter] if reporter and kind != "note" else []
        words = world.words.write(kind, by=self.who, sees=sees)
        state: dict[str, Any] = {
            views.TEXT: {views.TEXT: text_state(words)},
            views.OUTCOME: {views.OUTCOME: choice_state("resolved")},
            "category": {"category": choice_state("safety")},
            form.WHAT: {form.WHAT: text_state(words)},
            f"{ids.KEEP_OUT}.0.x": {ids.KEEP_OUT: ticks_state(["none"])},
        }
        submit(world.person(self.who), self.form, target, state)


@dataclass(frozen=True, slots=True)
class AddPeople:
    who: str
    reported: tuple[str, ...]
    harmed: tuple[str, ...]

    def play(self, world: World) -> None:
        if not world.can_act(self.who):
            return
        if self.who in world.oracle.could_read:
            world.oracle.may_have_lost()
        people = world.c.people
        words = world.words.write("name", by=self.who)
        state: dict[str, Any] = {
            views.REPORTED: {views.REPORTED: people_state(people[name].id for name in self.reported)},
            views.REPORTED_WORDS: {views.REPORTED_WORDS: text_state(words)},
            views.HARMED: {views.HARMED: people_state(people[name].id for name in self.harmed)},
        }
        submit(world.person(self.who), ids.PEOPLE, world.target(), state)


@dataclass(frozen=True, slots=True)
class ChooseReaders:
    """The reporter's own ticks, all of them, from now on."""

    who: str
    keep_out: tuple[str, ...]

    def play(self, world: World) -> None:
        if not world.can_act(self.who):
            return
        if self.who == world.oracle.reporter:
            world.oracle.reporter_chose()
        ticks = ticks_state(world.c.people[name].id for name in self.keep_out)
        state: dict[str, Any] = {f"{ids.KEEP_OUT}.0.x": {ids.KEEP_OUT: ticks}}
        were_ticked = [world.person(name).id for name in ROSTER]
        submit(world.person(self.who), ids.READERS, ":".join([world.target(), *were_ticked]), state)


# --- what both worlds share ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PressNewest:
    """Whatever button is on the newest direct message."""

    who: str
    words: str

    def play(self, world: World) -> None:
        if not world.can_act(self.who):
            return
        who, oracle = world.person(self.who), world.oracle
        world.c.look_away(who)
        newest = who.open_messages()[-1:]
        if self.who in {oracle.reporter, *oracle.could_read}:
            # Their newest message may be about the one report here and about the other one there.
            oracle.may_have_lost()
            newest = [message for message in newest if str(world.report_id) in json.dumps(message.raw)]
        for message in newest:
            with suppress(CannotDo):
                who.press(self.words, within=message)


@dataclass(frozen=True, slots=True)
class OpenHome:
    who: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.person(self.who).open_home()


@dataclass(frozen=True, slots=True)
class Agree:
    """To the guidelines, on App Home."""

    who: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.person(self.who).send_action(guidelines_ids.AGREE, "1:0")


@dataclass(frozen=True, slots=True)
class SeeWhoAgreed:
    """The champions' list, which shows to none of them who reported anything."""

    who: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.person(self.who).send_action(guidelines_ids.OUTSTANDING, "")


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """The pinned message's button, or the list of what is closed."""

    who: str
    value: str = "open:"

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.person(self.who).send_action(ids.LIST, self.value)


@dataclass(frozen=True, slots=True)
class OpenOwnList:
    who: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.person(self.who).send_action(ids.OWN_LIST)


@dataclass(frozen=True, slots=True)
class StartForm:
    """Type the command, with or without words, and leave it at that."""

    who: str
    with_words: bool

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            words = world.words.write("draft", by=self.who, readers=False) if self.with_words else ""
            world.person(self.who).command("/report", words, channel=world.c.general)


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """Fill in the form, see who would read it, and leave it."""

    who: str
    about: tuple[str, ...]

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            what = world.words.write("draft", by=self.who, readers=False)
            state: dict[str, Any] = {
                form.WHAT: {form.WHAT: text_state(what)},
                ids.ABOUT: {ids.ABOUT: people_state(world.c.people[name].id for name in self.about)},
            }
            submit(world.person(self.who), ids.FORM, "", state)


@dataclass(frozen=True, slots=True)
class SayToBot:
    who: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.person(self.who).say("Hello?")


@dataclass(frozen=True, slots=True)
class Conflict:
    holder: str
    other: str

    def play(self, world: World) -> None:
        if not world.can_act(self.holder):
            return
        if world.oracle.holds_role(self.holder):
            world.oracle.conflicts[self.holder] = {self.other} - {self.holder}
            world.oracle.conflicts_when_asked.get(self.holder, set()).intersection_update({self.other})
        state: dict[str, Any] = {views.TEXT: {views.TEXT: people_state([world.person(self.other).id])}}
        submit(world.person(self.holder), ids.CONFLICTS, "", state)


@dataclass(frozen=True, slots=True)
class Retire:
    who: str

    def play(self, world: World) -> None:
        world.oracle.may_have_lost()
        try:
            world.c.bot.records.people.remove_champion(world.person(self.who).id, by="operator")
        except CannotHoldRole:
            return
        world.oracle.lost_role(self.who)
        world.oracle.champions.remove(self.who)


@dataclass(frozen=True, slots=True)
class Recruit:
    who: str

    def play(self, world: World) -> None:
        if world.trouble or self.who in world.oracle.gone:
            return  # their names could not be learned
        try:
            world.c.bot.records.people.add_champion(world.person(self.who).id, by="operator")
        except CannotHoldRole:
            return
        world.oracle.champions.append(self.who)
        world.oracle.got_role(self.who)
        world.c.bot.learn_names()


@dataclass(frozen=True, slots=True)
class Appoint:
    """The first contact from now on, whom the words of a report may name."""

    who: str
    at_once: bool = False  # looks, before anything was compared

    def play(self, world: World) -> None:
        oracle, c = world.oracle, world.c
        if world.trouble or self.who in oracle.gone or self.who in oracle.roster:
            return
        oracle.contacts.insert(0, self.who)
        oracle.got_role(self.who)
        oracle.may_have_lost()  # nobody may be left to read it, and they are asked next
        contacts = tuple(world.person(name).id for name in oracle.contacts)
        c.settings = replace(c.settings, escalation_contacts=contacts)
        c.bot.records.people.seed(c.settings.champions, contacts)
        c.bot.learn_names()
        if self.at_once:
            world.person(self.who).send_action(ids.OPEN, world.target())


@dataclass(frozen=True, slots=True)
class Rename:
    """Somebody calls themselves as another is called, whom the words of a report may name."""

    who: str
    after: str
    at_once: bool = False

    def play(self, world: World) -> None:
        if not world.can_act(self.who):
            return
        name = world.person(self.after).user.real_name
        world.oracle.renamed(self.who, name)
        world.c.workspace.rename(world.person(self.who), real_name=name, display_name=name)
        if self.at_once:
            world.person(self.who).send_action(ids.OPEN, world.target())


@dataclass(frozen=True, slots=True)
class Deactivate:
    who: str

    def play(self, world: World) -> None:
        world.oracle.may_have_lost()
        if world.can_act(self.who):
            world.c.workspace.deactivate(world.person(self.who))
        world.oracle.gone.add(self.who)


@dataclass(frozen=True, slots=True)
class Reactivate:
    who: str

    def play(self, world: World) -> None:
        if not world.can_act(self.who):
            world.c.workspace.reactivate(world.person(self.who))
        world.oracle.gone.discard(self.who)
        if not world.oracle.could_read:
            world.oracle.may_have_lost()  # nobody was left to read it; now a contact may be


@dataclass(frozen=True, slots=True)
class Outage:
    """Every call answered 500, or 429, until Slack recovers."""

    slow_down: bool

    def play(self, world: World) -> None:
        world.trouble = True
        if self.slow_down:
            world.c.workspace.faults.add(retry_after=30, times=None)
        else:
            world.c.workspace.faults.add(status=500, times=None)


@dataclass(frozen=True, slots=True)
class FailFor:
    """Every message to, and every Home of, one person: 500, refused for good, or 429."""

    who: str
    how: str

    def play(self, world: World) -> None:
        world.trouble = True
        user_id = world.person(self.who).id
        channel_id = world.c.workspace.dm(user_id).id

        def theirs(args: Mapping[str, Any]) -> bool:
            return args.get("channel") in {user_id, channel_id} or args.get("user_id") == user_id

        faults = world.c.workspace.faults
        match self.how:
            case "error":
                faults.add(status=500, where=theirs, times=None)
            case "refused":
                faults.add(method="chat.postMessage", error="user_disabled", where=theirs, times=None)
                world.oracle.may_have_lost()  # a message that cannot arrive asks the next contact
            case _:
                faults.add(retry_after=20, where=theirs, times=None)


@dataclass(frozen=True, slots=True)
class Recover:
    def play(self, world: World) -> None:
        world.trouble = False
        world.c.workspace.faults.clear()


@dataclass(frozen=True, slots=True)
class Wait:
    hours: float

    def play(self, world: World) -> None:
        world.c.clock.advance(hours=self.hours)
        if self.hours > 7 * 24:
            world.oracle.may_have_lost()  # what could not be sent for a week asks the next contact


@dataclass(frozen=True, slots=True)
class Restart:
    """Not while Slack is down: gpbot does not start then, in either world."""

    def play(self, world: World) -> None:
        world.trouble = False
        world.c.workspace.faults.clear()
        world.c.restart()
        world.even_out()


# --- playing -----------------------------------------------------------------------------------------------------


@contextmanager
def world(*, has_report: bool, kind: Kind = "sqlite") -> Iterator[World]:
    with TemporaryDirectory(dir=FOLDER) as folder, begun_stage(kind, Path(folder)) as c:
        sample = (files("gpbot.guidelines") / "sample.md").read_text("utf-8")
        c.bot.records.guidelines.publish(sample, is_major=True, changes="", attribution="", by="operator")
        here = World(c=c, has_report=has_report)
        here.even_out()
        newcomers_arrive(here)
        here.oracle.called = {name: here.person(name).user.real_name for name in CAST}
        yield here
        c.workspace.faults.clear()


def newcomers_arrive(here: World) -> None:
    """To a workspace in which channels say what they are about."""
    for name, topic in CHANNELS.items():
        here.c.workspace.add_channel(name, purpose=f"#{topic}")
    here.c.bot.channels.begin()
    for name in ("Zoe Brandt", "Yan Novak"):
        person = here.c.add_person(name)
        for place in (here.c.general, here.c.proposals):
            here.c.workspace.invite(place, person)
    here.settle()
    here.c.clock.advance(minutes=2)
    here.settle()
    here.person(NEWCOMERS[0]).press("I agree")
    here.settle()
    assert [len(here.person(name).inbox) for name in NEWCOMERS] == [2, 1]  # one has the first steps already


def play(here: World, script: Sequence[Act]) -> None:
    for act in script:
        act.play(here)
        here.health_pages.append(here.ask_health())
        here.settle()
        here.oracle.time_passed(here.c.clock.now() + timedelta(minutes=1))


def submit(who: Person, callback_id: str, metadata: str, state: Mapping[str, Any]) -> Answer:
    blocks = [{"type": "input", "block_id": block_id} for block_id in state]
    view = {"callback_id": callback_id, "private_metadata": metadata, "state": {"values": state}, "blocks": blocks}
    return who.send_view_submission(view)


def answered(who: Person) -> Mapping[str, Any]:
    """The view this person's last form was answered with; empty when it was answered otherwise."""
    last = next(sight for sight in reversed(who.seen) if sight.where == FORGED)
    view: Mapping[str, Any] = (last.raw or {}).get("view") or {}
    return view


def as_ticked(view: Mapping[str, Any]) -> dict[str, Any]:
    """The list of people who must not read it as it came; *None of them* where it wants an answer and has none."""
    lists = [block for block in view["blocks"] if str(block.get("block_id")).startswith(f"{ids.KEEP_OUT}.")]
    ticked = {
        block["block_id"]: [option["value"] for option in block["element"].get("initial_options", ())]
        for block in lists
    }
    if not any(ticked.values()) and lists[-1]["element"]["options"][-1]["text"]["text"] == NONE_OF_THEM:
        ticked[lists[-1]["block_id"]] = [lists[-1]["element"]["options"][-1]["value"]]
    return {block_id: {ids.KEEP_OUT: ticks_state(values)} for block_id, values in ticked.items()}


def text_state(words: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": words}


def people_state(slack_ids: Any) -> dict[str, Any]:
    return {"type": "multi_users_select", "selected_users": list(slack_ids)}


def ticks_state(values: Any) -> dict[str, Any]:
    return {"type": "checkboxes", "selected_options": [{"value": value} for value in values]}


def choice_state(value: str) -> dict[str, Any]:
    return {"type": "radio_buttons", "selected_option": {"value": value}}


def screens(person: Person) -> str:
    """All that is in front of a person now: words, and what their client holds."""
    home = [person.home] if person.home else []
    return "\n".join(f"{screen.text} {json.dumps(screen.raw)}" for screen in [*person.modals, *home, *person.inbox])


# --- what somebody saw, without what is random by design ----------------------------------------------------------

_CODE = rf"\b(?:{'|'.join(codenames._FIRST)}) (?:{'|'.join(codenames._SECOND)})\b"
_RANDOM = re.compile(
    r"(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    r"|(?P<wire>\b(?:[0-9a-f]{32}|[0-9a-f]{16})\b)"
    rf"|(?P<label>\bopen (?={_CODE}))|(?P<code>{_CODE})",
    re.IGNORECASE,
)


class Plain:
    """Random words replaced by which one it was, in the order in which this person met them."""

    def __init__(self) -> None:
        self._met: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        return _RANDOM.sub(self._name, text)

    def _name(self, found: re.Match[str]) -> str:
        if found.lastgroup == "label":
            return found.group()
        return self._met.setdefault(found.group().casefold(), f"<{found.lastgroup} {len(self._met)}>")


def told(sights: Sequence[Sight], start: datetime, addresses: str = "") -> list[str]:
    """Everything in `sights` as lines to compare: when, where, in which words, and what the client received."""
    plain = Plain()
    lines = []
    for sight in sights:
        raw = json.dumps(sight.raw, sort_keys=True, default=str).replace(addresses, "")
        lines.append(plain(f"+{(sight.at - start).total_seconds():.0f}s {sight.where}: {sight.text}\n  {raw}"))
    return lines
