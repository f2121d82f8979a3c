"""What arriving sends later, rendered at delivery, and adding people to the channels they chose."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from gpbot.community import Community
from gpbot.directory.joining import Joining
from gpbot.directory.types import Outcome
from gpbot.onboarding import store, views
from gpbot.onboarding.owed import Task
from gpbot.onboarding.types import Arrival, Chosen
from gpbot.onboarding.views import Places
from gpbot.onboarding.workflow import Onboarding
from gpbot.outbox.types import Delete, Edit, Outgoing, Post, Receipt, UpdateView, Withdraw
from gpbot.people import store as people
from gpbot.slack.blocks import Element


class OnboardingMessages:
    """The handler of every job about arriving. Whether it is still owed is asked again, here."""

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

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        person_id = int(payload["person"])
        match Task(payload["task"]):
            case Task.JOIN:
                self._join(_chosen(payload))
                return None
            case Task.FORGET:
                self._onboarding.forget_words(person_id)
                return None
            case Task.UNSEND:
                return Delete(channel_id=str(payload["channel"]), message_ts=str(payload["ts"]))
        with self._database.read() as session:
            return self._render(session, payload, person_id)

    def _render(self, session: Session, payload: dict[str, Any], person_id: int) -> Outgoing | Withdraw | None:
        member = people.member(session, person_id)
        if member is None:
            return None
        arrival = self._onboarding.arrival_of(session, member)
        match Task(payload["task"]):
            case Task.BEGIN:
                return self._begin(session, payload, arrival)
            case Task.SHOW | Task.RESULTS as task:
                return self._show(session, task, arrival)
            case Task.WINDOW:
                results = self._onboarding.results_of(session, person_id, int(payload["round"]))
                return UpdateView(view_id=str(payload["view"]), view=views.results_modal(results))
            case Task.WEEK if self._onboarding.is_still_owed(session, person_id, int(payload["spell"])):
                text, blocks = views.week_message(self._community, self._doors)
                return Post(to=member.slack_id, text=text, blocks=blocks)
            case Task.CARD if arrival.card is None and member.kind.is_here and not member.deactivated:
                # Their words follow once it is known where it stands, so that a copy nobody knows of never holds any.
                text, blocks = views.card_text(arrival), views.card_blocks(replace(arrival, why=None))
                return Post(to=self._places.welcome, text=text, blocks=blocks, look_back=False)
            case Task.FILL if arrival.card is not None:
                channel_id, message_ts = arrival.card
                text, blocks = views.card_text(arrival), views.card_blocks(arrival)
                return Edit(channel_id=channel_id, message_ts=message_ts, text=text, blocks=blocks)
            case Task.WELCOMED if member.kind.is_here and not member.deactivated:
                welcomer = people.member(session, int(payload["by"]))
                if welcomer is not None and arrival.welcomed_by == welcomer.slack_id:
                    text, blocks = views.welcomed_message(welcomer.slack_id)
                    return Post(to=member.slack_id, text=text, blocks=blocks)
        return None

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        if receipt.channel_id is None or receipt.message_ts is None:
            return
        person_id = int(payload["person"])
        place = receipt.channel_id, receipt.message_ts
        match Task(payload["task"]):
            case Task.BEGIN | Task.RESULTS:
                self._onboarding.note_message(session, person_id, *place)
            case Task.WEEK:
                self._onboarding.note_check(session, person_id)
            case Task.CARD:
                self._onboarding.note_card(session, person_id, *place)
            case _:
                pass

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:  # noqa: ARG002  (a handler's)
        """Whoever waits to be added reads that it did not work, and how to join without gpbot."""
        if Task(payload["task"]) is Task.JOIN:
            self._onboarding.note_outcome(session, _chosen(payload), Outcome.REFUSED)

    def _begin(self, session: Session, payload: dict[str, Any], arrival: Arrival) -> Post | Withdraw | None:
        member = self._onboarding.is_still_owed(session, arrival.member.person_id, int(payload["spell"]))
        if arrival.skipped and arrival.member.kind.is_here and not arrival.member.deactivated:
            return Withdraw(to=arrival.member.slack_id)  # perhaps they skipped it in the very message
        again = int(payload["nth"]) > 0
        if member is None or (again and arrival.joined and arrival.gave_why):
            return None
        text, blocks = self._message(session, arrival, again=again)
        return Post(to=member.slack_id, text=text, blocks=blocks)

    def _show(self, session: Session, task: Task, arrival: Arrival) -> Outgoing | None:
        text, blocks = self._message(session, arrival)
        if task is Task.SHOW and arrival.message is not None:
            channel_id, message_ts = arrival.message
            return Edit(channel_id=channel_id, message_ts=message_ts, text=text, blocks=blocks)
        if task is Task.RESULTS and arrival.message is None and (arrival.skipped or not arrival.is_new):
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


def _chosen(payload: dict[str, Any]) -> Chosen:
    return Chosen(
        person_id=int(payload["person"]),
        number=int(payload["round"]),
        channel_id=str(payload["channel"]),
        view_id=str(payload["view"]),
    )
