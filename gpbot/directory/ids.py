"""Action and callback ids of the directory; those in messages live as long as Slack does, so they never change."""

COMMAND = "/channels"

OPEN = "channels.open"
SHOW = "channels.show"
TOPIC = "channels.topic"
MORE = "channels.more"
JOIN = "channels.join"
