"""“Not yours”, “erased” and “does not exist” are one answer: word for word, in kind, and in the work that it takes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from gpbot.bootstrap import WORKFLOWS
from gpbot.crypto import DataKey, Vault
from gpbot.kit import routes
from gpbot.proposals import ids as proposal_ids
from gpbot.questions import ids as question_ids
from gpbot.questions import views as question_views
from gpbot.questions.types import Asking, Concern
from gpbot.refusals import NotAvailable
from gpbot.reports import form, ids, views
from gpbot.reports.types import Filled
from gpbot.slack.on import Kind
from tests.databases import KINDS
from tests.promises.arriving import Propose
from tests.promises.worlds import (
    ChooseReaders,
    Click,
    Conflict,
    Filing,
    Plain,
    Retire,
    Wait,
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

VIEWERS = {
    "tom": "the accused",
    "nadia": "a stranger",
    "amina": "an accused champion",
    "edith": "a contact the reporter ruled out",
    "ben": "a champion who stepped back",
    "chloe": "a champion who is none any more",
    "farid": "a contact with a declared conflict",
}


ROUTES = routes(WORKFLOWS)
ACTIONS = sorted(each.id for each in ROUTES if each.kind is Kind.CLICK)
FORMS = sorted(each.id for each in ROUTES if each.kind is Kind.SUBMISSION)
# What has nothing to do with one report, whatever value it carries, or is a draft that may be gone already.
WITHOUT_A_REPORT = {
    ids.ABOUT,
    ids.ELSEWHERE,
    ids.PRIVACY,
    ids.LIST,
    ids.OWN_LIST,
    ids.HIDING,
    ids.CONFLICTS_FORM,
    ids.CONFLICTS,
    ids.DISCARD,
    question_ids.ASK,
    question_ids.FORM,
    question_ids.REPORT_INSTEAD,
    question_ids.LIST,
    question_ids.OWN_LIST,
    question_ids.TEMPLATE,
    question_ids.ABOUT,
    *(each for each in ACTIONS + FORMS if not each.startswith(("report.", "question."))),
}
# Part of a form; from anywhere else nobody is told anything.
IN_A_FORM = {
    ids.ELSEWHERE,
    ids.KEEP_OUT,
    ids.ABOUT,
    question_ids.ABOUT,
    question_ids.TEMPLATE,
    question_ids.REPORT_INSTEAD,
    proposal_ids.ABOUT,
    proposal_ids.REPORT_INSTEAD,
}
ABOUT_A_PROPOSAL = sorted({each for each in [*ACTIONS, *FORMS] if each.startswith("proposal.")} - IN_A_FORM)
ABOUT_A_QUESTION = sorted(
    {each for each in [*ACTIONS, *FORMS] if each.startswith("question.")} - WITHOUT_A_REPORT - IN_A_FORM
)


@pytest.fixture(scope="module", params=KINDS)
def town(request: pytest.FixtureRequest) -> Iterator[tuple[World, dict[str, UUID]]]:
    """A report that nobody in VIEWERS may read, though some could once; one erased; and one that never was."""
    with world(has_report=True, kind=request.param) as here:
        play(
            here,
            [
                Conflict("farid", "mona"),
                Filing(reporter="mona", about=("tom", "amina")),
                Click("ben", ids.OPEN),
                Click("chloe", ids.OPEN),
                Write("chloe", ids.NOTE),
            ],
        )
        erased = Filing(reporter="mona", about=("tom", "amina"), keep_out=("edith",)).file(here, "erased")
        assert here.report_id is not None
        assert erased is not None
        here.c.settle()
        here.person("mona").send_action(ids.WITHDRAW, str(erased))
        play(here, [Click("ben", ids.STEP_BACK), ChooseReaders("mona", ("edith",)), Retire("chloe"), Wait(1)])
        with here.c.bot.records.database.read() as session:
            standing = here.c.bot.records.reports.open_as_caretaker(session, here.report_id)
            assert standing is not None
            assert not set(standing.reader_ids) & {here.person(name).id for name in VIEWERS}
            assert here.c.bot.records.reports.open_as_caretaker(session, erased) is None
        yield here, {"not theirs": here.report_id, "erased": erased, "never there": uuid4()}


@pytest.fixture(scope="module")
def questions(town: tuple[World, dict[str, UUID]]) -> dict[str, UUID]:
    """Of mona's: one that is open, and those that ended in each way there is; and one that never was."""
    here, _ = town
    use, mona, ben = here.c.bot.records.questions, here.person("mona").id, here.person("ben").id
    asked = {
        kind: use.ask(mona, kind, Asking(what="Where is it?")).id
        for kind in ("open", "closed", "withdrawn", "a report", "a draft")
    }
    use.close(mona, asked["closed"])
    use.withdraw(mona, asked["withdrawn"])
    use.make_report(ben, asked["a report"], Concern(about_ids=(here.person("amina").id,), keep_out_ids=()))
    use.make_draft(mona, asked["a draft"])
    here.c.settle(20)  # their cards go one a second
    return {**asked, "never there": uuid4()}


