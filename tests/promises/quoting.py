"""A message is reported that speaks of two people and shares words of both: one of them reports it."""

from dataclasses import dataclass

from tests.promises.worlds import World

SUSPECTS = ("mona", "nadia")


@dataclass(frozen=True, slots=True)
class ReportMessage:
    """Of tom's, in public: it speaks of both, and shares words of both and a file of one."""

    who: str

    def play(self, world: World) -> None:
        here, who = world.c, world.person(self.who)
        both = " and ".join(here.people[name].mention for name in SUSPECTS)
        ids = " ".join(here.people[name].id for name in SUSPECTS)
        one, other = (here.people[name] for name in SUSPECTS)
        said = one.say(f"I am one of {both}", to=here.general, files=[f"{one.user.name}.pdf"])
        said = other.share(said, to=here.general, comment=f"{both} are liars, {ids}")
        said = here.tom.share(said, to=here.general, comment=f"look, {both}")
        who.message_shortcut("Report to the Champions", said)
        here.settle()
        who.fill("What happened", "See this.")
        who.submit()
        who.submit()
        here.settle()
        here.look_away(who)
        world.oracle.could_read = set(here.people)
        with here.bot.records.database.read() as session:
            [world.report_id] = here.bot.records.reports.open_reports(session, after=None)
