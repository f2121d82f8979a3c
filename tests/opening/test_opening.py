"""An approved channel is opened, once, and people who have to do something about it are told in words."""

import pytest

from gpbot.opening.jobs import OpeningJob
from gpbot.opening.steps import Step
from gpbot.opening.types import (
    BelongsToAnother,
    HasItsChannel,
    Involved,
    IsOpen,
    NameNotPossible,
    NotStuck,
    NotThere,
    State,
    StillArchived,
)
from gpbot.opening.views import card
from gpbot.outbox import Courier
from gpbot.outbox.typed import handler_of
from gpbot.outbox.types import Invite, Outgoing, Post, SetPurpose, SetTopic
from gpbot.people.types import NotOnRoster
from gpbot.practice.reading import render
from tests.opening.rig import PURPOSE, Rig, know


def the_card(rig: Rig) -> str:
    """The one message to the champions."""
    (shown,) = rig.said(rig.triage)
    return shown


def test_an_approved_channel_is_made_described_welcomed_filled_and_told(rig: Rig) -> None:
    proposal = rig.approve(stewards=["tom"], wants_in=["nadia"])
    rig.run()
    assert rig.is_open(proposal)
    place = rig.channel()
    assert (place.topic["value"], place.purpose["value"]) == ("Boats", PURPOSE)
    (welcome,) = rig.said(place)
    assert PURPOSE in welcome
    assert "@Mona Said proposed this channel. @Tom Reed looks after it." in welcome
    assert "/guidelines" in welcome
    assert "/report" in welcome
    assert [place.messages[ts].text for ts in place.pins] == ["Welcome to this channel."]
    assert set(place.members) == {rig.app.bot_user_id, *(rig.people[name].id for name in ("mona", "tom", "nadia"))}
    for where in (rig.proposed, rig.general):
        (said,) = rig.said(where)
        assert "A new channel is open: #harbour" in said
    assert rig.told(proposal) == [f"opened {place.id}"]
    assert rig.said(rig.triage) == []
    assert rig.calls("conversations.create") == 1


def test_a_proposal_is_opened_once_however_often_it_is_approved(rig: Rig) -> None:
    proposal = rig.approve()
    with rig.database.begin() as session:
        rig.openings.begin(session, proposal)
    rig.run()
    with rig.database.begin() as session:
        rig.openings.begin(session, proposal)
    rig.run()
    assert len(rig.made()) == 1
    assert len(rig.said(rig.proposed)) == 1


def test_a_hundred_and_fifty_are_added_a_hundred_at_a_time(rig: Rig) -> None:
    crowd = [rig.workspace.add_person(f"Person {number}", announce=False) for number in range(150)]
    know(rig.database, rig.keyring, rig.clock, crowd)
    proposal = rig.approve(wants_too=[person.id for person in crowd])
    rig.run()
    assert rig.is_open(proposal)
    assert {person.id for person in crowd} <= set(rig.channel().members)
    sizes = [
        len(str(call.args["users"]).split(",")) for call in rig.workspace.calls if call.method == "conversations.invite"
    ]
    assert sizes == [100, 51]  # the proposer too


def test_somebody_who_cannot_be_added_is_told_how_to_go_in_and_keeps_nobody_out(rig: Rig) -> None:
    rig.workspace.deactivate(rig.people["nadia"])
    rig.people["tom"].user.is_guest = True
    proposal = rig.approve(wants_in=["tom", "nadia"])
    rig.run()
    assert rig.is_open(proposal)
    assert rig.people["mona"].id in rig.channel().members
    (told,) = rig.people["tom"].inbox
    assert "#harbour is open. Slack did not let gpbot add you to it." in told.text
    assert rig.people["mona"].inbox == []
    assert "2 people could not be added" in the_card(rig)


def test_when_only_admins_make_channels_champions_read_what_to_do_and_it_goes_on_once_they_have(rig: Rig) -> None:
    rig.workspace.restricted.add("create")
    proposal = rig.approve()
    rig.run()
    assert "gpbot may not make channels. A workspace admin can allow it" in the_card(rig)
    assert rig.told(proposal) == ["restricted_action"]
    rig.workspace.restricted.clear()
    rig.openings.try_again(rig.people["amina"].id, proposal)
    rig.run()
    assert rig.is_open(proposal)
    assert the_card(rig) == "#harbour is open."