@pytest.fixture(scope="module")
def concerns(town: tuple[World, dict[str, UUID]]) -> dict[str, UUID]:
    """Of mona's: one that can be read, one that was dealt with, one that became a report, and one that never was."""
    here, _ = town
    play(here, [Propose("tom", "nadia")])
    assert here.proposal_id is not None
    use, mona, ben = here.c.bot.records.concerns, here.person("mona").id, here.person("ben").id
    raised = {}
    for kind in ("open", "dealt with", "a report"):
        use.raise_one(mona, here.proposal_id, kind, "Amina Okafor quarrels there.")
        raised[kind] = here.c.bot.records.proposals.store.id_for("concern of proposal", mona, kind)
    use.end(ben, raised["dealt with"])
    use.make_report(ben, raised["a report"], Filled(what=""))
    here.c.settle(20)
    return {**raised, "never there": uuid4()}


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


# What tells one view or message from the next, and nothing else.
ITS_OWN = {"id", "hash", "root_view_id", "previous_view_id", "block_id", "ts", "event_ts"}


def answers(here: World, who: str, ask: str, target: UUID) -> list[str]:
    """What this person gets to see when they ask for this."""
    return answered_with(here, who, ask, target)[0]


def answered_with(here: World, who: str, ask: str, target: UUID) -> tuple[list[str], Counter[str]]:
    """The same, and the work that the answer takes; what is due anyhow at that time is done after it."""
    person = here.person(who)
    here.c.look_away(person)
    here.c.clock.advance(seconds=15)
    # Both are remembered for some minutes, whatever is asked for.
    here.c.bot.accounts.find_out(person.id)
    here.c.bot.records.places.find_out(here.c.triage.id)
    before = len(person.seen)
    with working(here) as work:
        if ask in ACTIONS:
            person.send_action(ask, f"{target}:report" if ask == ids.TAB else str(target))
        else:
            slack_id = here.person("nadia").id
            everything = {
                views.TEXT: {views.TEXT: text_state("Let me in.")},
                views.OUTCOME: {views.OUTCOME: choice_state("resolved")},
                views.REPORTED: {views.REPORTED: people_state([slack_id])},
                views.HARMED: {views.HARMED: people_state([slack_id])},
                f"{question_views.TEXT}.x": {question_views.TEXT: text_state("Let me in.")},
                f"{ids.KEEP_OUT}.0.x": {ids.KEEP_OUT: ticks_state([here.person("edith").id])},
                form.WHAT: {form.WHAT: text_state("Let me in.")},
                "category": {"category": choice_state("safety")},
            }
            submit(person, ask, str(target), everything)
        here.c.bot.windows.settle()
    here.c.bot.settle()
    plain = Plain()
    return [plain(f"{sight.where}: {sight.text} {_alike(sight.raw)}") for sight in person.seen[before:]], work


def asked_for(
    here: World, who: str, ask: str, targets: dict[str, UUID]
) -> tuple[dict[str, list[str]], dict[str, Counter[str]]]:
    """What this person gets to see for each, and the work that it takes."""
    heard, work = {}, {}
    for kind, target in targets.items():
        heard[kind], work[kind] = answered_with(here, who, ask, target)
    return heard, work


def _alike(raw: Any) -> Any:
    match raw:
        case dict():
            return {name: _alike(value) for name, value in raw.items() if name not in ITS_OWN}
        case list():
            return [_alike(each) for each in raw]
    return raw


