"""The stewards of a quiet channel are asked, once, and what they say is what counts."""

from datetime import UTC, datetime

import pytest

from gpbot.quiet import ids
from gpbot.quiet.types import Ending, State
from tests.quiet.harbour import ARCHIVE, DAYS, KEEP, LET_GO, Harbour, open_harbour
from tests.scenarios.doing import NOT_AVAILABLE, button_value
from tests.stage import Stage


def test_both_stewards_are_asked_kindly_and_nobody_else(harbour: Harbour) -> None:
    c = harbour.c
    harbour.quiet(DAYS - 1)
    assert harbour.asked(c.tom) == []
    harbour.quiet(2)
    for steward in (c.tom, c.nadia):
        (question,) = harbour.asked(steward)
        assert question.buttons == [KEEP, LET_GO]
        assert "nobody has written there for 60 days or more" in question.text
        assert "Nothing is archived by itself." in question.text
        assert "A channel you look after" in harbour.home(steward)
    for other in (c.mona, c.amina, c.edith):
        assert harbour.asked(other) == []
        assert "#harbour still needed" not in harbour.home(other)
    assert harbour.cards() == []
    assert harbour.archivings() == 0


def test_switched_off_nothing_is_asked_and_nothing_is_read(harbour: Harbour) -> None:
    harbour.restart(quiet_channel_days=0)
    before = len(harbour.calls("conversations.history"))
    harbour.quiet(400)
    assert harbour.asked(harbour.c.tom) == []
    assert len(harbour.calls("conversations.history")) == before
    assert harbour.c.bot.health()["quiet_channels"] == "off"
    assert "channels:history" not in harbour.c.workspace.scopes


def test_what_somebody_says_keeps_it_quiet_about_itself(harbour: Harbour) -> None:
    """A message, a file, an answer in an old thread: whatever a person says counts, and its time alone is kept."""
    c = harbour.c
    harbour.quiet(50)
    first = harbour.write(c.mona)
    harbour.quiet(50)
    harbour.write(c.mona, "", files=["boats.pdf"])
    harbour.quiet(50)
    harbour.write(c.tom, "I do, of course.", thread=first)
    harbour.quiet(50)
    assert harbour.questions(c.tom) == 0
    assert harbour.watched.since > datetime.fromtimestamp(float(first.ts), UTC)
    harbour.quiet(15)
    assert harbour.questions(c.tom) == harbour.questions(c.nadia) == 1


def test_bots_and_people_who_come_in_do_not_count(harbour: Harbour) -> None:
    c = harbour.c
    feed = c.workspace.add_person("News Feed", bot=True)
    harbour.quiet(40)
    harbour.write(feed, "Something new.")
    c.ben.join(harbour.place)
    c.workspace.describe(harbour.place, "topic", "Boats and quays", by=c.ben.id)
    harbour.quiet(21)
    assert harbour.questions(c.tom) == 1


