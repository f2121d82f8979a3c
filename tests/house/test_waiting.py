"""No test gives what surely comes so little time that a slow machine reaches the limit."""

import ast
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.running import ROOT
from tests.waiting import HANGING

WAITS = {"acquire", "join", "result", "settimeout", "terminate", "until", "wait", "wait_until", "wait_until_ready"}
NEVER_COMES = 2  # seconds; so short a limit is for what is not to come: a slow machine fails nothing by it
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def limits(source: str) -> Iterator[str]:
    """Where a wait, or a reckoning with the clock, has a limit of its own in seconds that is not HANGING."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name), args=args):
                given = [*_timeout(node), *(args[-1:] if name in WAITS else [])]
            case ast.Call():
                given = _timeout(node)
            case ast.BinOp(left=ast.Call(func=ast.Attribute(attr="monotonic")), op=ast.Add(), right=right):
                given = [right] if isinstance(right, ast.Constant) else []
            case _:
                continue
        for limit in given:
            value = constants.get(limit.id, limit) if isinstance(limit, ast.Name) else limit
            match value:
                case ast.Constant(value=int() | float() as seconds) if NEVER_COMES <= seconds < HANGING:
                    yield f"{node.lineno}: {ast.unparse(node)}"


def _timeout(call: ast.Call) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords if keyword.arg == "timeout"]


def test_somebody_who_waits_waits_until_it_hangs() -> None:
    found = [f"{path.relative_to(ROOT)}:{limit}" for path in TESTS for limit in limits(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    "near",
    [
        "thread.join(30)",
        "here.workspace.wait_until(lambda: here, 60)",
        "subprocess.run(command, timeout=60, check=False)",
        "Connection(port, timeout=30)",
        "SECONDS = 60\nrunning.wait(SECONDS)",
        "until = time.monotonic() + 20",
    ],
)
def test_a_limit_that_is_near_would_be_found(near: str) -> None:
    """The control."""
    assert len(list(limits(near))) == 1


@pytest.mark.parametrize("far", ["thread.join(HANGING)", "stopping.join(0.3)", "', '.join(words)", "life.wait()"])
def test_what_is_no_near_limit_is_not(far: str) -> None:
    assert list(limits(far)) == []


def test_no_example_of_hypothesis_has_to_be_fast() -> None:
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check
