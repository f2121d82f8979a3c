"""A campaign that goes on while processes are killed: everybody is told, and once."""

from collections import Counter
from collections.abc import Callable
from importlib.resources import files

from gpbot.bootstrap import Gpbot, Records, open_records
from gpbot.guidelines import ids, views
from gpbot.outbox.models import Status
from gpbot.people.members import list_complete_at
from gpbot.practice.screens import Screen
from gpbot.practice.state import Channel, Message
from gpbot.settings import load_settings
from tests.crash.fleet import Life
from tests.running import Town


def begin(here: Town) -> int:
    """The campaign's id, once gpbot knows who is there, and while no process is up, so that it is met by a fate."""
    records = open_records(load_settings(here.settings(http=True)))
    try:
        live_until(here, records, knows_everybody)
        sample = (files("gpbot.guidelines") / "sample.md").read_text("utf-8")
        records.guidelines.publish(sample, is_major=True, changes="", attribution="", by="operator")
        return records.backfill.start(None, number=1)
    finally:
        records.database.close()


def begin_in_calm(here: Town) -> int:
    """Until the post for everybody and the message with its progress are up, and some are told.

    Those two stand where gpbot reads no history: killed while Slack takes one, it posts another.
    """
    campaign_id = begin(here)
    records = open_records(load_settings(here.settings(http=True)))

    def has_come_far_enough(records: Records) -> bool:
        campaign = records.backfill.find(campaign_id)
        return campaign is not None and campaign.told > 0 and campaign.card is not None

    try:
        live_until(here, records, has_come_far_enough)
    finally:
        records.database.close()
    return campaign_id


def live_until(here: Town, records: Records, is_so: Callable[[Records], bool]) -> None:
    """One process, killed as soon as it is so."""
    life = Life(here.settings(http=True), here.folder)
    here.lives.append(life)
    life.wait_until_ready()
    here.workspace.wait_until(lambda: is_so(records))
    life.kill()


def knows_everybody(records: Records) -> bool:
    with records.database.read() as session:
        return list_complete_at(session) is not None


def is_first_message(message: Screen) -> bool:
    return any(control.action_id == ids.AGREE for control in message.controls)


def told_so_far(here: Town) -> int:
    return sum(is_first_message(message) for person in here.everyone for message in person.inbox)


def assert_everybody_was_told_once(here: Town, bot: Gpbot, campaign_id: int) -> None:
    campaign = bot.records.backfill.find(campaign_id)
    assert campaign is not None
    assert (campaign.status, campaign.told, campaign.failed) == (Status.DONE, len(here.everyone), 0)
    times = Counter({person.id: sum(map(is_first_message, person.inbox)) for person in here.everyone})
    missed = [person for person, count in times.items() if count == 0]
    twice = [person for person, count in times.items() if count > 1]
    assert not missed, f"{len(missed)} of {len(times)} were not told"
    assert not twice, f"{len(twice)} of {len(times)} were told more than once"
    assert len(said_by_gpbot(here, here.general)) == 1
    [card] = [
        message for message in said_by_gpbot(here, here.triage) if (message.channel_id, message.ts) == campaign.card
    ]
    assert card.text == views.campaign_text(campaign)


def said_by_gpbot(here: Town, channel: Channel) -> list[Message]:
    return [
        message
        for message in channel.messages.values()
        if message.user.id == here.app.bot_user_id and not message.subtype
    ]
