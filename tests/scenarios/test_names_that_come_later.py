"""Somebody named in a report gets a role, or a reader gets a name that stands in it: they do not read it."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import select

import gpbot
from gpbot.people import known_as
from gpbot.people.models import SealedRoster
from gpbot.practice.person import Person
from gpbot.reports import timers
from gpbot.reports.models import ReportRow
from gpbot.reports.own import OwnReports
from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from tests.scenarios.doing import NOT_AVAILABLE, close_report, direct_messages, news, report_of, shown, stubs, waiting
from tests.stage import Stage


def make_champion(community: Stage, person: Person) -> None:
    community.bot.records.people.add_champion(person.id, by="operator")
    community.bot.learn_names()


def make_contact(community: Stage, person: Person) -> None:
    """The first to be asked."""
    contacts = [person.id, *community.settings.escalation_contacts]
    community.bot.records.people.seed(community.settings.champions, contacts)
    community.bot.learn_names()


def readers(community: Stage) -> str:
    """Who can read it, as Mona's own window says."""
    community.look_away(community.mona)
    community.mona.press("Open", within=news(community.mona)[-1])
    community.settle()
    return shown(community.mona).partition("Who can read it: ")[2].partition(". They")[0]


def test_somebody_named_in_words_who_becomes_a_contact_is_not_asked_about_it(community: Stage) -> None:
    community.report(community.mona, "Nadia Haddad shouts at me.")
    make_contact(community, community.nadia)
    community.settle()
    community.later(days=8)
    assert stubs(community.nadia) == []
    assert len(stubs(community.edith)) == 1
    assert "Edith Shaw" in readers(community)
    assert "Nadia" in shown(community.mona)  # she is told who was kept out, and can undo it


def test_a_contact_whom_nobody_named_is_asked_as_before(community: Stage) -> None:
    """The control."""
    community.report(community.mona, "He shouts at me.")
    make_contact(community, community.nadia)
    community.settle()
    community.later(days=8)
    assert len(stubs(community.nadia)) == 1


def test_a_reader_who_takes_a_name_that_stands_in_it_loses_it_and_learns_nothing(community: Stage) -> None:
    community.report(community.mona, "Zora shouts at me.")
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.workspace.rename(community.ben, real_name="Zora Adeyemi")
    community.settle()
    assert direct_messages(community.ben) == []
    assert waiting(community, community.ben) == []
    assert waiting(community, community.chloe) != []
    assert len(stubs(community.chloe)) == 1  # it is free for others again
    assert "Zora" not in readers(community)
    told = shown(community.mona)
    assert "Zora Adeyemi cannot read this from now on, because your words seem to name them." in told
    community.press(community.mona, "Change who can read")
    assert community.mona.modal is not None
    community.mona.fill("Who should not read", [])
    community.mona.submit()
    community.settle()
    assert "Zora Adeyemi" in readers(community)
    assert waiting(community, community.ben) != []


def test_an_open_window_is_emptied_for_somebody_who_took_a_name_that_stands_in_it(community: Stage) -> None:
    community.report(community.mona, "Zora shouts at me.")
    community.open_stub(community.ben)
    assert "Zora shouts" in shown(community.ben)
    community.workspace.rename(community.ben, real_name="Zora Adeyemi")
    community.settle()
    assert NOT_AVAILABLE in shown(community.ben)


def test_a_name_counts_before_anything_was_compared_in_the_background(community: Stage) -> None:
    community.report(community.mona, "Zora shouts at me.")
    report_id = report_of(community.ben)
    community.workspace.rename(community.ben, real_name="Zora Adeyemi")
    community.ben.press("Open", within=community.ben.inbox[-1])
    community.bot.windows.settle()
    assert NOT_AVAILABLE in shown(community.ben)
    page = community.bot.records.reports
    with community.bot.records.database.read() as session:
        standing = page.open_as_caretaker(session, report_id)
    assert standing is not None
    assert community.ben.id not in standing.reader_ids


