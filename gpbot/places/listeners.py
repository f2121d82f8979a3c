"""What Slack tells of a channel by itself (of many changes it tells nobody): then it is looked at anew."""

from gpbot.places.workflow import Places
from gpbot.slack.events import Events
from gpbot.slack.requests import Event

_OF_CHANNELS = ("channel_archive", "channel_unarchive", "channel_deleted", "channel_rename", "member_joined_channel")


class PlacesListeners:
    def __init__(self, places: Places) -> None:
        self._places = places

    def register(self, events: Events) -> None:
        for event_type in _OF_CHANNELS:
            events.on(event_type, self.look_anew)

    def look_anew(self, event: Event) -> None:
        channel = event.body.get("channel")
        channel_id = channel.get("id") if isinstance(channel, dict) else channel
        if isinstance(channel_id, str):
            self._places.look_anew(channel_id)
