"""Failure speaks, keeps what was typed, and leaves nothing half done behind."""

from sqlalchemy import text

from tests.databases import full
from tests.stage import HELP, Stage

SENTENCE = "He followed me home and waited at the door. "
WORDS = SENTENCE * 60
TABLES = ("report", "report_draft", "report_entry", "report_reader", "report_exclusion", "job", "audit_entry")


def counts(c: Stage) -> dict[str, int]:
    with c.bot.records.database.read() as session:
        return {name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in TABLES}  # noqa: S608


def what_they_have(c: Stage) -> list[int]:
    return [len(person.inbox) for person in (*c.champions, *c.contacts, c.mona)]


def test_on_a_full_disk_the_form_says_so_holds_the_words_and_nothing_half_done_stays(community: Stage) -> None:
    mona = community.mona
    mona.command("/report")
    community.bot.windows.settle()
    mona.fill("What happened", WORDS)
    before = counts(community)
    with full(community.bot.records.database):
        answer = mona.submit()
        assert not answer.ok
        assert "We could not save this. Nothing was sent." in answer.text
        assert HELP in answer.text
    assert counts(community) == before
    assert mona.modal is not None
    assert WORDS.strip() in mona.modal.text
    assert mona.submit().ok  # the same window, once there is room again


def test_on_a_full_disk_send_says_so_and_works_once_there_is_room(community: Stage) -> None:
    community.review(community.mona, SENTENCE * 68)  # sealed, they need a page that there is not
    community.answer_none(community.mona)
    before = counts(community)
    with full(community.bot.records.database):
        community.mona.submit()
        assert community.mona.modal is not None
        assert "We could not save this. Nothing was sent." in community.mona.modal.text
    assert counts(community) == before
    community.settle()
    assert what_they_have(community) == [0] * 6
    community.mona.submit()
    community.settle()
    assert counts(community)["report"] == 1
    assert what_they_have(community) == [1, 1, 1, 0, 0, 1]


def test_while_slack_is_down_a_report_is_saved_and_what_it_enqueued_arrives_once_when_slack_is_back(
    community: Stage,
) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    community.workspace.faults.add(method="*", status=503, times=None)
    assert community.mona.submit().ok
    for _ in range(12):
        community.later(minutes=10)
    assert what_they_have(community) == [0] * 6
    community.workspace.faults.clear()
    community.later(minutes=30)
    community.later(minutes=5)
    assert what_they_have(community) == [1, 1, 1, 0, 0, 1]
    assert community.bot.health()["outbox"]["dead"] == 0


def test_while_slack_does_not_take_the_token_nothing_is_spent_and_all_arrives_once_after(community: Stage) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    community.workspace.faults.add(method="chat.postMessage", error="token_revoked", times=None)
    assert community.mona.submit().ok
    for _ in range(5):
        community.later(minutes=10)
    assert not community.bot.health()["ok"]
    community.workspace.faults.clear()
    community.later(minutes=5)
    assert community.bot.health()["ok"]
    assert what_they_have(community) == [1, 1, 1, 0, 0, 1]


def test_a_window_closed_by_an_outage_loses_no_words_once_they_were_reviewed(community: Stage) -> None:
    """The draft is on disk: a reminder with a button brings it back."""
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    community.restart()
    community.look_away(community.mona)
    community.later(minutes=16)
    community.mona.press("Continue")
    community.settle()
    assert community.mona.modal is not None
    assert WORDS.strip() in community.mona.modal.text
