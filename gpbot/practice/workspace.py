"""The practice workspace: who is in it, what is said in it, and what each of them can see."""

from __future__ import annotations

import inspect
import re
import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from gpbot.practice import ids, shapes
from gpbot.practice.channels import ChannelCare
from gpbot.practice.delivery import EVENTS, Courier
from gpbot.practice.faults import Faults
from gpbot.practice.limits import Limits
from gpbot.practice.messages import Messages
from gpbot.practice.person import Person
from gpbot.practice.sockets import Sockets
from gpbot.practice.state import (
    SLACKBOT,
    App,
    Call,
    Channel,
    Clock,
    Json,
    RealClock,
    Sight,
    User,
)
from gpbot.practice.views import Views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from gpbot.practice.screens import Screen

HANGING_SECONDS: Final = 600.0  # only what hangs takes so long
RESERVED_NAMES: Final = frozenset({"archive", "archived", "channel", "everyone", "group", "here", "me"})
Somebody = Person | App | str
T = TypeVar("T")


class PracticeProblem(AssertionError):
    """The bot did something that Slack would not have taken, and would not have told it."""


class Workspace(ChannelCare):
    """One Slack workspace with, at most, one app in it.

    `clock` tells its time (triggers, rate limits, retries, timestamps); the three seconds for an answer
    are real ones, and can be made longer or shorter. `patience` is how many real seconds people look for a
    button or field that is not there yet. With `rate_limits=False` Slack takes calls as fast as they come.
    """

    def __init__(
        self,
        name: str = "Practice",
        *,
        clock: Clock | None = None,
        patience: float = 0.0,
        rate_limits: bool = True,
    ) -> None:
        self.name = name
        self.domain = slug(name, "-")
        self.team_id = ids.slack_id("T", name)
        self.clock: Clock = clock or RealClock()
        self.patience = patience
        self.rate_limits = rate_limits
        self.ack_seconds = 3.0
        self.trigger_seconds = 3.0
        # What a preference leaves to a few people, so that neither the app nor anybody here may do it.
        self.restricted: set[Literal["archive", "create", "pin"]] = set()
        self.base_url = "http://127.0.0.1:0"

        self.lock = threading.RLock()
        self.users: dict[str, User] = {}
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.names: dict[str, str] = {}
        self.manifest: Json = {}
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.sights: list[tuple[frozenset[str], Sight]] = []
        self.sights_of: defaultdict[str, list[Sight]] = defaultdict(list)  # the same, by who could see them

        self.faults = Faults()
        self.limits = Limits()
        self.views = Views(self)
        self.messages = Messages(self)
        self.sockets = Sockets(self)
        self.courier = Courier(self)

        self._app: App | None = None
        self._changed = threading.Condition(self.lock)
        self._version = 0
        self._counts: Counter[str] = Counter()
        self._last_second: dict[str, int] = {}
        self._audiences: dict[str, frozenset[str]] = {}
        self._mine = threading.local()
        self._watchers: list[Callable[[], None]] = []
        self._add_user("Slackbot", user_id=SLACKBOT, display_name="Slackbot", name="slackbot")

    # --- the app -----------------------------------------------------------------------------------------

    @property
    def app(self) -> App:
        """The installed app."""
        if self._app is None:
            raise LookupError("No app is installed in this workspace yet.")
        return self._app

    @property
    def has_app(self) -> bool:
        return self._app is not None

    def install(self, manifest: Mapping[str, Any]) -> App:
        """Install an app from its manifest; installing again changes the manifest and keeps the tokens.

        Raises ValueError for commands or shortcuts without the scope that lets an app have them.
        """
        with self.acting():
            self.manifest = shapes.plain(manifest)
            if (self.feature("slash_commands") or self.feature("shortcuts")) and "commands" not in self.scopes:
                raise ValueError("The manifest has commands or shortcuts, but not the scope `commands`.")
            shown = self.feature("bot_user").get("display_name") or self.manifest["display_information"]["name"]
            if self._app is None:
                key = ids.digest(self.team_id, shown)
                bot_id, app_id = ids.slack_id("B", key), ids.slack_id("A", key)
                bot = self._add_user(
                    shown, display_name=shown, name=slug(shown, "_"), is_bot=True, bot_id=bot_id, app_id=app_id
                )
                self._app = App(
                    app_id=app_id,
                    bot_id=bot_id,
                    bot_user_id=bot.id,
                    bot_token=f"xoxb-practice-{key[:24]}",
                    app_token=f"xapp-practice-{ids.digest('app', key, length=24)}",
                    signing_secret=ids.digest("signing", key),
                    name=shown,
                )
            self.note(self._everyone(), "app profile", self._profile(), self.manifest)
            return self._app

    def feature(self, name: str) -> Any:
        """One part of the manifest's `features`; an empty one when it is left out."""
        return self.manifest.get("features", {}).get(name) or {}

    @property
    def scopes(self) -> frozenset[str]:
        """What the bot token may do."""
        return frozenset(self.manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ()))

    def deliver_to(self, *addresses: str) -> None:
        """Deliver signed requests to this address from now on; with none, over Socket Mode again.

        Several addresses stand for one with a load balancer behind it: they are taken in turn, and one that
        refuses the connection is passed over.
        """
        with self.acting():
            self.courier.addresses = addresses

    @property
    def connected(self) -> int:
        """How many Socket Mode connections are open."""
        return self.sockets.live

    def refresh_sockets(self, reason: str = "refresh_requested") -> None:
        """Ask every Socket Mode connection to make way for a new one, as Slack does every few hours."""
        self.sockets.disconnect(reason)

    def break_sockets(self) -> None:
        """End every Socket Mode connection without a word, as a network does."""
        self.sockets.break_off()

    def deliver_raw(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send any bytes to the delivery address, forged or cut short; gives the status and body of the answer."""
        return self.courier.raw(body, headers)

    def sign(self, body: bytes, *, timestamp: int | None = None, secret: str | None = None) -> dict[str, str]:
        """The headers of a delivery signed like Slack's; `timestamp` and `secret` for making them wrong."""
        return self.courier.sign(body, timestamp=timestamp, secret=secret)

    def run_due(self) -> None:
        """Deliver what has become due by the workspace's clock: retried and delayed events."""
        self.courier.run_due()

    def settle(self, timeout: float = HANGING_SECONDS) -> None:
        """Wait until every event that can be delivered now has been. Raises TimeoutError."""
        self.wait_until(self.courier.is_idle, timeout=timeout)

    # --- people and channels -----------------------------------------------------------------------------

    def add_person(
        self,
        real_name: str,
        *,
        display_name: str = "",
        title: str = "",
        guest: bool = False,
        bot: bool = False,
        external: bool = False,
        email: str | None = None,
        announce: bool = True,
    ) -> Person:
        """Somebody joins the workspace. Without `announce` they have been there all along (no `team_join`)."""
        with self.acting():
            user = self._add_user(
                real_name,
                display_name=display_name,
                title=title,
                email=email or f"{slug(real_name, '.')}@example.org",
                is_guest=guest,
                is_bot=bot,
                is_external=external,
                bot_id=ids.slack_id("B", self.team_id, real_name) if bot else None,
            )
            person = self.people[user.id] = Person(self, user)
            self._catch_up(user.id, (place for place in self.channels.values() if user.id in self.audience(place)))
            if self._app is not None:
                self.note({user.id}, "app profile", self._profile(), self.manifest)
            if announce and not external:
                self.emit("team_join", {"type": "team_join", "user": self.user_json(user)}, scope=user.id)
            return person

    def rename(
        self,
        person: Person,
        *,
        display_name: str | None = None,
        real_name: str | None = None,
        title: str | None = None,
        email: str | None = None,
    ) -> None:
        """Change what a profile says."""
        with self.acting():
            user = person.user
            user.display_name = user.display_name if display_name is None else display_name
            user.real_name = real_name or user.real_name
            user.title = user.title if title is None else title
            user.email = email or user.email
            self._changed_user(user)

    def deactivate(self, person: Person) -> None:
        """Close somebody's account: they see nothing any more, and stay in `users.list` as deleted."""
        with self.acting():
            person.user.is_deleted = True
            for place in self.channels.values():
                if person.id in place.members and not place.is_im:
                    place.members.remove(person.id)
            self.views.clear(person.id)
            self._changed_user(person.user)

    def reactivate(self, person: Person) -> None:
        """Open a closed account again."""
        with self.acting():
            person.user.is_deleted = False
            self._changed_user(person.user)

    def change_kind(self, person: Person, *, guest: bool) -> None:
        """An admin makes a guest of a member, or the reverse; a guest sees only the channels they are in."""
        with self.acting():
            person.user.is_guest = guest
            self._changed_user(person.user)

    def add_channel(
        self,
        name: str,
        *,
        private: bool = False,
        members: Sequence[Somebody] = (),
        topic: str = "",
        purpose: str = "",
        creator: Somebody = SLACKBOT,
    ) -> Channel:
        """A channel that somebody made, with these members from the beginning."""
        with self.acting():
            now = int(self.clock.now().timestamp())
            place = Channel(
                id=ids.slack_id("C", self.team_id, name, self.count(f"channels called {name}")),
                name=name,
                workspace=self,
                created=now,
                creator=id_of(creator),
                is_private=private,
                members=list(dict.fromkeys(map(id_of, members))),
            )
            place.topic = {
                "value": topic,
                "creator": place.creator if topic else "",
                "last_set": now if topic else 0,
            }
            place.purpose |= {"value": purpose}
            self.channels[place.id] = place
            self.names[place.id] = name
            self._audiences.clear()
            self._note_channel(place)
            if not private:
                about = {"id": place.id, "name": name, "created": now, "creator": place.creator}
                self.emit(
                    "channel_created",
                    {"type": "channel_created", "channel": about, "event_ts": self.stamp(place.id)},
                    scope=place.id,
                )
            return place

    def is_taken(self, name: str) -> bool:
        """Whether a channel can no longer be called so.

        Private and archived channels and people's names count too, and so do Slack's own words.
        """
        with self.lock:
            names = {place.name for place in self.channels.values()}
            return name in names | {user.name for user in self.users.values()} | RESERVED_NAMES

    def invite(self, place: Channel, who: Somebody, *, inviter: str | None = None) -> None:
        """Add somebody to a channel, which is said in it."""
        with self.acting():
            user = self.users[id_of(who)]
            if user.id in place.members:
                return
            place.members.append(user.id)
            self._audiences.clear()
            self._catch_up(user.id, [place])
            text = f"<@{user.id}> has joined the channel"
            joined = self.messages.post(place, user, text=text, subtype="channel_join", inviter=inviter)
            event = {
                "type": "member_joined_channel",
                "user": user.id,
                "channel": place.id,
                "channel_type": "G" if place.is_private else "C",
                "team": self.team_id,
                "event_ts": joined.ts,
            }
            self.emit(
                "member_joined_channel",
                event | ({"inviter": inviter} if inviter else {}),
                scope=place.id,
                place=place,
            )

    def remove(self, place: Channel, who: Somebody) -> None:
        """Take somebody out of a channel."""
        with self.acting():
            user = self.users[id_of(who)]
            if user.id not in place.members:
                return
            event = {
                "type": "member_left_channel",
                "user": user.id,
                "channel": place.id,
                "channel_type": "G" if place.is_private else "C",
                "team": self.team_id,
                "event_ts": self.stamp(place.id),
            }
            self.emit("member_left_channel", event, scope=place.id, place=place)
            place.members.remove(user.id)
            self._audiences.clear()

    def unfurl(self, message: Screen, title: str) -> None:
        """Slack adds a link's preview to a message, which the app is told of as `message_changed`."""
        with self.acting():
            said = self.channels[message.channel].messages[message.ts]
            self.messages.unfurl(
                said, [{"id": 1, "title": title, "fallback": title, "from_url": "https://example.org"}]
            )

    def describe(self, place: Channel, part: str, words: str, *, by: str) -> None:
        """Set a channel's `topic` or `purpose`, which is said in it."""
        with self.acting():
            now = int(self.clock.now().timestamp())
            setattr(place, part, {"value": words, "creator": by, "last_set": now})
            self._note_channel(place)
            said = f"set the channel {part}: {words}"
            self.messages.post(place, self.users[by], text=said, subtype=f"channel_{part}")

    def dm(self, user_id: str) -> Channel:
        """The direct message between this person and the app, which exists once it is looked for."""
        with self.lock:
            channel_id = ids.conversation_id(user_id, self.app.bot_user_id)
            if channel_id not in self.channels:
                self.channels[channel_id] = Channel(
                    id=channel_id,
                    name="",
                    workspace=self,
                    created=int(self.clock.now().timestamp()),
                    creator=self.app.bot_user_id,
                    is_im=True,
                    members=[self.app.bot_user_id, user_id],
                )
            return self.channels[channel_id]

    def audience(self, place: Channel) -> frozenset[str]:
        """Who can read a conversation: its people, and for a public channel every full member."""
        with self.lock:
            if place.id not in self._audiences:
                inside = [self.users[user_id] for user_id in place.members]
                readers = {user.id for user in inside if not (user.is_bot or user.is_deleted)}
                if not (place.is_private or place.is_im):
                    readers |= {user.id for user in self.users.values() if user.is_member}
                self._audiences[place.id] = frozenset(readers - {SLACKBOT})
            return self._audiences[place.id]

    # --- what the rest of the practice workspace works with ------------------------------------------------

    @contextmanager
    def acting(self, *, wait: bool = True) -> Iterator[None]:
        """Change things under the lock.

        Events that follow are delivered before this ends or, without `wait`, soon after: Slack answers the
        bot's call before it tells the bot about it.
        """
        depth = getattr(self._mine, "depth", 0)
        if depth == 0:
            self._mine.events = []
        self._mine.depth = depth + 1
        try:
            with self.lock:
                yield
                self.touch()
        finally:
            self._mine.depth = depth
        if depth == 0:
            self.courier.dispatch(self._mine.events, wait=wait)

    def emit(self, name: str, event: Json, *, scope: str, place: Channel | None = None) -> None:
        """Tell the app about something, if it subscribed to `name`, may know of it and is where it happened.

        `scope` is the conversation or person whose count the event's id comes from.
        """
        settings = self.manifest.get("settings", {}).get("event_subscriptions", {})
        if self._app is None or name not in settings.get("bot_events", ()):
            return
        if place is not None and self._app.bot_user_id not in place.members:
            return
        needed = EVENTS[name]
        if place is not None and len(needed) > 1:
            needed = tuple(one for one in needed if one.startswith(place.scope_family))
        if needed and not self.scopes.intersection(needed):
            return
        event_id = ids.slack_id("Ev", scope, name, self.count(f"events of {scope}"))
        at = int(self.clock.now().timestamp())
        self._mine.events.append(
            shapes.event_envelope(event, app=self._app, team_id=self.team_id, event_id=event_id, at=at)
        )

    def note(self, audience: Iterable[str], where: str, text: str, raw: Any) -> None:
        """Remember that these people could see this from now on."""
        readers = audience if isinstance(audience, frozenset) else frozenset(audience)
        if readers:
            sight = Sight(self.clock.now(), where, text, raw)
            self.sights.append((readers, sight))
            for reader in readers:
                self.sights_of[reader].append(sight)

    def trouble(self, sentence: str) -> None:
        """Remember what the bot did wrong."""
        with self.lock:
            self.problems.append(sentence)
            self.touch()

    def check(self) -> None:
        """Raise PracticeProblem if the bot did anything Slack would not have taken."""
        with self.lock:
            if self.problems:
                raise PracticeProblem("\n".join(["The bot did what Slack does not take:", *self.problems]))

    def count(self, what: str) -> int:
        """The next number, from 1, of something that belongs to one person or one conversation."""
        self._counts[what] += 1
        return self._counts[what]

    def stamp(self, scope: str, *, start: int = 0) -> str:
        """The next timestamp in one conversation or for one person: later than any before it."""
        second = max(self._last_second.get(scope, 0), int(self.clock.now().timestamp()))
        self._last_second[scope] = second
        return f"{second}.{start + self.count(f'stamps of {scope}'):06d}"

    def touch(self) -> None:
        """Wake everybody who waits for something to happen."""
        self._version += 1
        self._changed.notify_all()
        for watcher in self._watchers:
            watcher()

    @property
    def version(self) -> int:
        """A number that grows with every change."""
        return self._version

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call this at every change, from any thread and with the lock held: it must be short."""
        with self.lock:
            self._watchers.append(watcher)

    def wait_for_change(self, seconds: float) -> None:
        """Wait until something happens here, but no longer than this."""
        with self._changed:
            self._changed.wait(seconds)

    def wait_until(self, predicate: Callable[[], T], timeout: float = HANGING_SECONDS) -> T:
        """Wait, in real time, until the predicate gives something true, and give that.

        It is asked again at every change here, and now and then for changes elsewhere. Raises TimeoutError.
        """
        end = time.monotonic() + timeout
        while True:
            with self.lock:
                version = self._version
            if result := predicate():
                return result
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(self._what_was_waited_for(predicate, timeout))
            with self._changed:
                self._changed.wait_for(lambda: self._version != version, timeout=min(left, 0.02))  # noqa: B023

    def user_json(self, user: User) -> Json:
        """A user object as the app may see it."""
        return shapes.user(user, with_email="users:read.email" in self.scopes)

    def _what_was_waited_for(self, predicate: Callable[[], object], timeout: float) -> str:
        try:
            wanted = inspect.getsource(predicate).strip()
        except (OSError, TypeError):
            wanted = repr(predicate)
        with self.lock:
            calls = [f"{call.method} → {call.response.get('error', 'ok')}" for call in self.calls[-5:]]
            return "\n".join(
                [
                    f"Still not so after {timeout:g} s: {wanted}",
                    f"The bot's last calls: {', '.join(calls) or 'none'}",
                    *self.problems,
                ]
            )

    def _add_user(self, real_name: str, *, display_name: str, user_id: str = "", name: str = "", **more: Any) -> User:
        number = self.count(f"people called {real_name}")
        user = User(
            id=user_id or ids.slack_id("U", self.team_id, real_name, number),
            team_id=ids.slack_id("T", "elsewhere") if more.get("is_external") else self.team_id,
            name=name or slug(real_name, ".") + (str(number) if number > 1 else ""),
            real_name=real_name,
            display_name=display_name,
            updated=int(self.clock.now().timestamp()),
            **more,
        )
        self.users[user.id] = user
        self.names[user.id] = user.shown_name
        self._audiences.clear()
        return user

    def _changed_user(self, user: User) -> None:
        user.updated = int(self.clock.now().timestamp())
        self.names[user.id] = user.shown_name
        self._audiences.clear()
        shape = self.user_json(user)
        shape["profile"]["fields"] = {}
        event = {
            "type": "user_change",
            "user": shape,
            "cache_ts": user.updated,
            "event_ts": self.stamp(user.id),
        }
        self.emit("user_change", event, scope=user.id)

    def _catch_up(self, user_id: str, places: Iterable[Channel]) -> None:
        """Somebody who can now read a channel can read all of its past."""
        for place in places:
            self._note_channel(place, only=user_id)
            for said in place.messages.values():
                self.messages.note(said, only=user_id)

    def _note_channel(self, place: Channel, only: str | None = None) -> None:
        raw = shapes.channel(place, viewer="", team_id=self.team_id)
        words = [f"#{place.name}", place.topic["value"], place.purpose["value"]]
        state = ["(archived)"] if place.is_archived else []
        readers = {only} if only else self.audience(place)
        self.note(readers, "channel list", " ".join(filter(None, [*words, *state])), raw)

    def _everyone(self) -> frozenset[str]:
        return frozenset(self.people)

    def _profile(self) -> str:
        about = self.manifest["display_information"]
        commands = [f"{c['command']} {c.get('description', '')}" for c in self.feature("slash_commands") or ()]
        shortcuts = [f"{s['name']}: {s.get('description', '')}" for s in self.feature("shortcuts") or ()]
        return "\n".join([about["name"], about.get("description", ""), *commands, *shortcuts])


def id_of(who: Somebody) -> str:
    """The user id of a person, the app's bot or an id."""
    return who if isinstance(who, str) else who.id


def slug(words: str, joint: str) -> str:
    """Lower-case letters and digits, with `joint` where anything else stood."""
    return re.sub(r"[^a-z0-9]+", joint, words.casefold()).strip(joint) or "somebody"
