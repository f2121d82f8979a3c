"""What arriving sends later, rendered at delivery, and adding people to the channels they chose."""

from dataclasses import replace

from sqlalchemy.orm import Session

from gpbot.community import Community
from gpbot.directory.joining import Joining
from gpbot.directory.types import Outcome
from gpbot.onboarding import jobs, store, views
from gpbot.onboarding.types import Arrival, Chosen
from gpbot.onboarding.views import Places
from gpbot.onboarding.workflow import Onboarding
from gpbot.outbox.types import Delete, Edit, Outgoing, Post, Receipt, UpdateView, Withdraw
from gpbot.people import members as people
from gpbot.slack.blocks import Element


class OnboardingMessages:
    """The handler of every job about arriving. Whether it is still to be sent is decided again, here."""

    def __init__(
        self,
        community: Community,
        onboarding: Onboarding,
        joining: Joining,
        places: Places,
        *,
        doors: list[Element],
    ) -> None:
        self._community = community
        self._onboarding = onboarding
        self._database = onboarding.database
        self._joining = joining
        self._places = places
        self._doors = doors

    def prepare(self, job: jobs.OnboardingJob) -> Outgoing | Withdraw | None:
        match job:
            case jobs.Join():
                self._join(job.chosen)
                return None
            case jobs.Forget():
                self._onboarding.forget(job.person)
                return None
            case jobs.Unsend():
                return Delete(channel_id=job.channel, message_ts=job.ts)
        with self._database.read() as session:
            return self._render(session, job)

    def _render(self, session: Session, job: jobs.OnboardingJob) -> Outgoing | Withdraw | None:
        member = people.member(session, job.person)
        if member is None:
            return None
        arrival = self._onboarding.arrival_of(session, member)
        match job:
            case jobs.Begin():
                return self._begin(session, job, arrival)
            case jobs.Show() | jobs.Results():
                return self._show(session, job, arrival)
            case jobs.Window():
                results = self._onboarding.results_of(session, job.person, job.round)
                return UpdateView(view_id=job.view, view=views.results_modal(results))
            case jobs.Week() if self._onboarding.is_still_owed(session, job.person, job.spell):
                text, blocks = views.week_message(self._community, self._doors)
                return Post(to=member.slack_id, text=text, blocks=blocks)
            case jobs.Card() if arrival.card is None and member.kind.is_here and not member.deactivated:
                # Their words follow once it is known where it stands, so that a copy nobody knows of never holds any.
                text, blocks = views.card_text(arrival), views.card_blocks(replace(arrival, why=None))
                return Post(to=self._places.welcome, text=text, blocks=blocks, look_back=False)
            case jobs.Fill() if arrival.card is not None:
                channel_id, message_ts = arrival.card
                text, blocks = views.card_text(arrival), views.card_blocks(arrival)
                return Edit(channel_id=channel_id, message_ts=message_ts, text=text, blocks=blocks)
            case jobs.Welcomed() if member.kind.is_here and not member.deactivated:
                welcomer = people.member(session, job.by)
                if welcomer is not None and arrival.welcomed_by == welcomer.slack_id:
                    text, blocks = views.welcomed_message(welcomer.slack_id)
                    return Post(to=member.slack_id, text=text, blocks=blocks)
        return None

    def record(self, session: Session, job: jobs.OnboardingJob, receipt: Receipt) -> None:
        if receipt.channel_id is None or receipt.message_ts is None:
            return
        place = receipt.channel_id, receipt.message_ts
        match job:
            case jobs.Begin() | jobs.Results():
                self._onboarding.note_message(session, job.person, *place)
            case jobs.Week():
                self._onboarding.note_check(session, job.person)
            case jobs.Card():
                self._onboarding.note_card(session, job.person, *place)
            case _:
                pass

    def gave_up(self, session: Session, job: jobs.OnboardingJob, code: str) -> None:  # noqa: ARG002  (a handler's)
        """People who wait to be added read that it did not work, and how to join without gpbot."""
        if isinstance(job, jobs.Join):
            self._onboarding.note_outcome(session, job.chosen, Outcome.REFUSED)

    def _begin(self, session: Session, job: jobs.Begin, arrival: Arrival) -> Post | Withdraw | None:
        member = self._onboarding.is_still_owed(session, job.person, job.spell)
        if arrival.skipped and arrival.member.kind.is_here and not arrival.member.deactivated:
            return Withdraw(to=arrival.member.slack_id)  # perhaps they skipped it in the very message
        again = job.nth > 0
        if member is None or (again and arrival.joined and arrival.gave_why):
            return None
        text, blocks = self._message(session, arrival, again=again)
        return Post(to=member.slack_id, text=text, blocks=blocks)

    def _show(self, session: Session, job: jobs.Show | jobs.Results, arrival: Arrival) -> Outgoing | None:
        text, blocks = self._message(session, arrival)
        if isinstance(job, jobs.Show) and arrival.message is not None:
            channel_id, message_ts = arrival.message
            return Edit(channel_id=channel_id, message_ts=message_ts, text=text, blocks=blocks)
        if isinstance(job, jobs.Results) and arrival.message is None and (arrival.skipped or not arrival.is_new):
            return Post(to=arrival.member.slack_id, text=text, blocks=blocks)
        return None

    def _message(self, session: Session, arrival: Arrival, *, again: bool = False) -> tuple[str, list[Element]]:
        may_choose = self._onboarding.may_choose(session, arrival.member.slack_id)
        return views.arrival_message(self._community, arrival, self._places, may_choose=may_choose, again=again)

    def _join(self, chosen: Chosen) -> None:
        with self._database.read() as session:
            member = people.member(session, chosen.person_id)
            known = store.chosen(session, chosen.person_id, chosen.number)
            if member is None or known.get(chosen.channel_id) is not None:
                return
            may_choose = self._onboarding.may_choose(session, member.slack_id)
            channel = self._onboarding.directory.get(session, chosen.channel_id)
        if channel is None:
            outcome = Outcome.GONE
        elif not may_choose:
            outcome = Outcome.REFUSED
        else:
            outcome = self._joining.add(chosen.channel_id, member.slack_id)
        with self._database.begin() as session:
            self._onboarding.note_outcome(session, chosen, outcome)
