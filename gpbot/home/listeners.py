"""Opening App Home, and gpbot being invited to the triage channel."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.home.desk import Desk
from gpbot.slack import on
from gpbot.slack.requests import Event


class HomeListeners:
    def __init__(
        self, database: Database, desk: Desk, owe_home: Callable[[Session, str], None], *, bot_user_id: str
    ) -> None:
        """`owe_home(session, user_id)` owes that person their App Home."""
        self._database = database
        self._desk = desk
        self._owe_home = owe_home
        self._bot_user_id = bot_user_id

    @on.event("app_home_opened")
    def show_home(self, event: Event) -> None:
        if event.body.get("tab") == "home":
            with self._database.begin() as session:
                self._owe_home(session, str(event.body["user"]))

    @on.event("member_joined_channel")
    def join_channel(self, event: Event) -> None:
        if event.body.get("user") == self._bot_user_id:
            self._desk.put_up()
