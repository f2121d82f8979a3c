"""Nothing is archived without a champion's click, nor while somebody writes; what Slack refuses is said in words."""

from typing import Any

import pytest
from sqlalchemy import select

from gpbot.audit.models import AuditEntry
from gpbot.quiet import ids
from gpbot.quiet.types import Ending, State
from tests.databases import raw_files
from tests.halves import WALK
from tests.quiet.harbour import ARCHIVE, DAYS, KEEP, LET_GO, Harbour


@WALK("quiet")
def test_a_champion_has_it_archived_once_and_the_stewards_learn_it(harbour: Harbour) -> None:
    c = harbour.c
    card = harbour.offered()
    assert card.buttons == [ARCHIVE, KEEP]
    for champion in c.champions:
        assert "#harbour is quiet. Should it be archived?" in harbour.home(champion)
    assert not harbour.is_archived()
    harbour.press_card(c.ben, ARCHIVE)
    assert harbour.is_archived()
    assert harbour.archivings() == 1
    assert "#harbour was archived: @Ben Adeyemi decided so." in harbour.card().text
    assert harbour.card().buttons == []
    for steward in (c.tom, c.nadia):
        assert "The champions have had #harbour archived" in steward.inbox[-1].text
    assert "Quiet channels" not in harbour.home(c.amina)
    harbour.quiet(3 * DAYS)
    assert harbour.questions(c.tom) == 1
    assert len(harbour.cards()) == 1


def test_the_question_to_press_archive_says_what_it_means(harbour: Harbour) -> None:
    (archive,) = (control for control in harbour.offered().controls if control.words == ARCHIVE)
    sure = archive.element["confirm"]
    assert sure["title"]["text"] == "Archive #harbour?"
    assert "can be brought back" in sure["text"]["text"]
    assert archive.element["accessibility_label"] == "Archive: #harbour"


def test_a_champion_keeps_it_and_the_stewards_learn_it(harbour: Harbour) -> None:
    c = harbour.c
    harbour.offered()
    harbour.press_card(c.amina, KEEP)
    assert "#harbour stays: @Amina Okafor decided so." in harbour.card().text
    for steward in (c.tom, c.nadia):
        assert "The champions have decided: #harbour stays." in steward.inbox[-1].text
    harbour.quiet(DAYS - 2)
    assert harbour.questions(c.tom) == 1
    harbour.quiet(4)
    assert harbour.questions(c.tom) == 2


def test_from_the_desk_it_is_decided_like_from_the_card(harbour: Harbour) -> None:
    c = harbour.c
    harbour.offered()
    c.chloe.press("What is waiting for me", channel=c.triage)
    c.settle()
    assert c.chloe.modal is not None
    assert "Should it be archived?" in c.chloe.modal.text
    c.chloe.press(ARCHIVE, within=c.chloe.modal)
    c.settle(5)
    assert "It is archived now, unless somebody has written there meanwhile" in c.chloe.modal.text
    assert harbour.is_archived()


def test_what_somebody_wrote_since_the_question_keeps_it_whatever_is_pressed(harbour: Harbour) -> None:
    c = harbour.c
    harbour.offered()
    harbour.write(c.mona)
    harbour.press_card(c.ben, ARCHIVE)
    assert not harbour.is_archived()
    assert harbour.calls("conversations.archive") == []
    assert "Somebody has written in #harbour meanwhile, so it stays. It was not archived." in harbour.card().text
    assert "Somebody has written in #harbour meanwhile, so it stays." in c.nadia.inbox[-1].text


def test_an_offer_goes_by_itself_when_somebody_writes(harbour: Harbour) -> None:
    harbour.offered()
    harbour.write(harbour.c.mona)
    harbour.quiet(2)
    assert "so it stays" in harbour.card().text
    assert harbour.card().buttons == []
    assert "Quiet channels" not in harbour.home(harbour.c.amina)


