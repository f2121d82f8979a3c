"""The text console of `make practice`: become a person, type, press, read."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from gpbot.practice import CannotDo, Channel, Person, Screen
from gpbot.practice.reading import Control
from gpbot.practice.screens import pressable
from gpbot.tour.neighbourhood import CHAMPIONS, CONTACTS, MEMBERS, BotDied, Neighbourhood
from gpbot.tour.teller import Sees, Teller, read

CALLS_SHOWN: Final = 15
WELCOME: Final = (
    "A practice Slack with eight people, and gpbot in it. It stays on this machine, and nothing is kept.\n"
    "Try: become mona · /report · fill What happened = … · submit · everyone. What else there is: help."
)
HELP: Final = (
    ("people", "who is here"),
    ("become mona", "be somebody; a first name is enough"),
    ("look", "what is in front of them, with numbers on what can be pressed"),
    ("inbox · home", "their direct message with gpbot; their App Home"),
    ("channel general", "look into a channel (also: champions-triage, for champions)"),
    ("/report · /report words", "type a slash command where they look"),
    ("say hello", "write a message where they look"),
    ("press Open · press 2", "press a button by its words or number"),
    ("fill What happened = words", "fill in a field; \\n starts a new line"),
    ("choose Who is it about = amina, ben", "choose people or options; nothing after = chooses none"),
    ("submit · close", "the window's own two buttons"),
    ("shortcut Report a concern", "a shortcut; for one on a message: shortcut Report to the Champions on 2"),
    ("everyone", "who sees what at this moment, side by side"),
    ("log", "gpbot's last calls to Slack, and the end of its own log"),
    ("kill · start", "kill gpbot's process (SIGKILL); start it again"),
    ("time", "how time passes here"),
    ("quit", "leave; nothing is kept"),
)


class CannotSay(Exception):
    """What was typed cannot be done; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button, and the screen it stands on."""

    screen: Screen
    control: Control


class PracticeConsole:
    """Reads commands with `ask(prompt)`, which raises EOFError at the end, until somebody quits."""

    def __init__(self, place: Neighbourhood, console: Console, ask: Callable[[str], str]) -> None:
        self._place = place
        self._console = console
        self._ask = ask
        self._person: Person | None = None
        self._channel: Channel | None = None
        self._at_home = False
        self._commands: dict[str, Callable[[str], None]] = {
            "help": self._help,
            "people": self._people,
            "become": self._become,
            "look": lambda _: self._look(),
            "inbox": self._inbox,
            "home": self._home,
            "channel": self._look_into,
            "say": self._say,
            "press": self._press,
            "fill": self._fill,
            "choose": self._fill,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "everyone": self._everyone,
            "log": self._log,
            "kill": self._kill,
            "start": self._start,
            "time": self._time,
        }

    def run(self) -> None:
        """Until `quit` or the end of what is typed."""
        self._console.print(WELCOME, highlight=False)
        while True:
            name = _first(self._person) if self._person else "nobody"
            self._console.print()
            try:
                line = self._ask(f"{name}> ").strip()
            except EOFError:
                self._console.print()
                return
            if line.casefold() in {"quit", "exit", "q"}:
                return
            if line:
                self._do(line)

    def _do(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        try:
            if word.startswith("/"):
                self._slash(word, rest.strip())
            elif command := self._commands.get(word.casefold()):
                command(rest.strip())
            else:
                raise CannotSay(f"“{word}” is not a command here. Type help to see what is.")
        except (CannotSay, CannotDo, BotDied) as no:
            self._tell(str(no))
        except TimeoutError:
            self._tell("That took too long. Is gpbot running? Type log to see.")

    # What can be typed.

    def _help(self, _: str) -> None:
        self._table(("type", "to"), HELP)

    def _people(self, _: str) -> None:
        roles = [(CHAMPIONS, "champion"), (CONTACTS, "outside contact"), (MEMBERS, "member")]
        self._table(
            ("name", "from", "is a"),
            [(name, title, role) for people, role in roles for name, title in people.items()],
        )

    def _become(self, name: str) -> None:
        self._person = self._somebody(name)
        self._channel, self._at_home = None, False
        self._tell(f"You are {self._person.user.real_name}.")

    def _look(self) -> None:
        who = self._somebody_here()
        for screen in self._in_front():
            self._show(screen)
        if who.modal is None and not self._in_front():
            self._tell(f"There is nothing in {self._where()} yet.")
        buttons = self._pressables()
        if buttons:
            numbered = (f"{number} [ {each.control.words} ]" for number, each in enumerate(buttons, start=1))
            self._console.print(self._lines(f"To press:  {'  '.join(numbered)}", self._console.width))
        if who.modal is not None and who.modal.fields:
            self._tell("To fill in:  " + " · ".join(who.modal.fields))

    def _inbox(self, _: str) -> None:
        self._somebody_here().open_messages()
        self._channel, self._at_home = None, False
        self._then_look()

    def _home(self, _: str) -> None:
        who = self._somebody_here()
        who.open_home()
        self._channel, self._at_home = None, True
        self._place.settle()
        if who.home is None:
            raise CannotSay("gpbot has not shown an App Home yet.")
        self._look()

    def _look_into(self, name: str) -> None:
        who = self._somebody_here()
        wanted = name.removeprefix("#").casefold()
        readable = [
            channel
            for channel in self._place.workspace.channels.values()
            if not channel.is_im and who.id in self._place.workspace.audience(channel)
        ]
        found = next((channel for channel in readable if channel.name == wanted), None)
        if found is None:
            there = ", ".join(channel.name for channel in readable)
            raise CannotSay(f"{_first(who)} can look into: {there}.")
        self._channel, self._at_home = found, False
        self._look()

    def _slash(self, command: str, text: str) -> None:
        answer = self._somebody_here().command(command, text, channel=self._channel)
        if answer.text:
            self._tell(answer.text)
        self._then_look()

    def _say(self, text: str) -> None:
        if not text:
            raise CannotSay("Say what? For example: say hello")
        self._somebody_here().say(text, to=self._channel)
        self._at_home = False
        self._then_look()

    def _press(self, words: str) -> None:
        who = self._somebody_here()
        buttons = self._pressables()
        if not words:
            raise CannotSay("Press what? For example: press Open, or press 1")
        if words.isdecimal():
            if not 1 <= int(words) <= len(buttons):
                raise CannotSay(f"There is no button {words}; there are {len(buttons)}. Type look to see them.")
            self._press_one(who, buttons[int(words) - 1])
        elif found := [button for button in buttons if button.control.words.casefold() == words.casefold()]:
            self._press_one(who, found[-1] if who.modal is None else found[0])
        elif self._is_own_button(who, "submit", words):
            self._submit("")
            return
        elif self._is_own_button(who, "close", words):
            self._close("")
            return
        else:
            who.press(words, channel=self._channel)
        self._then_look()

    def _fill(self, text: str) -> None:
        label, equals, value = (part.strip() for part in text.partition("="))
        if not label or not equals:
            raise CannotSay("Write the field's first words, = and what goes into it: fill What happened = words")
        who = self._somebody_here()
        if who.modal is None:
            raise CannotSay(f"{_first(who)} has no window open.")
        field = next((one for one in who.modal.controls if _is_called(one, label)), None)
        if field is None:
            raise CannotSay(f"There is no field “{label}”; there is: {', '.join(who.modal.fields) or 'nothing'}.")
        who.fill(field.words, self._value(field, value))
        if field.dispatches:  # gpbot is told of it, and may change the window
            self._then_look()
        else:
            self._tell("Filled in. Type look to see the window.")

    def _submit(self, _: str) -> None:
        self._somebody_here().submit()
        self._then_look()

    def _close(self, _: str) -> None:
        self._somebody_here().dismiss()
        self._then_look()

    def _shortcut(self, text: str) -> None:
        who = self._somebody_here()
        name, on, number = text.rpartition(" on ")
        if on and number.isdecimal():
            said = self._in_front()
            if who.modal is not None or not 1 <= int(number) <= len(said):
                raise CannotSay(f"There is no message {number} in front of {_first(who)}. Type look to see them.")
            who.message_shortcut(name.strip(), said[int(number) - 1])
        else:
            who.shortcut(text)
        self._then_look()

    def _everyone(self, _: str) -> None:
        self._place.settle()
        roles = ((self._place.members, "member"), (self._place.champions, "champion"))
        everybody = [(person, role) for people, role in roles for person in people]
        everybody += [(person, "outside contact") for person in self._place.contacts]
        Teller(self._console).show(*(Sees(person=person, role=role) for person, role in everybody))

    def _log(self, _: str) -> None:
        calls = self._place.workspace.calls[-CALLS_SHOWN:]
        self._table(
            ("time (UTC)", "gpbot called", "Slack answered"),
            [(f"{call.at:%H:%M:%S}", call.method, str(call.response.get("error", "ok"))) for call in calls],
        )
        self._console.print(Text(self._place.bot.last_words()))

    def _kill(self, _: str) -> None:
        if not self._place.bot.is_running:
            raise CannotSay("gpbot is not running. Type start.")
        self._place.bot.kill()
        self._tell("gpbot is killed. Whatever it owed is on disk. Type start.")

    def _start(self, _: str) -> None:
        if self._place.bot.is_running:
            raise CannotSay("gpbot is running.")
        self._place.bot.start()
        self._tell("gpbot runs again.")

    def _time(self, _: str) -> None:
        self._tell("Time is real here: a reminder that comes after a working day comes after a working day.")

    # What they look at.

    def _in_front(self) -> list[Screen]:
        """The window in front; else App Home; else the messages of the conversation."""
        who = self._somebody_here()
        if who.modal is not None:
            return [who.modal]
        if self._at_home and who.home is not None:
            return [who.home]
        return who.read(self._channel) if self._channel else who.inbox

    def _pressables(self) -> list[Pressable]:
        return [
            Pressable(screen, control)
            for screen in self._in_front()
            for control in screen.controls
            if pressable(control)
        ]

    def _press_one(self, who: Person, button: Pressable) -> None:
        alike = [one.control for one in self._pressables() if one.screen == button.screen]
        alike = [one for one in alike if one.words.casefold() == button.control.words.casefold()]
        if asked := button.control.element.get("confirm"):
            words = " ".join(str(asked[part]["text"]) for part in ("title", "text"))
            self._tell(f"Slack asks first: {words} Here the answer is “{asked['confirm']['text']}”.")
        who.press(button.control.words, within=button.screen, nth=alike.index(button.control))

    def _is_own_button(self, who: Person, name: str, words: str) -> bool:
        """Whether these are the words on the window's own `submit` or `close` button."""
        label = (who.modal.raw.get(name) or {}).get("text") if who.modal else None
        return words.casefold() == (label or ("close" if name == "close" and who.modal else "")).casefold()

    def _then_look(self) -> None:
        self._place.settle()
        self._look()

    def _where(self) -> str:
        if self._at_home:
            return "App Home"
        return f"#{self._channel.name}" if self._channel else "the direct message with gpbot"

    def _value(self, field: Control, value: str) -> Any:
        """What was typed, as the field takes it."""
        names = [name.strip() for name in value.split(",") if name.strip()]
        if "users_select" in field.kind:
            people = [self._somebody(name) for name in names]
            return people if field.kind.startswith("multi_") or not people else people[0]
        if field.kind == "checkboxes" or field.kind.startswith("multi_"):
            return names
        return value.replace("\\n", "\n") or None

    def _somebody_here(self) -> Person:
        if self._person is None:
            raise CannotSay("Become somebody first, for example: become mona")
        return self._person

    def _somebody(self, name: str) -> Person:
        """By the beginning of their name; never somebody else than meant."""
        wanted = name.casefold().removeprefix("@")
        people = self._place.people.values()
        found = [person for person in people if wanted and person.user.real_name.casefold().startswith(wanted)]
        if len(found) != 1:
            raise CannotSay(f"There is no one “{name}” here; there are: {', '.join(map(_first, people))}.")
        return found[0]

    # How it is said.

    def _tell(self, sentence: str) -> None:
        self._console.print(Text(sentence))

    def _show(self, screen: Screen) -> None:
        number = "" if screen.kind in {"modal", "home"} else f"{self._in_front().index(screen) + 1} · "
        title = f"{number}{screen.title or screen.author}"
        text = screen.text.partition("\n")[2] if screen.kind == "modal" else screen.text
        body = self._lines(text, self._console.width - 4)
        self._console.print(Panel(body, title=Text(title), title_align="left", border_style="dim"))

    def _lines(self, text: str, width: int) -> Text:
        return Text("\n").join(read(text, self._console, width))

    def _table(self, heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for head in heads:
            table.add_column(head, header_style="dim")
        for row in rows:
            table.add_row(*map(Text, row))
        self._console.print(table)


def ask(prompt: str) -> str:
    """One line that somebody types. What comes from a pipe is repeated, so that the output reads like a session."""
    line = input(prompt)
    if not sys.stdin.isatty():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return line


def _first(person: Person) -> str:
    return person.user.real_name.split(maxsplit=1)[0]


def _is_called(control: Control, label: str) -> bool:
    return not pressable(control) and control.words.casefold().startswith(label.casefold())
