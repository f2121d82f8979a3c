"""What could not be sent: who else is told of it, what the operator can do about it, and who must not notice."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from gpbot.cli import app as command_line
from gpbot.practice.person import Person
from tests.databases import ON_SQLITE
from tests.running import environment_of
from tests.scenarios.doing import (
    SOMETHING,
    add,
    direct_messages,
    home_of,
    knows_nothing,
    news,
    open_from_home,
    shown,
    stubs,
    waiting,
)
from tests.stage import HELP, Stage

WORDS = "He keeps writing to me at night."


def refuse(community: Stage, *people: Person, error: str = "messages_tab_disabled") -> None:
    """Slack takes no message to these people."""
    ids = {person.id for person in people}
    community.workspace.faults.add(
        method="chat.postMessage", error=error, times=None, where=lambda args: args["channel"] in ids
    )


def dead(community: Stage) -> list[int]:
    records = community.bot.records
    with records.database.read() as session:
        return [line.id for line in records.outbox.dead(session)]


def held(community: Stage, job: int) -> bool:
    """Whether a job is still to be sent."""
    records = community.bot.records
    with records.database.read() as session:
        return job in [line.id for line in records.outbox.waiting(session)]


def own_view(community: Stage) -> str:
    open_from_home(community, community.mona)
    return shown(community.mona)


@pytest.fixture
def run(community: Stage, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """`python -m gpbot` with the community's own settings, beside the running bot and on the real clock."""
    community.clock.at = datetime.now(UTC)
    for name, value in environment_of(community.settings).items():
        monkeypatch.setenv(name, value)
    return CliRunner()


def jobs(run: CliRunner, *arguments: str) -> Result:
    return run.invoke(command_line, ["jobs", *arguments])


# Who else is told.


@ON_SQLITE
def test_a_reader_who_could_not_be_told_is_named_to_the_other_readers(community: Stage) -> None:
    refuse(community, community.ben)
    before = home_of(community, community.amina)
    community.report(community.mona, WORDS, about=[community.amina])
    assert home_of(community, community.amina) == before
    assert len(stubs(community.chloe)) == 1
    assert not community.edith.inbox
    community.open_stub(community.chloe)
    community.press(community.chloe, "Notes")
    assert "Ben Adeyemi could not be told about this" in shown(community.chloe)
    assert "could not be told" not in own_view(community)
    knows_nothing(community.amina, "could not be told", SOMETHING)


def test_when_no_reader_could_be_told_the_next_contact_is_and_no_one_twice(community: Stage) -> None:
    refuse(community, *community.champions)
    community.report(community.mona, WORDS)
    community.settle(5)
    assert len(stubs(community.edith)) == 1
    assert not community.farid.inbox
    assert "Someone outside the champions has been asked to look at this." in own_view(community)
    assert len(dead(community)) == 3


@ON_SQLITE
def test_when_nobody_at_all_could_be_told_the_reporter_is_with_the_address_outside(community: Stage) -> None:
    refuse(community, *community.champions, *community.contacts)
    community.report(community.mona, WORDS)
    community.settle(10)
    said = own_view(community)
    assert said.count("Nobody who can read this could be told that it is here.") == 1
    assert HELP in said
    assert news(community.mona)
    assert len(waiting(community, community.ben)) == 1  # they still find it on App Home


@ON_SQLITE
def test_a_claim_of_somebody_who_cannot_be_told_is_free_for_those_who_can(community: Stage) -> None:
    community.report(community.mona, WORDS)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.look_away(community.ben, community.mona)
    refuse(community, community.ben)
    open_from_home(community, community.mona)
    add(community, community.mona, "He came back today.")
    community.settle()
    assert [len(stubs(person)) for person in (community.amina, community.chloe)] == [1, 1]
    community.open_stub(community.chloe)
    assert "*Next step:* claim it" in shown(community.chloe)


