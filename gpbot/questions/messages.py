"""What questions send later: the card in the champions' channel, neutral direct messages, and public answers."""

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.db import Database
from gpbot.erasing import as_moment
from gpbot.home.notices import SOMETHING, something
from gpbot.outbox.types import Edit, NotSent, Outgoing, Post, Receipt, Withdraw
from gpbot.people import members as people
from gpbot.questions import ids, jobs, views
from gpbot.questions.jobs import Owed
from gpbot.questions.store import Message, Opened, Store
from gpbot.questions.types import Entry, MessageKind, State
from gpbot.questions.wording import NOT_POSTED
from gpbot.questions.workflow import Questions
from gpbot.slack.blocks import Block, context, words

ANSWERED_IN_PUBLIC = "The champions answer a question."


def public_blocks(entry: Entry) -> list[Block]:
    """The champion's words alone: nothing that was asked is repeated, nor who asked it."""
    return [context(f"*{ANSWERED_IN_PUBLIC}*"), *words(entry.text)]


class QuestionMessages:
    """The handler of every job about a question. Its status is asked again, here, at the moment of sending."""

    def __init__(self, database: Database, store: Store, owed: Owed, questions: Questions) -> None:
        self._database = database
        self._store = store
        self._owed = owed
        self._questions = questions
        self._rendered: dict[jobs.QuestionJob, list[Block]] = {}  # while it is being sent

    def prepare(self, job: jobs.QuestionJob) -> Outgoing | Withdraw | None:
        try:
            if self._time_has_come(job) or not isinstance(job, jobs.OfQuestion):
                return None
            return self._outgoing(job)
        except DoesNotOpen:
            raise NotSent("does_not_open") from None  # again later: the missing key may come back

    def _outgoing(self, job: jobs.OfQuestion) -> Outgoing | Withdraw | None:
        with self._database.read() as session:
            opened = self._store.open_as_caretaker(session, job.question)
            if isinstance(job, jobs.Tell):
                return self._tell(session, job, opened)
            return self._render(session, job, opened) if opened else None

    def _tell(self, session: Session, job: jobs.Tell, opened: Opened | None) -> Post | Withdraw | None:
        everybody = people.roster(session).everyone
        to = next((each.slack_id for each in everybody if job.to in self._owed.marks(each.slack_id)), None)
        if to is None:
            return None
        if opened is None or opened.state is not State.OPEN or to not in opened.answerers:
            return Withdraw(to=to)
        return Post(to=to, text=SOMETHING, blocks=something(ids.OPEN, str(opened.id)))

    def _render(self, session: Session, job: jobs.OfQuestion, opened: Opened) -> Outgoing | None:
        is_open = opened.state is State.OPEN
        match job:
            case jobs.Card() if is_open and job.card == opened.card:
                return Post(
                    to=self._owed.triage_channel,
                    text=views.CARD,
                    blocks=views.empty_card(opened.id),
                    look_back=False,
                )
            case jobs.Fill() if is_open:
                shown = self._card_at(session, opened, job.ts)
                if shown is not None:
                    blocks = self._rendered[job] = self._card(session, opened)
                    where = {"channel_id": shown.channel_id, "message_ts": shown.message_ts}
                    return Edit(**where, text=views.CARD, blocks=blocks)
            case jobs.News():
                return Post(to=opened.head.asker, text=SOMETHING, blocks=something(ids.OPEN, str(opened.id)))
            case jobs.Publish():
                entry = self._entry(session, opened, job)
                if entry is not None and opened.head.may_be_public:
                    blocks = public_blocks(entry)
                    return Post(to=entry.channel_id, text=ANSWERED_IN_PUBLIC, blocks=blocks, look_back=False)
        return None

    # See docs/decisions/0035-cards-without-words.md
    def record(self, session: Session, job: jobs.QuestionJob, receipt: Receipt) -> None:
        if not isinstance(job, jobs.OfQuestion):
            return
        opened = self._store.open_as_caretaker(session, job.question, to_write=True)
        if isinstance(job, jobs.Fill):
            rendered = self._rendered.pop(job, None)
            # What was rendered before a change may have been shown after what was rendered later.
            if opened is not None and opened.state is State.OPEN and rendered != self._card(session, opened):
                self._owed.fill(session, opened.id, job.ts)
            return
        if receipt.channel_id is None or receipt.message_ts is None:
            return
        if isinstance(job, jobs.Card):
            is_current = opened is not None and opened.card == job.card
            self._questions.note_card(session, opened if is_current else None, receipt.channel_id, receipt.message_ts)
        elif isinstance(job, jobs.News | jobs.Tell):
            is_told = isinstance(job, jobs.Tell)
            if opened is None or (is_told and opened.state is not State.OPEN):
                self._questions.screens.unsend(session, receipt.channel_id, receipt.message_ts)
            else:
                kind = MessageKind.TOLD if is_told else MessageKind.NEWS
                self._store.note_message(
                    session, opened, kind, channel_id=receipt.channel_id, message_ts=receipt.message_ts
                )

    def held(self, job: jobs.QuestionJob) -> None:
        """The champions' channel cannot be used: each of those who answer is told by themselves meanwhile, once."""
        if not isinstance(job, jobs.Card):
            return
        with self._database.begin() as session:
            opened = self._store.open_as_caretaker(session, job.question)
            if opened is not None and opened.state is State.OPEN:
                for who in opened.answerers:
                    self._owed.tell(session, opened.id, -opened.card, who)

    def gave_up(self, session: Session, job: jobs.QuestionJob, code: str) -> None:
        """People who can still do something about it are told."""
        self._rendered.pop(job, None)
        if not isinstance(job, jobs.Card | jobs.Fill | jobs.News | jobs.Publish):
            return
        try:
            opened = self._store.open_as_caretaker(session, job.question, to_write=True)
        except DoesNotOpen:
            return  # nobody can read what there would be to tell
        if opened is not None:
            self._fall_back(session, job, opened, code)

    def _fall_back(self, session: Session, job: jobs.OfQuestion, opened: Opened, code: str) -> None:
        match job:
            case jobs.Fill():
                shown = self._card_at(session, opened, job.ts)
                if shown is not None and code == "message_not_found":  # somebody deleted it
                    self._store.forget_message(session, shown.id)
            case jobs.Card() if opened.state is State.OPEN:
                for who in opened.answerers:
                    self._owed.tell(session, opened.id, 0, who)
            case jobs.News():
                self._questions.could_not_reach(session, opened)
            case jobs.Publish():
                entry = self._entry(session, opened, job)
                if entry is not None:
                    said = NOT_POSTED.format(channel=entry.channel_id)
                    self._questions.could_not_send(session, opened, said, tell=entry.author)

    def _card(self, session: Session, opened: Opened) -> list[Block]:
        return views.card(self._store.as_seen(session, opened, ""))

    def _card_at(self, session: Session, opened: Opened, message_ts: str) -> Message | None:
        messages = self._store.messages(session, opened)
        return next(
            (each for each in messages if each.kind is MessageKind.CARD and each.message_ts == message_ts), None
        )

    def _entry(self, session: Session, opened: Opened, job: jobs.Publish) -> Entry | None:
        return next((each for each in self._store.entries(session, opened) if each.id == job.entry), None)

    def _time_has_come(self, job: jobs.QuestionJob) -> bool:
        """Whether it was a timer, which has done its work now."""
        match job:
            case jobs.Quiet():
                self._questions.quiet(job.question, job.turn)
            case jobs.Forget():
                self._questions.forget(job.question, as_moment(job.looked_at))
            case jobs.RosterChanged():
                self._questions.roster_changed()
            case _:
                return False
        return True