@pytest.mark.parametrize("ask", ACTIONS + FORMS)
def test_the_answer_does_not_tell_whether_there_is_such_a_report(town: tuple[World, dict[str, UUID]], ask: str) -> None:
    here, targets = town
    for who, whoever in VIEWERS.items():
        heard, work = asked_for(here, who, ask, targets)
        assert heard["never there"] or ask in IN_A_FORM, f"{whoever} is told nothing"
        assert heard["not theirs"] == heard["never there"], f"{whoever} can tell"
        assert heard["erased"] == heard["never there"], f"{whoever} can tell"
        if ask.startswith(("report.", "question.", "proposal.")):  # others do something of this person's own
            assert work["not theirs"] == work["never there"] == work["erased"], (
                f"{whoever} can tell by the time it takes"
            )
        if ask not in WITHOUT_A_REPORT | {ids.FORM}:  # whose words are kept whatever id it brings
            assert NotAvailable.words in heard["not theirs"][-1]
    if ask == ids.FORM:
        here.c.later(minutes=20)  # the drafts it leaves are reminded of now, not in the midst of what is asked next


@pytest.mark.parametrize("ask", ABOUT_A_QUESTION)
def test_the_answer_does_not_tell_how_a_question_ended_nor_whether_it_ever_was(
    town: tuple[World, dict[str, UUID]], questions: dict[str, UUID], ask: str
) -> None:
    here, _ = town
    for who in ("amina", "chloe", "edith", "tom", "nadia"):
        kinds = questions.keys() - {"open"} if who == "amina" else questions.keys()  # a champion
        heard, work = asked_for(here, who, ask, {kind: questions[kind] for kind in sorted(kinds)})
        assert NotAvailable.words in heard["never there"][-1]
        for kind, lines in heard.items():
            assert lines == heard["never there"], f"{who} can tell that it is {kind}"
            assert work[kind] == work["never there"], f"{who} can tell by how long it takes that it is {kind}"


@pytest.mark.parametrize("ask", ABOUT_A_PROPOSAL)
def test_the_answer_does_not_tell_whether_there_is_or_was_such_a_concern(
    town: tuple[World, dict[str, UUID]], concerns: dict[str, UUID], ask: str
) -> None:
    here, _ = town
    for who in ("amina", "chloe", "edith", "tom", "nadia"):
        heard, work = asked_for(here, who, ask, concerns)
        for kind, lines in heard.items():
            assert lines == heard["never there"], f"{who} can tell that it is {kind}"
            assert work[kind] == work["never there"], f"{who} can tell by how long it takes that it is {kind}"


def test_one_statement_or_opening_more_is_noticed(town: tuple[World, dict[str, UUID]]) -> None:
    """The control."""
    here, targets = town
    _, work = asked_for(here, "mona", ids.OPEN, targets)
    assert work["not theirs"] != work["never there"] == work["erased"]
    assert all(each["statements"] and each["openings"] for each in work.values())


def test_a_champion_whom_it_does_not_name_can_read_a_concern(
    town: tuple[World, dict[str, UUID]], concerns: dict[str, UUID]
) -> None:
    """The control: it is not that everybody is always told the same."""
    here, _ = town
    assert NotAvailable.words not in answers(here, "ben", proposal_ids.READ_CONCERN, concerns["open"])[-1]


def test_a_champion_can_open_a_question_that_is_open(town: tuple[World, dict[str, UUID]]) -> None:
    """The control: it is not that everybody is always told the same."""
    here, _ = town
    asked = here.c.bot.records.questions.ask(here.person("mona").id, "control", Asking(what="Where is it?")).id
    assert NotAvailable.words not in answers(here, "amina", question_ids.OPEN, asked)[-1]


def test_the_reporter_and_a_reader_are_told_something_else(town: tuple[World, dict[str, UUID]]) -> None:
    """The control: it is not that everybody is always told the same."""
    here, targets = town
    heard = {kind: answers(here, "mona", ids.OPEN, target) for kind, target in targets.items()}
    assert heard["not theirs"] != heard["never there"] == heard["erased"]


@pytest.mark.parametrize("value", ["", "x", "1", "a" * 2000, "💌:report"])
@pytest.mark.parametrize("ask", [ids.OPEN, ids.TAB, ids.CLAIM, ids.WITHDRAW, ids.WRITE_MORE])
def test_a_value_that_is_no_report_at_all_gets_the_same_words(
    town: tuple[World, dict[str, UUID]], ask: str, value: str
) -> None:
    """The sender knows that it is none, so it may be said elsewhere: beside the button, not in a modal."""
    here, _ = town
    nadia = here.person("nadia")
    here.c.look_away(nadia)
    here.c.clock.advance(minutes=1)
    before = len(nadia.seen)
    nadia.send_action(ask, value)
    here.c.bot.settle()
    assert [sight.text.splitlines()[-1] for sight in nadia.seen[before:]] == [NotAvailable.words]
