"""A town in which there is one of everything that a route can be about, and how each route is pressed there."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event
from werkzeug.test import Client

from gpbot.bootstrap import WORKFLOWS
from gpbot.crypto import DataKey, Vault
from gpbot.directory import ids as directory_ids
from gpbot.guidelines import ids as guidelines_ids
from gpbot.kit import routes
from gpbot.onboarding import ids as onboarding_ids
from gpbot.opening import ids as opening_ids
from gpbot.outbox.types import Refused
from gpbot.people import ids as people_ids
from gpbot.people import members as people
from gpbot.practice.delivery import Courier
from gpbot.proposals import ids as proposal_ids
from gpbot.proposals.types import Proposed, State
from gpbot.questions import ids as question_ids
from gpbot.questions import views as question_views
from gpbot.questions.types import Asking, Concern
from gpbot.quiet import ids as quiet_ids
from gpbot.refusals import Refusal
from gpbot.reports import form, ids, views
from gpbot.reports.filing import Filing as Drafts
from gpbot.reports.types import Filled
from gpbot.rights import Right, Subject, Who
from gpbot.slack.on import Kind as Does
from gpbot.slack.on import Route
from gpbot.web.server import SLACK_PATH, wsgi_app
from tests.databases import Kind
from tests.promises.arriving import TellWhy
from tests.promises.worlds import (
    Agree,
    ChooseReaders,
    Click,
    Conflict,
    Filing,
    Plain,
    World,
    Write,
    choice_state,
    people_state,
    play,
    submit,
    text_state,
    ticks_state,
    world,
)

ROUTES = [each for each in routes(WORKFLOWS) if each.kind is not Does.EVENT]
ACTIONS = sorted(each.id for each in ROUTES if each.kind is Does.CLICK)
FORMS = sorted(each.id for each in ROUTES if each.kind is Does.SUBMISSION)
KINDS_OF_PEOPLE = {
    "gus": Who.GUEST,
    "nadia": Who.MEMBER,  # who has nothing to do with any of it
    "tom": Who.MEMBER,  # whom the report is about, and who proposed the channel
    "zoe": Who.MEMBER,  # a newcomer, who looks after that channel
    "mona": Who.MEMBER,  # who reported, asked and wrote the concern
    "dora": Who.MEMBER,  # a champion who is none any more, and read the report
    "amina": Who.CHAMPION,  # whom the report and the concern are about
    "ben": Who.CHAMPION,  # who reads all of it
    "chloe": Who.CHAMPION,  # who stepped back from the report
    "edith": Who.CONTACT,  # whom the reporter ruled out
    "farid": Who.CONTACT,  # who declared a conflict with the reporter
}
CHAMPIONS = {"amina", "ben", "chloe"}
# Of whom it is true, of what is in the town; what is not personal, anybody of its kinds may.
OF_WHOM: Mapping[Right, set[str]] = {
    ids.READER: {"ben"},
    ids.REPORTER: {"mona"},
    ids.READER_OR_REPORTER: {"ben", "mona"},
    ids.WRITER: {"mona"},
    question_ids.ASKER: {"mona"},
    question_ids.ANSWERER: CHAMPIONS,
    question_ids.ASKER_OR_ANSWERER: {*CHAMPIONS, "mona"},
    proposal_ids.AGREED: {"tom", "zoe", "mona"},
    proposal_ids.SUPPORTER: {"zoe", "mona"},
    proposal_ids.DECIDER: CHAMPIONS,
    proposal_ids.CHAMPION: CHAMPIONS,
    proposal_ids.INVOLVED: {"tom", "zoe"},
    proposal_ids.PROPOSER: {"tom"},
    proposal_ids.STEWARD: {"zoe"},
    proposal_ids.CONCERN_READER: {"ben", "chloe"},
    opening_ids.HELPER: CHAMPIONS,
    opening_ids.CHOOSER: CHAMPIONS,
    quiet_ids.KEEPER: set(),  # no channel is asked about here
    onboarding_ids.NEWCOMER: {"zoe", "dora", "gus"},  # who came while gpbot was there
    onboarding_ids.WELCOMER: CHAMPIONS,
}
# What stands in a form: its subject is the form's, and from anywhere else nothing is said.
IN_A_FORM = {
    ids.ABOUT: ids.FORM,
    ids.KEEP_OUT: ids.REVIEW,
    ids.ELSEWHERE: ids.REVIEW,
    question_ids.ABOUT: question_ids.CONVERT,
    question_ids.TEMPLATE: question_ids.ANSWER,
    question_ids.REPORT_INSTEAD: question_ids.FORM,
    proposal_ids.ABOUT: proposal_ids.CONVERT,
    proposal_ids.REPORT_INSTEAD: proposal_ids.CONCERN,
    directory_ids.JOIN: directory_ids.SHOW,
}
# What stands in a value beside the id.
VALUES = {
    ids.TAB: "{}:report",
    opening_ids.USE: "{} C0SOMEWHERE",
    **dict.fromkeys((quiet_ids.KEEP, quiet_ids.LET_GO, quiet_ids.DECIDE_TO_KEEP, quiet_ids.ARCHIVE), "{} 1"),
}
ITS_OWN = {"id", "hash", "root_view_id", "previous_view_id", "block_id", "ts", "event_ts", "trigger_id"}
NOTHING = Subject(name="nothing")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a press was answered with."""

    seen: list[str]  # words, and what the client received, without what tells one message from the next
    said: str  # the words of the last of it
    refused: tuple[str, ...]  # what it was refused with
    work: Counter[str] = field(compare=False)  # statements, and what was unsealed


