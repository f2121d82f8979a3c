"""What champions press about a channel that could not be opened by itself."""

from collections.abc import Callable
from dataclasses import replace

from gpbot.opening import ids, views
from gpbot.opening.types import NameNotPossible
from gpbot.opening.workflow import Openings
from gpbot.proposals import ids as proposal_ids
from gpbot.refusals import NotAvailable
from gpbot.slack import on
from gpbot.slack.answers import Answer, CloseAll, FieldErrors, Nothing
from gpbot.slack.requests import Click, Submission, read_uuid
from gpbot.slack.windows import Again, Windows


class OpeningListeners:
    def __init__(self, windows: Windows, openings: Openings, *, decline: Callable[[Click], Answer]) -> None:
        """`decline` opens the form in which a proposal is declined."""
        self._windows = windows
        self._openings = openings
        self._decline = decline

    @on.click(ids.TRY_AGAIN, may=ids.HELPER)
    def try_again(self, asked: Click) -> Answer:
        self._openings.try_again(asked.user_id, read_uuid(asked.value))
        return Nothing()

    @on.click(ids.USE, may=ids.CHOOSER)
    def use_channel(self, asked: Click) -> Answer:
        proposal, _, channel_id = (asked.value or "").partition(" ")
        if not channel_id:
            raise NotAvailable
        self._openings.use(asked.user_id, read_uuid(proposal), channel_id)
        return Nothing()

    @on.click(ids.WRITE_NAME, may=ids.CHOOSER)
    def open_name_form(self, asked: Click) -> Answer:
        proposal_id = read_uuid(asked.value)
        self._windows.show(
            asked,
            lambda: views.name_form(proposal_id, self._openings.name_of_stuck(asked.user_id, proposal_id)),
            again=Again(action_id=ids.WRITE_NAME, value=str(proposal_id), words="Another name"),
        )
        return Nothing()

    @on.click(ids.DECLINE, may=proposal_ids.DECIDER)
    def decline(self, asked: Click) -> Answer:
        # Where it was pressed is not the proposal's own card, and is not to become one.
        return self._decline(replace(asked, message=None))

    @on.submission(ids.NAME, may=ids.CHOOSER)
    def rename(self, asked: Submission) -> Answer:
        try:
            name = views.read_name(asked.form)
            self._openings.rename(asked.user_id, read_uuid(asked.private_metadata), name)
        except NameNotPossible as no:
            return FieldErrors({views.NAME: no.words})
        return CloseAll()
