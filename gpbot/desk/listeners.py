"""Opening App Home, and gpbot being invited to the triage channel."""

from gpbot.db import Database
from gpbot.desk.desk import Desk
from gpbot.home.screens import Screens
from gpbot.slack import on
from gpbot.slack.requests import Event


class DeskListeners:
    def __init__(self, database: Database, desk: Desk, screens: Screens, *, bot_user_id: str) -> None:
        self._database = database
        self._desk = desk
        self._screens = screens
        self._bot_user_id = bot_user_id

    @on.event("app_home_opened")
    def show_home(self, event: Event) -> None:
        if event.body.get("tab") == "home":
            with self._database.begin() as session:
                self._screens.redraw_home(session, str(event.body["user"]))

    @on.event("member_joined_channel")
    def join_channel(self, event: Event) -> None:
        if event.body.get("user") == self._bot_user_id:
            self._desk.put_up()
