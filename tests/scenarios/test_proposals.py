"""Proposing a channel, from the form to the decision, and what happens when nobody decides."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from gpbot.guidelines.types import Where
from gpbot.people.types import RoleName
from gpbot.practice.person import Person
from gpbot.practice.screens import Screen
from gpbot.proposals import ids
from gpbot.proposals.types import Proposal, Proposed, State
from gpbot.reports.ticks import LABEL
from gpbot.reports.types import Filled
from tests.databases import another_program, raw_files
from tests.scenarios.doing import NOT_AVAILABLE, direct_messages, home_of, knows_nothing, seen_by, shown
from tests.stage import Stage

PURPOSE = "Sharing what we know about housing law."
WHY = "We have #legal-advice for this; it is quieter there."


class Openings:
    """Makes no channel, but knows what it was asked to make."""

    def __init__(self) -> None:
        self.begun: list[UUID] = []

    def begin(self, session: Session, proposal_id: UUID) -> None:
        assert session.in_transaction()
        self.begun.append(proposal_id)

    def give_up(self, session: Session, proposal_id: UUID) -> None:
        """Nothing is made here, so nothing is stuck."""


@contextmanager
def changed(community: Stage, **settings: object) -> Iterator[None]:
    """gpbot, started again with other settings."""
    community.stop()
    community.settings = replace(community.settings, **settings)  # type: ignore[arg-type]
    community.start()
    community.settle()
    yield


def fill(
    community: Stage,
    who: Person,
    name: str = "Housing Law",
    *,
    purpose: str = PURPOSE,
    stewards: list[Person] | None = None,
    topics: str = "",
) -> None:
    """Fill in the form and press Next."""
    community.look_away(who)
    who.command("/propose-channel")
    community.bot.windows.settle()
    who.fill("What is it for", purpose)
    who.fill("Its name", name)
    if stewards:
        who.fill("Who looks after it", stewards)
    if topics:
        who.fill("What would people talk about", topics)
    who.submit()
    community.bot.windows.settle()


def propose(community: Stage, who: Person, name: str = "Housing Law", **more: object) -> None:
    fill(community, who, name, **more)  # type: ignore[arg-type]
    who.submit()
    community.settle()
    assert "is being posted" in shown(who)
    community.look_away(who)


def posts(community: Stage) -> list[Screen]:
    """What stands in the proposals channel."""
    return [said for said in community.tom.read(community.proposals) if "#" in said.text]


def post(community: Stage) -> Screen:
    (only,) = posts(community)
    return only


def cards(community: Stage) -> list[Screen]:
    return [said for said in community.amina.read(community.triage) if "Proposed by" in said.text]


def card(community: Stage) -> Screen:
    (only,) = cards(community)
    return only


def on_post(community: Stage, who: Person, button: str) -> None:
    who.press(button, within=post(community))
    community.settle()


def on_card(community: Stage, who: Person, button: str) -> None:
    who.press(button, within=card(community))
    community.settle()


def told(community: Stage, who: Person) -> str:
    """The newest line that this person alone was told in the proposals channel."""
    return who.read(community.proposals)[-1].text


def proposal_of(screen: Screen) -> UUID:
    return UUID(next(str(each.element["value"]) for each in screen.controls if each.words in {"Support", "Open"}))


def stored(community: Stage, proposal_id: UUID) -> Proposal:
    return community.bot.records.proposals.look(proposal_id)


def decline(community: Stage, champion: Person, why: str = WHY) -> None:
    on_card(community, champion, "Decline")
    champion.fill("Why not", why)
    champion.submit()
    community.settle()


def raise_concern(community: Stage, who: Person, words: str) -> None:
    """Sent again when the words name someone."""
    on_post(community, who, "Concern")
    who.fill("What worries you", words)
    community.answer_none(who)
    who.submit()
    community.settle()
    if "Your words seem to name" in shown(who):
        who.submit()
        community.settle()


def open_concern(community: Stage, champion: Person) -> None:
    champion.press("Open", within=champion.inbox[-1])
    community.settle()


# Proposing.


def test_what_is_posted_is_what_was_shown_before(community: Stage) -> None:
    fill(community, community.mona, "  Housing & Law! ", stewards=[community.nadia], topics="evictions, deposits")

    preview = shown(community.mona)
    assert "This is not posted yet." in preview
    assert "#housing-law" in preview
    assert posts(community) == []

    community.mona.submit()
    community.settle()
    said = post(community).text
    for words in ("#housing-law", PURPOSE, "evictions, deposits", "@Mona Said", "@Nadia Haddad", "0 support it"):
        assert words in said
    assert post(community).buttons == ["Support", "Add me when it opens", "Concern"]
    assert "#housing-law" in card(community).text


def test_a_form_that_was_changed_after_the_preview_is_shown_once_more(community: Stage) -> None:
    fill(community, community.mona)
    community.mona.fill("Its name", "rent-law")
    community.mona.submit()
    community.settle()

    assert "#rent-law" in shown(community.mona)
    assert posts(community) == []
    community.mona.submit()
    community.settle()
    assert "#rent-law" in post(community).text


def test_a_form_sent_twice_at_once_is_one_proposal(community: Stage) -> None:
    fill(community, community.mona)
    community.mona.submit(times=2, together=True)
    community.settle()

    assert len(posts(community)) == 1
    assert len(cards(community)) == 1


def test_it_opens_from_the_shortcut_and_from_app_home_too(community: Stage) -> None:
    community.mona.shortcut("Propose a channel")
    community.settle()
    assert "What is it for?" in shown(community.mona)

    home_of(community, community.mona)
    community.press(community.mona, "Propose a channel")
    assert "What is it for?" in shown(community.mona)

    community.look_away(community.mona)
    community.mona.command("/propose-channel", "rent-law", channel=community.general)
    community.settle()
    assert "rent-law" in shown(community.mona)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("Its name", "住宅", "made of the letters a to z"),
        ("Its name", "!!!", "made of the letters a to z"),
        ("Its name", "Æ" * 80, "at most 80 characters"),
        ("Its name", "Champions only", "kept for the champions"),
        ("What is it for", " \u200b ", "Please write what the channel is for"),
    ],
)
def test_what_is_wrong_is_said_on_its_field_and_nothing_is_lost(
    community: Stage, field: str, value: str, words: str
) -> None:
    fill(community, community.mona, **{"name" if field == "Its name" else "purpose": value})  # type: ignore[arg-type]

    assert words in shown(community.mona)
    assert "What is it for?" in shown(community.mona)
    community.mona.fill("Its name", "rent-law")
    community.mona.fill("What is it for", PURPOSE)
    community.mona.submit()
    community.settle()
    assert "This is not posted yet." in shown(community.mona)


def test_a_name_that_is_proposed_already_is_refused_until_that_proposal_has_ended(community: Stage) -> None:
    propose(community, community.mona)
    fill(community, community.nadia, "housing_law".replace("_", " "))
    assert "#housing-law is proposed already" in shown(community.nadia)

    decline(community, community.amina)
    community.nadia.submit()
    community.settle()
    assert "This is not posted yet." in shown(community.nadia)


def test_channels_that_are_close_are_shown_before_posting_archived_ones_too(community: Stage) -> None:
    workspace = community.workspace
    workspace.add_channel("law-of-housing")
    tenants = workspace.add_channel("tenants")
    workspace.describe(tenants, "purpose", "Sharing what we know about the law of housing", by=community.tom.id)
    workspace.archive(workspace.add_channel("housing"))
    pets = workspace.add_channel("pets")
    workspace.describe(pets, "purpose", "Cats, dogs and holidays.", by=community.tom.id)
    workspace.add_channel("taken")
    workspace.archive(workspace.add_channel("gone"))
    community.restart()
    community.settle()
    propose(community, community.nadia, "Housing Help", purpose="Who helps with housing?")
    fill(community, community.mona)

    preview = shown(community.mona)
    assert "These look close" in preview
    for name in ("#law-of-housing", "#tenants", "#housing · archived", "#housing-help · proposed"):
        assert name in preview
    assert "#pets" not in preview

    community.mona.fill("Its name", "taken")
    community.mona.submit()
    assert "#taken exists already. To join it, type /channels taken" in shown(community.mona)
    community.mona.fill("Its name", "Gone")
    community.mona.submit()
    assert "#gone exists and is archived" in shown(community.mona)


def test_stewards_are_told_and_can_say_no(community: Stage) -> None:
    propose(community, community.mona, stewards=[community.nadia, community.tom])
    assert "You were named as a steward" in seen_by(community.nadia)
    assert "@Mona Said named you" in community.nadia.inbox[-1].text

    community.nadia.press("I would rather not", within=community.nadia.inbox[-1])
    community.settle()

    assert "@Nadia Haddad" not in post(community).text
    assert "@Tom Reed" in post(community).text
    assert stored(community, proposal_of(post(community))).steward_ids == (community.tom.id,)


def test_a_guest_cannot_be_a_steward(community: Stage) -> None:
    guest = community.workspace.add_person("Gus Guest", guest=True)
    community.settle()
    fill(community, community.mona, stewards=[guest])

    assert "Please choose members of this workspace" in shown(community.mona)


def test_without_a_channel_for_proposals_it_is_said_who_can_switch_it_on(community: Stage) -> None:
    with changed(community, proposals_channel=""):
        community.mona.command("/propose-channel")
        community.settle()

        assert "Whoever runs gpbot for this community can switch it on" in shown(community.mona)
        assert "Propose a channel" not in home_of(community, community.mona)


def test_three_open_proposals_are_enough_for_one_person(community: Stage) -> None:
    for name in ("one", "two", "three"):
        propose(community, community.mona, name)
    community.mona.command("/propose-channel")
    community.settle()

    assert "You have three proposals open" in shown(community.mona)


def test_where_slack_is_too_slow_the_typed_name_comes_back_with_the_button(community: Stage) -> None:
    community.workspace.faults.add(method="views.open", error="expired_trigger_id")
    community.mona.command("/propose-channel", "Rent Law", channel=community.general)
    community.settle()
    community.mona.press("Open the form", channel=community.general)
    community.settle()

    assert "rent-law" in shown(community.mona)


def test_a_proposal_that_could_not_be_posted_is_posted_again_by_a_champion(community: Stage) -> None:
    community.workspace.faults.add(method="chat.postMessage", error="not_in_channel")
    propose(community, community.mona)
    assert posts(community) == []
    community.settle()
    assert "It could not be posted" in card(community).text

    on_card(community, community.ben, "Post it again")

    assert "#housing-law" in post(community).text
    assert "Post it again" not in card(community).buttons


# Supporting.


def test_support_is_a_toggle_and_counts_alone_are_shown(community: Stage) -> None:
    propose(community, community.mona)
    on_post(community, community.tom, "Support")
    on_post(community, community.amina, "Support")
    on_post(community, community.tom, "Add me when it opens")

    assert "2 support it" in post(community).text
    assert "1 wants to be added" in post(community).text
    assert "You are added when it opens" in told(community, community.tom)
    assert "Tom" not in post(community).text
    assert "Tom" not in card(community).text

    on_post(community, community.tom, "Support")
    assert "1 supports it" in post(community).text
    assert "Your support is taken back" in told(community, community.tom)


def test_somebody_who_cannot_support_is_told_why(community: Stage) -> None:
    propose(community, community.mona)
    on_post(community, community.mona, "Support")
    assert "You proposed this yourself" in told(community, community.mona)
    on_post(community, community.mona, "Add me when it opens")
    assert "You are added anyway" in told(community, community.mona)

    guest = community.workspace.add_person("Gus Guest", guest=True)
    stranger = community.workspace.add_person("Stella Stranger", external=True)
    for person, words in ((guest, "This is for full members"), (stranger, "Only members of this workspace")):
        community.workspace.invite(community.proposals, person)
        community.settle()
        on_post(community, person, "Support")
        assert words in told(community, person)

    community.bot.records.guidelines.publish(
        "# Be kind\n", is_major=True, changes="", attribution="", by=community.amina.id
    )
    on_post(community, community.tom, "Support")
    assert "read and agree to the guidelines" in told(community, community.tom)
    community.bot.records.guidelines.accept(community.tom.id, 1, Where.HOME)
    on_post(community, community.tom, "Support")
    assert "1 supports it" in post(community).text


def test_the_same_click_delivered_again_changes_nothing(community: Stage) -> None:
    propose(community, community.mona)
    proposals, proposal_id = community.bot.records.proposals, proposal_of(post(community))
    for _ in range(2):
        assert proposals.support(community.tom.id, proposal_id, "one click").supports
    assert not proposals.support(community.tom.id, proposal_id, "another").supports
    assert stored(community, proposal_id).supporters == 0


def test_many_clicks_at_once_lose_none_and_the_message_shows_the_last(community: Stage) -> None:
    propose(community, community.mona)
    members = [community.workspace.add_person(f"Member {number}") for number in range(24)]
    for member in members:
        community.workspace.invite(community.proposals, member)
    community.settle()
    said = post(community)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda member: member.press("Support", within=said), members))
        list(pool.map(lambda member: member.press("Add me when it opens", within=said), members))
    community.settle(10)

    assert "24 support it" in post(community).text
    assert "24 want to be added" in post(community).text


def test_one_drawing_is_enqueued_however_many_clicks_come(community: Stage) -> None:
    propose(community, community.mona)
    proposals, proposal_id = community.bot.records.proposals, proposal_of(post(community))
    for number in range(20):
        proposals.support(community.tom.id, proposal_id, f"click {number}")

    with proposals.database.read() as session:
        owed = session.execute(text("SELECT payload FROM job WHERE kind = 'proposal' AND state = 'ready'")).all()
    assert sum("draw" in str(row) for row in owed) == 2  # the message and the card


def test_a_supporter_who_leaves_is_counted_no_more(community: Stage) -> None:
    propose(community, community.mona)
    on_post(community, community.tom, "Support")
    on_post(community, community.tom, "Add me when it opens")
    community.workspace.deactivate(community.tom)
    community.settle()

    assert "*0 support it* · 0 want to be added" in community.nadia.read(community.proposals)[-1].text


# Deciding.


def test_with_nothing_set_one_champion_may_approve_at_any_time(community: Stage) -> None:
    openings = Openings()
    community.bot.records.proposals.open_with(openings)
    propose(community, community.mona)
    proposal_id = proposal_of(post(community))
    on_post(community, community.tom, "Add me when it opens")
    on_card(community, community.amina, "Approve")

    assert openings.begun == [proposal_id]
    assert "approved. Its channel is being made" in post(community).text
    assert post(community).buttons == []
    assert "approved" in community.mona.inbox[-1].text
    proposals = community.bot.records.proposals
    with proposals.database.read() as session:
        found = proposals.to_open(session, proposal_id)
    assert (found.name, found.purpose, found.proposer_id) == ("housing-law", PURPOSE, community.mona.id)
    assert found.steward_ids == (community.mona.id,)
    assert found.wants_in == (community.tom.id,)


def test_two_champions_who_approve_at_once_make_one_channel(community: Stage) -> None:
    openings = Openings()
    community.bot.records.proposals.open_with(openings)
    propose(community, community.mona)
    said = card(community)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda who: who.press("Approve", within=said), (community.amina, community.ben)))
    community.settle()

    assert len(openings.begun) == 1


def test_nobody_decides_what_they_proposed_or_look_after(community: Stage) -> None:
    openings = Openings()
    community.bot.records.proposals.open_with(openings)
    propose(community, community.amina, stewards=[community.ben])
    for champion in (community.amina, community.ben):
        for button in ("Approve", "Decline"):
            on_card(community, champion, button)
            assert "somebody else decides it" in seen_by(champion)
            community.look_away(champion)
    community.tom.send_action(ids.APPROVE, str(proposal_of(card(community))))
    community.settle()
    assert openings.begun == []

    on_card(community, community.chloe, "Approve")
    assert len(openings.begun) == 1


def test_a_contact_decides_when_no_champion_can(community: Stage) -> None:
    openings = Openings()
    community.bot.records.proposals.open_with(openings)
    propose(community, community.amina, stewards=[community.ben, community.chloe])
    proposal_id = proposal_of(card(community))
    community.edith.send_action(ids.APPROVE, str(proposal_id))
    community.settle()

    assert openings.begun == [proposal_id]


def test_a_second_approval_is_asked_for_where_it_is_set(community: Stage) -> None:
    with changed(community, approvals=2):
        openings = Openings()
        community.bot.records.proposals.open_with(openings)
        propose(community, community.mona)
        on_card(community, community.amina, "Approve")
        on_card(community, community.amina, "Approve")
        assert openings.begun == []
        assert "Approved by @Amina Okafor; 1 more needed" in card(community).text

        on_card(community, community.ben, "Approve")
        assert len(openings.begun) == 1


def test_an_approval_of_somebody_who_left_the_roster_counts_no_more(community: Stage) -> None:
    with changed(community, approvals=2):
        openings = Openings()
        community.bot.records.proposals.open_with(openings)
        propose(community, community.mona)
        on_card(community, community.amina, "Approve")
        community.bot.records.people.remove_champion(community.amina.id, by="operator")
        community.settle()
        assert "Approved by" not in card(community).text

        on_card(community, community.ben, "Approve")
        assert openings.begun == []
        on_card(community, community.chloe, "Approve")
        assert len(openings.begun) == 1


def test_where_support_is_needed_champions_get_the_card_with_it_or_at_the_deadline(community: Stage) -> None:
    with changed(community, support_threshold=2):
        propose(community, community.mona, "first")
        propose(community, community.mona, "second")
        assert cards(community) == []
        first, second = posts(community)
        community.bot.records.proposals.support(community.tom.id, proposal_of(first), "1")
        community.bot.records.proposals.support(community.nadia.id, proposal_of(first), "2")
        community.settle()
        assert [("#first" in each.text, "#second" in each.text) for each in cards(community)] == [(True, False)]

        home_of(community, community.amina)
        community.amina.send_action(ids.APPROVE, str(proposal_of(second)))
        community.settle()
        assert "It can be approved when enough members support it" in seen_by(community.amina)

        community.later(days=15)
        assert any("#second" in each.text and "Approve" in each.buttons for each in cards(community))


def test_a_question_goes_to_the_proposer_and_its_answer_is_on_the_card(community: Stage) -> None:
    propose(community, community.mona)
    on_card(community, community.amina, "Ask")
    community.amina.fill("What do you want to know", "Who would look after it?")
    community.amina.submit()
    community.settle()
    assert "Who would look after it?" in community.mona.inbox[-1].text

    community.mona.press("Answer", within=community.mona.inbox[-1])
    community.settle()
    community.mona.fill("Your answer", "Nadia and I.")
    community.mona.submit(times=2)
    community.settle()

    assert "Nadia and I." in card(community).text
    assert "Who would look after it?" in card(community).text
    knows_nothing(community.tom, "Who would look after it?", "Nadia and I.")


def test_a_declined_proposal_ends_with_its_reason_for_everybody_to_read(community: Stage) -> None:
    propose(community, community.mona)
    decline(community, community.amina)

    assert WHY in post(community).text
    assert WHY in community.mona.inbox[-1].text
    assert card(community).buttons == ["Open"]
    home_of(community, community.tom)
    community.press(community.tom, "Proposed channels")
    community.press(community.tom, "What was decided")
    assert WHY in shown(community.tom)

    community.look_away(community.tom)
    community.tom.send_action(ids.SUPPORT, str(proposal_of(card(community))))
    community.settle()
    assert "This proposal has ended" in seen_by(community.tom)


def test_an_empty_reason_is_not_sent(community: Stage) -> None:
    propose(community, community.mona)
    on_card(community, community.amina, "Decline")
    community.amina.fill("Why not", " \u200b ")
    community.amina.submit()

    assert "Please write why." in shown(community.amina)
    assert stored(community, proposal_of(post(community))).state is State.OPEN


def test_what_was_opened_or_could_not_be_is_shown_and_told(community: Stage) -> None:
    proposals = community.bot.records.proposals
    proposals.open_with(Openings())
    propose(community, community.mona)
    proposal_id = proposal_of(post(community))
    on_card(community, community.amina, "Approve")
    with proposals.database.begin() as session:
        proposals.could_not_open(session, proposal_id, "restricted_action")
    community.settle()
    assert "could not be made yet" in post(community).text
    assert "could not be made yet" in community.mona.inbox[-1].text

    with proposals.database.begin() as session:
        proposals.opened(session, proposal_id, community.general.id)
        proposals.opened(session, proposal_id, community.general.id)
    community.settle()
    assert "open: #general" in post(community).text
    assert "open: #general" in community.mona.inbox[-1].text
    with proposals.database.begin() as session:
        proposals.could_not_open(session, proposal_id, "late")
    assert stored(community, proposal_id).state is State.OPENED


def test_lists_turn_their_pages_and_champions_find_what_is_open_on_the_desk(community: Stage) -> None:
    proposals = community.bot.records.proposals
    people = [community.mona, community.tom, community.nadia, community.edith, community.farid]
    for number in range(12):
        proposer = people[number % 5].id
        proposed = Proposed(purpose=f"Purpose {number}.", name=f"channel-{number:02}")
        proposal = proposals.propose(proposer, str(number), proposed)
        community.clock.advance(seconds=1)
        if number < 11:
            proposals.decline(community.amina.id, proposal.id, f"Reason {number}.")
    community.settle()

    home_of(community, community.tom)
    community.press(community.tom, "Proposed channels")
    assert "#channel-11" in shown(community.tom)
    community.press(community.tom, "What was decided")
    assert "Reason 10." in shown(community.tom)
    assert "#channel-00" not in shown(community.tom)
    community.press(community.tom, "Older")
    assert "Reason 0." in shown(community.tom)
    assert "#channel-10" not in shown(community.tom)

    community.amina.press("What is waiting for me", channel=community.triage)
    community.settle()
    assert "#channel-11" in shown(community.amina)
    assert "#channel-10" not in shown(community.amina)


# Ends nobody decided.


def test_without_a_decision_champions_are_reminded_and_then_it_lapses(community: Stage) -> None:
    propose(community, community.mona)
    first = card(community)
    community.later(days=14, minutes=1)
    assert card(community).ts != first.ts
    assert "Its time is over" in card(community).text

    community.later(days=14, minutes=1)
    assert "ended, because nobody decided it in time" in post(community).text
    assert "You can propose it again" in community.mona.inbox[-1].text


def test_it_can_be_withdrawn_by_the_proposer_alone(community: Stage) -> None:
    propose(community, community.mona, stewards=[community.nadia])
    proposal_id = proposal_of(post(community))
    for person in (community.nadia, community.tom):
        person.send_action(ids.WITHDRAW, str(proposal_id))
        community.settle()
        assert NOT_AVAILABLE in seen_by(person)
    assert "#housing-law" in home_of(community, community.mona)
    community.mona.press("Open", within=community.mona.home, nth=0)
    community.settle()
    community.press(community.mona, "Withdraw")

    assert "withdrawn by whoever proposed it" in post(community).text
    assert "withdrawn by whoever proposed it" in community.nadia.inbox[-1].text
    assert "you withdrew it" in community.mona.inbox[-1].text
    assert card(community).buttons == ["Open"]


def test_a_proposal_whose_proposer_left_goes_on_while_it_has_a_steward(community: Stage) -> None:
    propose(community, community.mona, "first", stewards=[community.nadia])
    propose(community, community.mona, "second")
    community.workspace.deactivate(community.mona)
    community.settle(10)

    first, second = posts(community)
    assert "Support" in first.buttons
    assert "nobody is left to look after it" in second.text
    assert any("Who proposed it has left." in each.text for each in cards(community))

    community.workspace.deactivate(community.nadia)
    community.settle(10)
    assert "nobody is left to look after it" in posts(community)[0].text


# Concerns.


def test_a_concern_is_read_by_champions_who_have_nothing_to_do_with_the_proposal(community: Stage) -> None:
    propose(community, community.amina)
    raise_concern(community, community.tom, "The last such channel ended in quarrels.")
    assert "Saved." in shown(community.tom)

    for champion in (community.ben, community.chloe):
        assert direct_messages(champion) == ["There is something for you."]
    open_concern(community, community.ben)
    assert "ended in quarrels" in shown(community.ben)
    assert "Tom" not in shown(community.ben)
    assert "A concern about" in home_of(community, community.ben)
    assert "A concern about" not in home_of(community, community.amina)
    for person in (community.amina, community.mona, community.edith):
        knows_nothing(person, "quarrels")
        assert direct_messages(person) == []


def test_whom_a_concern_names_cannot_read_it(community: Stage) -> None:
    propose(community, community.mona)
    raise_concern(community, community.tom, "Ben wants a channel for himself.")

    knows_nothing(community.ben, "for himself", "There is something for you.")
    assert direct_messages(community.chloe) == ["There is something for you."]


def test_half_an_emoji_keeps_nobody_from_a_concern_or_a_proposal(community: Stage) -> None:
    propose(community, community.mona, purpose="Flats \ud83d\0 and landlords", topics="\ud83d")
    assert "and landlords" in post(community).text
    raise_concern(community, community.tom, "It ended in quarrels \ud83d\0 before.")
    open_concern(community, community.ben)
    assert "It ended in quarrels" in shown(community.ben)


def leave_and_come_back(community: Stage, who: Person) -> None:
    for change in (community.workspace.deactivate, community.workspace.reactivate):
        change(who)
        community.settle()


def step_down(community: Stage, who: Person) -> None:
    community.press(who, "I would rather not")


@pytest.mark.parametrize("no_longer", [step_down, leave_and_come_back])
def test_a_steward_never_reads_a_concern_from_that_time(
    community: Stage, no_longer: Callable[[Stage, Person], None]
) -> None:
    propose(community, community.mona, stewards=[community.amina])
    raise_concern(community, community.tom, "The steward follows me home.")
    no_longer(community, community.amina)
    assert community.amina.id not in stored(community, proposal_of(post(community))).steward_ids
    assert "A concern about" not in home_of(community, community.amina)

    open_concern(community, community.ben)
    community.press(community.ben, "This is a report")
    community.ben.submit()
    community.settle()
    assert "It is a report now" in shown(community.ben)
    assert "No report is waiting for you." in home_of(community, community.amina)
    knows_nothing(community.amina, "follows me home", "There is something for you.")


def test_whom_a_concern_names_cannot_read_it_under_another_name_either(community: Stage) -> None:
    propose(community, community.mona)
    raise_concern(community, community.tom, "Amina follows me home.")
    community.workspace.rename(community.amina, real_name="Zelda Blue", display_name="zelda")
    community.settle()
    assert "Zelda Blue" in {each.name for each in community.bot.records.people.roster().champions}
    assert "A concern about" not in home_of(community, community.amina)

    open_concern(community, community.ben)
    community.press(community.ben, "This is a report")
    community.ben.submit()
    community.settle()
    assert "No report is waiting for you." in home_of(community, community.amina)
    knows_nothing(community.amina, "follows me home", "There is something for you.")


def test_somebody_who_takes_a_name_that_stands_in_a_concern_loses_it_at_once(community: Stage) -> None:
    propose(community, community.mona)
    raise_concern(community, community.tom, "Zelda follows me home.")
    open_concern(community, community.amina)
    assert "Zelda follows" in shown(community.amina)
    community.workspace.rename(community.amina, real_name="Zelda Blue")
    community.settle()
    assert "Zelda follows" not in shown(community.amina)
    assert direct_messages(community.amina) == []
    assert "A concern about" not in home_of(community, community.amina)
    assert "A concern about" in home_of(community, community.ben)
    community.workspace.rename(community.amina, real_name="Amina Okafor")  # what she was called meanwhile counts
    community.settle()
    assert "A concern about" not in home_of(community, community.amina)


def test_when_no_champion_may_read_it_a_contact_does_and_when_nobody_may_it_is_not_kept(community: Stage) -> None:
    propose(community, community.amina, stewards=[community.ben])
    raise_concern(community, community.tom, "Chloe and the others will rule there.")
    assert direct_messages(community.edith) == ["There is something for you."]
    assert direct_messages(community.farid) == []

    community.look_away(community.tom)
    raise_concern(community, community.tom, "Chloe, Edith and Farid will rule there.")
    assert "Nobody would be left to read it, so it is not sent." in shown(community.tom)
    assert len(community.bot.records.concerns.waiting(community.edith.id)) == 1


def test_a_concern_becomes_a_report_that_the_involved_never_read(community: Stage) -> None:
    propose(community, community.amina)
    raise_concern(community, community.tom, "She follows new members home.")
    open_concern(community, community.ben)
    community.press(community.ben, "This is a report")
    community.ben.submit()
    community.settle()

    assert "It is a report now" in shown(community.ben)
    assert "concern" not in home_of(community, community.chloe).casefold().replace("report a concern", "")
    assert "What you reported" in home_of(community, community.tom)
    knows_nothing(community.amina, "follows new members", "There is something for you.")
    assert community.bot.records.concerns.waiting(community.ben.id) == []


def test_somebody_who_may_not_read_the_report_sees_the_concern_end_like_any_other(community: Stage) -> None:
    propose(community, community.mona)
    endings = []
    for ending in ("Dealt with", "This is a report"):
        raise_concern(community, community.tom, "Something is wrong with it.")
        community.look_away(community.tom)
        open_concern(community, community.chloe)
        open_concern(community, community.ben)
        community.press(community.ben, ending)
        if ending != "Dealt with":
            community.ben.fill(LABEL, [community.chloe.user.real_name])
            community.ben.submit()
            community.settle()
        endings.append((shown(community.chloe), direct_messages(community.chloe), home_of(community, community.chloe)))
        community.look_away(community.ben)
    assert endings[0] == endings[1]
    assert "Something is wrong" not in endings[0][0]


@pytest.mark.parametrize("ending", [ids.END_CONCERN, ids.CONVERT])
def test_what_told_of_a_concern_is_taken_back_also_where_slack_s_answer_was_lost(community: Stage, ending: str) -> None:
    propose(community, community.mona)
    community.workspace.faults.add(method="chat.postMessage", drop="after", times=2)
    raise_concern(community, community.tom, "Something is wrong with it.")
    assert direct_messages(community.ben) == direct_messages(community.chloe) == ["There is something for you."]
    concern_id = str(community.bot.records.concerns.waiting(community.amina.id)[0].id)
    if ending == ids.CONVERT:
        everybody = [each.id for each in (community.ben, community.chloe)]
        filled = Filled(what="", keep_out_ids=tuple(everybody))
        community.bot.records.concerns.make_report(community.amina.id, UUID(concern_id), filled)
    else:
        community.bot.records.concerns.end(community.amina.id, UUID(concern_id))
    community.later(minutes=1)
    community.later(minutes=1)
    assert direct_messages(community.ben) == direct_messages(community.chloe) == []


def test_before_they_write_they_read_that_a_contact_may_be_who_reads_it(community: Stage) -> None:
    propose(community, community.mona)
    on_post(community, community.tom, "Concern")
    form = shown(community.tom)
    assert "If there is none, one person outside the champions reads it." in form
    assert form.index(LABEL) < form.index("What worries you about")


def test_the_form_offers_the_report_instead_and_takes_the_words_along(community: Stage) -> None:
    propose(community, community.mona)
    on_post(community, community.tom, "Concern")
    community.tom.fill("What worries you", "She follows me home.")
    community.press(community.tom, "Report a concern")

    assert "What happened? Any language." in shown(community.tom)
    assert "She follows me home." in shown(community.tom)
    assert direct_messages(community.ben) == []


def test_a_champion_named_on_the_form_cannot_make_the_report(community: Stage) -> None:
    propose(community, community.mona)
    raise_concern(community, community.tom, "Something is wrong with it.")
    open_concern(community, community.ben)
    community.press(community.ben, "This is a report")
    community.ben.fill("Who is it about", [community.ben])
    community.settle()
    community.ben.submit()
    community.settle()

    assert "seems to be about you" in shown(community.ben)
    assert len(community.bot.records.concerns.waiting(community.ben.id)) == 1


def test_concerns_are_erased_some_time_after_the_proposal_ended(community: Stage) -> None:
    propose(community, community.mona)
    raise_concern(community, community.tom, "Something is wrong with it.")
    decline(community, community.amina)
    assert len(community.bot.records.concerns.waiting(community.ben.id)) == 1
    community.later(days=community.settings.keep_questions_days - 1, minutes=1)
    community.later(days=1)

    assert community.bot.records.concerns.waiting(community.ben.id) == []
    assert direct_messages(community.ben) == []
    with community.bot.records.database.read() as session:
        assert session.execute(text("SELECT length(content) FROM proposal_concern")).scalars().all() == [0]


def test_nobody_s_slack_id_and_no_word_of_a_concern_stand_in_clear_on_disk(community: Stage) -> None:
    propose(community, community.mona, stewards=[community.nadia])
    on_post(community, community.tom, "Support")
    raise_concern(community, community.tom, "The trombone canary of a concern.")
    on_card(community, community.amina, "Ask")
    community.amina.fill("What do you want to know", "The accordion canary of a question?")
    community.amina.submit()
    decline(community, community.ben)
    url = community.settings.database_url
    with another_program(url) as file:
        tables = inspect(file).get_table_names()
        held = {name: str(file.execute(text(f'SELECT * FROM "{name}"')).all()) for name in tables}  # noqa: S608  (our own)
    everybody = [person.id for person in community.people.values()]
    for name in set(held) - {"person", "role", "declared_conflict"}:
        assert not [each for each in everybody if each in held[name]], name
    raw = b"".join(raw_files(url).values())
    assert PURPOSE.encode() in raw
    assert b"canary" not in raw


def test_strangers_old_buttons_and_made_up_ids_get_words(community: Stage) -> None:
    propose(community, community.mona)
    proposal_id = str(proposal_of(post(community)))
    raise_concern(community, community.tom, "Something is wrong with it.")
    concern_id = str(community.bot.records.concerns.waiting(community.ben.id)[0].id)
    community.look_away(community.tom)
    for action, value in (
        (ids.READ_CONCERN, concern_id),
        (ids.END_CONCERN, concern_id),
        (ids.MAKE_REPORT, concern_id),
        (ids.WRITE_ANSWER, proposal_id),
        (ids.STEP_DOWN, proposal_id),
        (ids.SUPPORT, "no id"),
        (ids.OPEN, "0" * 32),
    ):
        community.nadia.send_action(action, value)
        community.settle()
        said = seen_by(community.nadia)
        assert NOT_AVAILABLE in said, action
        community.look_away(community.nadia)
    knows_nothing(community.nadia, "Something is wrong with it.")
    assert len(community.bot.records.concerns.waiting(community.ben.id)) == 1


def test_a_role_gained_and_lost_follows_the_concern(community: Stage) -> None:
    propose(community, community.mona)
    raise_concern(community, community.tom, "Something is wrong with it.")
    people = community.bot.records.people
    people.add_champion(community.nadia.id, by="operator")
    community.bot.learn_names()
    community.settle()
    assert people.roster().role_of(community.nadia.id) is RoleName.CHAMPION
    assert direct_messages(community.nadia) == ["There is something for you."]
    open_concern(community, community.ben)
    people.remove_champion(community.ben.id, by="operator")
    community.settle()
    assert "Something is wrong with it." not in shown(community.ben)


def test_guests_are_not_told_what_channels_are_proposed_or_open(community: Stage) -> None:
    propose(community, community.mona)
    guest = community.workspace.add_person("Gus Guest", guest=True)
    community.settle()
    for look in (
        lambda: guest.command("/channels", "proposals"),
        lambda: guest.send_action(ids.LIST, "decided:"),
        guest.open_home,
    ):
        look()
        community.settle(1)
    assert guest.home is not None
    assert "Proposed channels" not in guest.home.buttons
    knows_nothing(guest, "housing-law", PURPOSE)
    assert "for full members" in seen_by(guest)


def test_approvals_that_became_enough_because_others_left_can_be_used(community: Stage) -> None:
    with changed(community, approvals=3):
        propose(community, community.mona)
        for champion in (community.amina, community.ben):
            on_card(community, champion, "Approve")
        assert "1 more needed" in card(community).text
        community.bot.records.people.remove_champion(community.chloe.id, by="operator")
        community.settle()
        assert "that is enough by now, so press “Approve”" in card(community).text
        on_card(community, community.ben, "Approve")
        assert community.bot.records.proposals.open_list().lines == ()


def test_proposed_words_are_not_logged(community: Stage, caplog: pytest.LogCaptureFixture) -> None:
    community.workspace.faults.add(method="chat.postMessage", error="internal_error")
    propose(community, community.mona, "canary-name", purpose="canary purpose")
    raise_concern_later = Proposed(purpose="canary", name="canary")
    assert "canary" not in repr(raise_concern_later)
    community.later(minutes=1)

    assert "canary" not in caplog.text
