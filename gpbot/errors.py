"""What may be logged of an error: its type and place, never its words, which may repeat what people wrote."""

import logging
from pathlib import Path
from traceback import extract_tb

_PACKAGE = Path(__file__).parent


def place(error: BaseException) -> str:
    """Type, and file and line of ours that it passed through last; where none is ours, those where it arose."""
    frames = extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    frame = next((each for each in reversed(frames) if _is_ours(Path(each.filename))), frames[-1])
    path = Path(frame.filename)
    return f"{type(error).__name__} at {path.parent.name}/{path.name}:{frame.lineno}"


# See docs/decisions/0011-nothing-of-people-in-logs.md
def by_type_and_place(record: logging.LogRecord) -> bool:
    """A logging filter: of an error that is logged with its trace, only its type and place are."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args, record.exc_info, record.exc_text = place(error), (), None, None
    return True


def _is_ours(path: Path) -> bool:
    """A module of this package: a checkout may be called gpbot too, and hold the libraries."""
    if _PACKAGE.name not in path.parts:
        return False
    depth = len(path.parts) - path.parts[::-1].index(_PACKAGE.name)
    return depth < len(path.parts) and (_PACKAGE / path.parts[depth]).exists()
