"""The practice workspace as pages in a browser; it knows Slack, and nothing of the app that is tried in it."""

from gpbot.practice.pages.frame import Chapter, Frame, Role, Step
from gpbot.practice.pages.site import Site

__all__ = ["Chapter", "Frame", "Role", "Site", "Step"]
