"""A Slack you can hold in your hand: it knows Slack, and nothing of the app that is tried in it."""

from gpbot.practice.delivery import Ack
from gpbot.practice.person import CannotDo, Person
from gpbot.practice.screens import Screen
from gpbot.practice.server import Server
from gpbot.practice.state import Answer, App, Call, Channel, Clock, MovedClock, RealClock, Sight
from gpbot.practice.workspace import PracticeProblem, Workspace

__all__ = [
    "Ack",
    "Answer",
    "App",
    "Call",
    "CannotDo",
    "Channel",
    "Clock",
    "MovedClock",
    "Person",
    "PracticeProblem",
    "RealClock",
    "Screen",
    "Server",
    "Sight",
    "Workspace",
]
