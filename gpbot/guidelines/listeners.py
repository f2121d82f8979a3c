"""What people did about guidelines in Slack: one call to a use case, and the answer."""

from gpbot import rights
from gpbot.guidelines import ids, views
from gpbot.guidelines.backfill import Backfill
from gpbot.guidelines.types import CannotBackfill, NoReason, NothingToFind, NotYours, ReadAgain, Where
from gpbot.guidelines.workflow import Guidelines
from gpbot.people import ids as people_ids
from gpbot.refusals import NotAvailable
from gpbot.slack import on
from gpbot.slack.answers import Answer, FieldErrors, Nothing, Show
from gpbot.slack.blocks import View
from gpbot.slack.requests import Asked, Click, Command, Submission
from gpbot.slack.windows import Again, Windows
from gpbot.text import is_blank

COMMAND = "/guidelines"


class GuidelinesListeners:
    def __init__(
        self,
        windows: Windows,
        guidelines: Guidelines,
        backfill: Backfill,
        *,
        general_channel: str,
    ) -> None:
        self._windows = windows
        self._guidelines = guidelines
        self._backfill = backfill
        self._general_channel = general_channel

    # Reading and agreeing.

    @on.command(COMMAND, description="Read the guidelines, and see whether you agreed", may=rights.ANYONE)
    def read_by_command(self, asked: Command) -> Answer:
        return self._show_text(asked)

    @on.click(ids.READ, may=rights.ANYONE)
    def read(self, asked: Click) -> Answer:
        return self._show_text(asked)

    @on.click(ids.AGREE, may=rights.ANYONE.of(ids.VERSION))
    def agree(self, asked: Click) -> Answer:
        """From a message, which is only for whom it was sent to, or from App Home."""
        number, addressee = _numbers(asked.value)
        where = Where.MESSAGE if asked.message else Where.HOME
        try:
            standing = self._guidelines.accept(
                asked.user_id, number, where, addressee=addressee or None, message=asked.message
            )
        except (ReadAgain, NotYours) as why:
            return self._show_text(asked, f"{why.words} This is the text that counts for you now.")
        if asked.message:
            text, blocks = views.receipt(standing)
            # At once; the same is in the outbox, for when this does not arrive.
            self._windows.replace(asked, text, blocks)
        return Nothing()

    @on.submission(ids.TEXT, may=rights.ANYONE.of(ids.VERSION))
    def agree_in_window(self, asked: Submission) -> Answer:
        number, _ = _numbers(asked.private_metadata)
        try:
            standing = self._guidelines.accept(asked.user_id, number, Where.WINDOW)
        except ReadAgain as why:
            return Show(views.text_modal(self._guidelines.standing(asked.user_id), note=why.words))
        return Show(views.agreed_modal(standing))

    def _show_text(self, asked: Asked, note: str = "") -> Answer:
        def build() -> View:
            return views.text_modal(self._guidelines.standing(asked.user_id), note=note)

        self._windows.open(asked, build, again=Again(action_id=ids.READ, words="Read in full"))
        return Nothing()

    # For champions.

    @on.click(ids.OUTSTANDING, may=rights.CHAMPIONS)
    def turn_outstanding(self, asked: Click) -> Answer:
        self._windows.show(asked, lambda: self._outstanding(asked.user_id, asked.value or ""))
        return Nothing()

    @on.submission(ids.OUTSTANDING, may=rights.CHAMPIONS)
    def search(self, asked: Submission) -> Answer:
        """An empty box brings the whole list back."""
        text = asked.form.text(views.SEARCH, views.SEARCH)
        if is_blank(text):
            return Show(self._outstanding(asked.user_id, ""))
        try:
            return Show(self._searched(asked.user_id, text))
        except NothingToFind as why:
            return FieldErrors({views.SEARCH: why.words})

    @on.click(ids.SEARCHED, may=rights.CHAMPIONS)
    def turn_searched(self, asked: Click) -> Answer:
        cursor, _, text = (asked.value or "").partition(":")
        self._windows.show(asked, lambda: self._searched(asked.user_id, text, cursor))
        return Nothing()

    @on.click(ids.FIND, may=rights.CHAMPIONS)
    def look_up(self, asked: Click) -> Answer:
        def build() -> View:
            return views.outstanding_modal(
                self._guidelines.outstanding(asked.user_id),
                self._guidelines.counts(),
                self._guidelines.look_up(asked.user_id, [asked.value or ""]),
            )

        self._windows.show(asked, build)
        return Nothing()

    @on.click(ids.MARK_FORM, may=rights.CHAMPIONS.of(people_ids.PERSON))
    def open_mark_form(self, asked: Click) -> Answer:
        person_id, _ = _numbers(asked.value)

        def build() -> View:
            line = self._guidelines.line(asked.user_id, person_id)
            return views.mark_form(line)

        self._windows.open(asked, build, push=asked.modal is not None)
        return Nothing()

    @on.submission(ids.MARK, may=rights.CHAMPIONS.of(people_ids.PERSON))
    def mark(self, asked: Submission) -> Answer:
        person_id, _ = _numbers(asked.private_metadata)
        try:
            standing = self._guidelines.mark(asked.user_id, person_id, asked.form.text(views.REASON, views.REASON))
        except NoReason as why:
            return FieldErrors({views.REASON: why.words})
        return Show(views.marked_modal(standing))

    @on.click(ids.BACKFILL_FORM, may=rights.CHAMPIONS)
    def preview_backfill(self, asked: Click) -> Answer:
        def build() -> View:
            return views.preview_modal(self._backfill.preview(asked.user_id), self._general_channel)

        self._windows.open(asked, build, push=asked.modal is not None)
        return Nothing()

    @on.submission(ids.BACKFILL, may=rights.CHAMPIONS.of(ids.VERSION))
    def start_backfill(self, asked: Submission) -> Answer:
        number, _ = _numbers(asked.private_metadata)
        try:
            self._backfill.start(asked.user_id, number=number)
        except CannotBackfill as why:
            return Show(views.cannot_modal(why.words))
        return Show(views.started_modal())

    @on.click(ids.PAUSE, may=rights.CHAMPIONS.of(ids.BACKFILLING))
    def pause(self, asked: Click) -> Answer:
        self._backfill.pause(asked.user_id, _numbers(asked.value)[0])
        return Nothing()

    @on.click(ids.RESUME, may=rights.CHAMPIONS.of(ids.BACKFILLING))
    def resume(self, asked: Click) -> Answer:
        self._backfill.resume(asked.user_id, _numbers(asked.value)[0])
        return Nothing()

    @on.click(ids.CANCEL, may=rights.CHAMPIONS.of(ids.BACKFILLING))
    def cancel(self, asked: Click) -> Answer:
        self._backfill.cancel(asked.user_id, _numbers(asked.value)[0])
        return Nothing()

    @on.click(ids.FAILURES, may=rights.CHAMPIONS.of(ids.BACKFILLING))
    def show_failures(self, asked: Click) -> Answer:
        campaign_id, _ = _numbers(asked.value)

        def build() -> View:
            return views.failures_modal(self._backfill.failures(asked.user_id, campaign_id))

        self._windows.open(asked, build, push=asked.modal is not None)
        return Nothing()

    def _outstanding(self, viewer: str, cursor: str) -> View:
        return views.outstanding_modal(self._guidelines.outstanding(viewer, cursor), self._guidelines.counts())

    def _searched(self, viewer: str, text: str, cursor: str = "") -> View:
        return views.outstanding_modal(self._guidelines.search(viewer, text, cursor), self._guidelines.counts())


def _numbers(value: str | None) -> tuple[int, int]:
    """What a button or view carries: one number or two. It came back from a client, so anything may stand there."""
    first, _, second = (value or "").partition(":")
    if len(value or "") > _LONGEST or not all(each.isascii() and each.isdecimal() for each in (first, second or "0")):
        raise NotAvailable
    return int(first), int(second or "0")


_LONGEST = 18  # digits that fit the database's numbers
