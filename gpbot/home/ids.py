"""Ids that more than one workflow draws; those in messages live as long as Slack does, so they never change."""

REPORT = "report.open_form"
ASK = "question.ask"
FIND_CHANNELS = "channels.open"
WAITING = "report.list"  # what waits for the person who presses
NOT_AVAILABLE = "report.case"  # a window that was emptied
