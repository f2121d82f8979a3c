"""gpbot, a Slack bot for a community and its champions."""
