"""What is logged of an error, wherever gpbot was put."""

import pytest

from gpbot.errors import place

LIBRARY = ".venv/lib/python3.11/site-packages/sqlalchemy/engine/default.py"


def passed_through(*files: str) -> OSError:
    """An error that arises in the last of `files`, called from the one before it, and so on; each on its line 4."""
    scope: dict[str, object] = {"step0": _fail}
    for number, file in enumerate(reversed(files)):
        lines = f"def step{number + 1}():\n\n\n    step{number}()\n"
        exec(compile(lines, file, "exec"), scope)  # noqa: S102  (a function that says it is of that file)
    first = scope[f"step{len(files)}"]
    assert callable(first)
    with pytest.raises(OSError) as caught:  # noqa: PT011  (any)
        first()
    return caught.value


def _fail() -> None:
    raise OSError


@pytest.mark.parametrize(
    "checkout", ["/opt/gpbot", "/opt/gpbot/gpbot", "/srv/bot", "/home/gpbot/gpbot/main", "C:/gpbot"]
)
@pytest.mark.parametrize("library", [f"{{}}/{LIBRARY}", "/usr/lib/python3.11/socket.py"])
def test_the_place_is_our_last_line_whatever_the_folder_is_called(checkout: str, library: str) -> None:
    error = passed_through(
        f"{checkout}/gpbot/serve.py",
        f"{checkout}/gpbot/reports/store.py",
        library.format(checkout),
        f"{checkout}/app.py",
    )
    assert place(error) == "OSError at reports/store.py:4"


@pytest.mark.parametrize("checkout", ["/opt/gpbot", "/srv/bot"])
def test_a_line_that_is_not_ours_is_not_called_ours(checkout: str) -> None:
    error = passed_through(f"{checkout}/tests/slack/test_socket.py", f"{checkout}/{LIBRARY}")
    assert place(error) == f"OSError at tests/test_errors.py:{_fail.__code__.co_firstlineno + 1}"


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert place(OSError("words")) == "OSError"
