"""Messages: said, seen, edited, deleted, pinned, answered through a `response_url`, and told to the app."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from gpbot.practice import ids, shapes
from gpbot.practice.blockkit import check_message
from gpbot.practice.reading import read_mrkdwn
from gpbot.practice.screens import Screen, message_screen, message_text
from gpbot.practice.state import Channel, Json, Message, Refused, ResponseUrl, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gpbot.practice.workspace import Workspace

RESPONSE_URL_LIFE: Final = timedelta(minutes=30)
RESPONSE_URL_USES: Final = 5
MAX_TEXT: Final = 40_000


@dataclass(slots=True)
class Messages:
    """Everything that happens to messages. Its methods are called with the workspace's lock held."""

    workspace: Workspace = field(repr=False)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)

    def post(self, place: Channel, author: User, *, text: str, blocks: Any = None, **more: Any) -> Message:
        """A message for everybody who can read the conversation; `more` are fields of `Message`."""
        ts = self.workspace.stamp(place.id)
        said = Message(
            channel_id=place.id,
            ts=ts,
            user=author,
            text=text,
            order=self.workspace.count("messages"),
            blocks=shapes.completed_blocks(blocks or (), place.id, ts),
            **more,
        )
        place.messages[ts] = said
        self.note(said)
        others = self.workspace.audience(place) - {author.id}
        if author.is_bot:
            shown = read_mrkdwn(text, self.workspace.names) or "This content can't be displayed."
            self.workspace.note(others, "notification", shown, {"text": text})
        event = shapes.message(said) | {"channel": place.id, "event_ts": ts, "channel_type": place.kind}
        self._emit(place, event)
        if said.broadcast:
            # A reply that is also shown in the channel is told twice.
            self._emit(place, event | {"subtype": "thread_broadcast"})
        return said

    def whisper(
        self, place: Channel, author: User, to: str, *, text: str, blocks: Any = None, thread_ts: str | None = None
    ) -> Message:
        """An ephemeral message: one person sees it, and no history keeps it."""
        # Counted apart, so that what one person is told in private shifts nobody else's timestamps.
        ts = self.workspace.stamp(f"{place.id} for {to}", start=500_000)
        said = Message(
            channel_id=place.id,
            ts=ts,
            user=author,
            text=text,
            order=self.workspace.count("messages"),
            blocks=shapes.completed_blocks(blocks or (), place.id, to, ts),
            thread_ts=thread_ts,
            only_for=to,
        )
        place.ephemerals.append(said)
        self.note(said)
        return said

    def edit(self, said: Message, *, text: str, blocks: Any, editor: str, metadata: Json | None = None) -> None:
        """Other words in the same message. `blocks=None` and `metadata=None` keep what is there."""
        place = self.workspace.channels[said.channel_id]
        before = shapes.message(said)
        ts = self.workspace.stamp(place.id)
        said.text = text
        if blocks is not None:
            said.blocks = shapes.completed_blocks(blocks, place.id, said.ts, ts)
        if metadata is not None:
            said.metadata = metadata or None
        said.edited = {"user": editor, "ts": ts}
        self.note(said)
        if said.only_for is None:
            self._emit_change(place, ts, "message_changed", message=shapes.message(said), previous_message=before)

    def delete(self, said: Message) -> None:
        """Gone from the conversation; people who saw it have seen it."""
        place = self.workspace.channels[said.channel_id]
        if said.only_for is not None:
            place.ephemerals.remove(said)
            return
        ts = self.workspace.stamp(place.id)
        del place.messages[said.ts]
        place.pins.pop(said.ts, None)
        self.workspace.note(self.workspace.audience(place), self.where(said), "(deleted)", {"deleted_ts": said.ts})
        self._emit_change(place, ts, "message_deleted", deleted_ts=said.ts, previous_message=shapes.message(said))

    def unfurl(self, said: Message, attachments: list[Json]) -> None:
        """Slack adds a preview of a link, which apps are told of as a change that nobody made."""
        place = self.workspace.channels[said.channel_id]
        before = shapes.message(said)
        said.attachments = attachments
        self.note(said)
        ts = self.workspace.stamp(place.id)
        self._emit_change(place, ts, "message_changed", message=shapes.message(said), previous_message=before)

    def quoted(self, said: Message) -> Json:
        """A message as Slack puts it below one in which it is shared."""
        place, author = self.workspace.channels[said.channel_id], said.user
        permalink = self.permalink(place, said.ts)
        return shapes.quoted(said, place, domain=self.workspace.domain, permalink=permalink, name=author.shown_name)

    def pin(self, place: Channel, ts: str, *, by: str) -> None:
        """Keep a message at hand for everybody in the channel."""
        pinned_at = int(self.workspace.clock.now().timestamp())
        place.pins[ts] = {"created": pinned_at, "created_by": by}
        self.workspace.note(self.workspace.audience(place), f"pins of #{place.name}", "", self.pinned(place, ts))
        event_ts = self.workspace.stamp(place.id)
        event = {
            "type": "pin_added",
            "user": by,
            "channel_id": place.id,
            "item": self.pinned(place, ts),
            "item_user": place.messages[ts].user.id,
            "pin_count": len(place.pins),
            "event_ts": event_ts,
        }
        self.workspace.emit("pin_added", event, scope=place.id, place=place)

    def pinned(self, place: Channel, ts: str) -> Json:
        """A pin as `pins.list` and `pin_added` show it."""
        message = shapes.message(place.messages[ts]) | {
            "permalink": self.permalink(place, ts),
            "pinned_to": [place.id],
        }
        return {"type": "message", "channel": place.id, **place.pins[ts], "message": message}

    def permalink(self, place: Channel, ts: str) -> str:
        """The address of a message, for those who can read it."""
        return f"https://{self.workspace.domain}.slack.com/archives/{place.id}/p{ts.replace('.', '')}"

    def replies(self, said: Message) -> list[Message]:
        """What was answered in this message's thread, oldest first."""
        place = self.workspace.channels[said.channel_id]
        return [m for m in place.messages.values() if m.thread_ts == said.ts and m.ts != said.ts]

    def readable(self, place: Channel, user_id: str) -> list[Message]:
        """What one person finds in a conversation now, their own ephemeral messages among it."""
        mine = [said for said in place.ephemerals if said.only_for == user_id]
        return sorted([*place.messages.values(), *mine], key=lambda said: said.order)

    def screen(self, said: Message) -> Screen:
        """A message as those who can read it have it in front of them."""
        return message_screen(said, shapes.message(said, with_metadata=True), self.workspace.names)

    def note(self, said: Message, only: str | None = None) -> None:
        """Remember who can see this message as it stands."""
        place = self.workspace.channels[said.channel_id]
        readers = {said.only_for} if said.only_for else {only} if only else self.workspace.audience(place)
        raw = shapes.message(said, with_metadata=True)
        self.workspace.note(readers, self.where(said), message_text(said, self.workspace.names), raw)

    def where(self, said: Message) -> str:
        """The name of the place, as sights and screens have it."""
        place = self.workspace.channels[said.channel_id]
        name = "direct message" if place.is_im else f"#{place.name}"
        return f"only you in {name}" if said.only_for else name

    def response_url(self, user_id: str, place: Channel, message: Message | None = None) -> str:
        """A new address for answering what this person just did here."""
        number = self.workspace.count(f"response urls of {user_id}")
        path = f"{self.workspace.team_id}/{number}/{ids.digest(user_id, number, length=24)}"
        self.response_urls[path] = ResponseUrl(
            user_id=user_id, channel_id=place.id, at=self.workspace.clock.now(), message=message
        )
        return f"{self.workspace.base_url}/response/{path}"

    def respond(self, path: str, answer: Mapping[str, Any]) -> None:
        """What posting to a `response_url` does. Refuses with `used_url`, `expired_url` or what was wrong."""
        url = self.response_urls.get(path)
        if url is None:
            raise Refused("no_active_hooks")
        if url.uses >= RESPONSE_URL_USES:
            raise Refused("used_url")
        if self.workspace.clock.now() - url.at > RESPONSE_URL_LIFE:
            raise Refused("expired_url")
        self.answer(url, answer)
        url.uses += 1

    def answer(self, url: ResponseUrl, answer: Mapping[str, Any]) -> Message | None:
        """Say, replace or delete what an answer to a command or a button asks for."""
        original = url.message
        if answer.get("delete_original") and original is not None:
            if self._exists(original):
                self.delete(original)
            return None
        text, blocks = str(answer.get("text") or ""), answer.get("blocks")
        if problems := check_message(answer):
            raise Refused("invalid_blocks", errors=[problem.line for problem in problems])
        if not text and not blocks:
            raise Refused("no_text")
        if len(text) > MAX_TEXT:
            raise Refused("msg_too_long")
        app = self.workspace.app
        if answer.get("replace_original") and original is not None and self._exists(original):
            self.edit(original, text=text, blocks=blocks or [], editor=app.bot_user_id)
            return original
        place, bot = self.workspace.channels[url.channel_id], self.workspace.users[app.bot_user_id]
        thread_ts = answer.get("thread_ts")
        if answer.get("response_type") == "in_channel":
            return self.post(place, bot, text=text, blocks=blocks, thread_ts=thread_ts)
        return self.whisper(place, bot, url.user_id, text=text, blocks=blocks, thread_ts=thread_ts)

    def _exists(self, said: Message) -> bool:
        place = self.workspace.channels[said.channel_id]
        return said in place.ephemerals if said.only_for else said.ts in place.messages

    def _emit(self, place: Channel, event: Json) -> None:
        names = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}
        self.workspace.emit(names[place.kind], event, scope=place.id, place=place)

    def _emit_change(self, place: Channel, ts: str, subtype: str, **more: Any) -> None:
        event = {"type": "message", "subtype": subtype, **more, "channel": place.id, "hidden": True}
        self._emit(place, event | {"ts": ts, "event_ts": ts, "channel_type": place.kind})
