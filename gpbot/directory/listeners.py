"""What people did to find a channel: `/channels`, its pages, and *Join*."""

import re

from gpbot import rights
from gpbot.directory import ids, views
from gpbot.directory.joining import Joining
from gpbot.directory.types import Outcome
from gpbot.directory.views import Looking
from gpbot.directory.workflow import Directory
from gpbot.outbox.types import SendingEnded
from gpbot.refusals import NotAvailable
from gpbot.slack import on
from gpbot.slack.answers import Answer, Nothing, Show
from gpbot.slack.blocks import View, unescape
from gpbot.slack.requests import Asked, Click, Command, Shortcut, Submission
from gpbot.slack.windows import Again, Windows
from gpbot.text import start_of

_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,19}")


class DirectoryListeners:
    def __init__(
        self,
        windows: Windows,
        directory: Directory,
        joining: Joining,
    ) -> None:
        self._windows = windows
        self._directory = directory
        self._joining = joining

    @on.command(
        ids.COMMAND, description="Find channels by topic, and join them", hint="[words to look for]", may=rights.MEMBERS
    )
    def look_by_command(self, asked: Command) -> Answer:
        return self._open(asked, Looking(text=start_of(unescape(asked.text).strip(), 80)))

    @on.shortcut(
        "channels.find", name="Find channels", description="Find channels by topic, and join them", may=rights.MEMBERS
    )
    @on.click(ids.OPEN, may=rights.MEMBERS)
    def look(self, asked: Click | Shortcut) -> Answer:
        return self._open(asked, Looking())

    @on.submission(ids.SHOW, may=rights.MEMBERS)
    def search(self, asked: Submission) -> Answer:
        return Show(self._directory_modal(asked.user_id, views.read_looking(asked.view)))

    @on.click(ids.TOPIC, may=rights.MEMBERS)
    def choose_topic(self, asked: Click) -> Answer:
        return self._in_place(asked, after="")

    @on.click(ids.MORE, may=rights.MEMBERS)
    def turn(self, asked: Click) -> Answer:
        value = asked.value or ""
        return self._in_place(asked, after="" if value == "-" else value)

    @on.click(ids.JOIN, may=rights.MEMBERS.of(ids.CHANNEL))
    def join(self, asked: Click) -> Answer:
        """Slack is asked from the windows' own threads, and how it ended stands on top of the list."""
        channel_id = asked.value or ""
        if not _CHANNEL_ID.fullmatch(channel_id) or asked.view is None:
            raise NotAvailable
        looking = views.read_looking(asked.view, after=asked.view.private_metadata)

        def build() -> View:
            outcome = self._added(channel_id, asked.user_id)
            said = views.outcome_words(outcome, channel_id)
            return self._directory_modal(asked.user_id, looking, said=said)

        self._windows.show(asked, build)
        return Nothing()

    def _added(self, channel_id: str, user_id: str) -> Outcome | None:
        with self._directory.database.read() as session:
            self._directory.let_in(session, user_id)
            if self._directory.get(session, channel_id) is None:  # never one that is not public
                return Outcome.GONE
        try:
            outcome = self._joining.add(channel_id, user_id)
        except SendingEnded:
            return None
        if outcome is Outcome.GONE:
            self._directory.gone(channel_id)
        elif outcome is Outcome.CLOSED:
            self._directory.archived(channel_id, is_archived=True)
        return outcome

    def _open(self, asked: Asked, looking: Looking) -> Answer:
        again = Again(action_id=ids.OPEN, words="Show the channels")
        self._windows.open(asked, lambda: self._directory_modal(asked.user_id, looking), again=again)
        return Nothing()

    def _in_place(self, asked: Click, *, after: str) -> Answer:
        if asked.modal is None:
            return self._open(asked, Looking())
        looking = views.read_looking(asked.modal, after=after)
        self._windows.show(asked, lambda: self._directory_modal(asked.user_id, looking))
        return Nothing()

    def _directory_modal(self, viewer: str, looking: Looking, *, said: str = "") -> View:
        with self._directory.database.read() as session:
            self._directory.let_in(session, viewer)
            topics = self._directory.topics(session)
            page = self._directory.public(session, after=looking.after, topic=looking.topic, text=looking.text)
        return views.directory_modal(page, topics, looking, said=said)
