"""The practice workspace in a browser: pages that show what one person can see, and do what they can do."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from gpbot.practice.pages import drawing, forms
from gpbot.practice.pages.guide import Guide
from gpbot.practice.person import CannotDo, Person
from gpbot.practice.state import Answer, Channel, Refused

if TYPE_CHECKING:
    from gpbot.practice.pages.frame import Frame, Role
    from gpbot.practice.screens import Screen
    from gpbot.practice.workspace import Workspace

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LATER: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
QUIET_SECONDS: Final = 0.15
MOST_SECONDS: Final = 2.0
BEAT_SECONDS: Final = 15.0  # so that a connection nobody listens to any more is noticed
CALLS_SHOWN: Final = 60
SIGHTS_SHOWN: Final = 200
LOG: Final = logging.getLogger(__name__)
BY_SCRIPT: Final = "X-Practice"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


_STARTING: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1">'
    '<link rel="stylesheet" href="/static/practice.css"><title>Practice</title>'
    '<main class="sheet"><h1>gpbot is starting</h1><p class="lead">This page goes on by itself in a moment.</p></main>'
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that goes wrong until it is ended; `fault` are the arguments of `Faults.add`."""

    title: str
    words: str
    fault: Mapping[str, Any]


TROUBLES: Final[Mapping[str, Trouble]] = {
    "slow": Trouble("Slack is slow", "Every call takes two seconds.", {"delay": 2.0}),
    "busy": Trouble("Slack is busy", "Every message is put off: try again in 20 seconds.",
                    {"method": "chat.postMessage", "retry_after": 20}),
    "down": Trouble("Slack is down", "Every call fails with HTTP 503.", {"status": 503}),
    "refused": Trouble("Messages are refused", "Slack takes none of gpbot's messages: restricted_action.",
                       {"method": "chat.postMessage", "error": "restricted_action"}),
    "channels": Trouble("Only admins make channels", "gpbot may not make any: restricted_action.",
                        {"method": "conversations.create", "error": "restricted_action"}),
    "lost": Trouble("Answers about channels are lost", "Slack makes a channel, and gpbot does not hear of it.",
                    {"method": "conversations.create", "drop": "after"}),
}  # fmt: skip


@dataclass(slots=True)
class _Pane:
    """What one person was told last, and what their own client would not take."""

    notice: Answer | None = None
    refused: dict[str, dict[str, str]] = field(default_factory=dict)


