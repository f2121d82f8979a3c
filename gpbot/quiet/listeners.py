"""What stewards and champions press about quiet channels, and what Slack tells of channels."""

from collections.abc import Callable
from uuid import UUID

from gpbot.proposals import ids as proposal_ids
from gpbot.quiet import ids
from gpbot.quiet.types import NotAsked
from gpbot.quiet.workflow import QuietChannels
from gpbot.refusals import NotAvailable
from gpbot.slack import on
from gpbot.slack.answers import Answer, Nothing
from gpbot.slack.errors import notice_modal
from gpbot.slack.requests import Click, Event, read_uuid
from gpbot.slack.windows import Windows

_LONGEST = 6  # digits of a round


class QuietListeners:
    def __init__(self, windows: Windows, quiet: QuietChannels, *, bot_user_id: str) -> None:
        self._windows = windows
        self._quiet = quiet
        self._bot_user_id = bot_user_id

    @on.click(ids.KEEP, may=ids.KEEPER)
    def keep(self, asked: Click) -> Answer:
        return self._say(asked, self._quiet.keep, "Thank you. The channel stays.")

    @on.click(ids.LET_GO, may=ids.KEEPER)
    def let_go(self, asked: Click) -> Answer:
        return self._say(asked, self._quiet.let_go, "Thank you. The champions decide, and you are told.")

    @on.click(ids.DECIDE_TO_KEEP, may=proposal_ids.CHAMPION)
    def decide_to_keep(self, asked: Click) -> Answer:
        return self._say(asked, self._quiet.decide_to_keep, "The channel stays. Whoever looks after it is told.")

    @on.click(ids.ARCHIVE, may=proposal_ids.CHAMPION)
    def archive(self, asked: Click) -> Answer:
        said = (
            "It is archived now, unless somebody has written there meanwhile: the champions' channel says how it ended."
        )
        return self._say(asked, self._quiet.archive, said)

    @on.event("channel_archive")
    def follow_archiving(self, event: Event) -> None:
        self._quiet.was_archived(str(event.body["channel"]))

    @on.event("channel_unarchive")
    def follow_opening(self, event: Event) -> None:
        self._quiet.came_back(str(event.body["channel"]))

    @on.event("channel_deleted")
    def follow_deletion(self, event: Event) -> None:
        self._quiet.was_deleted(str(event.body["channel"]))

    @on.event("member_joined_channel")
    def join_channel(self, event: Event) -> None:
        if event.body.get("user") == self._bot_user_id:
            self._quiet.came_back(str(event.body["channel"]))

    def _say(self, asked: Click, use_case: Callable[[str, UUID, int], None], said: str) -> Answer:
        """What was pressed on a message or App Home changes there; the Desk's list is a modal, which does not."""
        proposal, _, number = (asked.value or "").partition(" ")
        if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST):
            raise NotAvailable
        try:
            use_case(asked.user_id, read_uuid(proposal), int(number))
        except NotAsked as no:
            if asked.message is None or self._quiet.draw_again(read_uuid(proposal), asked.message):
                raise
            # A second copy, which nothing else changes: from now on it says so itself.
            self._windows.respond(asked, no.words, replace_original=True)
        if asked.modal is not None:
            self._windows.show(asked, lambda: notice_modal(said))
        return Nothing()
