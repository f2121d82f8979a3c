"""What was once tried against reports, and worked; it must not work again."""

from gpbot.practice.person import Person
from tests.scenarios.doing import add, open_from_home, report_of, shown, stubs, waiting
from tests.stage import Stage


def note(community: Stage, champion: Person, text: str) -> None:
    community.press(champion, "Notes")
    community.press(champion, "Write a note")
    champion.fill("Note", text)
    champion.submit()
    community.settle()


def report_message(community: Stage, reporter: Person, author: Person, text: str) -> None:
    """As far as the review."""
    message = author.say(text, to=community.general)
    reporter.message_shortcut("Report to the Champions", message)
    community.bot.windows.settle()
    reporter.fill("What happened", "See this.")
    reporter.submit()
    community.bot.windows.settle()


def test_a_note_with_everybodys_id_does_not_point_at_the_hidden_reporter(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    everybody = " ".join(person.id for person in community.people.values())
    note(community, community.ben, everybody)
    assert everybody in shown(community.ben)
    assert "name hidden" not in shown(community.ben)


def test_evidence_hides_everybody_but_the_reported_alike(community: Stage) -> None:
    text = f"{community.mona.mention} and {community.nadia.mention} are liars"
    report_message(community, community.mona, community.tom, text)
    community.mona.submit()
    community.settle()
    community.open_stub(community.ben)
    assert "(name hidden) and (name hidden) are liars" in shown(community.ben)
    assert "@Tom Reed" in shown(community.ben)
    assert not {"Mona", community.mona.id, "Nadia", community.nadia.id} & set(shown(community.ben).split())


def test_reporting_ones_own_message_is_warned_of_and_does_not_show_who_wrote_it(community: Stage) -> None:
    report_message(community, community.mona, community.mona, "Please stop writing to me.")
    assert "Your words seem to say who you are." in shown(community.mona)
    community.answer_none(community.mona)
    community.mona.submit()
    community.settle()
    community.open_stub(community.ben)
    assert "Please stop writing to me." in shown(community.ben)
    assert "Mona" not in shown(community.ben)
    assert community.mona.id not in shown(community.ben)


def test_words_that_hold_ones_own_name_are_warned_of(community: Stage) -> None:
    community.review(community.mona, "He shouted “Mona” across the hall.")
    assert "Your words seem to say who you are." in shown(community.mona)


def test_a_champion_just_added_and_named_in_words_does_not_get_the_report(community: Stage) -> None:
    community.bot.records.people.add_champion(community.nadia.id, by="operator")
    community.report(community.mona, "Nadia Haddad keeps touching me.")
    assert stubs(community.nadia) == []
    assert waiting(community, community.nadia) == []
    community.look_away(community.mona)
    community.report(community.mona, "Somebody else keeps touching me.")
    assert len(stubs(community.nadia)) == 1


def test_words_sent_again_after_an_answer_was_lost_are_not_dropped(community: Stage) -> None:
    community.report(community.mona, about=[community.tom])
    community.mona.press("Add something")
    community.settle()
    form = community.mona.modal
    assert form is not None
    for text in ("First words.", "Other words."):
        view = {**form.raw, "state": {"values": {"text": {"text": {"type": "plain_text_input", "value": text}}}}}
        community.mona.send_view_submission(view)
        community.mona.send_view_submission(view)
    community.settle()
    community.open_stub(community.ben)
    community.press(community.ben, "Conversation")
    assert shown(community.ben).count("First words.") == 1
    assert shown(community.ben).count("Other words.") == 1


def test_delete_on_a_reminder_of_what_was_sent_does_not_say_that_nothing_was_sent(community: Stage) -> None:
    community.review(community.mona, "He keeps writing to me.")
    community.answer_none(community.mona)
    community.later(minutes=16)
    reminder = community.mona.inbox[-1]
    community.mona.submit()
    community.mona.press("Delete", within=reminder, force=True)
    community.settle()
    assert "Nothing was sent" not in "".join(community.mona.screens().values())
    assert len(stubs(community.ben)) == 1


def test_a_claim_without_a_word_is_released_and_the_others_are_told(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.look_away(community.ben, community.mona)
    assert stubs(community.chloe) == []
    for _ in range(15):
        community.later(days=1)
    assert len(stubs(community.chloe)) >= 1
    open_from_home(community, community.chloe)
    assert community.chloe.modal is not None
    assert "Claim" in community.chloe.modal.buttons


def test_a_claim_that_moves_is_not_released(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    for day in range(20):
        community.later(days=1)
        if day % 5 == 0:
            note(community, community.ben, "Rang the harbour office.")
    assert stubs(community.chloe) == []


def test_an_old_form_of_who_can_read_does_not_bring_back_who_was_ruled_out_since(community: Stage) -> None:
    community.report(community.mona)
    community.press(community.mona, "Change who can read")
    old = community.mona.modal
    assert old is not None
    community.bot.settle()
    report_id = report_of(community.mona)
    nothing_ticked: dict[str, object] = {"values": {}}
    community.mona.send_action("report.open", str(report_id))
    community.settle()
    add(community, community.mona, "Amina Okafor did it too.")
    community.mona.submit()  # the tick that gpbot put stays
    community.settle()
    assert waiting(community, community.amina) == []
    community.mona.send_view_submission({**old.raw, "state": nothing_ticked})
    community.settle()
    assert waiting(community, community.amina) == []


def test_send_on_an_older_review_shows_the_newer_one_first(community: Stage) -> None:
    community.review(community.mona, "He keeps writing to me.")
    community.answer_none(community.mona)
    old = community.mona.modal
    assert old is not None
    community.press(community.mona, "Edit")
    community.mona.fill("What happened", "He keeps ringing me.")
    community.mona.submit()
    community.mona.send_view_submission(old.raw)
    community.settle()
    assert stubs(community.ben) == []
    community.mona.submit()
    community.settle()
    community.open_stub(community.ben)
    assert "He keeps ringing me." in shown(community.ben)


def test_when_a_reader_rules_others_out_the_reporter_is_told(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "People")
    community.press(community.ben, "Add people")
    community.ben.fill("Who was harmed?", [community.amina, community.edith])
    community.ben.submit()
    community.settle()
    assert waiting(community, community.amina) == []
    community.look_away(community.mona)
    community.mona.press("Open", within=community.mona.inbox[-1])
    community.settle()
    assert "Who can read this has changed." in shown(community.mona)
    assert "Amina" not in shown(community.mona).partition("What you sent")[0]


def test_a_contact_no_longer_reads_what_a_champion_has_claimed(community: Stage) -> None:
    community.report(community.mona)
    for _ in range(8):
        community.later(days=1)
    assert len(waiting(community, community.edith)) == 1
    open_from_home(community, community.ben)
    community.press(community.ben, "Claim")
    assert waiting(community, community.edith) == []
    assert stubs(community.edith) == []


def test_the_log_does_not_say_who_stepped_back(community: Stage) -> None:
    community.report(community.mona)
    community.chloe.press("I should not handle this", within=community.chloe.inbox[-1])
    community.settle()
    community.open_stub(community.ben)
    community.press(community.ben, "Log")
    assert "stepped back" not in shown(community.ben)
    for _ in range(30):
        community.press(community.ben, "Notes")
        community.press(community.ben, "Log")
    assert "opened (" in shown(community.ben)
    assert "filed" in shown(community.ben)