@ON_SQLITE
def test_what_somebody_has_claimed_goes_to_no_contact_because_a_message_still_on_its_way_gave_up(
    community: Stage,
) -> None:
    refuse(community, community.ben)
    refuse(community, community.amina, community.chloe, error="internal_error")  # it may have been sent: looked for
    community.report(community.mona, WORDS)
    open_from_home(community, community.ben)
    community.press(community.ben, "Claim")
    community.workspace.faults.clear()
    community.workspace.faults.add(method="conversations.history", error="channel_not_found", times=None)
    community.later(minutes=20)
    assert len(dead(community)) == 3
    assert not community.edith.inbox
    assert "Someone outside the champions" not in own_view(community)


@ON_SQLITE
def test_no_contact_is_asked_while_somebody_has_opened_it_who_could_not_be_told_before(community: Stage) -> None:
    refuse(community, community.ben)
    community.report(community.mona, WORDS, about=[community.amina])
    community.later(hours=25)  # the messages are taken back
    open_from_home(community, community.ben)
    community.workspace.faults.clear()
    ben = community.ben.id
    community.workspace.faults.add(
        method="chat.postMessage", retry_after=30, where=lambda args: args["channel"] == ben, times=None
    )
    refuse(community, community.chloe)
    open_from_home(community, community.mona)
    add(community, community.mona, "He came back today.")
    community.settle()

    assert not community.edith.inbox
    assert "Someone outside the champions" not in own_view(community)


@ON_SQLITE
def test_somebody_who_could_not_be_told_and_is_no_reader_any_more_is_not_named(community: Stage) -> None:
    refuse(community, community.ben, error="internal_error")  # tried again until its patience ends
    community.report(community.mona, WORDS)
    open_from_home(community, community.mona)
    community.press(community.mona, "Change who can read")
    community.mona.fill("Who should not read this", ["Ben Adeyemi"])
    community.mona.submit()
    community.settle()
    community.workspace.faults.clear()
    refuse(community, community.ben)
    community.later(minutes=20)
    community.open_stub(community.chloe)
    community.press(community.chloe, "Notes")
    assert "could not be told" not in shown(community.chloe)


