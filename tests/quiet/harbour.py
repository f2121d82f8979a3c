"""What people do about a channel that has gone quiet, in the tests of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from gpbot.bootstrap import app_manifest
from gpbot.practice import Channel, Person, Screen
from gpbot.proposals.types import Proposed
from gpbot.quiet import store
from gpbot.quiet.types import Watched
from tests.stage import Stage

DAYS = 60
ASKED = "Is #harbour still needed?"
KEEP, LET_GO, ARCHIVE = "Keep it", "It can be archived", "Archive"


@dataclass
class Harbour:
    """A community and its channel #harbour."""

    c: Stage
    proposal_id: UUID
    place: Channel

    # --- time --------------------------------------------------------------------------------------------------------

    def quiet(self, days: int = DAYS) -> None:
        """So many days in which nobody writes, and gpbot has looked since."""
        self.c.clock.advance(days=days)
        self.c.settle(5)

    def becomes_quiet(self) -> None:
        self.quiet(DAYS + 1)

    def offered(self) -> Screen:
        """It has become quiet, and Tom says that it can be archived."""
        self.becomes_quiet()
        self.press(self.c.tom, LET_GO)
        return self.card()

    # --- what people see ---------------------------------------------------------------------------------------------

    def asked(self, who: Person) -> list[Screen]:
        """The direct messages with a question that is open, as they stand now."""
        return [said for said in who.inbox if KEEP in said.buttons]

    def questions(self, who: Person) -> int:
        """How many questions this person ever got, whatever stands there now."""
        sent = [call for call in self.calls("chat.postMessage") if call.args.get("channel") == who.id]
        return len([call for call in sent if call.response.get("ok") and call.args.get("text") == ASKED])

    def cards(self) -> list[Screen]:
        """All that was ever posted about it in the champions' channel, as it stands now."""
        own = {call.response["ts"] for call in self.calls("chat.postMessage") if "is quiet." in str(call.args["text"])}
        return [said for said in self.c.amina.read(self.c.triage) if said.ts in own]

    def card(self) -> Screen:
        """The one in the champions' channel."""
        (found,) = self.cards()
        return found

    def home(self, who: Person) -> str:
        self.c.look_away(who)
        who.open_home()
        self.c.settle(1)
        assert who.home is not None
        return who.home.text

    # --- what people do ----------------------------------------------------------------------------------------------

    def press(self, who: Person, words: str) -> None:
        """On the question."""
        who.press(words, within=self.asked(who)[-1])
        self.c.settle(5)

    def press_card(self, who: Person, words: str) -> None:
        who.press(words, within=self.card())
        self.c.settle(5)

    def send(self, who: Person, action_id: str, value: str | None = None) -> str:
        """Press a button of the first round that they may not have in front of them; the answer to it."""
        self.c.look_away(who)
        who.send_action(action_id, f"{self.proposal_id} 1" if value is None else value)
        self.c.settle()
        return who.modal.text if who.modal is not None else who.inbox[-1].text

    def write(self, who: Person, text: str = "Does anybody know a boat?", **how: Any) -> Screen:
        if who.id not in self.place.members:
            self.c.workspace.invite(self.place, who)
        return who.say(text, to=self.place, **how)

    def restart(self, **settings: Any) -> None:
        """Another process, perhaps with other settings; the app is installed again from its manifest."""
        self.c.stop()
        self.c.settings = replace(self.c.settings, **settings)
        self.install()
        self.c.start()
        self.c.settle(5)

    def install(self, *, but: Sequence[str] = ()) -> None:
        manifest = app_manifest(self.c.settings, url="http://127.0.0.1/slack/events")
        scopes = manifest["oauth_config"]["scopes"]["bot"]
        manifest["oauth_config"]["scopes"]["bot"] = [scope for scope in scopes if scope not in but]
        self.c.workspace.install(manifest)

    def calls(self, method: str) -> list[Any]:
        return [call for call in self.c.workspace.calls if call.method == method]

    def is_archived(self) -> bool:
        return self.place.is_archived

    def archivings(self) -> int:
        return len([call for call in self.calls("conversations.archive") if call.response.get("ok")])

    @property
    def watched(self) -> Watched:
        with self.c.bot.records.database.read() as session:
            found = store.find(session, self.proposal_id)
        assert found is not None
        return found


def open_harbour(c: Stage, *, days: int = DAYS, stewards: Sequence[str] = ("tom", "nadia")) -> Harbour:
    c.stop()
    c.settings = replace(c.settings, quiet_channel_days=days)
    c.workspace.install(app_manifest(c.settings, url="http://127.0.0.1/slack/events"))
    c.workspace.invite(c.general, c.app.bot_user_id)
    c.start()
    proposals = c.bot.records.proposals
    wanted = Proposed(purpose="Boats.", name="harbour", steward_ids=tuple(c.people[name].id for name in stewards))
    proposal = proposals.propose(c.mona.id, "harbour", wanted)
    proposals.approve(c.amina.id, proposal.id)
    c.settle(12)
    (place,) = (each for each in c.workspace.channels.values() if each.name == "harbour")
    return Harbour(c=c, proposal_id=proposal.id, place=place)