def test_a_card_that_was_on_its_way_while_somebody_helped_shows_how_it_went_on(rig: Rig) -> None:
    rig.workspace.restricted.add("create")
    proposal = rig.approve()
    other = Courier(rig.database, rig.sender, handler_of(OpeningJob, rig.messages))

    def somebody_helps() -> None:
        rig.workspace.restricted.clear()
        rig.openings.try_again(rig.people["amina"].id, proposal)
        for _ in range(20):
            other.run_due()
            rig.clock.advance(seconds=1)
        assert rig.is_open(proposal)

    rig.sender.just_before[Post] = somebody_helps
    rig.run()
    assert the_card(rig) == "#harbour is open."


def test_a_channel_made_by_hand_meanwhile_is_offered_and_used_when_a_champion_says_so(rig: Rig) -> None:
    by_hand = rig.people["tom"].create_channel("harbour")
    rig.workspace.describe(by_hand, "topic", "Tom's own words", by=rig.people["tom"].id)
    proposal = rig.approve(wants_in=["nadia"])
    rig.run()
    assert "Somebody has made #harbour meanwhile." in the_card(rig)
    assert rig.app.bot_user_id not in by_hand.members
    rig.openings.use(rig.people["amina"].id, proposal, by_hand.id)
    rig.run()
    assert rig.is_open(proposal)
    assert rig.made() == []
    assert by_hand.topic["value"] == "Tom's own words"
    assert by_hand.purpose["value"] == PURPOSE  # there was none
    assert rig.people["nadia"].id in by_hand.members
    assert len(by_hand.pins) == 1
    assert rig.told(proposal)[-1] == f"opened {by_hand.id}"


def test_one_that_is_made_by_hand_while_it_waits_is_shown_to_the_champions(rig: Rig) -> None:
    rig.workspace.restricted.add("create")
    proposal = rig.approve()
    rig.run()
    assert "is there now" not in the_card(rig)
    rig.workspace.restricted.clear()
    by_hand = rig.people["tom"].create_channel("harbour")
    with rig.database.begin() as session:
        there = rig.openings.channels.get(session, by_hand.id)
        assert there is not None
        rig.openings.channel_came(session, there)
    rig.run()
    assert "#harbour is there now." in the_card(rig)
    rig.openings.use(rig.people["ben"].id, proposal, by_hand.id)
    rig.run()
    assert rig.is_open(proposal)


def test_an_archived_channel_of_that_name_is_brought_back_by_a_person(rig: Rig) -> None:
    old = rig.people["tom"].create_channel("harbour")
    rig.people["tom"].archive(old)
    proposal = rig.approve()
    rig.run()
    assert "There is an archived channel of that name" in the_card(rig)
    amina = rig.people["amina"].id
    with pytest.raises(StillArchived):
        rig.openings.use(amina, proposal, old.id)
    rig.people["tom"].unarchive(old)
    rig.openings.use(amina, proposal, old.id)
    rig.run()
    assert rig.is_open(proposal)
    assert rig.made() == []


def test_a_name_that_gpbot_cannot_see_who_has_is_changed_by_a_champion(rig: Rig) -> None:
    rig.workspace.add_channel("harbour", private=True)
    proposal = rig.approve()
    rig.run()
    assert "by a private channel, by somebody's account name" in the_card(rig)
    amina = rig.people["amina"].id
    for name in ("Harbour", "", "---", "a" * 81, "two words"):
        with pytest.raises(NameNotPossible):
            rig.openings.rename(amina, proposal, name)
    with pytest.raises(NameNotPossible) as taken:
        rig.openings.rename(amina, proposal, "general")
    assert taken.value.words == "#general exists already. Please choose another name."
    rig.openings.rename(amina, proposal, "quay")
    rig.run()
    assert rig.is_open(proposal)
    assert [place.name for place in rig.made()] == ["quay"]
    assert the_card(rig) == "#quay is open."