BY_HAND = "“Archive channel”"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("restricted_action", "In this workspace gpbot may not archive channels. A workspace admin can allow it"),
        ("not_authorized", "gpbot may not archive channels: it was installed without that permission."),
        ("missing_scope", "gpbot may not archive channels: it was installed without that permission."),
        ("not_in_channel", "gpbot was taken out of this channel. Invite it again and press “Archive”"),
        ("a_code_nobody_knows", "Slack did not archive it (a_code_nobody_knows). Press “Archive” to try again"),
    ],
)
def test_what_slack_refuses_is_said_with_the_step_that_a_person_takes(harbour: Harbour, code: str, words: str) -> None:
    c = harbour.c
    harbour.offered()
    c.workspace.faults.add(method="conversations.archive", error=code)
    harbour.press_card(c.ben, ARCHIVE)
    assert words in harbour.card().text
    assert BY_HAND in harbour.card().text
    assert words in harbour.home(c.amina)
    assert c.bot.health()["outbox"]["paused"] is None
    harbour.press_card(c.chloe, ARCHIVE)
    assert harbour.is_archived()
    assert "@Chloe Martin decided so" in harbour.card().text


@pytest.mark.parametrize("code", ["cant_archive_required", "cant_archive_general"])
def test_a_channel_that_slack_needs_is_to_be_kept(harbour: Harbour, code: str) -> None:
    c = harbour.c
    harbour.offered()
    c.workspace.faults.add(method="conversations.archive", error=code)
    harbour.press_card(c.ben, ARCHIVE)
    assert "it is one that everybody is in, so it cannot be archived. Press “Keep it”" in harbour.card().text
    harbour.press_card(c.ben, KEEP)
    assert "stays" in harbour.card().text


TROUBLE: list[dict[str, Any]] = [
    {"drop": "before"},
    {"drop": "after"},
    {"status": 503},
    {"error": "internal_error", "after": True},
    {"retry_after": 20},
]


@pytest.mark.parametrize("trouble", TROUBLE)
def test_whatever_becomes_of_the_answer_it_is_archived_once(harbour: Harbour, trouble: dict[str, Any]) -> None:
    c = harbour.c
    harbour.offered()
    c.workspace.faults.add(method="conversations.archive", **trouble)
    harbour.press_card(c.ben, ARCHIVE)
    harbour.restart()
    c.settle(40)
    assert harbour.is_archived()
    assert "was archived: @Ben Adeyemi decided so" in harbour.card().text
    assert len([said for said in c.tom.inbox if "have had #harbour archived" in said.text]) == 1
    assert len([place for place in harbour.calls("conversations.archive") if place.response == {"ok": True}]) <= 1


def test_one_that_was_archived_and_brought_back_before_gpbot_knew_is_not_archived_again(harbour: Harbour) -> None:
    c = harbour.c
    harbour.offered()
    c.workspace.faults.add(method="conversations.archive", drop="after")
    harbour.press_card(c.ben, ARCHIVE)
    c.mona.unarchive(harbour.place)
    c.settle(40)
    assert not harbour.is_archived()
    assert harbour.watched.ending is Ending.ARCHIVED


def test_without_the_scope_nothing_is_archived_unseen(harbour: Harbour) -> None:
    c = harbour.c
    harbour.offered()
    harbour.install(but=["channels:history"])
    harbour.press_card(c.ben, ARCHIVE)
    assert not harbour.is_archived()
    assert (
        "gpbot cannot see whether somebody has written there meanwhile, so it was not archived" in harbour.card().text
    )
    harbour.install()
    harbour.press_card(c.ben, ARCHIVE)
    assert harbour.is_archived()