def test_keep_it_is_thanked_and_asked_again_after_as_many_days(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    harbour.press(c.tom, KEEP)
    assert "Thank you. #harbour stays." in c.tom.inbox[-1].text
    assert c.tom.inbox[-1].buttons == []
    assert "#harbour stays: @Tom Reed decided so." in c.nadia.inbox[-1].text
    assert harbour.asked(c.nadia) == []
    assert "A channel you look after" not in harbour.home(c.nadia)
    assert harbour.cards() == []
    harbour.quiet(DAYS - 2)
    assert harbour.questions(c.tom) == 1
    harbour.quiet(4)
    assert harbour.questions(c.tom) == harbour.questions(c.nadia) == 2
    assert len(harbour.asked(c.tom)) == 1


def test_the_first_answer_counts_and_the_other_steward_reads_who_gave_it(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    old = harbour.asked(c.nadia)[-1]
    harbour.press(c.tom, LET_GO)
    assert "Thank you. #harbour can be archived. The champions decide, and you are told." in c.tom.inbox[-1].text
    assert "@Tom Reed has answered." in c.nadia.inbox[-1].text
    assert "This was answered already" in harbour.send(c.nadia, ids.KEEP, button_value(old, KEEP))
    assert harbour.watched.state is State.OFFERED
    assert "@Tom Reed, who looks after it, says that it can be archived." in harbour.card().text


def test_without_an_answer_the_champions_are_asked_and_a_late_keep_it_still_counts(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    harbour.quiet(12)
    assert harbour.cards() == []
    harbour.quiet(3)
    assert "@Tom Reed and @Nadia Haddad did not answer within 14 days." in harbour.card().text
    assert "The champions are asked too by now. Your answer still counts." in harbour.asked(c.nadia)[-1].text
    harbour.press(c.nadia, KEEP)
    assert "#harbour stays: @Nadia Haddad decided so." in harbour.card().text
    assert harbour.card().buttons == []
    assert harbour.archivings() == 0


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_without_a_steward_the_champions_are_asked_and_told_so(harbour: Harbour, when: str) -> None:
    c = harbour.c
    if when == "meanwhile":
        harbour.becomes_quiet()
    for steward in (c.tom, c.nadia):
        assert harbour.cards() == []
        c.workspace.deactivate(steward)
        c.settle()
    if when == "before":
        harbour.becomes_quiet()
    assert "There is nobody whom gpbot could ask" in harbour.card().text
    assert harbour.questions(c.tom) == (when == "meanwhile")


def test_stewards_whom_slack_does_not_reach_are_as_good_as_none(harbour: Harbour) -> None:
    c = harbour.c
    c.workspace.faults.add(
        method="chat.postMessage",
        error="messages_tab_disabled",
        where=lambda args: args.get("channel") in {c.tom.id, c.nadia.id},
        times=2,
    )
    harbour.becomes_quiet()
    assert "There is nobody whom gpbot could ask" in harbour.card().text


def test_somebody_who_writes_after_the_question_ends_it_in_words(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    harbour.write(c.mona)
    harbour.quiet(2)
    for steward in (c.tom, c.nadia):
        assert "Somebody has written in #harbour meanwhile, so it stays." in steward.inbox[-1].text
        assert steward.inbox[-1].buttons == []
    harbour.quiet(DAYS - 4)
    assert harbour.questions(c.tom) == 1
    harbour.quiet(5)
    assert harbour.questions(c.tom) == 2


def test_strangers_and_made_up_clicks_learn_and_change_nothing(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    before = harbour.watched
    for action in (ids.KEEP, ids.LET_GO):
        assert NOT_AVAILABLE in harbour.send(c.mona, action)
    for action in (ids.ARCHIVE, ids.DECIDE_TO_KEEP):
        assert "This is for champions" in harbour.send(c.tom, action)
    for wrong in (
        "",
        "x",
        f"{harbour.proposal_id}",
        f"{harbour.proposal_id} ²",
        f"{c.mona.id} 1",
        f"{'9' * 9} {'9' * 9}",
    ):
        assert NOT_AVAILABLE in harbour.send(c.tom, ids.KEEP, wrong)
    assert harbour.watched == before


def test_champions_cannot_archive_before_they_are_asked(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    assert "not asked about this channel just now" in harbour.send(c.amina, ids.ARCHIVE)
    assert harbour.archivings() == 0


def test_an_old_question_answered_late_says_so(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    harbour.press(c.tom, KEEP)
    harbour.becomes_quiet()
    assert "This is an earlier question" in harbour.send(c.nadia, ids.LET_GO)
    assert harbour.watched.state is State.ASKED


def test_the_same_click_twice_is_once_and_no_reproach(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    c.workspace.faults.deliveries(duplicate=True, times=None)
    harbour.press(c.tom, LET_GO)
    assert c.tom.modal is None
    harbour.press_card(c.amina, ARCHIVE)
    assert c.amina.modal is None
    assert harbour.archivings() == 1
    assert len(harbour.cards()) == 1


def test_an_exempt_channel_is_never_asked_about_and_one_that_becomes_exempt_is_left_alone(harbour: Harbour) -> None:
    c = harbour.c
    harbour.restart(keep_channels=(harbour.place.id,))
    harbour.becomes_quiet()
    assert harbour.questions(c.tom) == 0
    harbour.restart(keep_channels=())
    harbour.quiet(1)
    assert harbour.questions(c.tom) == 1
    harbour.restart(keep_channels=(harbour.place.id,))
    assert "#harbour is on the list of channels that always stay." in c.tom.inbox[-1].text
    assert "on the list of those that always stay" in harbour.send(c.tom, ids.LET_GO)
    harbour.quiet(30)
    assert harbour.cards() == []


def test_switched_off_what_is_open_ends_in_words_and_switched_on_again_nobody_is_asked_twice(harbour: Harbour) -> None:
    c = harbour.c
    harbour.offered()
    harbour.restart(quiet_channel_days=0)
    assert "gpbot does not ask about quiet channels any more." in harbour.card().text
    assert "gpbot does not ask about quiet channels any more." in c.nadia.inbox[-1].text
    assert "Quiet channels" not in harbour.home(c.amina)
    assert "gpbot does not ask about quiet channels any more. Nothing was changed." in harbour.send(
        c.amina, ids.ARCHIVE
    )
    harbour.restart(quiet_channel_days=DAYS)
    harbour.quiet(DAYS - 2)
    assert harbour.questions(c.tom) == 1
    assert not harbour.is_archived()


def test_a_click_that_comes_before_gpbot_has_said_that_it_is_switched_off_is_answered_in_words(
    harbour: Harbour,
) -> None:
    c = harbour.c
    harbour.offered()
    c.workspace.faults.add(method="chat.update", retry_after=600, times=None)
    harbour.restart(quiet_channel_days=0)
    harbour.press_card(c.amina, ARCHIVE)
    assert not harbour.is_archived()
    assert harbour.watched.ending is Ending.OFF


def test_fewer_days_count_at_once(harbour: Harbour) -> None:
    harbour.quiet(20)
    harbour.restart(quiet_channel_days=14)
    assert harbour.questions(harbour.c.tom) == 1
    assert "for 14 days or more" in harbour.asked(harbour.c.tom)[-1].text


def test_a_steward_who_is_a_champion_may_answer_in_both_places(community: Stage) -> None:
    harbour = open_harbour(community, stewards=("ben",))
    harbour.becomes_quiet()
    harbour.press(community.ben, LET_GO)
    assert harbour.home(community.ben).count("should it be archived") == 0
    harbour.press_card(community.ben, ARCHIVE)
    assert harbour.is_archived()
    assert "#harbour was archived" in community.ben.inbox[-1].text
    assert len([said for said in community.ben.inbox if "have had #harbour archived" in said.text]) == 0


def test_restarts_in_between_ask_nobody_again(harbour: Harbour) -> None:
    c = harbour.c
    harbour.becomes_quiet()
    for _ in range(3):
        harbour.restart()
        harbour.quiet(1)
    assert harbour.questions(c.tom) == harbour.questions(c.nadia) == 1


def test_a_day_that_could_not_be_begun_is_followed_by_the_next(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of gpbot's own that lasts for days, and then is mended."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("gpbot.quiet.store.asked", fail)
        for _ in range(3):
            harbour.quiet(25)
    assert harbour.questions(harbour.c.tom) == 0
    harbour.quiet(2)
    harbour.quiet(2)
    assert harbour.questions(harbour.c.tom) == 1


def test_a_renamed_channel_is_asked_about_by_its_name(harbour: Harbour) -> None:
    harbour.c.workspace.rename_channel(harbour.place, "port")
    harbour.c.settle()
    harbour.becomes_quiet()
    assert "Is #port still needed?" in harbour.c.tom.inbox[-1].text
