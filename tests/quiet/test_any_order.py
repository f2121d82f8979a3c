"""Whatever people, time, Slack and this machine do: no channel goes that somebody needs, or nobody decided on."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example
from hypothesis import strategies as st

from gpbot.db import Database
from gpbot.practice import Server, Workspace
from tests.clocks import StoppedClock
from tests.databases import FOLDER, Kind, fresh_database
from tests.promises.orders import either_database, promise
from tests.quiet.rig import DAYS, QuietRig, build_quiet
from tests.running import app_manifest_over_http

METHODS = ("conversations.history", "conversations.archive", "chat.postMessage", "chat.update")
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
BY_HAND = ("archived", "brought back", "gpbot taken out", "gpbot invited", "renamed")
PEOPLE = ("amina", "ben", "mona", "tom", "nadia")

Step = tuple[str, Any, Any]
where = st.sampled_from(("harbour", "quay"))
steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("days"), st.sampled_from((1, 2, DAYS + 1, DAYS + 1, DAYS + 1)), st.none()),
    st.tuples(st.just("days"), st.just(DAYS + 1), st.none()),
    st.tuples(st.sampled_from(("let go", "archive", "keep", "decide to keep")), st.sampled_from(PEOPLE), where),
    st.tuples(st.just("let go"), st.sampled_from(("tom", "nadia", "ben")), where),
    st.tuples(st.just("archive"), st.sampled_from(("amina", "ben")), where),
    st.tuples(st.just("write"), st.sampled_from(PEOPLE), where),
    st.tuples(st.just("hand"), st.tuples(st.sampled_from(BY_HAND), st.booleans()), where),
    st.tuples(st.just("trouble"), st.sampled_from(METHODS), st.sampled_from(TROUBLE)),
    st.tuples(st.just("deaths"), st.lists(st.sampled_from(("", "before", "after")), max_size=5), st.none()),
    st.tuples(st.sampled_from(("leave", "come back")), st.sampled_from(("tom", "nadia", "ben")), st.none()),
    st.tuples(st.sampled_from(("off", "on", "restart")), st.none(), st.none()),
    st.tuples(st.just("exempt"), st.booleans(), where),
)


def take(rig: QuietRig, step: Step) -> None:
    what, one, two = step
    about = {"harbour": rig.harbour, "quay": rig.quay}.get(two) if isinstance(two, str) else None
    match what:
        case "days":
            rig.here.clock.advance(days=one)
        case "write":
            assert about is not None
            rig.write(one, about)
        case "hand":
            assert about is not None
            rig.by_hand(one[0], about, is_told=one[1])
        case "trouble":
            rig.here.fail(one, **two) if "error" in two and len(two) == 1 else rig.here.workspace.faults.add(
                method=one, **two
            )
        case "deaths":
            rig.sender.plan = list(one)
        case "leave" | "come back":
            rig.leave(one, back=what == "come back")
        case "off" | "on":
            rig.set(days=DAYS if what == "on" else 0)
        case "restart":
            rig.start()
        case "exempt":
            assert about is not None
            channel_id = rig.find(about).channel_id
            keep = rig.quiet.rules.keep
            rig.set(keep=keep | {channel_id} if one else keep - {channel_id})
        case _:
            assert about is not None
            rig.press(what, one, about)
    rig.run()
    rig.check()


ARCHIVED: list[Step] = [("days", DAYS + 1, None), ("let go", "tom", "harbour"), ("archive", "amina", "harbour")]


@promise(25, st.lists(steps, min_size=8, max_size=30), either_database)
@example(
    [*ARCHIVED, ("days", DAYS + 1, None), ("hand", ("brought back", True), "harbour"), ("days", DAYS + 1, None)],
    "sqlite",
)
@example(
    [
        *ARCHIVED[:2],
        ("write", "mona", "harbour"),
        ("archive", "amina", "harbour"),
        ("days", DAYS + 1, None),
        ("days", DAYS + 1, None),
        ("archive", "ben", "quay"),
    ],
    "postgresql",
)
@example(
    [
        *ARCHIVED[:2],
        ("trouble", "conversations.archive", {"drop": "after"}),
        ("deaths", ["after", "before", "after"], None),
        ARCHIVED[2],
        ("hand", ("brought back", True), "harbour"),
        ("days", 1, None),
        ("exempt", True, "harbour"),
        ("off", None, None),
        ("days", DAYS + 1, None),
        ("on", None, None),
        ("days", DAYS + 1, None),
    ],
    "sqlite",
)
@example([*ARCHIVED[:2], ("exempt", True, "harbour"), ARCHIVED[2], ("exempt", False, "harbour")], "sqlite")
@example([*ARCHIVED[:2], ("off", None, None), ARCHIVED[2], ("on", None, None), ARCHIVED[2]], "sqlite")
def test_no_channel_is_archived_without_a_click_or_while_somebody_writes(script: Sequence[Step], kind: Kind) -> None:
    clock = StoppedClock()
    workspace = Workspace("Good Practice Network", clock=clock)
    with (
        TemporaryDirectory(dir=FOLDER) as folder,
        fresh_database(kind, Path(folder)) as url,
        Server(workspace) as server,
        closing(Database(url, clock=clock)) as database,
    ):
        rig = build_quiet(database, clock, workspace, server, app_manifest_over_http())
        for step in script:
            take(rig, step)
        workspace.faults.clear()
        rig.sender.plan = []
        for _ in range(3):
            clock.advance(days=1)
            rig.run(200, quiet=45)
            rig.send_again()
            rig.run(200, quiet=45)
        rig.check()
        rig.check_screens()