@dataclass
class Town:
    here: World
    refused: list[str] = field(default_factory=list)  # since the last press
    broken: list[str] = field(default_factory=list)  # of those, what is gpbot's fault
    turns: int = 0  # people write something else each time: the same once more is one
    ended: dict[Subject, dict[str, str]] = field(default_factory=dict)
    theirs: dict[Subject, str] = field(default_factory=dict)  # that of those `OF_WHOM` names

    def press(self, who: str, route: Route, value: str) -> Heard:
        """What is enqueued is sent when somebody lets it `settle`."""
        c, person = self.here.c, self.here.person(who)
        self.make_ready(who, route)
        before = len(c.workspace.sights)
        self.refused.clear()
        with working(self.here) as work:
            self.do(who, route, value)
            c.bot.windows.settle()
        plain, sights = Plain(), [sight for them, sight in c.workspace.sights[before:] if person.id in them]
        return Heard(
            seen=[plain(f"{sight.where}: {sight.text} {_alike(sight.raw)}") for sight in sights],
            said=sights[-1].text if sights else "",
            refused=tuple(self.refused),
            work=work,
        )

    def make_ready(self, who: str, route: Route) -> None:
        """Nothing is in front of them but the form in which it stands."""
        person = self.here.person(who)
        self.here.c.look_away(person)
        if route.id in IN_A_FORM and route.kind is Does.CLICK:
            person.send_action(ids.HIDING)
            self.here.c.bot.windows.settle()

    def do(self, who: str, route: Route, about: str) -> None:
        person, general = self.here.person(who), self.here.c.general
        value = VALUES.get(route.id, "{}").format(about)
        match route.kind:
            case Does.CLICK if route.id in IN_A_FORM:
                view = {**person.modals[-1].raw, "callback_id": IN_A_FORM[route.id], "private_metadata": value}
                person.send_action(route.id, value, within=person.modals[-1], view=view)
            case Does.CLICK:
                person.send_action(route.id, value)
            case Does.SUBMISSION:
                submit(person, route.id, value, self._filled())
            case Does.COMMAND | Does.SUBCOMMAND:
                command, _, word = route.id.partition(" ")
                person.command(command, word, channel=general)
            case Does.SHORTCUT:
                person.shortcut(route.name)
            case Does.MESSAGE_SHORTCUT:
                person.message_shortcut(route.name, person.read(general)[-1])
            case _:
                raise AssertionError(route.id)

    def _filled(self) -> dict[str, Any]:
        """Every field of every form."""
        nadia, edith = self.here.person("nadia").id, self.here.person("edith").id
        return {
            views.TEXT: {views.TEXT: text_state(f"Let me in, {self.turns}.")},
            views.OUTCOME: {views.OUTCOME: choice_state("resolved")},
            views.REPORTED: {views.REPORTED: people_state([nadia])},
            views.HARMED: {views.HARMED: people_state([nadia])},
            f"{question_views.TEXT}.x": {question_views.TEXT: text_state(f"Let me in, {self.turns}.")},
            f"{ids.KEEP_OUT}.0.x": {ids.KEEP_OUT: ticks_state([edith])},
            form.WHAT: {form.WHAT: text_state(f"Let me in, {self.turns}.")},
            "category": {"category": choice_state("safety")},
        }

    def settle(self) -> None:
        self.here.c.bot.settle()

    def turn_to(self, who: str) -> None:
        """Whose presses come next, within one moment: what is known for some minutes is known for all of them."""
        self.here.c.clock.advance(seconds=5)
        self.turns += 1
        self.here.c.bot.accounts.find_out(self.here.person(who).id)
        self.here.c.bot.records.places.find_out(self.here.c.triage.id)

    # One more of each, for those of whom it is true.

    def another(self, about: Subject | None, who: str) -> str:
        """A draft is of who asks for one, all else of those `OF_WHOM` names."""
        make: dict[Subject, Callable[[], object]] = {
            ids.REPORT: self.report,
            ids.DRAFT: lambda: self.draft(who),
            question_ids.QUESTION: self.question,
            proposal_ids.PROPOSAL: self.proposal,
            proposal_ids.WORRY: self.concern,
        }
        return str(make[about]()) if about in make else self.theirs.get(about or NOTHING, "")

    def report(self) -> UUID:
        filing = Filing(reporter="mona", about=("tom", "amina"), keep_out=("chloe", "edith"))
        found = filing.file(self.here, "another")
        assert found is not None
        return found

    def draft(self, who: str = "mona") -> UUID:
        return self.here.c.bot.records.kit.get(Drafts).keep(self.here.person(who).id, Filled(what="He shouts."))

    def proposal(self) -> UUID:
        """The one before it makes way: nobody may have more than a few."""
        use, tom = self.here.c.bot.records.proposals, self.here.person("tom").id
        for each in use.own_list(tom).lines:
            if str(each.id) != self.theirs.get(proposal_ids.PROPOSAL) and each.state is State.OPEN:
                use.withdraw(tom, each.id)
        name = f"law-{len(use.own_list(tom).lines)}-{uuid4().hex[:6]}"
        return use.propose(tom, name, Proposed(purpose="Law.", name=name, steward_ids=(self.here.person("zoe").id,))).id

    def question(self) -> UUID:
        use, mona = self.here.c.bot.records.questions, self.here.person("mona").id
        return use.ask(mona, str(uuid4()), Asking(what="Where is it?")).id

    def concern(self) -> UUID:
        records, mona, form_id = self.here.c.bot.records, self.here.person("mona").id, str(uuid4())
        proposal_id = UUID(self.theirs[proposal_ids.PROPOSAL])
        records.concerns.raise_one(mona, proposal_id, form_id, "Amina Okafor quarrels there.")
        return records.proposals.store.id_for("concern of proposal", mona, form_id)


