"""Evidence that an earlier release kept, drawn by this one: as readers have seen it, whatever they add now."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpbot.practice.person import Person
from gpbot.reports import ids
from gpbot.reports.changes import NOT_REACHED
from gpbot.reports.evidence import NAME_HIDDEN
from gpbot.reports.types import EntryKind
from tests.databases import Kind
from tests.stage import Stage
from tests.upgrading.playing import kept_stage

REPORTED = "The message they reported, as it was then"


@pytest.fixture
def community(kind: Kind, tmp_path: Path) -> Iterator[Stage]:
    with kept_stage(kind, tmp_path) as here:
        here.settle(20)
        yield here


def evidence(community: Stage, what: str) -> str:
    """As Ben reads it, but for when it was written."""
    community.look_away(community.ben)
    community.ben.send_action(ids.OPEN, str(community.things["reports"][what]))
    community.settle(1)
    assert community.ben.modal is not None
    shown = community.ben.modal.text.partition(f"{REPORTED}\n")[2].partition("[ ")[0]
    return re.sub(r" · \d\d \w{3} \d{4} \d\d:\d\d UTC", "", shown).strip()


def name(community: Stage, *people: Person) -> None:
    community.ben.press("People")
    community.settle(1)
    community.ben.press("Add people")
    community.settle(1)
    community.ben.fill("Who else is it about", list(people))
    community.ben.submit()
    community.settle(1)


TWO = "@Mona Said and @Nadia Haddad, nobody wants you here."  # typed so, which mentions nobody


@pytest.mark.parametrize(
    ("what", "drawn"),
    [
        ("hidden, evidence with two mentions", f"@Tom Reed in #general\n{TWO}"),
        ("shown, evidence with two mentions", f"@Tom Reed in #general\n{TWO}"),
        ("hidden, evidence mentions the reporter and who it is about", f"{NAME_HIDDEN} in #general\n{TWO}"),
        ("hidden, evidence is the reporter's own", f"{NAME_HIDDEN} in #general\nI told @Tom Reed to stop."),
        ("hidden, evidence is a file alone", "@Tom Reed in #general\n(1 attached file, not copied)"),
    ],
)
def test_it_is_drawn_as_it_was_and_stays_so_when_readers_name_people(community: Stage, what: str, drawn: str) -> None:
    assert evidence(community, what).startswith(drawn)
    before = evidence(community, what)
    for person in (community.nadia, community.mona, community.ravi):
        name(community, person)
        assert evidence(community, what) == before


def test_an_earlier_note_that_a_message_did_not_arrive_is_drawn_only_where_the_name_is_shown(
    community: Stage,
) -> None:
    records = community.bot.records
    for what in ("hidden, evidence with two mentions", "shown, evidence with two mentions"):
        its_id = community.things["reports"][what]
        with records.database.begin() as session:  # as the earlier release wrote it
            standing = records.reports.open_as_caretaker(session, its_id, to_write=True)
            assert standing is not None
            records.reports.write(session, standing, EntryKind.NOTE, at=community.clock.now(), text=NOT_REACHED)
        evidence(community, what)
        community.ben.press("Notes")
        community.settle(1)
        assert community.ben.modal is not None
        assert (NOT_REACHED in community.ben.modal.text) == what.startswith("shown")