@ON_SQLITE
def test_a_report_whose_claims_never_came_back_is_poison_with_an_alarm_and_the_next_is_told(
    community: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    community.review(community.mona, WORDS, outside=True)
    community.answer_none(community.mona)
    community.mona.submit()
    for _ in range(5):  # as often the process that claimed it was killed
        while community.bot.courier._claim(1):
            pass
        community.clock.advance(seconds=31)
    community.settle()
    assert stubs(community.farid)
    assert "5 claims never came back" in caplog.text
    assert [record for record in caplog.records if record.levelno == logging.ERROR]


# What waits for a key that is missing.


@ON_SQLITE
def test_a_message_about_a_report_whose_key_is_missing_for_a_while_is_sent_when_it_is_back(community: Stage) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    community.mona.submit()
    database = community.bot.records.database
    with database.begin() as session:
        sealed = session.execute(text("SELECT key FROM report")).scalar_one()
        session.execute(text("UPDATE report SET key = :key"), {"key": bytes(reversed(bytes(sealed)))})
    community.settle()
    assert not stubs(community.ben)
    assert not community.bot.health()["ok"]
    with database.begin() as session:
        session.execute(text("UPDATE report SET key = :key"), {"key": sealed})
    community.later(minutes=1)
    assert [len(stubs(person)) for person in community.champions] == [1, 1, 1]
    assert community.bot.health()["ok"]
    assert not dead(community)


# What the operator does.


def numbers(listed: str) -> Sequence[str]:
    return [line.split("│")[1].strip() for line in listed.splitlines() if line.startswith("│")]


@ON_SQLITE
def test_the_operator_lists_what_gave_up_sends_one_again_and_leaves_another_unsent(
    community: Stage, run: CliRunner
) -> None:
    refuse(community, community.ben, community.chloe)
    community.report(community.mona, WORDS)
    first, second = map(str, dead(community))
    listed = jobs(run)
    assert listed.exit_code == 0
    assert list(numbers(listed.output)) == [first, second]
    assert listed.output.count("messages_tab_disabled") == 2
    community.workspace.faults.clear()

    again = jobs(run, "--retry", first)
    assert (again.exit_code, again.output) == (0, f"Job {first} will be sent again.\n")
    left = jobs(run, "--cancel", second)
    assert (left.exit_code, left.output) == (0, f"Job {second} stays unsent.\n")
    community.later(minutes=10)
    assert sorted(len(stubs(person)) for person in (community.ben, community.chloe)) == [0, 1]
    assert jobs(run).output == "Nothing gave up.\n"
    for settled in (first, second, "7777"):
        for option in ("--retry", "--cancel"):
            wrong = jobs(run, option, settled)
            assert (wrong.exit_code, wrong.output) == (1, f"No job with the id {settled} gave up.\n")
    verified = run.invoke(command_line, ["audit", "verify"])
    assert verified.exit_code == 0


@ON_SQLITE
@pytest.mark.parametrize(
    "arguments",
    [
        ["--retry", "x"],
        ["--retry", "0"],
        ["--cancel", "-1"],
        ["--retry", str(10**30)],
        ["--retry", "1", "--cancel", "2"],
    ],
    ids=" ".join,
)
def test_an_id_that_is_none_ends_with_status_two_and_changes_nothing(
    community: Stage, run: CliRunner, arguments: list[str]
) -> None:
    refuse(community, community.ben)
    community.report(community.mona, WORDS)
    before = dead(community)
    wrong = jobs(run, *arguments)
    assert wrong.exit_code == 2
    assert "Traceback" not in wrong.output
    assert dead(community) == before


@ON_SQLITE
def test_more_than_a_page_of_what_gave_up_is_read_on_page_by_page(community: Stage, run: CliRunner) -> None:
    with community.bot.records.database.begin() as session:
        session.execute(
            text(
                "INSERT INTO job"
                " (key, wire_id, kind, payload, priority, state, run_at, attempts, lost_claims, created_at, turns)"
                " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
                " SELECT 'k' || i, 'w' || i, 'desk', '{}', 5, 'dead', :at, 1, 0, :at, 1 FROM n"
            ),
            {"at": "2026-03-02 09:00:00.000000"},
        )
    ids = list(map(str, dead(community)))
    first = jobs(run)
    assert list(numbers(first.output)) == ids
    assert f"There are more: add --after {ids[-1]}" in first.output
    rest = jobs(run, "--after", ids[-1])
    assert len(numbers(rest.output)) == 50
    assert "There are more" not in rest.output


@ON_SQLITE
def test_a_message_sent_again_by_hand_to_somebody_who_may_no_longer_read_it_is_not_sent(
    community: Stage, run: CliRunner
) -> None:
    refuse(community, community.ben)
    community.report(community.mona, WORDS)
    (job,) = dead(community)
    open_from_home(community, community.mona)
    community.press(community.mona, "Change who can read")
    community.mona.fill("Who should not read this", ["Ben Adeyemi"])
    community.mona.submit()
    community.settle()
    community.workspace.faults.clear()
    assert jobs(run, "--retry", str(job)).exit_code == 0
    assert jobs(run, "--waiting").output.count("report") > 0
    community.later(minutes=10)
    assert not held(community, job)
    assert direct_messages(community.ben) == []
    knows_nothing(community.ben, SOMETHING)
    assert not dead(community)
    assert "Nothing gave up." in jobs(run).output


@ON_SQLITE
def test_without_a_database_the_commands_say_so_and_make_none(
    community: Stage, run: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = community.bot.records.database.sqlite_path
    assert path is not None
    elsewhere = path.with_name("mistyped.sqlite3")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{elsewhere}")
    for command in (["jobs"], ["champions", "list"], ["audit", "verify"], ["keys", "rotate"]):
        refused = run.invoke(command_line, command)
        assert refused.exit_code == 1
        assert f"There is no database at {elsewhere}, where DATABASE_URL points to." in refused.output
    assert not elsewhere.exists()
