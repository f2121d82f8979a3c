"""A person in the workspace: does what people can do, and sees what this one can see and nothing else."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from gpbot.practice import ids, shapes
from gpbot.practice.blockkit import check_message, check_view
from gpbot.practice.markup import rich_text, typed, typed_after_command
from gpbot.practice.reading import Control, action_payload, controls, option_named, state_of
from gpbot.practice.screens import TROUBLE, Screen, pressable, view_text
from gpbot.practice.state import Answer, Channel, Json, Message, Refused, ResponseUrl, Sight, User, View

if TYPE_CHECKING:
    from gpbot.practice.delivery import Ack
    from gpbot.practice.workspace import Workspace

T = TypeVar("T")

_REQUIRED: Final = "Please complete this required field."
_MOST_TYPED: Final = 3000
_TEXTS: Final = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
_PATTERNS: Final[Mapping[str, tuple[str, str]]] = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address"),
    "url_text_input": (r"https?://\S+", "a web address"),
    "number_input": (r"-?\d+(\.\d+)?", "a number"),
    "datepicker": (r"\d{4}-\d\d-\d\d", "a date like 2026-03-01"),
    "timepicker": (r"\d\d:\d\d", "a time like 09:30"),
}
_COMMAND_ANSWER: Final = frozenset(
    {
        "attachments",
        "blocks",
        "mrkdwn",
        "metadata",
        "replace_original",
        "delete_original",
        "response_type",
        "text",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
    }
)


class CannotDo(Exception):
    """There is no such thing on this person's screen. The sentence says what there is instead."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A control, and what it stands on."""

    control: Control
    on: View | Message | Screen


