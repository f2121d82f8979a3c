"""A campaign whose process is killed again and again misses nobody, and tells nobody twice."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

from gpbot.bootstrap import Records, open_records
from gpbot.outbox.models import Status
from gpbot.people.store import list_complete_at
from gpbot.settings import load_settings
from tests.crash.aftermath import last_life
from tests.crash.fleet import Life
from tests.crash.moments import Fate, Moment
from tests.running import Town, town

MEMBERS = 53  # beside seven who are there in every town
PATIENCE = 45.0  # seconds, longer than a lease; a moment that does not come by then is a kill at any moment
POST = "chat.postMessage"
KILLS = (
    Fate(moment=Moment.SAVING),  # while its jobs are written
    Fate(moment=Moment.CLAIMED, skip=6),
    Fate(moment=Moment.UNDER_WAY, after=0.02),
    Fate(moment=Moment.ANSWERED, skip=3),
    Fate(moment=Moment.FINISHING, skip=3),
    Fate(moment=Moment.FINISHED, skip=2),
)


def one_life(here: Town, fate: Fate) -> None:
    life = Life(here.settings(http=True), here.folder, fate=fate)
    here.lives.append(life)
    life.wait_until_ready(60)
    if not life.is_over_within(PATIENCE):
        life.kill()


def knows_everybody(records: Records) -> bool:
    with records.database.read() as session:
        return list_complete_at(session) is not None


def begin(here: Town) -> int:
    """Once gpbot knows who is there, and while no process is up, so that the first job of it is met by a fate."""
    life = Life(here.settings(http=True), here.folder)
    here.lives.append(life)
    life.wait_until_ready(60)
    records = open_records(load_settings(here.settings(http=True)))
    try:
        here.workspace.wait_until(lambda: knows_everybody(records), 30)
        life.kill()
        sample = (files("gpbot.guidelines") / "sample.md").read_text("utf-8")
        records.guidelines.publish(sample, is_major=True, changes="", attribution="", by="operator")
        return records.backfill.start(None, number=1)
    finally:
        records.database.close()


def first_messages(here: Town) -> Counter[str]:
    """How often Slack took a first message to each person."""
    return Counter(
        str(call.args["channel"])
        for call in here.workspace.calls
        if call.method == POST and call.response.get("ok") and "guidelines.agree" in str(call.args.get("blocks"))
    )


def test_nobody_is_missed_and_nobody_told_twice(tmp_path: Path, database_url: str) -> None:
    with town(tmp_path, database_url=database_url) as here:
        here.workspace.invite(here.general, here.app.bot_user_id)
        more = [here.workspace.add_person(f"Person{number} Member", announce=False) for number in range(MEMBERS)]
        everyone = [*here.champions, *here.contacts, *here.members, *more]
        campaign_id = begin(here)
        for fate in KILLS:
            one_life(here, fate)
        assert first_messages(here).total() < len(everyone), "it was over before it was killed: this tests nothing"
        with last_life(here) as bot:
            campaign = bot.records.backfill.find(campaign_id)
            assert campaign is not None
            assert (campaign.status, campaign.told, campaign.failed) == (Status.DONE, len(everyone), 0)
        assert first_messages(here) == {person.id: 1 for person in everyone}
        assert all(len(person.inbox) == 1 for person in everyone)
