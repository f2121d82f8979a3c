"""What the settings name in Slack, and whether it is as it has to be."""
