"""Whatever goes wrong on the way, and wherever the process dies, there is one channel, and everybody is told."""

import os
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gpbot.db import Database
from gpbot.opening.types import State
from gpbot.practice import Server, Workspace
from tests.clocks import StoppedClock
from tests.databases import FOLDER, Kind, fresh_database
from tests.halves import LONG
from tests.opening.rig import Rig, build
from tests.running import app_manifest_over_http

EXAMPLES = int(os.environ.get("GPBOT_EXAMPLES", "1")) * 15

METHODS = (
    "conversations.list",
    "conversations.create",
    "conversations.info",
    "conversations.setTopic",
    "conversations.setPurpose",
    "conversations.join",
    "chat.postMessage",
    "pins.add",
    "conversations.invite",
)
TROUBLE: tuple[dict[str, Any], ...] = (
    {"drop": "before"},
    {"drop": "after"},
    {"status": 503},
    {"status": 503, "after": True},
    {"retry_after": 20},
    {"error": "internal_error", "after": True},
    {"error": "restricted_action"},
    {"error": "missing_scope"},
    {"error": "an_error_nobody_has_seen"},
)
MEANWHILE = ("archived", "renamed", "taken", "made_by_hand", "left", "")
faults = st.lists(st.tuples(st.sampled_from(METHODS), st.sampled_from(TROUBLE)), max_size=6)
fates = st.lists(st.sampled_from(["", "", "", "before", "after"]), max_size=14)
presses = st.lists(st.sampled_from(["try_again", "use", "rename"]), min_size=12, max_size=12)


@LONG
def test_one_channel_and_everybody_told(kind: Kind) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(faults=faults, fates=fates, meanwhile=st.sampled_from(MEANWHILE), presses=presses)
    def play(faults: list[tuple[str, dict[str, Any]]], fates: list[str], meanwhile: str, presses: list[str]) -> None:
        clock = StoppedClock()
        workspace = Workspace("Good Practice Network", clock=clock)
        with (
            TemporaryDirectory(dir=FOLDER) as folder,
            fresh_database(kind, Path(folder)) as url,
            Server(workspace) as server,
            closing(Database(url, clock=clock)) as database,
        ):
            rig = build(database, clock, workspace, server, app_manifest_over_http())
            _play(rig, faults, fates, meanwhile, presses)

    play()


def _play(
    rig: Rig, faults: list[tuple[str, dict[str, Any]]], fates: list[str], meanwhile: str, presses: list[str]
) -> None:
    for method, trouble in faults:
        rig.workspace.faults.add(method=method, **trouble)
    rig.sender.plan = list(fates)
    proposal = rig.approve(stewards=["tom"], wants_in=["nadia"])
    other = rig.approve("quay")
    rig.run(4)
    _meanwhile(rig, meanwhile)
    for press in presses:
        rig.run(600, quiet=45)
        _help(rig, press)
    rig.workspace.faults.clear()
    for _ in range(3):
        rig.run(600, quiet=45)
        _help(rig, "try_again")
    rig.run(600, quiet=45)
    # What Slack refused at last may have worked before, in a try whose answer was lost.
    answers_were_lost = "after" in fates or any(
        method == "pins.add" and (trouble.get("after") or trouble.get("drop") == "after") for method, trouble in faults
    )
    for each in (proposal, other):
        opening = rig.opening(each)
        assert opening.state is State.DONE, (opening.step, opening.code)
        told = rig.told(each)
        assert told[-1] == f"opened {opening.channel_id}"
        assert len([what for what in told if what.startswith("opened")]) == 1
        place = rig.workspace.channels[opening.channel_id]
        is_pinned = "pin" not in opening.left and "welcome" not in opening.left
        assert len(place.pins) in ({is_pinned, True} if answers_were_lost else {is_pinned})
        if "invite" not in opening.left:
            assert rig.people["mona"].id in place.members
    assert rig.opening(proposal).channel_id != rig.opening(other).channel_id
    used = {rig.opening(each).channel_id for each in (proposal, other)}
    assert {place.id for place in rig.made()} <= used
    assert rig.courier.paused is None


def _meanwhile(rig: Rig, what: str) -> None:
    made = rig.made()
    match what:
        case "archived" if made:
            rig.workspace.archive(made[0])
        case "renamed" if made:
            rig.workspace.rename_channel(made[0], "another-name")
        case "taken" if not rig.workspace.is_taken("harbour"):
            rig.workspace.add_channel("harbour", private=True)
        case "made_by_hand" if not rig.workspace.is_taken("harbour"):
            rig.people["nadia"].create_channel("harbour")
        case "left" if made:
            rig.workspace.remove(made[0], rig.app)
        case _:
            pass


def _help(rig: Rig, press: str) -> None:
    """What a champion does who sees what is shown."""
    ben = rig.people["ben"].id
    for standing in rig.openings.stuck(ben):
        opening, there = standing.opening, standing.there
        if opening.code == "is_archived" and opening.channel_id:
            rig.workspace.unarchive(rig.workspace.channels[opening.channel_id])
        if opening.channel_id or (press == "try_again" and opening.code != "name_taken"):
            rig.openings.try_again(ben, opening.proposal_id)
        elif there is not None and not there.is_archived and press != "rename":
            rig.openings.use(ben, opening.proposal_id, there.id)
        else:
            rig.openings.rename(ben, opening.proposal_id, f"{opening.names[0]}-{opening.turn}")