def test_a_channel_that_was_made_after_all_is_taken_also_under_another_name(rig: Rig) -> None:
    rig.workspace.faults.add(method="conversations.create", drop="after")
    rig.workspace.faults.add(
        method="conversations.list",
        error="an_error_nobody_has_seen",
        where=lambda _: rig.calls("conversations.create") > 0,
        times=None,
    )
    proposal = rig.approve()
    rig.run(quiet=15)
    assert rig.opening(proposal).state is State.STUCK
    rig.workspace.faults.clear()
    rig.openings.rename(rig.people["amina"].id, proposal, "quay")
    rig.run()
    assert rig.is_open(proposal)
    assert [place.name for place in rig.made()] == ["harbour"]


def test_an_app_without_the_new_permission_holds_up_nothing_else_and_says_what_is_missing(rig: Rig) -> None:
    rig.workspace.manifest["oauth_config"]["scopes"]["bot"].remove("channels:manage")
    rig.workspace.manifest["oauth_config"]["scopes"]["bot"].remove("im:write")
    rig.approve()
    rig.run()
    assert "gpbot was installed without the permission to make channels" in the_card(rig)
    assert rig.courier.paused is None


@pytest.mark.parametrize("step", [SetTopic, Invite, Post])
def test_a_channel_archived_on_the_way_waits_until_somebody_brings_it_back(rig: Rig, step: type[Outgoing]) -> None:
    rig.sender.just_before[step] = lambda: rig.workspace.archive(rig.channel())
    proposal = rig.approve()
    rig.run()
    assert "#harbour was archived before everything in it was ready" in the_card(rig)
    rig.workspace.unarchive(rig.channel())
    rig.openings.try_again(rig.people["amina"].id, proposal)
    rig.run()
    assert rig.is_open(proposal)
    assert len(rig.made()) == 1
    assert len(rig.said(rig.channel())) == 1
    assert rig.calls("conversations.create") == 1


def test_one_deleted_on_the_way_is_made_again_only_when_a_champion_says_so(rig: Rig) -> None:
    rig.sender.just_before[Invite] = lambda: rig.workspace.delete_channel(rig.channel())
    proposal = rig.approve()
    rig.run()
    assert "#harbour was deleted before everything in it was ready" in the_card(rig)
    assert rig.made() == []
    rig.openings.try_again(rig.people["amina"].id, proposal)
    rig.run()
    assert rig.is_open(proposal)
    assert len(rig.made()) == 1


def test_gpbot_goes_back_into_a_channel_it_was_taken_out_of(rig: Rig) -> None:
    rig.sender.just_before[SetPurpose] = lambda: rig.workspace.remove(rig.channel(), rig.app)
    proposal = rig.approve()
    rig.run()
    assert "gpbot was taken out of #harbour" in the_card(rig)
    rig.openings.try_again(rig.people["amina"].id, proposal)
    rig.run()
    assert rig.is_open(proposal)


def test_what_slack_does_not_let_gpbot_do_is_left_to_people_and_the_rest_goes_on(rig: Rig) -> None:
    rig.fail("conversations.setTopic", "user_is_restricted", times=None)
    rig.workspace.restricted.add("pin")
    rig.workspace.remove(rig.proposed, rig.app)
    rig.workspace.archive(rig.general)
    proposal = rig.approve(wants_in=["nadia"])
    rig.run()
    assert rig.is_open(proposal)
    assert rig.opening(proposal).left == {
        Step.TOPIC: "user_is_restricted",
        Step.PIN: "restricted_action",
        Step.PROPOSALS: "not_in_channel",
        Step.GENERAL: "is_archived",
    }
    shown = the_card(rig)
    assert "#harbour is open." in shown
    assert "• setting its topic (user_is_restricted)" in shown
    assert "• telling the proposals channel (not_in_channel)" in shown


