"""The text console of `make practice`: what is typed, and what is read."""

import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from gpbot.tour.console import PracticeConsole
from gpbot.tour.neighbourhood import ROOT, Neighbourhood, neighbourhood
from tests.halves import LONG
from tests.waiting import HANGING

pytestmark = LONG


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbourhood]:
    with neighbourhood(tmp_path_factory.mktemp("practice").resolve(), patience=0.2) as here:
        yield here


@pytest.fixture(autouse=True)
def nobody_has_a_window_open(place: Neighbourhood) -> Iterator[None]:
    yield
    for person in place.people.values():
        if person.modals:
            person.dismiss(all=True)


def typing(place: Neighbourhood, *lines: str) -> str:
    """What the console says to these lines, then to the end of the input; blanks and frames count as one blank."""
    left = iter(lines)
    out = StringIO()
    last = ""

    def ask(prompt: str) -> str:
        nonlocal last
        if last.startswith("/report") and place.bot.is_running:
            # Nobody here has the patience to look for a window that is not open yet, for most look for what never is.
            place.until(lambda: any(person.modals for person in place.people.values()))
        line = last = next(left, "")
        if not line:
            raise EOFError
        out.write(f"{prompt}{line}\n")
        return line

    PracticeConsole(place, Console(file=out, width=200), ask).run()
    return " ".join(out.getvalue().replace("│", " ").split())


def test_a_pipe_can_report_a_champion_and_leaves_in_order(tmp_path: Path) -> None:
    script = (
        "become mona\n/report\nfill What happened = He rings me.\\nEvery night.\nchoose Who is it about = amina\n"
        "submit\npress Send\neveryone\nbecome ben\npress 1\nquit\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "gpbot", "practice"],
        cwd=ROOT,
        input=script,
        capture_output=True,
        text=True,
        timeout=HANGING,
        check=False,
        env={"PATH": "", "TMPDIR": str(tmp_path)},
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    assert "Mona> /report" in ran.stdout
    assert "Saved. No person has read it yet." in ran.stdout
    assert "☑ Amina Okafor" in ran.stdout
    _, _, as_ben = ran.stdout.partition("Ben> press 1")
    assert "The reporter's name is hidden." in as_ben
    assert "Every night." in as_ben
    assert ran.stderr == ""
    assert not list(tmp_path.iterdir())  # nothing is kept


def test_home_channels_messages_and_shortcuts_can_be_reached(place: Neighbourhood) -> None:
    said = typing(place, "become tom", "home", "channel general", "say Buy my course", "inbox")
    assert "[ Report a concern ]" in said
    assert "1 · Tom Reed" in said
    assert "There is nothing in the direct message with gpbot yet." in said
    said = typing(place, "become nadia", "channel general", "shortcut Report to the Champions on 1")
    assert "The message you are reporting" in said
    assert "Buy my course" in said.partition("The message you are reporting")[2]
    assert "Report a concern" in typing(place, "become farid", "shortcut Report a concern")


def test_the_desk_opens_ones_own_list(place: Neighbourhood) -> None:
    said = typing(place, "become chloe", "channel champions-triage", "press What is waiting for me", "press Close")
    assert "Nothing is waiting for you." in said


def test_a_question_slack_asks_first_is_shown_and_answered(place: Neighbourhood) -> None:
    said = typing(
        place, "become nadia", "/report", "fill What happened = A small thing.", "submit", "press Cancel and delete"
    )
    assert "Slack asks first: Delete what you wrote?" in said
    assert "What you wrote was deleted." in said


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["look"], "Become somebody first, for example: become mona"),
        (["dance"], "“dance” is not a command here. Type help to see what is."),
        (["become zed"], "There is no one “zed” here; there are: Amina, Ben, Chloe,"),
        (["become"], "There is no one “” here"),
        (["become mona", "press 1"], "There is no button 1; there are 0."),
        (["become mona", "press Open"], "finds no “Open”; there is: nothing."),
        (["become mona", "press"], "Press what?"),
        (["become mona", "say"], "Say what?"),
        (["become mona", "submit"], "has no modal open."),
        (["become mona", "close"], "has no modal open."),
        (["become mona", "fill What = x"], "Mona has no window open."),
        (["become mona", "fill What"], "Write the field's first words, = and what goes into it"),
        (["become mona", "/report", "fill Shoes = 7"], "There is no field “Shoes”; there is: What happened?"),
        (["become mona", "/report", "choose Show my name = maybe"], "no option begins with “maybe”"),
        (["become mona", "/report", "choose Who is it about = zed"], "There is no one “zed” here"),
        (["become mona", "/report", "submit"], "Please complete this required field."),
        (["become mona", "/repot"], "/repot is not a valid command."),
        (
            ["become mona", "channel champions-triage"],
            "Mona can look into: general, channel-proposals, housing, legal-advice, teaching-english.",
        ),
        (["become mona", "shortcut Dance"], "There is no global shortcut “Dance”; there is:"),
        (["become mona", "shortcut Report to the Champions on 9"], "There is no message 9 in front of Mona."),
        (["start"], "gpbot is running."),
        (["time"], "Time is real here"),
        (["help"], "become mona be somebody"),
        (["people"], "Edith Shaw Fair Hearing outside contact"),
        (["log"], "gpbot is ready, in Socket Mode"),
    ],
)
def test_every_answer_is_a_sentence(place: Neighbourhood, lines: list[str], sentence: str) -> None:
    assert sentence in typing(place, *lines)


def test_a_killed_bot_is_said_to_be_dead_and_can_be_started_again(place: Neighbourhood) -> None:
    said = typing(place, "kill", "kill", "become mona", "/report", "start", "/report")
    assert "gpbot is killed. Whatever it owed is on disk. Type start." in said
    assert "gpbot is not running. Type start." in said
    assert "/report failed with the error" in said
    assert "What happened? Any language." in said.partition("gpbot runs again.")[2]