def test_archived_by_hand_meanwhile_the_question_ends_in_words(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    c.nadia.archive(harbour.place)
    c.settle(5)
    assert "#harbour was archived meanwhile, and not by gpbot." in c.tom.inbox[-1].text
    assert "archived meanwhile, and not by gpbot" in harbour.send(c.tom, ids.KEEP)
    harbour.quiet(2 * DAYS)
    assert harbour.questions(c.tom) == 1
    c.mona.unarchive(harbour.place)
    c.settle(3)
    harbour.quiet(DAYS - 2)
    assert harbour.questions(c.tom) == 1
    harbour.quiet(4)
    assert harbour.questions(c.tom) == 2


def test_archived_by_hand_while_gpbot_was_away_the_click_says_so(harbour: Harbour) -> None:
    c = harbour.c
    harbour.offered()
    c.stop()
    c.workspace.deliver_to()
    c.nadia.archive(harbour.place)
    c.clock.advance(hours=2)
    c.start()
    c.settle(3)
    assert "#harbour was archived meanwhile, and not by gpbot." in harbour.card().text
    assert "archived meanwhile, and not by gpbot" in harbour.send(c.ben, ids.ARCHIVE)
    assert harbour.calls("conversations.archive") == []


def test_a_deleted_channel_is_let_be(harbour: Harbour) -> None:
    c = harbour.c
    harbour.offered()
    c.workspace.delete_channel(harbour.place)
    c.settle(5)
    assert "#harbour is not there any more, or gpbot was taken out of it." in harbour.card().text
    assert "is not there any more" in harbour.send(c.ben, ids.ARCHIVE)
    harbour.quiet(2 * DAYS)
    assert harbour.questions(c.tom) == 1


def test_a_channel_that_gpbot_was_taken_out_of_is_not_asked_about_until_it_is_back(harbour: Harbour) -> None:
    c = harbour.c
    c.workspace.remove(harbour.place, c.app)
    harbour.quiet(3 * DAYS)
    assert harbour.questions(c.tom) == 0
    c.workspace.invite(harbour.place, c.app.bot_user_id)
    c.settle()
    harbour.quiet(DAYS - 1)
    assert harbour.questions(c.tom) == 0
    harbour.quiet(2)
    assert harbour.questions(c.tom) == 1


def test_a_channel_that_is_private_now_is_let_be(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    c.workspace.make_private(harbour.place)
    harbour.quiet(1)
    harbour.quiet(1)
    assert "is not there any more, or gpbot was taken out of it" in c.tom.inbox[-1].text
    assert c.bot.health()["quiet_channels"] == "ok"


def test_without_the_scope_the_operator_reads_why_and_nothing_else_breaks(
    harbour: Harbour, caplog: pytest.LogCaptureFixture
) -> None:
    c = harbour.c
    harbour.install(but=["channels:history"])
    harbour.becomes_quiet()
    harbour.quiet(1)
    assert harbour.questions(c.tom) == 0
    said = [record.getMessage() for record in caplog.records if "QUIET_CHANNEL_DAYS" in record.getMessage()]
    assert len(said) == 1
    assert "lacks the scope channels:history" in said[0]
    health = c.bot.health()
    assert "Install the app again" in health["quiet_channels"]
    assert health["ok"]
    assert (health["outbox"]["paused"], health["outbox"]["dead"]) == (None, 0)
    c.report(c.mona)
    assert "There is something for you" in c.ben.inbox[-1].text
    harbour.install()
    harbour.quiet(1)
    assert harbour.questions(c.tom) == 1
    assert c.bot.health()["quiet_channels"] == "ok"


def test_the_operator_reads_it_at_the_start_before_any_channel_is_quiet(
    harbour: Harbour, caplog: pytest.LogCaptureFixture
) -> None:
    c = harbour.c
    assert c.bot.health()["quiet_channels"] == "ok"
    harbour.install(but=["channels:history"])
    c.restart()
    assert "lacks the scope channels:history" in caplog.text
    assert "Install the app again" in c.bot.health()["quiet_channels"]
    caplog.clear()
    harbour.install()
    c.restart()
    assert "channels:history" not in caplog.text
    assert c.bot.health()["quiet_channels"] == "ok"


def test_a_second_copy_of_the_card_says_what_is_so_when_it_is_pressed(harbour: Harbour) -> None:
    """Killed just while it was posted, it stands there twice, and gpbot knows of one."""
    c = harbour.c
    card = harbour.offered()
    first = c.triage.messages[card.ts]
    with c.workspace.acting():
        copy = c.workspace.messages.post(
            c.triage, first.user, text=first.text, blocks=[dict(block) for block in first.blocks]
        )
    harbour.press_card(c.ben, KEEP)
    second = next(said for said in c.amina.read(c.triage) if said.ts == copy.ts)
    c.amina.press(ARCHIVE, within=second)
    c.settle(5)
    (now,) = (said for said in c.amina.read(c.triage) if said.ts == copy.ts)
    assert now.text == "This was answered already: the channel stays."
    assert now.buttons == []
    assert not harbour.is_archived()


def test_nobody_who_has_left_the_roster_decides(harbour: Harbour) -> None:
    c = harbour.c
    card = harbour.offered()
    c.bot.records.people.remove_champion(c.chloe.id, by="operator")
    c.chloe.press(ARCHIVE, within=card)
    c.settle(5)
    assert not harbour.is_archived()
    assert harbour.watched.state is State.OFFERED
    assert "Quiet channels" not in harbour.home(c.chloe)


def test_where_there_is_no_champion_the_contacts_decide(harbour: Harbour) -> None:
    c = harbour.c
    for champion in c.champions:
        c.bot.records.people.remove_champion(champion.id, by="operator")
    harbour.becomes_quiet()
    harbour.press(c.tom, LET_GO)
    assert "Should it be archived?" in harbour.home(c.edith)
    c.edith.press(ARCHIVE, within=c.edith.home)
    c.settle(5)
    assert harbour.is_archived()


def test_two_champions_at_once_decide_once(harbour: Harbour) -> None:
    c = harbour.c
    card = harbour.offered()
    c.ben.press(KEEP, within=card)
    c.amina.press(ARCHIVE, within=card)
    c.settle(5)
    assert not harbour.is_archived()
    assert any("This was answered already: the channel stays." in said.text for said in c.amina.read(c.triage))


def test_a_card_that_was_deleted_is_posted_again_when_something_changes(harbour: Harbour) -> None:
    c = harbour.c
    card = harbour.offered()
    with c.workspace.acting():
        c.workspace.messages.delete(c.triage.messages[card.ts])
    c.workspace.faults.add(method="conversations.archive", error="restricted_action")
    c.ben.open_home()
    c.settle(1)
    c.ben.press(ARCHIVE, within=c.ben.home)
    c.settle(8)
    assert "gpbot may not archive channels" in harbour.card().text


def test_the_log_of_acts_holds_who_decided(harbour: Harbour) -> None:
    c = harbour.c
    harbour.offered()
    harbour.press_card(c.ben, ARCHIVE)
    with c.bot.records.database.read() as session:
        assert c.bot.records.audit.verify(session).broken_at is None
        acts = [
            (found["actor"], found["act"].partition(":")[0])
            for found in (
                c.bot.records.keyring.box.open(sealed)
                for (sealed,) in session.execute(select(AuditEntry.sealed).where(AuditEntry.subject.is_(None)))
            )
            if found["act"].startswith("quiet.")
        ]
    assert acts == [(c.tom.id, "quiet.let_go"), (c.ben.id, "quiet.archive"), ("gpbot", "quiet.archived")]


def test_nothing_that_was_said_in_the_channel_is_kept_or_logged(
    harbour: Harbour, caplog: pytest.LogCaptureFixture
) -> None:
    c = harbour.c
    harbour.write(c.mona, "canarymarmalade in the harbour")
    harbour.becomes_quiet()
    harbour.press(c.tom, LET_GO)
    harbour.write(c.mona, "canarymarmalade once more")
    harbour.press_card(c.ben, ARCHIVE)
    assert "so it stays" in harbour.card().text
    assert "canarymarmalade" not in caplog.text
    raw = b"".join(raw_files(c.settings.database_url).values())
    assert harbour.place.id.encode() in raw
    assert b"canarymarmalade" not in raw
