"""Messages that say nothing but that something is there: nobody can tell from one what it is about."""

from gpbot.slack.blocks import Block, actions, button, section

SOMETHING = "There is something for you."
GONE = "What was here has been taken back."


def something(action_id: str, value: str) -> list[Block]:
    """The same words whatever it is about, for anyone who sees them over a shoulder, or in an e-mail."""
    return [section(SOMETHING), actions(button("Open", action_id, value, style="primary"))]
