"""Action and callback ids of the directory; those in messages live as long as Slack does, so they never change."""

from gpbot.home import ids
from gpbot.rights import Subject

COMMAND = "/channels"

OPEN = ids.FIND_CHANNELS
SHOW = "channels.show"
TOPIC = "channels.topic"
MORE = "channels.more"
JOIN = "channels.join"

CHANNEL = Subject(name="a public channel")