def test_a_reader_whose_new_name_stands_nowhere_keeps_message_claim_and_list(community: Stage) -> None:
    community.review(community.mona, "He shouts at me.")
    community.answer_none(community.mona)
    community.mona.submit()
    community.bot.windows.settle()
    community.workspace.rename(community.ben, real_name="Benjamin Adeyemi")  # before he was told of the report
    community.settle()
    assert len(stubs(community.ben)) == 1
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.workspace.rename(community.ben, real_name="Ben Adeyemi", display_name="benny")
    community.open_stub(community.mona)
    assert "Someone is handling it" in shown(community.mona)
    community.settle()
    assert waiting(community, community.ben) != []
    assert "cannot read this" not in shown(community.mona)


def test_somebody_the_reporter_lets_read_stays_until_a_new_name_of_theirs_is_in_the_words(community: Stage) -> None:
    community.review(community.mona, "I told Ben what Zora did.")
    community.mona.fill(LABEL, [NONE_OF_THEM])
    community.mona.submit()
    community.settle()
    assert "Ben Adeyemi" in readers(community)
    for name in ("Ben Adeyemi (away)", "Ben Adeyemi"):
        community.workspace.rename(community.ben, display_name=name)
        community.settle()
        assert "Ben Adeyemi" in readers(community)
    community.workspace.rename(community.ben, real_name="Zora Adeyemi")
    community.settle()
    assert "Zora Adeyemi" not in readers(community)


def test_what_the_reporter_undid_stands_when_the_name_comes_back(community: Stage) -> None:
    community.report(community.mona, "Zora shouts at me.")
    own = OwnReports.beside(community.bot.records.timers)
    report_id = report_of(community.ben)
    community.workspace.rename(community.ben, real_name="Zora Adeyemi")
    community.settle()
    own.change_readers(community.mona.id, report_id, tick=[], untick=[community.ben.id])
    for name in ("Ben Adeyemi", "Zora Adeyemi"):
        community.workspace.rename(community.ben, real_name=name)
        community.settle()
    assert "Zora Adeyemi" in readers(community)


def test_of_a_closed_report_too_the_reporter_is_told_and_can_undo_it(community: Stage) -> None:
    community.report(community.mona, "Zora shouts at me.")
    community.open_stub(community.ben)
    report_id = report_of(community.chloe)
    close_report(community, community.ben, "We have done what we can", "We spoke.")
    community.workspace.rename(community.chloe, real_name="Zora Martin")
    community.settle()
    assert "Zora" not in readers(community)
    community.press(community.mona, "Change who can read")
    community.mona.fill("Who should not read", [])
    community.mona.submit()
    community.settle()
    assert "Zora Martin" in readers(community)
    with community.bot.records.database.read() as session:
        opened = community.bot.records.reports.open_as_reader(session, report_id, community.chloe.id)
    assert opened.viewer == community.chloe.id


def report_message(community: Stage, words: str, *, file: str) -> None:
    """Mona reports what Tom wrote; what the file is called stays hidden with her name."""
    message = community.tom.say(words, to=community.general, files=[file])
    community.mona.message_shortcut("Report to the Champions", message)
    community.settle()
    community.mona.fill("What happened", "Please look at this.")
    community.mona.submit()
    community.bot.windows.settle()
    community.mona.submit()
    community.settle()


def test_a_reader_who_takes_name_after_name_does_not_find_out_what_is_hidden_from_them(community: Stage) -> None:
    report_message(community, "Zora, look at this", file="Yolanda.pdf")
    for name in ("Xenia Adeyemi", "Yolanda Adeyemi"):
        community.workspace.rename(community.ben, real_name=name)
        community.settle()
        assert name in readers(community)
    community.workspace.rename(community.ben, real_name="Zora Adeyemi")  # which they read
    community.settle()
    assert "Zora Adeyemi" not in readers(community)


def test_somebody_who_does_not_read_it_yet_is_looked_for_in_what_is_hidden_too(community: Stage) -> None:
    report_message(community, "Zora, look at this", file="Nadia-Haddad.pdf")
    make_contact(community, community.nadia)
    community.settle()
    community.later(days=8)
    assert stubs(community.nadia) == []


