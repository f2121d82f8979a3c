"""Modals and Homes: opened with a trigger, stacked three deep, updated under a hash, gone when closed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from gpbot.practice import ids, shapes
from gpbot.practice.reading import controls, state_of
from gpbot.practice.screens import Screen, view_screen, view_text
from gpbot.practice.state import Json, Refused, Trigger, View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gpbot.practice.workspace import Workspace

STACK: Final = 3


@dataclass(slots=True)
class Views:
    """Every view on every screen. Its methods are called with the workspace's lock held."""

    workspace: Workspace = field(repr=False)
    stacks: dict[str, list[View]] = field(default_factory=lambda: defaultdict(list))
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)

    def trigger(self, user_id: str) -> str:
        """A new right to open one view for this person."""
        number = self.workspace.count(f"triggers of {user_id}")
        trigger_id = ids.trigger_id(user_id, number)
        self.triggers[trigger_id] = Trigger(user_id, self.workspace.clock.now())
        return trigger_id

    def holder(self, trigger_id: Any) -> str:
        """Whose trigger this is, if it can still be used. Refuses as `views.open` does."""
        trigger = self.triggers.get(str(trigger_id))
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.workspace.clock.now() - trigger.at > timedelta(seconds=self.workspace.trigger_seconds):
            raise Refused("expired_trigger_id")
        return trigger.user_id

    def open(self, trigger_id: Any, definition: Mapping[str, Any]) -> View:
        """A new modal, in the place of whatever modals were there."""
        user_id = self.holder(trigger_id)
        view = self._new(user_id, definition)
        self._exchange(trigger_id)
        self.stacks[user_id] = [view]
        self.show(view)
        return view

    def push(self, trigger_id: Any, definition: Mapping[str, Any]) -> View:
        """A new modal on top of the one the trigger came from."""
        user_id = self.holder(trigger_id)
        if not self.stacks[user_id]:
            raise Refused("not_found")
        view = self.push_for(user_id, definition)
        self._exchange(trigger_id)
        return view

    def push_for(self, user_id: str, definition: Mapping[str, Any]) -> View:
        """The same from the answer to a submission, which needs no trigger."""
        stack = self.stacks[user_id]
        if len(stack) >= STACK:
            raise Refused("push_limit_reached")
        view = self._new(user_id, definition, under=stack[-1])
        stack.append(view)
        self.show(view)
        return view

    def publish(self, user_id: str, definition: Mapping[str, Any], expected_hash: str | None) -> View:
        """This person's Home from now on."""
        old = self.homes.get(user_id)
        if expected_hash and (old is None or old.hash != expected_hash):
            raise Refused("hash_conflict")
        if old is not None:
            return self.replace(old, definition)
        self.homes[user_id] = view = self._new(user_id, definition)
        self.show(view)
        return view

    def replace(self, view: View, definition: Mapping[str, Any], expected_hash: str | None = None) -> View:
        """Other contents for the same view. What was typed stays where block and element keep their ids."""
        if expected_hash and view.hash != expected_hash:
            raise Refused("hash_conflict")
        self._refuse_taken(definition, besides=view)
        view.version += 1
        view.definition = self._completed(view.id, view.version, definition)
        view.hash = self._hash(view.id, view.version)
        kinds = {control.key: control.kind for control in controls(view.blocks)}
        view.filled = {key: value for key, value in view.filled.items() if key in kinds}
        view.errors, view.trouble = {}, ""
        self.show(view)
        return view

    def close(self, view: View) -> None:
        """Take one view off the screen; the one below shows again."""
        stack = self.stacks[view.user_id]
        if view in stack:
            stack.remove(view)
        if stack:
            self.show(stack[-1])

    def clear(self, user_id: str) -> None:
        """Take all modals off this person's screen."""
        self.stacks[user_id].clear()

    def top(self, user_id: str) -> View | None:
        """The modal in front, if there is one."""
        stack = self.stacks[user_id]
        return stack[-1] if stack else None

    def is_open(self, view: View) -> bool:
        """Whether it is still somewhere on the person's screen."""
        return view in self.stacks[view.user_id] or self.homes.get(view.user_id) is view

    def find(self, view_id: str | None = None, external_id: str | None = None) -> View:
        """The living view with this id. Refuses with `not_found`."""
        for view in self._living():
            if view_id and view.id == view_id:
                return view
            if external_id and view.definition.get("external_id") == external_id:
                return view
        raise Refused("not_found")

    def json(self, view: View) -> Json:
        """The view as payloads carry it, with what has been filled in so far."""
        state = state_of(view.definition, view.filled)
        return shapes.view(view, app=self.workspace.app, team_id=self.workspace.team_id, state=state)

    def screen(self, view: View) -> Screen:
        """The view as its owner has it in front of them."""
        return view_screen(view, self.json(view), self.workspace.names)

    def show(self, view: View) -> None:
        """Note what its owner now sees."""
        where: Literal["modal", "home"] = view.kind
        self.workspace.note({view.user_id}, where, view_text(view, self.workspace.names), self.json(view))

    def _new(self, user_id: str, definition: Mapping[str, Any], under: View | None = None) -> View:
        self._refuse_taken(definition)
        view_id = ids.slack_id("V", user_id, self.workspace.count(f"views of {user_id}"))
        return View(
            id=view_id,
            user_id=user_id,
            kind=definition["type"],
            definition=self._completed(view_id, 1, definition),
            hash=self._hash(view_id, 1),
            root_id=under.root_id if under else view_id,
            previous_id=under.id if under else None,
        )

    def _completed(self, view_id: str, version: int, definition: Mapping[str, Any]) -> Json:
        texts = {
            name: shapes.completed(definition[name]) for name in ("title", "submit", "close") if definition.get(name)
        }
        blocks = shapes.completed_blocks(definition["blocks"], view_id, version)
        return {**definition, **texts, "blocks": blocks}

    def _exchange(self, trigger_id: Any) -> None:
        self.triggers[str(trigger_id)].used = True

    def _hash(self, view_id: str, version: int) -> str:
        return f"{int(self.workspace.clock.now().timestamp())}.{ids.digest(view_id, version, length=8)}"

    def _living(self) -> list[View]:
        return [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]

    def _refuse_taken(self, definition: Mapping[str, Any], besides: View | None = None) -> None:
        wanted = definition.get("external_id")
        if wanted and any(v is not besides and v.definition.get("external_id") == wanted for v in self._living()):
            raise Refused("duplicate_external_id")
