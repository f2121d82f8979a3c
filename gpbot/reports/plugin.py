"""What reports bring: telling the champions in confidence, and handling what they were told."""

from datetime import timedelta

from gpbot.guidelines.workflow import Guidelines
from gpbot.kit import Health, Kit, Surface, Workflow
from gpbot.people.known_as import KnownAs
from gpbot.people.listeners import PeopleListeners
from gpbot.people.workflow import People
from gpbot.people.writers import Writers
from gpbot.reports.cases import Cases
from gpbot.reports.changes import Changes
from gpbot.reports.comparing import Comparing
from gpbot.reports.filing import Filing
from gpbot.reports.handling import HandlingListeners
from gpbot.reports.home import ReportsSection
from gpbot.reports.jobs import Owed, ReportJob
from gpbot.reports.listeners import ReportListeners
from gpbot.reports.looking import ReportWindows
from gpbot.reports.messages import ReportMessages
from gpbot.reports.own import OwnReports
from gpbot.reports.store import Store
from gpbot.reports.timers import Timers


def use_cases(kit: Kit) -> None:
    people, known_as = kit.get(People), kit.get(KnownAs)
    store, owed = kit.add(Store(kit.keyring)), kit.add(Owed(kit.sealed_jobs, kit.screens))
    changes = kit.add(Changes(store, owed, kit.screens, kit.audit, external_help=kit.settings.external_help))
    store.before_writing(Comparing(store, changes, kit.audit, known_as, kit.database.clock).catch_up)
    timers = kit.add(
        Timers(
            database=kit.database,
            store=store,
            owed=owed,
            changes=changes,
            screens=kit.screens,
            audit=kit.audit,
            known_as=known_as,
            keep_closed=timedelta(days=kit.settings.keep_closed_days),
        )
    )
    kit.add(Filing.beside(timers))
    kit.add(Cases.beside(timers))
    kit.add(OwnReports.beside(timers))
    people.roster_changed.connect(owed.roster_changed)
    people.untold.connect(owed.roster_changed)
    people.renamed.connect(owed.compare)
    kit.seal_what_stands.append(timers.seal_what_stands)
    kit.before_slack.append(timers.compare_overdue)
    kit.health.append(lambda: _health(timers))


def surface(kit: Kit, slack: Surface) -> None:
    people, timers = kit.get(People), kit.get(Timers)
    filing, cases, own = kit.get(Filing), kit.get(Cases), kit.get(OwnReports)
    shown = ReportWindows(kit.community, slack.windows, slack.home, cases, own)
    slack.listen(
        ReportListeners(
            kit.community,
            slack.windows,
            people,
            filing=filing,
            cases=cases,
            own=own,
            guidelines=kit.get(Guidelines),
            writers=kit.get(Writers),
            shown=shown,
            lists=slack.lists,
        )
    )
    slack.listen(HandlingListeners(slack.windows, people, cases=cases, shown=shown))
    slack.home.section(10, ReportsSection(people, cases, own))
    slack.home.window(shown.render, state=shown.state)
    messages = ReportMessages(
        kit.database,
        kit.get(Store),
        filing=filing,
        timers=timers,
        changes=kit.get(Changes),
        screens=kit.screens,
        learn=kit.get(PeopleListeners).learn,
    )
    kit.sealed_jobs.send(ReportJob, messages)
    slack.at_start += [timers.forget_overdue, timers.look_for_damage]


def _health(timers: Timers) -> Health:
    all_open = timers.all_open()
    return Health(shows={"reports": "ok" if all_open else "some do not open with GPBOT_KEYS"}, ok=all_open)


WORKFLOW = Workflow(
    name="reports", use_cases=use_cases, surface=surface, listeners=(ReportListeners, HandlingListeners)
)