def test_a_name_somebody_had_since_they_got_the_role_counts_for_a_year(community: Stage) -> None:
    community.workspace.rename(community.amina, real_name="Zora Blue", display_name="zora")
    community.settle()
    for days, reads in ((0, False), (300, False), (70, True)):
        community.later(days=days)
        community.report(community.mona, "Amina shouts at me.")
        assert ("Zora Blue" in readers(community)) is reads, days
        community.look_away(community.mona)


def test_former_names_are_sealed_and_come_out_nowhere(community: Stage) -> None:
    community.workspace.rename(community.amina, real_name="Zora Blue")
    community.settle()
    with community.bot.records.database.read() as session:
        sealed = session.scalars(select(SealedRoster.content)).one()
        assert "Okafor" not in repr(community.bot.records.people.roster())
        assert b"Okafor" not in sealed
        assert "Okafor" in str(community.bot.records.keyring.box.open(sealed))  # it is there


def test_what_readers_write_is_compared_with_nobodys_name(community: Stage) -> None:
    community.report(community.mona, "He shouts at me.")
    community.open_stub(community.ben)
    report_id = report_of(community.chloe)
    cases = community.bot.records.timers
    with cases.database.read() as session:
        before = cases.store.open_as_caretaker(session, report_id)
    community.press(community.ben, "Write a note")
    community.ben.fill("Note", "I asked Zora about it.")
    community.ben.submit()
    community.workspace.rename(community.chloe, real_name="Zora Martin")
    community.settle()
    with cases.database.read() as session:
        after = cases.store.open_as_caretaker(session, report_id)
    assert before is not None
    assert after is not None
    assert after.reader_ids == before.reader_ids


def test_words_added_while_somebody_they_name_gets_a_role_keep_them_out(community: Stage) -> None:
    """The reporter was not asked about them: they had no role when the form was shown."""
    community.report(community.mona, "He shouts at me.")
    report_id = report_of(community.ben)
    own = OwnReports.beside(community.bot.records.timers)
    assert own.named_in(community.mona.id, report_id, "Nadia was there.") == ()
    make_contact(community, community.nadia)
    own.add(community.mona.id, report_id, "Nadia was there.")
    community.settle()
    community.later(days=8)
    assert stubs(community.nadia) == []
    assert "Nadia Haddad cannot read this" in readers(community) + shown(community.mona)


def test_all_kept_reports_are_compared_batch_after_batch_and_on_after_a_restart(
    community: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "COMPARED_AT_ONCE", 2)
    for number in range(5):
        community.report(community.mona, f"Zora shouts at me, {number}.")
        community.look_away(community.mona)
    assert len(waiting(community, community.ben)) == 5
    community.workspace.rename(community.ben, real_name="Zora Adeyemi")
    community.bot.courier._deliver(community.bot.courier._claim(1)[0])  # one batch, or another job
    community.restart()
    community.settle()
    version = community.bot.records.people.roster().version
    with community.bot.records.database.read() as session:
        assert session.scalars(select(ReportRow.compared)).all() == [version] * 5
    assert waiting(community, community.ben) == []
    assert direct_messages(community.ben) == []


# --- nothing compares with names past it -----------------------------------------------------------------------------


def asks_names_itself(source: str) -> bool:
    """Whether it takes `mentioned` from the module that does not know former names."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "gpbot.people.names"
        and any(each.name == "mentioned" for each in node.names)
        for node in ast.walk(ast.parse(source))
    )


def test_nothing_but_known_as_compares_words_with_role_holders_names() -> None:
    assert asks_names_itself("from gpbot.people.names import is_signed, mentioned")  # the control
    folder = Path(gpbot.__file__).parent
    found = [path for path in folder.rglob("*.py") if asks_names_itself(path.read_text("utf-8"))]
    assert found == [Path(known_as.__file__)]
