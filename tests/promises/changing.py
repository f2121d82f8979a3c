"""What changes around a report, with or without one: the champions' channel, who may act, and who works where."""

from dataclasses import dataclass
from datetime import UTC, datetime

from gpbot.people import ids, views
from tests.promises.worlds import CAST, World, submit, text_state

SPOILED = ("public", "shared", "archived", "without gpbot")
ORGANISATIONS = ("City Welcome", "Open Door", "")
_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SpoilChannel:
    """The champions' channel is not as it has to be; gpbot counts on what it knows for ten minutes at most."""

    how: str

    def play(self, world: World) -> None:
        MendChannel().play(world)
        c = world.c
        match self.how:
            case "public":
                # It shows everybody what stands there, which gpbot can only take away afterwards.
                world.words.lay_open("\n".join(str(said.blocks) for said in c.triage.messages.values()), to=CAST)
                c.workspace.make_public(c.triage)
            case "shared":
                c.workspace.share(c.triage)
            case "archived":
                c.workspace.archive(c.triage)
            case _:
                c.workspace.remove(c.triage, c.app.bot_user_id)
        c.clock.advance(minutes=11)
        world.unfit.append((c.clock.now(), _EVER))


@dataclass(frozen=True, slots=True)
class MendChannel:
    """It is again as it has to be; nothing where it is."""

    def play(self, world: World) -> None:
        c = world.c
        if c.triage.is_archived:
            c.workspace.unarchive(c.triage)
        if not c.triage.is_private:
            c.workspace.make_private(c.triage)
        c.workspace.unshare(c.triage)
        if c.app.bot_user_id not in c.triage.members:
            c.workspace.invite(c.triage, c.app.bot_user_id)
        world.unfit[:] = [(since, min(until, c.clock.now())) for since, until in world.unfit]


@dataclass(frozen=True, slots=True)
class BecomeGuest:
    """A champion who is a guest reads nothing; a contact may be one."""

    who: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.oracle.may_have_lost()
            world.oracle.guests.add(self.who)
            world.c.workspace.change_kind(world.person(self.who), guest=True)


@dataclass(frozen=True, slots=True)
class BecomeMember:
    """Again, and with what they could read before."""

    who: str

    def play(self, world: World) -> None:
        if world.can_act(self.who) and self.who in world.oracle.guests:
            world.oracle.guests.discard(self.who)
            world.c.workspace.change_kind(world.person(self.who), guest=False)
            if not world.oracle.could_read:
                world.oracle.may_have_lost()


@dataclass(frozen=True, slots=True)
class SayWhereTheyWork:
    """On App Home; only of a role holder it is kept."""

    who: str
    organisation: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            submit(
                world.person(self.who), ids.ORGANISATION, "", {views.TEXT: {views.TEXT: text_state(self.organisation)}}
            )