def test_only_champions_help_and_nobody_chooses_the_channel_of_what_they_proposed(rig: Rig) -> None:
    rig.workspace.restricted.add("create")
    proposal = rig.approve(stewards=["tom", "ben"])
    rig.run()
    place = rig.workspace.add_channel("harbour")
    for nobody in ("mona", "tom", "nadia"):
        who = rig.people[nobody].id
        with pytest.raises(NotOnRoster):
            rig.openings.try_again(who, proposal)
        with pytest.raises(NotOnRoster):
            rig.openings.use(who, proposal, place.id)
        with pytest.raises(NotOnRoster):
            rig.openings.rename(who, proposal, "quay")
        assert rig.openings.stuck(who) == []
    ben = rig.people["ben"].id
    with pytest.raises(Involved):
        rig.openings.use(ben, proposal, place.id)
    with pytest.raises(Involved):
        rig.openings.rename(ben, proposal, "quay")
    assert [each.opening.proposal_id for each in rig.openings.stuck(ben)] == [proposal]
    rig.openings.try_again(ben, proposal)
    rig.run()
    assert rig.opening(proposal).state is State.STUCK


def test_an_old_button_does_nothing_to_what_goes_on_or_is_open(rig: Rig) -> None:
    amina = rig.people["amina"].id
    proposal = rig.approve()
    with pytest.raises(NotStuck):
        rig.openings.try_again(amina, proposal)
    with pytest.raises(NotStuck):
        rig.openings.use(amina, proposal, rig.general.id)
    rig.run()
    for _ in range(2):
        with pytest.raises(IsOpen):
            rig.openings.try_again(amina, proposal)
    with pytest.raises(IsOpen):
        rig.openings.rename(amina, proposal, "quay")
    rig.run()
    assert len(rig.made()) == 1


def test_a_second_press_on_try_again_is_told_that_it_goes_on(rig: Rig) -> None:
    rig.workspace.restricted.add("create")
    proposal = rig.approve()
    rig.run()
    rig.workspace.restricted.clear()
    rig.openings.try_again(rig.people["amina"].id, proposal)
    with pytest.raises(NotStuck):
        rig.openings.try_again(rig.people["ben"].id, proposal)
    rig.run()
    assert rig.calls("conversations.create") == 2


def test_the_channel_of_another_proposal_and_one_that_is_not_there_cannot_be_used(rig: Rig) -> None:
    first = rig.approve("quay")
    rig.run()
    rig.workspace.restricted.add("create")
    second = rig.approve()
    rig.run()
    amina = rig.people["amina"].id
    with pytest.raises(BelongsToAnother):
        rig.openings.use(amina, second, rig.opening(first).channel_id)
    with pytest.raises(NotThere):
        rig.openings.use(amina, second, "C0000000404")


def test_one_that_has_its_channel_gets_no_second_one(rig: Rig) -> None:
    rig.fail("conversations.setPurpose", "is_archived", times=None)
    proposal = rig.approve()
    rig.run()
    amina = rig.people["amina"].id
    with pytest.raises(HasItsChannel):
        rig.openings.rename(amina, proposal, "quay")
    with pytest.raises(HasItsChannel):
        rig.openings.use(amina, proposal, rig.general.id)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("name_taken", "Slack says that the name is taken"),
        ("restricted_action", "gpbot may not make channels"),
        ("missing_scope", "without the permission to make channels"),
        ("invalid_name_specials", "Slack does not take this name (invalid_name_specials)"),
        ("cannot_create_channel", "Slack did not make the channel (cannot_create_channel)"),
        ("an_error_nobody_has_seen", "Slack did not make the channel (an_error_nobody_has_seen)"),
    ],
)
def test_every_reason_why_it_cannot_be_made_is_said_with_what_can_be_done(rig: Rig, code: str, words: str) -> None:
    rig.fail("conversations.create", code, times=None)
    proposal = rig.approve()
    rig.run()
    _, blocks = card(rig.standing(proposal))
    shown = render(blocks, {})
    assert words in shown
    assert "[ Another name ]" in shown
    assert rig.told(proposal) == [code]


def test_after_a_day_of_silence_champions_are_asked(rig: Rig) -> None:
    rig.workspace.faults.add(method="conversations.create", status=503, times=None)
    proposal = rig.approve()
    for _ in range(150):
        rig.later(minutes=15)
        if rig.opening(proposal).state is State.STUCK:
            break
    assert "Slack did not make the channel (http_503)" in the_card(rig)
    rig.workspace.faults.clear()
    rig.openings.try_again(rig.people["amina"].id, proposal)
    rig.run()
    assert rig.is_open(proposal)
