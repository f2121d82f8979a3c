"""A campaign whose process is killed again and again misses nobody, and tells nobody twice."""

from collections import Counter
from pathlib import Path

from gpbot.outbox.models import Status
from tests.crash.aftermath import last_life
from tests.crash.campaigning import begin
from tests.crash.fleet import Life
from tests.crash.moments import Fate, Moment
from tests.halves import LONG
from tests.running import Town, town

pytestmark = LONG

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
    life.wait_until_ready()
    if not life.is_over_within(PATIENCE):
        life.kill()


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
        here.others = [here.workspace.add_person(f"Person{number} Member", announce=False) for number in range(MEMBERS)]
        campaign_id = begin(here)
        for fate in KILLS:
            one_life(here, fate)
        assert first_messages(here).total() < len(here.everyone), "it was over before it was killed: this tests nothing"
        with last_life(here) as bot:
            campaign = bot.records.backfill.find(campaign_id)
            assert campaign is not None
            assert (campaign.status, campaign.told, campaign.failed) == (Status.DONE, len(here.everyone), 0)
        assert first_messages(here) == {person.id: 1 for person in here.everyone}
        assert all(len(person.inbox) == 1 for person in here.everyone)
