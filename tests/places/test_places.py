"""What the settings name is asked of Slack: what is not as it has to be is said, and what waits for it is not lost."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, make_dataclass, replace
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import pytest

from gpbot.desk.desk import DESK
from gpbot.named import Named, OfChannel, OfPerson, TriageChannel, named_in
from gpbot.places.types import Trouble, of_channel, plainly, words
from gpbot.practice.person import Person
from gpbot.settings import Settings
from tests.databases import ON_SQLITE
from tests.halves import WALK
from tests.scenarios.doing import direct_messages, shown
from tests.stage import Stage, begun_stage

SOMETHING = "There is something for you."
ASKED = "Where is the marmalade stall?"
CANNOT_BE_USED = "Their channel cannot be used just now"


def make_public(community: Stage) -> None:
    community.workspace.make_public(community.triage)


def share(community: Stage) -> None:
    community.workspace.share(community.triage)


def archive(community: Stage) -> None:
    community.workspace.archive(community.triage)


def delete(community: Stage) -> None:
    community.workspace.delete_channel(community.triage)


def take_gpbot_out(community: Stage) -> None:
    community.triage.remove(community.app)


def make_private_again(community: Stage) -> None:
    community.workspace.make_private(community.triage)


def unshare(community: Stage) -> None:
    community.workspace.unshare(community.triage)


def unarchive(community: Stage) -> None:
    community.workspace.unarchive(community.triage)


def put_gpbot_in(community: Stage) -> None:
    community.triage.invite(community.app)


WRONG: dict[str, tuple[Callable[[Stage], None], str]] = {
    "public": (make_public, "is public"),
    "shared": (share, "another workspace shares"),
    "archived": (archive, "is archived"),
    "gone": (delete, "Slack does not show"),
    "without gpbot": (take_gpbot_out, "Slack does not show"),
}
MENDED = {
    "public": make_private_again,
    "shared": unshare,
    "archived": unarchive,
    "without gpbot": put_gpbot_in,
}


def ask(community: Stage, what: str = ASKED) -> str:
    """Mona asks; what she reads on the form and after it."""
    mona = community.mona
    community.look_away(mona)
    mona.command("/ask")
    community.bot.windows.settle()
    form = shown(mona)
    mona.fill("Your question", what)
    mona.submit()
    community.settle()
    return f"{form}\n{shown(mona)}"


def in_the_channel(community: Stage) -> str:
    """Everything that stands in it now."""
    return "\n".join(str(said.blocks) for said in community.triage.messages.values() if said.blocks)


def home(community: Stage, person: Person) -> str:
    person.open_home()
    community.settle(1)
    assert person.home is not None
    return person.home.text


# --- what a setting names is told from its type ---------------------------------------------------------------------


def test_each_setting_that_holds_an_id_is_covered_without_being_listed() -> None:
    """Every field of settings whose name speaks of a channel or of people has a type that says what it has to be."""
    hints = get_type_hints(Settings, include_extras=True)
    people = {"champions", "escalation_contacts", "organisations"}
    no_ids = {"quiet_channel_days", "reserved_channel_names"}
    channels = {each.name for each in fields(Settings) if "channel" in each.name} | {"topics"}
    spoken_of = (channels | people) - no_ids
    assert {name for name in hints if "OfChannel" in repr(hints[name]) or "OfPerson" in repr(hints[name])} == spoken_of


def test_a_planted_setting_is_asked_about_too(community: Stage) -> None:
    planted = make_dataclass(
        "Planted",
        [
            ("stage_channel", TriageChannel),
            ("helpers", tuple[Annotated[str, OfPerson()], ...]),
            ("rooms", tuple[tuple[str, tuple[TriageChannel, ...]], ...]),
            ("words", str),
        ],
        frozen=True,
    )
    found = named_in(planted("C0STAGE", ("U0A", "U0B"), (("one", ("C0ONE",)), ("two", ())), "C0WORDS"))
    assert [(each.setting, each.slack_id) for each in found] == [
        ("STAGE_CHANNEL", "C0STAGE"),
        ("HELPERS", "U0A"),
        ("HELPERS", "U0B"),
        ("ROOMS", "C0ONE"),
    ]
    named = {each.slack_id for each in named_in(community.settings)}
    asked = {call.args.get("channel") or call.args.get("user") for call in community.workspace.calls
             if call.method in {"conversations.info", "users.info"}}  # fmt: skip
    assert named <= asked


@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_says_what_to_do(trouble: Trouble) -> None:
    said = words(Named(setting="TRIAGE_CHANNEL", slack_id="C0", wants=OfChannel(is_waited_for=True)), trouble)
    assert said.startswith("TRIAGE_CHANNEL names a")
    assert said.count(".") >= 2


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("wants", [OfChannel(called="The hall", is_waited_for=True), OfPerson(called="The warden")])
def test_champions_read_of_it_in_words_and_not_by_the_settings_name(wants: Any, trouble: Trouble) -> None:
    said = plainly(Named(setting="TRIAGE_CHANNEL", slack_id="C0", wants=wants), trouble)
    assert said.startswith(wants.called)
    assert "C0>)" in said
    assert said.count(".") >= 2
    assert "_" not in said


def test_every_setting_that_names_something_says_what_it_is_called(community: Stage) -> None:
    unsaid = {OfChannel().called, OfPerson().called}
    assert not unsaid & {each.wants.called for each in named_in(every_setting(community))}
    planted = make_dataclass("Planted", [("hall", Annotated[str, OfChannel()])], frozen=True)
    assert unsaid & {each.wants.called for each in named_in(planted("C0HALL"))}


def every_setting(community: Stage) -> Settings:
    """With whatever may be left empty."""
    empty = {each.name: f"C{each.name}" for each in fields(Settings) if each.name.endswith("_channel")}
    return replace(community.settings, **empty, keep_channels=("C0KEEP",), topics=(("one", ("C0ONE",)),))  # type: ignore[arg-type]


def test_a_channel_that_slack_tells_nothing_of_counts_as_public() -> None:
    assert of_channel({}, OfChannel(is_private=True)) is Trouble.PUBLIC


# --- the champions' channel ------------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize("wrong", WRONG)
def test_a_question_goes_to_the_champions_by_direct_message_while_their_channel_cannot_be_used(
    community: Stage, wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    spoil, said = WRONG[wrong]
    spoil(community)
    community.later(minutes=11)
    before = {person.id: len(person.inbox) for person in community.champions}
    with caplog.at_level(logging.WARNING):
        read = ask(community)
    assert ASKED not in in_the_channel(community)
    assert all(SOMETHING in direct_messages(person)[before[person.id] :] for person in community.champions)
    assert said in community.bot.health()["settings"]
    assert said in home(community, community.ben)
    assert said not in home(community, community.mona)
    told = [text for text in direct_messages(community.ben) if text.startswith("The champions' channel")]
    assert len(told) == 1
    assert said in told[0]
    assert sum(said in record.getMessage() for record in caplog.records) == 1
    for text in (read, ask(community, "And where is the tea?")):
        assert CANNOT_BE_USED in text
        assert "champions read it in their channel" not in text
        assert "All champions read this, in their channel" not in text
        assert "Everyone in the champions' channel" not in text
    community.look_away(community.ben)
    community.ben.press("Open", within=[each for each in community.ben.inbox if "Open" in each.buttons][-1])
    community.settle()
    assert "marmalade" in shown(community.ben) or "tea" in shown(community.ben)
    community.later(days=1)
    assert len([text for text in direct_messages(community.ben) if text.startswith("The champions' channel")]) == 1


@WALK("places")
def test_a_question_asked_while_the_champions_channel_is_public_is_told_each_of_them_and_follows_there(
    community: Stage,
) -> None:
    make_public(community)
    community.later(minutes=11)
    ask(community)
    assert SOMETHING in direct_messages(community.ben)
    make_private_again(community)
    for _ in range(3):
        community.later(minutes=11)
    assert ASKED in in_the_channel(community)


@ON_SQLITE
@pytest.mark.parametrize("wrong", MENDED)
def test_when_the_channel_is_mended_the_card_and_the_desk_stand_there(community: Stage, wrong: str) -> None:
    WRONG[wrong][0](community)
    community.later(minutes=11)
    ask(community)
    MENDED[wrong](community)
    for _ in range(3):
        community.later(minutes=11)
    assert ASKED in in_the_channel(community)
    assert in_the_channel(community).count(DESK) == 1
    assert community.bot.health()["settings"] == "ok"
    assert any("is as it has to be again" in text for text in direct_messages(community.ben))
    assert "in their channel" in ask(community, "And where is the tea?")


@ON_SQLITE
@pytest.mark.parametrize("wrong", ["public", "shared"])
def test_what_stood_in_a_channel_that_others_read_now_is_taken_away(community: Stage, wrong: str) -> None:
    ask(community)
    assert ASKED in in_the_channel(community)
    assert DESK in in_the_channel(community)
    WRONG[wrong][0](community)
    community.later(days=1)
    assert ASKED not in in_the_channel(community)
    assert DESK not in in_the_channel(community)
    assert SOMETHING in direct_messages(community.chloe)


@ON_SQLITE
def test_a_channel_is_looked_at_before_each_card_and_not_more_than_every_ten_minutes(community: Stage) -> None:
    def asked() -> int:
        return sum(call.method == "conversations.info" and call.args["channel"] == community.triage.id
                   for call in community.workspace.calls)  # fmt: skip

    community.later(minutes=11)
    before = asked()
    ask(community)
    ask(community, "And the tea?")
    assert asked() == before + 1
    make_public(community)
    community.later(minutes=11)
    ask(community, "And the cake?")
    assert "cake" not in in_the_channel(community)


@ON_SQLITE
def test_while_slack_does_not_say_how_the_channel_is_the_card_waits_and_comes(community: Stage) -> None:
    community.later(minutes=11)
    community.workspace.faults.add(method="conversations.info", error="internal_error", times=None)
    ask(community)
    assert ASKED not in in_the_channel(community)
    community.workspace.faults.clear()
    for _ in range(4):
        community.later(minutes=5)
    assert ASKED in in_the_channel(community)


@ON_SQLITE
def test_champions_see_who_is_in_their_channel_without_being_one(community: Stage) -> None:
    assert "no champion" not in home(community, community.ben)
    community.triage.invite(community.tom)
    community.settle()
    assert "@Tom Reed" in home(community, community.ben)
    assert "no champion" not in home(community, community.mona)


@ON_SQLITE
def test_a_question_that_never_stood_in_the_channel_is_not_said_to_have_stood_there(community: Stage) -> None:
    take_gpbot_out(community)
    community.later(minutes=11)
    ask(community, "He rings me at night.")
    community.look_away(community.ben)
    opened = [each for each in community.ben.inbox if "Open" in each.buttons][-1]
    community.ben.press("Open", within=opened)
    community.settle()
    community.press(community.ben, "This is a concern")
    community.ben.submit()
    community.settle()
    community.look_away(community.mona)
    community.mona.press("Open", within=community.mona.inbox[-1])
    community.settle()
    assert "All champions, and whoever else was in their channel" in shown(community.mona)


# --- every other channel and person ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    setting: str
    spoil: Callable[[Stage], None]
    said: str


OTHERS = [
    Case("PROPOSALS_CHANNEL", lambda c: c.workspace.make_private(c.proposals), "is private, so members cannot see it"),
    Case("PROPOSALS_CHANNEL", lambda c: c.workspace.archive(c.proposals), "is archived"),
    Case("PROPOSALS_CHANNEL", lambda c: c.proposals.remove(c.app), "gpbot is not in"),
    Case("GENERAL_CHANNEL", lambda c: c.workspace.archive(c.general), "is archived"),
    Case("GENERAL_CHANNEL", lambda c: c.workspace.delete_channel(c.general), "Slack does not show"),
]


@ON_SQLITE
@pytest.mark.parametrize("case", OTHERS, ids=lambda case: f"{case.setting} {case.said}")
def test_of_every_other_channel_it_is_said_once_to_champions_and_the_operator(community: Stage, case: Case) -> None:
    case.spoil(community)
    community.later(days=1)
    community.later(days=1)
    called = next(each.wants.called for each in named_in(community.settings) if each.setting == case.setting)
    told = [text for text in direct_messages(community.ben) if text.startswith(called)]
    assert len(told) == 1
    assert case.said in told[0]
    assert case.said in community.bot.health()["settings"]
    assert not any(text.startswith(called) for text in direct_messages(community.edith))


@ON_SQLITE
def test_ids_that_slack_does_not_know_are_said_at_the_first_look(community: Stage) -> None:
    community.stop()
    community.settings = replace(
        community.settings, keep_channels=("C0NOWHERE1",), topics=(("Housing", ("C0NOWHERE2",)),)
    )
    community.start()
    community.settle()
    said = community.bot.health()["settings"]
    assert "KEEP_CHANNELS names a channel that Slack does not show" in said
    assert "TOPICS names a channel that Slack does not show" in said


# --- and nobody learns of a report by it ------------------------------------------------------------------------------


def what_amina_saw(folder: Path, *, has_report: bool) -> list[tuple[object, str, str]]:
    """While the champions' channel is spoiled and mended, and a report about her is there, or is not."""
    folder.mkdir()
    with begun_stage("sqlite", folder) as c:
        if has_report:
            c.report(c.mona, about=[c.amina])
        else:
            c.settle()
        ask(c)
        make_public(c)
        c.later(days=1)
        ask(c, "And where is the tea?")
        c.amina.open_home()
        c.settle()
        make_private_again(c)
        for _ in range(3):
            c.later(minutes=11)
        c.amina.open_home()
        c.settle()
        return [(sight.at, sight.where, sight.text) for sight in c.amina.seen]


def test_what_is_said_of_the_channel_does_not_tell_whether_there_is_a_report(tmp_path: Path) -> None:
    without = what_amina_saw(tmp_path / "without", has_report=False)
    assert any(re.search(r"The champions' channel \(\S+\) is public: everybody", text) for _, _, text in without)
    assert what_amina_saw(tmp_path / "with", has_report=True) == without
