"""Killed again and again while it asks about quiet channels and archives them, gpbot does each of it once."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update

from gpbot.bootstrap import Records, open_records
from gpbot.practice import Screen
from gpbot.quiet.models import QuietChannelRow
from gpbot.settings import load_settings
from tests.crash.aftermath import last_life
from tests.crash.fleet import Life
from tests.crash.moments import Fate, Moment
from tests.crash.opening import Openings, approve, own_channels
from tests.halves import LONG
from tests.running import Town, town

pytestmark = LONG

NUMBER = 4
PATIENCE = 10.0  # seconds; a moment that does not come by then is a kill at any moment
ASKING = (
    Fate(moment=Moment.ANSWERED, skip=1),  # a steward was asked, and nobody knows
    Fate(moment=Moment.SAVING, skip=4),
    Fate(moment=Moment.UNDER_WAY, skip=2, after=0.01),
)
ARCHIVING = (
    Fate(moment=Moment.CLAIMED, skip=1),
    Fate(moment=Moment.ANSWERED, skip=3),
    Fate(moment=Moment.FINISHING, skip=2),
)


def one_life(here: Town, fate: Fate) -> None:
    life = Life(here.settings(http=True), here.folder, fate=fate)
    here.lives.append(life)
    life.wait_until_ready()
    if not life.is_over_within(PATIENCE):
        life.kill()


def watched(records: Records) -> list[UUID]:
    with records.database.read() as session:
        return list(session.scalars(select(QuietChannelRow.proposal_id)))


def nobody_has_written_for_months(here: Town) -> None:
    """Once all are open, as far as the database knows."""
    life = here.start(http=True)
    records = open_records(load_settings(here.settings(http=True)))
    try:
        here.workspace.wait_until(lambda: len(watched(records)) == NUMBER)
        here.kill(life)
        with records.database.begin() as session:
            long_ago = records.database.clock.now() - timedelta(days=90)
            session.execute(update(QuietChannelRow).values(since=long_ago))
    finally:
        records.database.close()


def questions(here: Town) -> dict[str, list[Screen]]:
    """By channel, the messages that ask about it, whatever they say by now."""
    said = [message for person in here.everyone for message in person.inbox]
    return {
        place.id: [message for message in said if "quiet." in str(message.raw) and place.id in str(message.raw)]
        for place in own_channels(here)
    }


def all_are_asked(here: Town) -> None:
    life = here.start(http=True)
    here.workspace.wait_until(lambda: all(questions(here).values()))
    here.kill(life)


def decide(here: Town, openings: Openings) -> None:
    """Each steward says that it can be archived, and a champion has it archived, while no process is up."""
    records = open_records(load_settings(here.settings(http=True)))
    try:
        names = {place.id: place.name for place in own_channels(here)}
        with records.database.read() as session:
            rows = {row.proposal_id: row for row in session.scalars(select(QuietChannelRow))}
            stewards = {each: records.quiet.stewards(session, each)[0] for each in rows}
        assert {names[row.channel_id] for row in rows.values()} == set(openings.wanted)
        for proposal_id, row in rows.items():
            records.quiet.let_go(stewards[proposal_id], proposal_id, row.round)
            records.quiet.archive(here.champions[0].id, proposal_id, row.round)
    finally:
        records.database.close()


def test_killed_while_it_asks_and_archives_it_does_each_once(tmp_path: Path) -> None:
    with town(tmp_path) as here:
        here.more["QUIET_CHANNEL_DAYS"] = "14"
        here.workspace.manifest["oauth_config"]["scopes"]["bot"].append("channels:history")
        openings = approve(here, number=NUMBER)
        nobody_has_written_for_months(here)
        for fate in ASKING:
            one_life(here, fate)
        all_are_asked(here)
        assert {len(asked) for asked in questions(here).values()} == {1}
        decide(here, openings)
        here.workspace.faults.add(method="conversations.archive", drop="after")
        for fate in ARCHIVING:
            one_life(here, fate)
        with last_life(here):
            assert all(place.is_archived for place in own_channels(here))
        archived = [call for call in here.workspace.calls if call.method == "conversations.archive"]
        assert len([call for call in archived if call.response.get("ok")]) <= NUMBER
        assert len([call for call in archived if call.response.get("error") == "already_archived"]) <= NUMBER
        for place in own_channels(here):
            told = [
                message.text
                for person in here.everyone
                for message in person.inbox
                if f"have had #{place.name} archived" in message.text
            ]
            assert len(told) == 1, place.name
        here.check()
