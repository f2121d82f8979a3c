"""What questions bring: asking the champions, and answering."""

from datetime import timedelta

from gpbot.guidelines.workflow import Guidelines
from gpbot.kit import Kit, Surface, Workflow
from gpbot.people.known_as import KnownAs
from gpbot.people.workflow import People
from gpbot.people.writers import Writers
from gpbot.places.messages import Waiting
from gpbot.places.workflow import Places
from gpbot.questions.changes import Changes
from gpbot.questions.home import QuestionsSection
from gpbot.questions.jobs import Owed, QuestionJob
from gpbot.questions.listeners import QuestionListeners
from gpbot.questions.messages import QuestionMessages
from gpbot.questions.store import Store
from gpbot.questions.workflow import Questions
from gpbot.reports.filing import Filing


def use_cases(kit: Kit) -> None:
    places, triage = kit.get(Places), kit.settings.triage_channel
    store, owed = Store(kit.keyring), Owed(kit.outbox, kit.keyring, triage_channel=triage)
    questions = kit.add(
        Questions(
            database=kit.database,
            store=store,
            owed=owed,
            changes=Changes(
                store=store,
                owed=owed,
                screens=kit.screens,
                audit=kit.audit,
                clock=kit.database.clock,
                keep_closed=timedelta(days=kit.settings.keep_questions_days),
            ),
            screens=kit.screens,
            filing=kit.get(Filing),
            known_as=kit.get(KnownAs),
            is_in_channel=lambda: places.is_fit(triage),
            look_at_channel=lambda: places.find_out(triage),
        )
    )
    kit.seal_what_stands.append(questions.seal_what_stands)
    kit.get(People).roster_changed.connect(questions.owed.roster_changed)
    places.opened_to_others.connect(
        lambda session, channel_id: questions.take_cards_back(session) if channel_id == triage else None
    )


def surface(kit: Kit, slack: Surface) -> None:
    questions = kit.get(Questions)
    listeners = slack.listen(
        QuestionListeners(
            kit.community,
            slack.windows,
            kit.get(People),
            questions=questions,
            filing=kit.get(Filing),
            triage_channel=kit.settings.triage_channel,
            writers=kit.get(Writers),
            guidelines=kit.get(Guidelines),
            lists=slack.lists,
        )
    )
    section = QuestionsSection(questions)
    slack.home.section(40, section, waiting=section.waiting)
    slack.home.window(listeners.render_window)
    messages = QuestionMessages(kit.database, questions.store, questions.owed, questions)
    slack.send(QuestionJob, Waiting(messages, kit.get(Places), held=messages.held))
    slack.at_start.append(questions.forget_overdue)


WORKFLOW = Workflow(
    name="questions", use_cases=use_cases, surface=surface, listeners=(QuestionListeners,), jobs=(QuestionJob.KIND,)
)