class Person:
    """One account. What it does reaches the bot before the method returns; what follows may come later."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        self.workspace = workspace
        self.user = user
        self._looking: Literal["home", "messages"] = "messages"
        self._filled_in: dict[tuple[str, str], dict[tuple[str, str], Any]] = {}

    def __repr__(self) -> str:
        return f"<{self.user.shown_name} {self.id}>"

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def mention(self) -> str:
        """How their name is written in a message's text."""
        return f"<@{self.id}>"

    # --- what they see -----------------------------------------------------------------------------------

    @property
    def modals(self) -> list[Screen]:
        """The modals on their screen, the one in front last."""
        views = self.workspace.views
        with self.workspace.lock:
            return [views.screen(view) for view in views.stacks[self.id]]

    @property
    def modal(self) -> Screen | None:
        """The modal in front."""
        stack = self.modals
        return stack[-1] if stack else None

    @property
    def home(self) -> Screen | None:
        """The app's Home as it was last published for them."""
        with self.workspace.lock:
            view = self.workspace.views.homes.get(self.id)
            return self.workspace.views.screen(view) if view else None

    @property
    def inbox(self) -> list[Screen]:
        """The direct message with the app as it stands, oldest first, their own words included."""
        with self.workspace.lock:
            return self._conversation(self.workspace.dm(self.id))

    def read(self, place: Channel) -> list[Screen]:
        """What they find in a conversation, oldest first. Raises CannotDo when they may not look into it."""
        with self.workspace.lock:
            self._refuse_unreadable(place)
            self._looking = "messages"
            return self._conversation(place)

    def peek(self, place: Channel) -> list[Screen]:
        """As `read`, without turning to it: what they see of it from elsewhere, such as how much is unread."""
        with self.workspace.lock:
            self._refuse_unreadable(place)
            return self._conversation(place)

    def screens(self) -> dict[str, str]:
        """Everything they can look at now, as it reads: where → text."""
        with self.workspace.lock:
            shown = {}
            if modals := self.modals:
                shown["modal"] = "\n\n".join(screen.text for screen in modals)
            if home := self.home:
                shown["home"] = home.text
            for place in self.workspace.channels.values():
                if self.id in self.workspace.audience(place):
                    name = "direct message" if place.is_im else f"#{place.name}"
                    shown[name] = "\n".join(screen.text for screen in self._conversation(place))
            return shown

    @property
    def seen(self) -> list[Sight]:
        """Everything they could have seen since the beginning, whatever became of it."""
        with self.workspace.lock:
            return list(self.workspace.sights_of[self.id])

    # --- what they do: looking, commands, shortcuts -------------------------------------------------------

    @property
    def places(self) -> list[Channel]:
        """The channels they can look into, their direct message with the app left out."""
        with self.workspace.lock:
            every = self.workspace.channels.values()
            return [place for place in every if not place.is_im and self.id in self.workspace.audience(place)]

    def answers(self, screen: Screen) -> dict[str, Any]:
        """What stands in the fields of something on their screen: block_id → action_id → answer, as Slack sends it."""
        with self.workspace.lock:
            on = self._still_there(screen)
            return state_of({"blocks": on.blocks}, self._filled(on))

    def open_home(self) -> Screen | None:
        """Look at the app's Home."""
        if not self.workspace.feature("app_home").get("home_tab_enabled"):
            raise CannotDo("The app has no Home tab.")
        self._open_app("home")
        return self.home

    def open_messages(self) -> list[Screen]:
        """Look at the direct message with the app."""
        self._open_app("messages")
        return self.inbox

    def command(self, command: str, text: str = "", *, channel: Channel | None = None) -> Answer:
        """Type a slash command in a channel they are in, or in the direct message with the app.

        The answer is what the app said to them at once, or Slack's own error line.
        """
        self._present()
        place = self._inside(channel)
        known = {entry["command"]: entry for entry in self.workspace.feature("slash_commands") or ()}
        if command not in known or self.user.is_external:
            return self._told(f"{command} is not a valid command.", ok=False)
        with self.workspace.acting():
            self._looking = "messages"
            escaped = bool(known[command].get("should_escape"))
            words = typed_after_command(text, self._people(), escaped=escaped)
            payload = {
                "token": shapes.VERIFICATION_TOKEN,
                "team_id": self.workspace.team_id,
                "team_domain": self.workspace.domain,
                "channel_id": place.id,
                "channel_name": place.spoken_name,
                "user_id": self.id,
                "user_name": self.user.name,
                "command": command,
                "text": words,
                "api_app_id": self.workspace.app.app_id,
                "is_enterprise_install": "false",
                "response_url": self.workspace.messages.response_url(self.id, place),
                "trigger_id": self.workspace.views.trigger(self.id),
            }
            already = set(map(id, place.ephemerals))
        ack = self.workspace.courier.interaction("slash_commands", payload)
        if not ack.ok:
            why = "operation_timeout" if ack.why == "http_timeout" else "dispatch_failed"
            return self._told(f'{command} failed with the error "{why}"', ok=False)
        if not self._take_command_answer(f"{command} {words}".strip(), place, ack.body):
            return self._told(f'{command} failed with the error "invalid_command_response"', ok=False)
        with self.workspace.lock:
            mine = [m for m in place.ephemerals if m.only_for == self.id and id(m) not in already]
            return Answer(ok=True, text="\n".join(self.workspace.messages.screen(m).text for m in mine))

    def shortcut(self, name: str) -> Answer:
        """Choose a global shortcut from the menu."""
        self._present()
        entry = self._shortcut(name, "global")
        with self.workspace.acting():
            payload = self._payload("shortcut") | {
                "action_ts": self.workspace.stamp(self.id),
                "callback_id": entry["callback_id"],
                "trigger_id": self.workspace.views.trigger(self.id),
            }
        return self._interact(payload)

    def message_shortcut(self, name: str, message: Screen) -> Answer:
        """Choose a shortcut from the menu beside a message they can see."""
        self._present()
        entry = self._shortcut(name, "message")
        with self.workspace.acting():
            place = self.workspace.channels[message.channel]
            said = place.messages.get(message.ts)
            if said is None or self.id not in self.workspace.audience(place):
                raise CannotDo(f"{self} has no such message in front of them.")
            payload = self._payload("message_action") | {
                "action_ts": self.workspace.stamp(self.id),
                "callback_id": entry["callback_id"],
                "trigger_id": self.workspace.views.trigger(self.id),
                "response_url": self.workspace.messages.response_url(self.id, place),
                "message_ts": said.ts,
                "channel": shapes.place_of(place),
                "message": shapes.message(said),
            }
        return self._interact(payload)

    # --- buttons and fields -------------------------------------------------------------------------------

    def press(
        self,
        words: str,
        *,
        within: Screen | None = None,
        channel: Channel | None = None,
        nth: int = -1,
        force: bool = False,
    ) -> Answer:
        """Press the button, or the menu entry, that says these words.

        They look at `within`, else at the modal in front, else at the Home they opened, else at the direct
        message with the app or `channel`; of several such buttons the `nth` counts, the newest by default.
        An old screen's button still works while its message or modal exists, and with `force` after that.
        """
        found = self._find(words, pressable, within=within, channel=channel, nth=nth, force=force)
        return self._act(found, None)

    def fill(self, label: str, value: Any, *, within: Screen | None = None, channel: Channel | None = None) -> Answer:
        """Fill in the field whose label begins with these words; None empties it.

        Text fields take text; selects and radio buttons the words of an option; checkboxes and
        multi-selects a list of them; user selects people; channel selects channels; dates `2026-03-01`.
        Raises CannotDo for what Slack's client would not let in. Elements that act at once tell the bot.
        """
        found = self._find(label, lambda control: not pressable(control), within=within, channel=channel, nth=0)
        return self._fill(found, value)

    def press_this(self, control: Control, *, within: Screen) -> Answer:
        """Press exactly this button or menu entry, whatever else says the same words."""
        return self._act(self._same(control, within), None)

    def fill_this(self, control: Control, value: Any, *, within: Screen) -> Answer:
        """As `fill`, for exactly this field; an option may be given as the data it is."""
        return self._fill(self._same(control, within), value)

    def _fill(self, found: _Found, value: Any) -> Answer:
        control = found.control
        answer = self._entered(control, value)
        with self.workspace.acting():
            filled = self._filled(found.on)
            # An emptied field is not an untouched one: the preset value does not come back.
            filled[control.key] = "" if answer in (None, "", []) else answer
            if isinstance(found.on, View):
                self.workspace.views.show(found.on)
        return self._act(found, answer) if control.dispatches else Answer(ok=True, text="")

    def submit(self, *, times: int = 1, together: bool = False) -> Answer:
        """Press the modal's submit button, or press it `times` over before an answer comes.

        `together` sends them at the same moment. The answer is False where errors stand in the modal.
        """
        view = self._look_for(self._submittable)
        with self.workspace.acting():
            view.errors, view.trouble = self._incomplete(view), ""
            if view.errors:
                self.workspace.views.show(view)
                return Answer(ok=False, text="\n".join(view.errors.values()))
            payload = self._payload("view_submission") | {
                "trigger_id": self.workspace.views.trigger(self.id),
                "view": self.workspace.views.json(view),
                "response_urls": [],
            }
        if together:
            with ThreadPoolExecutor(times) as pool:
                acks = list(pool.map(self._submitted, [payload] * times))
        else:
            acks = [self._submitted(payload) for _ in range(times)]
        answers = [self._take_submission_answer(view, ack) for ack in acks]
        return answers[-1]

    def dismiss(self, *, all: bool = False) -> None:  # noqa: A002 - as Slack's "close all"
        """Press the modal's close button; `all` is the X that closes the whole stack."""
        with self.workspace.acting():
            stack = list(self.workspace.views.stacks[self.id])
            if not stack:
                raise CannotDo(f"{self} has no modal open.")
            whole = all or bool(stack[-1].definition.get("clear_on_close"))
            closed = list(reversed(stack)) if whole else stack[-1:]
            payloads = [
                self._payload("view_closed") | {"view": self.workspace.views.json(view), "is_cleared": whole}
                for view in closed
                if view.definition.get("notify_on_close")
            ]
            for view in closed:
                self.workspace.views.stacks[self.id].remove(view)
            if rest := self.workspace.views.top(self.id):
                self.workspace.views.show(rest)
        for payload in payloads:
            self.workspace.courier.interaction("interactive", payload)

    # --- talking ------------------------------------------------------------------------------------------

    def say(
        self,
        text: str,
        *,
        to: Channel | None = None,
        thread: Screen | str | None = None,
        broadcast: bool = False,
        files: Sequence[str] = (),
        me: bool = False,
    ) -> Screen:
        """Write a message in a channel they are in, or to the app.

        `thread` is what it answers, `broadcast` shows the answer in the channel too, `files` are names; `me` is what
        somebody writes behind `/me`.
        """
        self._present()
        place = self._inside(to)
        home = self.workspace.feature("app_home")
        writable = home.get("messages_tab_enabled", True) and not home.get("messages_tab_read_only_enabled")
        if place.is_im and not writable:
            raise CannotDo("The app takes no messages: its Messages tab is off or read-only.")
        if place.is_archived:
            raise CannotDo(f"#{place.name} is archived.")
        with self.workspace.acting():
            self._looking = "messages"
            words = typed(text, self._people())
            number = self.workspace.count(f"messages of {self.id}")
            at = int(self.workspace.clock.now().timestamp())
            is_bot = self.user.is_bot
            said = self.workspace.messages.post(
                place,
                self.user,
                text=words,
                blocks=rich_text(words, self.id, number) if words and not is_bot else [],
                subtype="bot_message" if is_bot else "file_share" if files else "me_message" if me else None,
                client_msg_id=None if is_bot else ids.envelope_id(self.id, number),
                thread_ts=thread.ts if isinstance(thread, Screen) else thread,
                broadcast=broadcast,
                files=[
                    shapes.file(name, owner=self.user, at=at, number=self.workspace.count(f"files of {self.id}"))
                    for name in files
                ],
            )
            return self.workspace.messages.screen(said)

    def share(self, message: Screen, *, to: Channel, comment: str = "") -> Screen:
        """Pass a message on that they can see: *Share message*, with words of their own above it or without."""
        self._present()
        place = self._inside(to)
        with self.workspace.acting():
            self._looking = "messages"
            origin = self.workspace.channels[message.channel]
            said = origin.messages.get(message.ts)
            if said is None or self.id not in self.workspace.audience(origin):
                raise CannotDo(f"{self} has no such message in front of them.")
            if place.is_archived or place.is_im:
                raise CannotDo("Messages are shared in channels that are not archived.")
            words = typed(comment, self._people())
            number = self.workspace.count(f"messages of {self.id}")
            shared = self.workspace.messages.post(
                place,
                self.user,
                text=words,
                blocks=rich_text(words, self.id, number) if words else [],
                client_msg_id=ids.envelope_id(self.id, number),
                attachments=[self.workspace.messages.quoted(said)],
            )
            return self.workspace.messages.screen(shared)

    # --- channels -----------------------------------------------------------------------------------------

    def create_channel(self, name: str, *, private: bool = False) -> Channel:
        """Make a channel and be in it. Raises CannotDo as Slack's client would not let them."""
        self._present()
        with self.workspace.acting():
            if not self.user.is_member or "create" in self.workspace.restricted:
                raise CannotDo(f"{self.user.shown_name} may not make channels here.")
            if not re.fullmatch(r"[\w-]{1,80}", name) or name != name.casefold():
                raise CannotDo("Channel names have small letters, digits, - and _ only, and at most 80 of them.")
            if self.workspace.is_taken(name):
                raise CannotDo("That name is already taken by a channel, member or user group.")
            return self.workspace.add_channel(name, private=private, members=[self], creator=self)

    def join(self, place: Channel) -> None:
        """Go into a public channel."""
        self._present()
        with self.workspace.acting():
            if not self.user.is_member or place.is_private or place.is_im or place.is_archived:
                raise CannotDo(f"{self.user.shown_name} cannot join #{place.name}.")
            self.workspace.invite(place, self)

    def leave(self, place: Channel) -> None:
        """Go out of a channel again; nobody can leave the one that everybody is in."""
        self._present()
        with self.workspace.acting():
            if place.is_im or place.name == "general":
                raise CannotDo("This conversation cannot be left.")
            self.workspace.remove(place, self)

    def archive(self, place: Channel) -> None:
        """Close a channel they are in."""
        self._present()
        with self.workspace.acting():
            restricted = "archive" in self.workspace.restricted or place.name == "general"
            if not self.user.is_member or self.id not in place.members or place.is_im or restricted:
                raise CannotDo(f"{self.user.shown_name} cannot archive this channel.")
            if not place.is_archived:
                self.workspace.archive(place, by=self.id)

    def unarchive(self, place: Channel) -> None:
        """Open a closed channel again."""
        self._present()
        with self.workspace.acting():
            if not self.user.is_member or not place.is_archived:
                raise CannotDo(f"{self.user.shown_name} cannot bring this channel back.")
            self.workspace.unarchive(place, by=self.id)

    # --- their own messages -------------------------------------------------------------------------------

    def edit(self, message: Screen, text: str) -> Screen:
        """Change a message of their own."""
        with self.workspace.acting():
            said = self._own(message)
            words = typed(text, self._people())
            blocks = rich_text(words, self.id, message.ts)
            self.workspace.messages.edit(said, text=words, blocks=blocks, editor=self.id)
            return self.workspace.messages.screen(said)

    def delete(self, message: Screen) -> None:
        """Delete a message of their own."""
        with self.workspace.acting():
            self.workspace.messages.delete(self._own(message))

    # --- forging ------------------------------------------------------------------------------------------

    def send_action(
        self,
        action_id: str,
        value: str = "",
        *,
        block_id: str = "forged",
        within: Screen | None = None,
        **override: Any,
    ) -> Answer:
        """Send `block_actions` for a button they need not have: somebody else's, or one that never was.

        `within` is any screen it shall seem to stand on; `override` replaces parts of the payload.
        """
        action = {
            "type": "button",
            "action_id": action_id,
            "block_id": block_id,
            "text": {"type": "plain_text", "text": "Forged", "emoji": True},
            "value": value,
        }
        with self.workspace.acting():
            stamp = self.workspace.stamp(self.id)
            payload = self._payload("block_actions") | self._standing_on(within)
            payload |= {"actions": [action | {"action_ts": stamp}], **override}
        return self._interact(payload)

    def send_view_submission(self, view: Mapping[str, Any]) -> Answer:
        """Send a `view_submission` for a view they need not have; `view` replaces parts of an empty one.

        The answer holds what the bot would have shown.
        """
        with self.workspace.acting():
            empty = View(
                id=ids.slack_id("V", self.id, "forged"),
                user_id=self.id,
                kind="modal",
                definition={"type": "modal", "blocks": []},
                hash="0.forged",
                root_id=ids.slack_id("V", self.id, "forged"),
            )
            forged = self.workspace.views.json(empty) | dict(view)
            payload = self._payload("view_submission") | {
                "trigger_id": self.workspace.views.trigger(self.id),
                "view": forged,
                "response_urls": [],
            }
        ack = self._submitted(payload)
        if not ack.ok:
            return self._told(TROUBLE, ok=False)
        body = ack.body if isinstance(ack.body, Mapping) else {}
        shown = body.get("view")
        words = "\n".join(body.get("errors", {}).values())
        if isinstance(shown, Mapping) and not check_view(shown, where="ack"):
            view_shown = View(
                id=empty.id,
                user_id=self.id,
                kind="modal",
                definition={**shown, "blocks": shapes.completed_blocks(shown["blocks"], empty.id)},
                hash=empty.hash,
                root_id=empty.id,
            )
            words = view_text(view_shown, self.workspace.names)
        with self.workspace.acting():
            self.workspace.note({self.id}, "answer to a forged form", words, ack.body)
        return Answer(ok=not body.get("errors"), text=words)

    # --- how it is done: what is in front of them ----------------------------------------------------------

    def _conversation(self, place: Channel) -> list[Screen]:
        return [self.workspace.messages.screen(m) for m in self.workspace.messages.readable(place, self.id)]

    def _present(self) -> None:
        if self.user.is_deleted:
            raise CannotDo(f"{self} has no account any more.")

    def _refuse_unreadable(self, place: Channel) -> None:
        if self.id not in self.workspace.audience(place):
            raise CannotDo(f"{self} cannot read {'this direct message' if place.is_im else '#' + place.name}.")

    def _inside(self, place: Channel | None) -> Channel:
        where = place or self.workspace.dm(self.id)
        if self.id not in where.members:
            raise CannotDo(f"{self} is not in #{where.name}.")
        return where

    def _people(self) -> dict[str, str]:
        return {user.shown_name: user.id for user in self.workspace.users.values() if not user.is_deleted}

    def _shortcut(self, name: str, kind: str) -> Json:
        entries = [e for e in self.workspace.feature("shortcuts") or () if e["type"] == kind]
        for entry in entries:
            if entry["name"] == name:
                return dict(entry)
        there = ", ".join(f"“{entry['name']}”" for entry in entries) or "none"
        raise CannotDo(f"There is no {kind} shortcut “{name}”; there is: {there}.")

    def _own(self, message: Screen) -> Message:
        said = self.workspace.channels[message.channel].messages.get(message.ts)
        if said is None or said.user.id != self.id:
            raise CannotDo("That is not a message of theirs, or it is gone.")
        return said

    def _open_app(self, tab: Literal["home", "messages"]) -> None:
        self._present()
        with self.workspace.acting():
            self._looking = tab
            home = self.workspace.views.homes.get(self.id)
            event: Json = {
                "type": "app_home_opened",
                "user": self.id,
                "channel": self.workspace.dm(self.id).id,
                "tab": tab,
                "event_ts": self.workspace.stamp(self.id),
            }
            if home is not None and tab == "home":
                event["view"] = self.workspace.views.json(home)
            self.workspace.emit("app_home_opened", event, scope=self.id)

    def _look_for(self, look: Callable[[], T]) -> T:
        """Look until it is there or patience ends; then say what there is."""
        end = time.monotonic() + self.workspace.patience
        while True:
            try:
                with self.workspace.lock:
                    return look()
            except CannotDo:
                left = end - time.monotonic()
                if left <= 0:
                    raise
            self.workspace.wait_for_change(left)

    def _find(
        self,
        words: str,
        fits: Callable[[Control], bool],
        *,
        within: Screen | None,
        nth: int,
        channel: Channel | None = None,
        force: bool = False,
    ) -> _Found:
        self._present()
        wanted = words.casefold().strip()

        def look() -> _Found:
            there: list[_Found] = []
            for surface in self._surfaces(within, channel, force=force):
                here = [found for found in surface if fits(found.control)]
                names = [found.control.words.casefold().strip() for found in here]
                exact = [found for found, name in zip(here, names, strict=True) if name == wanted]
                close = [found for found, name in zip(here, names, strict=True) if name.startswith(wanted)]
                if matching := exact or close:
                    return _pick(matching, nth, words)
                there += here
            names_there = ", ".join(f"“{found.control.words}”" for found in there) or "nothing"
            raise CannotDo(f"{self} finds no “{words}”; there is: {names_there}.")

        return self._look_for(look)

    def _surfaces(self, within: Screen | None, channel: Channel | None, *, force: bool) -> Iterator[list[_Found]]:
        """What they look at, in this order, each with its controls from top to bottom."""
        if within is not None:
            on: View | Message | Screen = within if force else self._still_there(within)
            yield [_Found(control, on) for control in within.controls]
            return
        modal = self.workspace.views.top(self.id)
        if modal is not None:
            yield [_Found(control, modal) for control in controls(modal.blocks)]
            return
        home = self.workspace.views.homes.get(self.id)
        if self._looking == "home" and channel is None and home is not None:
            yield [_Found(control, home) for control in controls(home.blocks)]
        place = channel or self.workspace.dm(self.id)
        self._refuse_unreadable(place)
        messages = self.workspace.messages.readable(place, self.id)
        yield [_Found(control, said) for said in messages for control in controls(said.blocks)]

    def _same(self, control: Control, within: Screen) -> _Found:
        self._present()
        with self.workspace.lock:
            on = self._still_there(within)
            for there in controls(on.blocks):
                if (there.kind, there.key, there.option) == (control.kind, control.key, control.option):
                    return _Found(there, on)
        raise CannotDo(f"“{control.words}” is not there any more.")

    def _still_there(self, screen: Screen) -> View | Message:
        if screen.kind in {"modal", "home"}:
            home = self.workspace.views.homes.get(self.id)
            for view in (*self.workspace.views.stacks[self.id], *([home] if home else [])):
                if view.id == screen.id:
                    return view
            raise CannotDo("That view is not on their screen.")
        place = self.workspace.channels[screen.channel]
        self._refuse_unreadable(place)
        for said in self.workspace.messages.readable(place, self.id):
            if said.ts == screen.ts and (said.only_for is None) == (screen.kind == "message"):
                return said
        raise CannotDo("That message is no longer there.")

    # --- how it is done: acting ----------------------------------------------------------------------------

    def _filled(self, on: View | Message | Screen) -> dict[tuple[str, str], Any]:
        if isinstance(on, View):
            return on.filled
        place = (on.channel, on.ts) if isinstance(on, Screen) else (on.channel_id, on.ts)
        return self._filled_in.setdefault(place, {})

    def _act(self, found: _Found, value: Any) -> Answer:
        with self.workspace.acting():
            stamp = self.workspace.stamp(self.id)
            action = action_payload(found.control, value, action_ts=stamp)
            payload = self._payload("block_actions") | self._standing_on(found.on) | {"actions": [action]}
        return self._interact(payload)

    def _standing_on(self, on: View | Message | Screen | None) -> Json:
        """The part of `block_actions` that says where: a view, or a message in a conversation."""
        trigger = {"trigger_id": self.workspace.views.trigger(self.id)}
        if isinstance(on, View):
            container = {"type": "view", "view_id": on.id}
            return {"container": container, **trigger, "view": self.workspace.views.json(on)}
        if isinstance(on, Screen) and on.kind in {"modal", "home"}:
            return {"container": {"type": "view", "view_id": on.id}, **trigger, "view": dict(on.raw)}
        said = on if isinstance(on, Message) else None
        gone = on if isinstance(on, Screen) else None
        if said is not None:
            place, ts = self.workspace.channels[said.channel_id], said.ts
        elif gone is not None:
            place, ts = self.workspace.channels[gone.channel], gone.ts
        else:
            place, ts = self.workspace.dm(self.id), self.workspace.stamp(self.id)
        ephemeral = bool(said and said.only_for) or bool(gone and gone.kind == "ephemeral")
        where: Json = {
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": place.id,
                "is_ephemeral": ephemeral,
            },
            **trigger,
            "channel": shapes.place_of(place),
            "response_url": self.workspace.messages.response_url(self.id, place, said),
        }
        raw = shapes.message(said) if said else dict(gone.raw) if gone else None
        if raw is not None and not ephemeral:
            where["message"] = raw
        if on is not None and raw is not None:
            where["state"] = {"values": state_of(raw, self._filled(on))}
        return where

    def _payload(self, kind: str) -> Json:
        return shapes.interaction(
            kind,
            who=self.user,
            app=self.workspace.app,
            team_id=self.workspace.team_id,
            domain=self.workspace.domain,
        )

    def _interact(self, payload: Json) -> Answer:
        ack = self.workspace.courier.interaction("interactive", payload)
        return Answer(ok=True, text="") if ack.ok else self._told(TROUBLE, ok=False)

    def _told(self, sentence: str, *, ok: bool) -> Answer:
        """Slack itself says something to them."""
        with self.workspace.acting():
            self.workspace.note({self.id}, "error", sentence, None)
        return Answer(ok=ok, text=sentence)

    def _take_command_answer(self, typed_words: str, place: Channel, body: Any) -> bool:
        """Show what a command was answered with. False when Slack could not make sense of it."""
        if body is None or body == {}:
            return True
        command = typed_words.split(maxsplit=1)[0]
        answer = {"text": body} if isinstance(body, str) else body
        if not isinstance(answer, Mapping) or not set(answer) <= _COMMAND_ANSWER:
            self.workspace.trouble(f"The answer to {command} is not one Slack knows.")
            return False
        problems = check_message(answer)
        if problems:
            sentences = "; ".join(map(str, problems))
            self.workspace.trouble(f"The answer to {command} has bad blocks: {sentences}")
            return False
        with self.workspace.acting():
            if answer.get("response_type") == "in_channel":
                self.workspace.messages.post(place, self.user, text=typed_words)
            now = self.workspace.clock.now()
            url = ResponseUrl(user_id=self.id, channel_id=place.id, at=now)
            try:
                self.workspace.messages.answer(url, answer)
            except Refused as refused:
                self.workspace.trouble(f"The answer to {command} was refused: {refused.error}.")
                return False
        return True

    # --- how it is done: forms -----------------------------------------------------------------------------

    def _submittable(self) -> View:
        view = self.workspace.views.top(self.id)
        if view is None:
            raise CannotDo(f"{self} has no modal open.")
        if not view.definition.get("submit"):
            raise CannotDo("This modal has no submit button.")
        return view

    def _submitted(self, payload: Json) -> Ack:
        return self.workspace.courier.interaction("interactive", payload)

    def _incomplete(self, view: View) -> dict[str, str]:
        """What the client itself finds wrong before it sends anything."""
        state = state_of(view.definition, view.filled)
        errors = {}
        for control in controls(view.blocks):
            if control.block.get("type") != "input":
                continue
            entry = state[control.block_id][control.action_id]
            answer = next((value for name, value in entry.items() if name != "type"), None)
            empty = answer in (None, "", []) or (isinstance(answer, str) and not answer.strip())
            if empty and control.required:
                errors[control.block_id] = _REQUIRED
            elif isinstance(answer, str) and 0 < len(answer) < control.element.get("min_length", 0):
                errors[control.block_id] = f"Please write at least {control.element['min_length']} characters."
        return errors

    def _take_submission_answer(self, view: View, ack: Ack) -> Answer:
        """Do to the screen what the answer to a submission says."""
        if not ack.ok:
            return self._failed(view)
        body = ack.body
        if not body:
            with self.workspace.acting():
                self.workspace.views.close(view)
            return Answer(ok=True, text="")
        action = body.get("response_action") if isinstance(body, Mapping) else None
        match action:
            case "clear":
                with self.workspace.acting():
                    self.workspace.views.clear(self.id)
                return Answer(ok=True, text="")
            case "errors":
                return self._take_errors(view, body.get("errors"))
            case "update" | "push":
                return self._take_view(view, action, body.get("view"))
        name = view.definition.get("callback_id", "")
        return self._failed(view, f"The answer to the form {name} is not one Slack knows.")

    def _take_errors(self, view: View, errors: Any) -> Answer:
        name = view.definition.get("callback_id", "")
        inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
        if not isinstance(errors, Mapping) or not errors or not set(errors) <= inputs:
            return self._failed(view, f"The errors for the form {name} are not for fields it has.")
        with self.workspace.acting():
            view.errors = {block_id: str(sentence) for block_id, sentence in errors.items()}
            self.workspace.views.show(view)
        return Answer(ok=False, text="\n".join(view.errors.values()))

    def _take_view(self, view: View, action: Literal["update", "push"], shown: Any) -> Answer:
        name = view.definition.get("callback_id", "")
        if isinstance(shown, str):
            return self._failed(view, f"The view in answer to the form {name} is text, not an object.")
        problems = check_view(shown or {}, where="ack")
        if problems:
            sentences = "; ".join(map(str, problems))
            return self._failed(view, f"The view in answer to the form {name} is invalid: {sentences}")
        try:
            with self.workspace.acting():
                if not self.workspace.views.is_open(view):
                    return Answer(ok=True, text="")
                if action == "update":
                    self.workspace.views.replace(view, shapes.plain(shown))
                else:
                    self.workspace.views.push_for(self.id, shapes.plain(shown))
        except Refused as refused:
            return self._failed(view, f"The view in answer to the form {name} was refused: {refused.error}.")
        return Answer(ok=True, text="")

    def _failed(self, view: View, sentence: str = "") -> Answer:
        """The modal stays, and the person reads Slack's own excuse."""
        if sentence:
            self.workspace.trouble(sentence)
        with self.workspace.acting():
            view.trouble = TROUBLE
            self.workspace.views.show(view)
        return Answer(ok=False, text=TROUBLE)

    def _entered(self, control: Control, value: Any) -> Any:
        """A value as the client holds it. Raises CannotDo for what it would not take."""
        if value is None or value in ("", []):
            return None
        kind, label, element = control.kind, control.words, control.element
        if kind in _PATTERNS and not re.fullmatch(_PATTERNS[kind][0], str(value)):
            raise CannotDo(f"“{label}” takes {_PATTERNS[kind][1]}.")
        if kind in _TEXTS:
            return self._typed_in(control, str(value))
        several = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        most = element.get("max_selected_items")
        if most is not None and len(several) > most:
            raise CannotDo(f"“{label}” takes at most {most}.")
        if "options" in element or "option_groups" in element:
            chosen: list[Any] = [self._option(control, one) for one in several]
        elif "users" in kind:
            chosen = [self._somebody(label, one) for one in several]
        elif "channels" in kind or "conversations" in kind:
            chosen = [self._somewhere(label, one) for one in several]
        else:
            return value
        return chosen if kind == "checkboxes" or kind.startswith("multi_") else chosen[0]

    def _typed_in(self, control: Control, text: str) -> str:
        most = control.element.get("max_length", _MOST_TYPED)
        if len(text) > most:
            raise CannotDo(f"“{control.words}” holds at most {most} characters, not {len(text)}.")
        if "\n" in text and not control.element.get("multiline"):
            raise CannotDo(f"“{control.words}” is one line.")
        return text

    def _option(self, control: Control, words: Any) -> Json:
        if isinstance(words, Mapping) and words in control.options:
            return dict(words)
        try:
            return dict(option_named(control, str(words)))
        except LookupError as error:
            raise CannotDo(f"{error.args[0]}.") from None

    def _somebody(self, label: str, one: Any) -> str:
        user = self.workspace.users.get(getattr(one, "id", one))
        if user is None or user.is_deleted:
            raise CannotDo(f"“{label}” offers nobody like that.")
        return user.id

    def _somewhere(self, label: str, one: Any) -> str:
        place = self.workspace.channels.get(getattr(one, "id", one))
        if place is None or self.id not in self.workspace.audience(place):
            raise CannotDo(f"“{label}” offers no such channel.")
        return place.id


def _pick(found: Sequence[_Found], nth: int, words: str) -> _Found:
    try:
        return found[nth]
    except IndexError:
        raise CannotDo(f"“{words}” is there {len(found)} times, not {nth + 1}.") from None