def may_press(route: Route) -> set[str]:
    """Who of the town's people."""
    right = right_of(route)
    return {
        who
        for who, kind in KINDS_OF_PEOPLE.items()
        if kind in right.who and (not right.is_personal or who in OF_WHOM[right])
    }


def right_of(route: Route) -> Right:
    assert route.may is not None
    return route.may


@contextmanager
def town(kind: Kind) -> Iterator[Town]:
    with world(has_report=True, kind=kind) as here, pytest.MonkeyPatch.context() as patch:
        made = Town(here)
        errors = here.c.bot.surface.errors
        words = errors.words

        def noted(error: BaseException) -> str:
            made.refused.append(type(error).__name__)
            if not isinstance(error, Refusal | Refused):  # it is Slack that will not show it
                made.broken.append(type(error).__name__)
            return words(error)

        patch.setattr(errors, "words", noted)
        _deliver_in_this_thread(here, patch)
        _people(here)
        _reports(made)
        _questions(made)
        _proposals(made)
        _others(made)
        here.c.settle(30)  # cards go one a second
        yield made


def _deliver_in_this_thread(here: World, patch: pytest.MonkeyPatch) -> None:
    """What Slack brings goes through all of the web server but its sockets, which take as long as all the rest."""
    bot, post = Client(wsgi_app(here.c.bot.app, here.c.bot.health)), Courier._post

    def bring(self: Courier, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        if self.workspace is not here.c.workspace:
            return post(self, body, headers)
        answer = bot.post(SLACK_PATH, data=body, headers=dict(headers))
        return answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.data

    patch.setattr(Courier, "_post", bring)


def _people(here: World) -> None:
    here.c.add_person("Dora Vell")
    here.c.people["gus"] = here.c.workspace.add_person("Gus Guest", guest=True)
    for name in ("dora", "gus"):
        here.c.workspace.invite(here.c.general, here.person(name))
    here.person("tom").say("Hello!", to=here.c.general)
    here.c.bot.records.people.add_champion(here.person("dora").id, by="operator")
    here.c.bot.learn_names()
    here.settle()


def _reports(town: Town) -> None:
    here = town.here
    play(here, [*(Agree(who) for who in ("mona", "tom")), Conflict("farid", "mona")])
    filing = Filing(reporter="mona", about=("tom", "amina"))
    report, erased = filing.file(here, "one"), filing.file(here, "erased")
    assert report is not None
    assert erased is not None
    here.report_id = report
    here.c.settle()
    here.person("mona").send_action(ids.WITHDRAW, str(erased))
    play(
        here,
        [
            *(Click(who, ids.OPEN) for who in ("chloe", "dora")),
            Write("chloe", ids.NOTE),
            Click("chloe", ids.STEP_BACK),
            ChooseReaders("mona", ("edith",)),
        ],
    )
    here.c.bot.records.people.remove_champion(here.person("dora").id, by="operator")
    here.settle()
    with here.c.bot.records.database.read() as session:
        standing = here.c.bot.records.reports.open_as_caretaker(session, report)
        assert standing is not None
        assert set(standing.reader_ids) == {here.person("ben").id}
        assert here.c.bot.records.reports.open_as_caretaker(session, erased) is None
    town.theirs[ids.REPORT], town.ended[ids.REPORT] = str(report), {"erased": str(erased)}
    draft, deleted = town.draft(), town.draft()
    here.c.bot.records.kit.get(Drafts).discard(here.person("mona").id, deleted)
    town.theirs[ids.DRAFT], town.ended[ids.DRAFT] = str(draft), {"deleted": str(deleted)}


def _questions(town: Town) -> None:
    """Of mona's: one that is open, and those that ended in each way there is."""
    here = town.here
    use, mona, ben = here.c.bot.records.questions, here.person("mona").id, here.person("ben").id
    town.theirs[question_ids.QUESTION] = str(town.question())
    ended = {kind: town.question() for kind in ("closed", "withdrawn", "a report", "a draft")}
    use.close(mona, ended["closed"])
    use.withdraw(mona, ended["withdrawn"])
    use.make_report(ben, ended["a report"], Concern(about_ids=(here.person("amina").id,), keep_out_ids=()))
    use.make_draft(mona, ended["a draft"])
    town.ended[question_ids.QUESTION] = {kind: str(each) for kind, each in ended.items()}


def _proposals(town: Town) -> None:
    here = town.here
    records, ben = here.c.bot.records, here.person("ben").id
    withdrawn, here.proposal_id = town.proposal(), town.proposal()
    town.theirs[proposal_ids.PROPOSAL] = str(here.proposal_id)
    town.ended[proposal_ids.PROPOSAL] = {"withdrawn": str(withdrawn)}
    dealt_with, became = town.concern(), town.concern()
    records.concerns.end(ben, dealt_with)
    records.concerns.make_report(ben, became, Filled(what=""))
    town.theirs[proposal_ids.WORRY] = str(town.concern())
    town.ended[proposal_ids.WORRY] = {"dealt with": str(dealt_with), "a report": str(became)}


def _others(town: Town) -> None:
    here = town.here
    TellWhy("zoe").play(here)
    with here.c.bot.records.database.read() as session:
        [zoe] = people.members(session, [here.person("zoe").id])
    town.theirs |= {
        people_ids.PERSON: str(zoe.person_id),
        guidelines_ids.VERSION: "1:0",
        guidelines_ids.BACKFILLING: "1",
        directory_ids.CHANNEL: here.c.general.id,
    }


@contextmanager
def working(here: World) -> Iterator[Counter[str]]:
    """How many statements the database is asked, and how often something sealed is opened."""
    work: Counter[str] = Counter()

    def count(*_: object) -> None:
        work["statements"] += 1

    def counted(opening: Any) -> Any:
        def open_(self: Any, sealed: bytes) -> Any:
            work["openings"] += 1
            return opening(self, sealed)

        return open_

    engine = here.c.bot.records.database.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for sealer in (Vault, DataKey):
                patch.setattr(sealer, "open", counted(sealer.open))
            yield work
    finally:
        event.remove(engine, "before_cursor_execute", count)


def _alike(raw: Any) -> Any:
    match raw:
        case dict():
            return {name: _alike(value) for name, value in raw.items() if name not in ITS_OWN}
        case list():
            return [_alike(each) for each in raw]
    return raw
