"""What the places bring: whether what the settings name in Slack is as it has to be."""

import logging
from collections.abc import Callable
from datetime import datetime

from gpbot.kit import Health, Kit, Surface, Workflow
from gpbot.named import named_in
from gpbot.people.workflow import People
from gpbot.places.asking import Asking
from gpbot.places.home import PlacesSection
from gpbot.places.jobs import Owed, PlacesJob
from gpbot.places.listeners import PlacesListeners
from gpbot.places.messages import PlacesMessages
from gpbot.places.types import outdated
from gpbot.places.workflow import Places
from gpbot.slack.places import channel_info, channel_members
from gpbot.slack.standing import AppListeners

log = logging.getLogger(__name__)


def use_cases(kit: Kit) -> None:
    people = kit.get(People)
    owed = Owed(kit.outbox, kit.keyring)
    places = kit.add(Places(kit.database, kit.keyring, owed, named_in(kit.settings), follow=people.follow))
    places.changed.connect(
        lambda session, _named, _trouble: kit.screens.redraw_homes(session, people.who_can_act(session))
    )
    kit.health.append(lambda: Health(shows={"settings": " ".join(_all_wrong(kit, places)) or "ok"}))


def surface(kit: Kit, slack: Surface) -> None:
    places, gateway = kit.get(Places), slack.gateway
    places.ask_by(
        Asking(
            lambda channel_id: channel_info(gateway, channel_id),
            lambda channel_id: channel_members(gateway, channel_id),
            gateway.user_info,
            team_id=slack.identity.team_id,
            bot_user_id=slack.identity.bot_user_id,
        )
    )
    slack.listen(AppListeners(_follow(kit, places), kit.database.clock))
    slack.listen(PlacesListeners(places))
    slack.home.section(30, PlacesSection(places))
    slack.send(PlacesJob, PlacesMessages(kit.database, places))
    slack.at_start.append(places.begin)
    slack.at_start.append(lambda: _say(_outdated(kit)))


def _follow(kit: Kit, places: Places) -> Callable[[str, str, datetime], None]:
    def follow(old: str, new: str, at: datetime) -> None:
        places.look_once_more(kit.moved.follow(old, new, at))
        _say(_outdated(kit))

    return follow


def _outdated(kit: Kit) -> list[str]:
    """Of settings that name a channel by an id which is not its newest."""
    return [
        outdated(each, newest) for each in kit.written if (newest := kit.moved.newest(each.slack_id)) != each.slack_id
    ]


def _say(sentences: list[str]) -> None:
    for each in sentences:
        log.warning("%s", each)


def _all_wrong(kit: Kit, places: Places) -> list[str]:
    return [*_outdated(kit), *(each.words for each in places.wrong())]


WORKFLOW = Workflow(
    name="places",
    use_cases=use_cases,
    surface=surface,
    listeners=(AppListeners, PlacesListeners),
    jobs=(PlacesJob.KIND,),
)