# See docs/decisions/0043-practice.md
class Site:
    """The pages of one workspace, added to its server. What people do there is done by `Person`, nothing else."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.guide = Guide(())
        self._frame: Frame | None = None
        self._boot = secrets.token_hex(8)
        self._reading = drawing.Reading()
        self._panes: dict[str, _Pane] = {}
        self._trouble: str | None = None
        self._streams: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False
        self._templates = drawing.environment(workspace)
        self._templates.filters |= {
            "day_and_time": _day_and_time,
            "initials": drawing.initials,
            "tone": drawing.tone,
            "pretty": lambda data: json.dumps(_readable(data), indent=2, ensure_ascii=False, default=str),
        }
        workspace.watch(self._changed)

    @property
    def frame(self) -> Frame:
        """What stands around the pages. Raises LookupError before `open`."""
        if self._frame is None:
            raise LookupError("The pages are not open yet.")
        return self._frame

    def open(self, frame: Frame) -> None:
        """From now on the pages are there; before, they ask for a moment's patience."""
        self._frame, self.guide = frame, Guide(frame.chapters)

    def add_to(self, app: web.Application, guard: Callable[[Handler], Handler]) -> None:
        """Add the pages' addresses, with this guard in front of each."""
        pages = [
            web.get("/", self._start),
            web.get("/static/{name}", _static),
            web.get("/events", self._events),
            web.get("/two", self._two),
            web.get("/guide", self._guide),
            web.get("/guide/start", self._guide_start),
            web.post("/guide", self._guided),
            web.get("/behind", self._behind),
            web.get("/seen/{who}", self._seen),
            web.post("/time", self._time),
            web.post("/trouble", self._make_trouble),
            web.post("/process", self._process),
            web.post("/reset", self._reset),
        ]
        for where in ("home", "messages", "channel/{channel}"):
            pages += [web.get(f"/as/{{who}}/{where}", self._person), web.post(f"/as/{{who}}/{where}", self._act)]
        for page in pages:
            app.router.add_route(page.method, page.path, guard(partial(self._guarded, page.handler)))
        app.on_startup.append(self._remember_loop)

    def close(self) -> None:
        """End every stream of events, in the server's own thread."""
        self._closing = True
        for stream in self._streams:
            stream.set()

    # --- what all pages share -----------------------------------------------------------------------------

    async def _remember_loop(self, _: web.Application) -> None:
        self._loop = asyncio.get_running_loop()

    async def _guarded(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        """Answer this machine's own pages only: no other site may send a form, nor reach this by another name."""
        if request.method != "GET" and request.headers.get("Origin") != f"http://{request.host}":
            raise web.HTTPForbidden(text="Only this workspace's own pages can send forms here.")
        if self._frame is None and not request.path.startswith(("/static/", "/events")):
            return web.Response(text=_STARTING, content_type="text/html", headers=_HEADERS)
        try:
            response = await handler(request)
        except CannotDo as no:
            response = await asyncio.to_thread(
                self._page, request, "sorry.html", title="That is not there", words=str(no)
            )
            response.set_status(web.HTTPNotFound.status_code)
        except (LookupError, TypeError, ValueError, Refused) as odd:
            LOG.warning("a form that no page here has: %s", type(odd).__name__)
            raise web.HTTPBadRequest(text="This is not what a form of these pages sends.", headers=_HEADERS) from None
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    def _page(
        self, request: web.Request, template: str, *, here: str = "", lives: bool = True, **more: Any
    ) -> web.Response:
        version = self.workspace.version  # before anything is looked at: what changes meanwhile is fetched again
        ahead = self.frame.clock.ahead
        html = self._templates.get_template(template).render(
            frame=self.frame,
            boot=self._boot,
            version=version,
            here=here,
            lives=lives,
            is_inner=request.headers.get("Sec-Fetch-Dest") == "iframe" or request.headers.get(BY_SCRIPT) == "inner",
            now=self.workspace.clock.now(),
            ahead=_how_far(ahead),
            trouble=TROUBLES.get(self._trouble or ""),
            app_runs=self.frame.app_runs(),
            refused=list(self.workspace.problems),
            **more,
        )
        return web.Response(text=html, content_type="text/html")

    def _named(self, handle: str) -> Person:
        for person in self.workspace.people.values():
            if person.user.name == handle:
                return person
        raise CannotDo("There is nobody of that name here.")

    def _pane(self, person: Person) -> _Pane:
        return self._panes.setdefault(person.id, _Pane())

    # --- liveness -----------------------------------------------------------------------------------------

    def _changed(self) -> None:
        if self._loop is not None and not self._closing:
            with suppress(RuntimeError):  # the loop is closed: the workspace outlives its server
                self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        for stream in self._streams:
            stream.set()

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """A line for each change, and one to begin with; a page of another version then fetches itself again."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        changed = asyncio.Event()
        self._streams.add(changed)
        try:
            await response.write(b"retry: 500\n")
            while not self._closing:
                await response.write(f"data: {self._boot} {self.workspace.version}\n\n".encode())
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), BEAT_SECONDS)
                changed.clear()
        except ConnectionError:
            pass
        finally:
            self._streams.discard(changed)
        return response

    # --- people -------------------------------------------------------------------------------------------

    async def _start(self, request: web.Request) -> web.Response:
        return await asyncio.to_thread(
            self._page, request, "start.html", here="start", lives=False, people_of=self._people_of
        )

    def _people_of(self, role: Role) -> list[Person]:
        return [self.workspace.people[user_id] for user_id in role.people]

    async def _person(self, request: web.Request) -> web.Response:
        return await asyncio.to_thread(self._drawn_person, request)

    def _drawn_person(self, request: web.Request) -> web.Response:
        person = self._named(request.match_info["who"])
        where = request.path.split("/", 3)[3]
        if BY_SCRIPT not in request.headers and not person.user.is_deleted:
            if where == "home":
                person.open_home()
            elif where == "messages":
                person.open_messages()
        with self.workspace.lock:
            return self._page(request, "person.html", **self._what_they_see(person, where, request))

    def _what_they_see(self, person: Person, where: str, request: web.Request) -> dict[str, Any]:
        workspace, pane = self.workspace, self._pane(person)
        place = self._place(person, where)
        dm = workspace.dm(person.id)
        said: list[Screen] = []
        if where != "home":
            said = person.peek(place or dm)
            self._reading.look(person, (place or dm).id, said)
        shortcuts = workspace.feature("shortcuts") or []
        menu = [entry for entry in shortcuts if entry["type"] == "message"]
        home = person.home
        inside = place is None or person.id in place.members
        is_archived = place is not None and place.is_archived
        at = self.guide.at()
        return {
            "person": person,
            "base": f"/as/{person.user.name}",
            "where": where,
            "title": workspace.app.name if place is None else f"#{place.name}",
            "place": place,
            "is_app": place is None,
            "beside": True,
            "spots": self._spots(person, where),
            "everybody": list(workspace.people.values()),
            "roles": self._roles(),
            "role": self._roles().get(person.id, "Guest" if person.user.is_guest else "Member"),
            "talk": drawing.conversation(person, place or dm, said=said, menu=menu),
            "home": drawing.surface(person, home) if home else None,
            "modals": [
                drawing.surface(person, screen, pane.refused.get(screen.id)) for screen in person.modals
            ],
            "ask": self._asked(person, request),
            "notice": pane.notice,
            "thread": request.query.get("thread", "") if where != "home" else "",
            "may_write": inside and not is_archived,
            "shares": [each for each in person.places if person.id in each.members and not each.is_archived],
            "cannot_write": "This channel is archived." if is_archived
            else f"{person.user.shown_name} can read this channel and is not in it.",
            "shortcuts": [entry for entry in shortcuts if entry["type"] == "global"],
            "completions": self._completions(person),
            "step": at and _Step(at, self.workspace),
            "at_step": bool(at and at.step and (at.step.person_id, at.step.where) == (person.id, where)),
            "offered": lambda kind: self._offered(person, kind),
        }  # fmt: skip

    def _place(self, person: Person, where: str) -> Channel | None:
        """The channel; None for the conversation with the app. Raises CannotDo where they may not look."""
        if where in {"home", "messages"}:
            return None
        for place in person.places:
            if f"channel/{place.name}" == where:
                return place
        raise CannotDo(f"{person.user.shown_name} sees no such channel.")

    def _spots(self, person: Person, where: str) -> list[drawing.Spot]:
        base = f"/as/{person.user.name}"
        dm = self.workspace.dm(person.id)
        spots = [
            drawing.Spot(
                path=f"{base}/messages",
                words=self.workspace.app.name,
                sign="app",
                unread=self._reading.unread(person, dm.id, person.inbox),
                is_here=where in {"home", "messages"},
            )
        ]
        spots += [
            drawing.Spot(
                path=f"{base}/channel/{place.name}",
                words=place.name,
                sign="private" if place.is_private else "public",
                unread=self._reading.unread(person, place.id, person.peek(place)),
                is_here=where == f"channel/{place.name}",
                is_private=place.is_private,
            )
            for place in person.places
        ]
        return spots

    def _roles(self) -> dict[str, str]:
        return {user_id: role.one for role in self.frame.roles for user_id in role.people}

    def _completions(self, person: Person) -> list[dict[str, str]]:
        commands = [] if person.user.is_external else self.workspace.feature("slash_commands") or []
        offered = [
            {"insert": entry["command"], "words": entry["command"], "about": entry.get("description", "")}
            for entry in commands
        ]
        people = [
            {"insert": f"@{user.shown_name}", "words": f"@{user.shown_name}", "about": user.title}
            for user in self.workspace.users.values()
            if not user.is_deleted and user.id in {*self.workspace.people, self.workspace.app.bot_user_id}
        ]
        return [*offered, *people]

    def _offered(self, person: Person, kind: str) -> list[tuple[str, str]]:
        if "users" in kind:
            everybody = [user for user in self.workspace.users.values() if not user.is_deleted]
            return sorted(((user.id, user.shown_name) for user in everybody), key=lambda one: one[1].casefold())
        return [(place.id, f"#{place.name}") for place in person.places]

    def _asked(self, person: Person, request: web.Request) -> dict[str, Any] | None:
        """The question before something is pressed, where one is due."""
        on, press = request.query.get("on", ""), request.query.get("ask", "")
        if not press:
            return None
        try:
            control = forms.pressed(forms.find(person, on), press)
        except CannotDo:
            return None
        confirm = control.element.get("confirm")
        return {"on": on, "press": press, "confirm": confirm} if confirm else None

    # --- what they do -------------------------------------------------------------------------------------

    async def _act(self, request: web.Request) -> web.Response:
        sent = await request.post()
        words = fields_of(sent)
        by_script = BY_SCRIPT in request.headers
        back = await asyncio.to_thread(self._done, request, words, by_script)
        if words.get("do") == "keep" and by_script:
            return web.Response(status=204)
        raise web.HTTPSeeOther(back, headers=_HEADERS)

    def _done(self, request: web.Request, sent: MultiDictProxy[str], by_script: bool) -> str:  # noqa: FBT001
        """Do what was sent, and say where to go on."""
        person = self._named(request.match_info["who"])
        where = request.path.split("/", 3)[3]
        pane = self._pane(person)
        if sent.get("do") != "keep":
            pane.notice, pane.refused = None, {}
        more = {}
        try:
            place = self._place(person, where)
            more = self._do(person, place, sent, pane)
        except CannotDo as no:
            pane.notice = Answer(ok=False, text=str(no))
        if not by_script:
            self._wait_until_quiet()
        return quote(request.path) + (f"?{urlencode(more)}" if more else "")

    def _do(self, person: Person, place: Channel | None, sent: MultiDictProxy[str], pane: _Pane) -> dict[str, str]:
        if "shortcut" in sent:
            self._note(pane, person.shortcut(sent["shortcut"]))
        elif "message_shortcut" in sent:
            self._note(pane, person.message_shortcut(sent["message_shortcut"], forms.find(person, sent["on"])))
        elif "channel" in sent:
            return self._to_channel(person, place, sent)
        elif "share" in sent:
            to = next((each for each in person.places if each.id == sent["share"]), None)
            if to is None:
                raise CannotDo(f"{person.user.shown_name} sees no such channel.")
            person.share(forms.find(person, sent["on"]), to=to)
        elif sent.get("what") == "delete":
            person.delete(forms.find(person, sent["on"]))
        elif sent.get("what") == "say":
            return self._say(person, place, sent, pane)
        elif sent.get("what") == "act":
            return self._press(person, sent, pane)
        return {}

    def _to_channel(self, person: Person, place: Channel | None, sent: MultiDictProxy[str]) -> dict[str, str]:
        """What people do to channels, other than to write in them."""
        do = sent["channel"]
        if do == "create":
            made = person.create_channel(sent.get("name", "").strip())
            raise web.HTTPSeeOther(f"/as/{person.user.name}/channel/{quote(made.name)}", headers=_HEADERS)
        if place is None:
            raise CannotDo("This is not a channel.")
        acts = {"join": person.join, "leave": person.leave, "archive": person.archive, "unarchive": person.unarchive}
        if do in acts:
            acts[do](place)
        return {}

    def _say(self, person: Person, place: Channel | None, sent: MultiDictProxy[str], pane: _Pane) -> dict[str, str]:
        words = sent.get("words", "").replace("\r\n", "\n").strip()
        thread = sent.get("thread", "")
        if not words:
            return {"thread": thread} if thread else {}
        command, _, rest = words.partition(" ")
        if command.startswith("/") and len(command) > 1 and not thread:
            answer = person.command(command, self._mentioned(rest.strip()), channel=place)
            if not answer.ok:
                pane.notice = answer
            return {}
        if command.startswith("/") and len(command) > 1:
            pane.notice = Answer(ok=False, text=f"{command} is not supported in threads. Sorry!")
            return {"thread": thread}
        person.say(self._mentioned(words), to=place, thread=thread or None)
        return {"thread": thread} if thread else {}

    def _mentioned(self, words: str) -> str:
        """With `@Somebody's Name` as Slack's client sends it once it was chosen from the list."""
        users = [user for user in self.workspace.users.values() if not user.is_deleted]
        for user in sorted(users, key=lambda user: -len(user.shown_name)):
            words = words.replace(f"@{user.shown_name}", f"<@{user.id}>")
        return words

    def _press(self, person: Person, sent: MultiDictProxy[str], pane: _Pane) -> dict[str, str]:
        screen = forms.find(person, sent["on"])
        do = sent.get("do", "")
        if do not in {"close", "close_all"} and "has" in sent:
            refused = forms.fill(person, screen, sent)
            if refused and do != "keep":
                pane.refused[screen.id] = refused
                return {}
        if "press" in sent:
            control = forms.pressed(forms.find(person, sent["on"]), sent["press"])
            if control.element.get("confirm") and not sent.get("confirmed"):
                return {"on": sent["on"], "ask": sent["press"]}
            self._note(pane, person.press_this(control, within=screen))
        elif do == "submit":
            forms.submit(person, screen)
        elif do in {"close", "close_all"}:
            person.dismiss(all=do == "close_all")
        return {}

    def _note(self, pane: _Pane, answer: Answer) -> None:
        if not answer.ok:
            pane.notice = answer

    def _wait_until_quiet(self) -> None:
        """For browsers without the script: until what follows from a click has most likely come."""
        end = time.monotonic() + MOST_SECONDS
        calls = -1
        while calls != len(self.workspace.calls) and time.monotonic() < end:
            calls = len(self.workspace.calls)
            self.workspace.wait_for_change(QUIET_SECONDS)

    # --- around them --------------------------------------------------------------------------------------

    async def _two(self, request: web.Request) -> web.Response:
        return await asyncio.to_thread(self._drawn_two, request)

    def _drawn_two(self, request: web.Request) -> web.Response:
        everybody = [user_id for role in self.frame.roles for user_id in role.people]
        preset = [f"/as/{self.workspace.people[user_id].user.name}/messages" for user_id in everybody]
        paths = [request.query.get("left") or preset[0]]
        paths.append(request.query.get("right") or next(path for path in reversed(preset) if path != paths[0]))
        sides = []
        for path in paths:
            if not path.startswith("/as/"):
                raise CannotDo("Only two people can stand side by side.")
            sides.append((path, self._named(path.split("/")[2]).user.shown_name))
        return self._page(request, "two.html", here="two", sides=sides)

    async def _guide(self, request: web.Request) -> web.Response:
        parts = list(zip(self.guide.chapters, self.guide.firsts, strict=True))
        return await asyncio.to_thread(
            self._page, request, "guide.html", here="guide", parts=parts, reached=self.guide.reached
        )

    async def _guide_start(self, _: web.Request) -> web.Response:
        self.guide.follow()
        raise web.HTTPSeeOther(self._where_next(), headers=_HEADERS)

    async def _guided(self, request: web.Request) -> web.Response:
        sent = fields_of(await request.post())
        number = int(sent.get("step", "0"))
        back = _back(request)
        match sent.get("do"):
            case "do":
                step = self.guide.step(number)
                if step is not None and step.do is not None and number == self.guide.reached:
                    back = f"/as/{self.workspace.people[step.person_id].user.name}/{step.where}"
                    pane = self._pane(self.workspace.people[step.person_id])
                    try:
                        await asyncio.to_thread(step.do)
                        self.guide.done(number)
                        pane.notice = None
                    except (CannotDo, TimeoutError) as no:
                        pane.notice = Answer(ok=False, text=f"The guide is stuck here: {str(no).splitlines()[0]}")
            case "next":
                self.guide.done(number)
            case "go":
                self.guide.follow(sum(number >= first for first in self.guide.firsts) - 1)
                back = self._where_next()
            case "part":
                self.guide.follow()
                back = self._where_next()
            case "leave":
                self.guide.is_followed = False
        raise web.HTTPSeeOther(back, headers=_HEADERS)

    def _where_next(self) -> str:
        at = self.guide.at()
        step = at.step if at else None
        return f"/as/{self.workspace.people[step.person_id].user.name}/{step.where}" if step else "/guide"

    async def _behind(self, request: web.Request) -> web.Response:
        return await asyncio.to_thread(self._drawn_behind, request)

    def _drawn_behind(self, request: web.Request) -> web.Response:
        with self.workspace.lock:
            return self._page(
                request,
                "behind.html",
                here="behind",
                calls=self.workspace.calls[: -CALLS_SHOWN - 1 : -1],
                troubles=TROUBLES,
                everybody=list(self.workspace.people.values()),
                log=self.frame.app_log(),
            )

    async def _seen(self, request: web.Request) -> web.Response:
        return await asyncio.to_thread(self._drawn_seen, request)

    def _drawn_seen(self, request: web.Request) -> web.Response:
        person = self._named(request.match_info["who"])
        with self.workspace.lock:
            sights = person.seen[: -SIGHTS_SHOWN - 1 : -1]
            return self._page(request, "seen.html", person=person, sights=sights)

    async def _time(self, request: web.Request) -> web.Response:
        sent = fields_of(await request.post())
        by = LATER.get(sent.get("by", ""))
        if by is not None:
            self.frame.clock.move(by)
            with self.workspace.lock:
                self.workspace.touch()
            await asyncio.to_thread(self.frame.moved)
        raise web.HTTPSeeOther(_back(request), headers=_HEADERS)

    async def _make_trouble(self, request: web.Request) -> web.Response:
        kind = fields_of(await request.post()).get("kind", "")
        with self.workspace.lock:
            self.workspace.faults.clear()
            self._trouble = kind if kind in TROUBLES else None
            if self._trouble:
                self.workspace.faults.add(**TROUBLES[kind].fault, times=None)
            self.workspace.touch()
        raise web.HTTPSeeOther(_back(request), headers=_HEADERS)

    async def _process(self, request: web.Request) -> web.Response:
        do = fields_of(await request.post()).get("do", "")
        if do == "kill" and self.frame.app_runs():
            await asyncio.to_thread(self.frame.kill_app)
        elif do == "start" and not self.frame.app_runs():
            await asyncio.to_thread(self.frame.start_app)
        with self.workspace.lock:
            self.workspace.touch()
        raise web.HTTPSeeOther(_back(request), headers=_HEADERS)

    async def _reset(self, request: web.Request) -> web.Response:
        response = await asyncio.to_thread(
            self._page,
            request,
            "sorry.html",
            title="Starting over",
            words="Everything written is thrown away, and gpbot begins anew. This page goes on by itself in a moment.",
        )
        asyncio.get_running_loop().call_later(0.2, self.frame.reset)
        return response


@dataclass(frozen=True, slots=True)
class _Step:
    """The guide, as a page beside it shows it."""

    at: Any
    workspace: Workspace

    def __getattr__(self, name: str) -> Any:
        return getattr(self.at, name)

    @property
    def handle(self) -> str:
        """Whose page the next step is on."""
        return self.workspace.people[self.at.step.person_id].user.name if self.at.step else ""


def fields_of(sent: Any) -> MultiDictProxy[str]:
    """A form's fields; files are left out."""
    return MultiDictProxy(MultiDict((name, value) for name, value in sent.items() if isinstance(value, str)))


async def _static(request: web.Request) -> web.StreamResponse:
    path = drawing.STATIC / request.match_info["name"]
    if path.parent != drawing.STATIC or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path)


def _back(request: web.Request) -> str:
    """The page that a form was on."""
    referer = urlsplit(request.headers.get("Referer", ""))
    return referer.path + (f"?{referer.query}" if referer.query else "") if referer.netloc == request.host else "/"


def _day_and_time(at: Any) -> str:
    here = at.astimezone()
    return f"{here:%a} {here.day} {here:%b}, {here:%H:%M}"


def _how_far(ahead: timedelta) -> str:
    hours = round(ahead.total_seconds() / 3600)
    days, hours = divmod(hours, 24)
    parts = [f"{days} day{'s' if days != 1 else ''}"] if days else []
    parts += [f"{hours} hour{'s' if hours != 1 else ''}"] if hours else []
    return " and ".join(parts)


def _readable(data: Any) -> Any:
    """Arguments as data, the JSON text in them read."""
    if isinstance(data, Mapping):
        return {name: _readable(value) for name, value in data.items()}
    if isinstance(data, str) and data[:1] in {"{", "["}:
        with suppress(ValueError):
            return json.loads(data)
    return data
