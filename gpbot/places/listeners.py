"""What Slack tells of a channel by itself (of many changes it tells nobody): then it is looked at again."""

from gpbot.places.workflow import Places
from gpbot.slack import on
from gpbot.slack.requests import Event


class PlacesListeners:
    def __init__(self, places: Places) -> None:
        self._places = places

    @on.event("channel_archive")
    @on.event("channel_unarchive")
    @on.event("channel_deleted")
    @on.event("channel_rename")
    @on.event("member_joined_channel")
    def look_once_more(self, event: Event) -> None:
        channel = event.body.get("channel")
        channel_id = channel.get("id") if isinstance(channel, dict) else channel
        if isinstance(channel_id, str):
            self._places.look_once_more(channel_id)
