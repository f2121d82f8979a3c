"""What people find when the storm is over: everything acknowledged, every job done, and nothing twice."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from gpbot.bootstrap import Gpbot, build
from gpbot.outbox.models import JobRow
from gpbot.practice.person import Person
from gpbot.practice.screens import Screen
from gpbot.reports import ids
from gpbot.settings import load_settings
from gpbot.web.server import WebServer, wsgi_app
from tests.crash.campaigning import is_first_message
from tests.crash.reporting import Reporter
from tests.running import Town
from tests.stage import StoppedClock

SOON = timedelta(minutes=10)  # past every lease, second look and early back-off; draft reminders may come by then
MOST_TURNS = 5000


@dataclass
class Found:
    """What was there in the end, in numbers."""

    reports: int
    messages: int
    removed: int  # copies that were there twice for a while


@contextmanager
def last_life(here: Town) -> Iterator[Gpbot]:
    """On the same database and on a clock that is moved, past the leases of the dead, until everything is settled."""
    clock = StoppedClock(datetime.now(UTC))
    bot = build(load_settings(here.settings(http=True)), clock=clock)
    web = WebServer(wsgi_app(bot.app, bot.health), host="127.0.0.1", port=0)
    web.start()
    here.workspace.deliver_to(f"http://127.0.0.1:{web.port}/slack/events")
    try:
        catch_up(bot, clock)
        yield bot
    finally:
        web.stop()
        bot.stop()


def catch_up(bot: Gpbot, clock: StoppedClock) -> None:
    for _ in range(MOST_TURNS):
        bot.settle()
        with bot.records.database.read() as session:
            due = session.execute(select(func.min(JobRow.run_at)).where(JobRow.state == "ready")).scalar()
        if due is None or due > clock.at + SOON:
            return
        clock.at = max(due, clock.at + timedelta(seconds=1))
    raise AssertionError("what is owed does not come to an end")


def assert_all_is_well(
    here: Town, bot: Gpbot, reporters: Iterable[Reporter], *, once: bool = True, closed: Collection[str] = ()
) -> Found:
    """`once`: nothing was there twice even for a while; otherwise a second copy may have been, and has gone.

    `closed`: reports of others, which wait for nobody.
    """
    written = {each.who.id: each.acknowledged for each in reporters}
    assert all(written.values()), "somebody could not report anything: this test tests nothing"
    state = bot.health()
    assert (state["outbox"]["dead"], state["outbox"]["overdue_seconds"], gave_up(bot)) == (0, 0.0, [])
    receipts = {each.id: newest_messages(each) for each in here.members}
    stubs = {each.id: newest_messages(each) for each in here.champions}
    reports = set().union(*receipts.values())
    removed = copies_removed(here)
    assert not (once and removed), f"{removed} messages were there twice for a while"

    found: Counter[str] = Counter()
    for person in here.members:
        assert reported_by(bot, person) == receipts[person.id]
        mine = [look_at(bot, person, report) for report in receipts[person.id]]
        found.update(words for words in written[person.id] for text in mine if words in text)
    acknowledged = Counter(words for mine in written.values() for words in mine)
    lost, more = acknowledged - found, found - acknowledged
    assert not lost, f"{lost.total()} acknowledged reports are lost"
    assert not (once and more), f"{more.total()} reports were filed twice"

    for champion in here.champions:
        assert stubs[champion.id] - set(closed) == reports
        assert waiting_for(bot, champion, here) == reports
    for contact in here.contacts:
        assert all(is_first_message(message) for message in contact.inbox), "a contact was told of a report"
    champion = here.champions[0]
    read = "\n".join(look_at(bot, champion, report) for report in sorted(reports))
    assert all(words in read for mine in written.values() for words in mine)
    with bot.records.database.read() as session:
        assert bot.records.audit.verify(session).broken_at is None
    said = "".join(life.text for life in here.lives)
    assert "canary" not in said
    assert "Traceback" not in said, said[said.index("Traceback") - 300 :][:3000]
    return Found(
        reports=len(acknowledged),
        messages=sum(map(len, receipts.values())) + sum(map(len, stubs.values())),
        removed=removed,
    )


def gave_up(bot: Gpbot) -> list[tuple[str, str | None]]:
    """Kind and code of each job that is dead."""
    with bot.records.database.read() as session:
        dead = select(JobRow.kind, JobRow.last_error).where(JobRow.state == "dead")
        return [(kind, code) for kind, code in session.execute(dead)]


def newest_messages(person: Person) -> set[str]:
    """The reports that this person has a message about: one message each."""
    offered = [report for message in person.inbox for report in opened_by(message)]
    twice = [report for report, times in Counter(offered).items() if times > 1]
    assert not twice, f"{person} has {len(twice)} messages twice"
    return set(offered)


def copies_removed(here: Town) -> int:
    """How many direct messages were deleted; each wire id is in one message now."""
    conversations = [here.workspace.dm(each.id) for each in here.everyone]
    for conversation in conversations:
        said = conversation.messages.values()
        wires = Counter(message.metadata["event_payload"]["id"] for message in said if message.metadata)
        assert set(wires.values()) <= {1}
    direct = {conversation.id for conversation in conversations}
    return sum(
        call.method == "chat.delete" and bool(call.response.get("ok")) and call.args["channel"] in direct
        for call in here.workspace.calls
    )


def look_at(bot: Gpbot, person: Person, report: str) -> str:
    """Press Open on the message about a report; what the modal then says."""
    [message] = [each for each in person.inbox if report in opened_by(each)]
    person.press("Open", within=message)
    bot.windows.settle()
    assert person.modal is not None
    text = person.modal.text
    person.dismiss(all=True)
    return text


def reported_by(bot: Gpbot, person: Person) -> set[str]:
    """Every report that this person's App Home leads to."""
    person.open_home()
    bot.settle()
    home = person.home
    assert home is not None
    shown = set(opened_by(home))
    if has_more(home):
        person.press("Older", within=home)
        bot.windows.settle()
        shown |= page_after_page(bot, person)
    return shown


def waiting_for(bot: Gpbot, champion: Person, here: Town) -> set[str]:
    """Every report on this champion's own list."""
    champion.press("What is waiting for me", channel=here.triage)
    bot.windows.settle()
    return page_after_page(bot, champion)


def page_after_page(bot: Gpbot, person: Person) -> set[str]:
    shown: set[str] = set()
    while True:
        modal = person.modal
        assert modal is not None
        shown |= set(opened_by(modal))
        if not has_more(modal):
            person.dismiss(all=True)
            return shown
        person.press("Older", within=modal)
        bot.windows.settle()


def opened_by(screen: Screen) -> list[str]:
    """The reports that buttons on this screen open."""
    return [
        str(control.element["value"])
        for control in screen.controls
        if control.action_id == ids.OPEN or control.action_id.startswith(f"{ids.OPEN}:")
    ]


def has_more(screen: Screen) -> bool:
    return any(control.words == "Older" for control in screen.controls)
