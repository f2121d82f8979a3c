"""What gpbot was started with: `.env`, found where people put it and kept whole, and the environment in front of it."""

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from dotenv.parser import Binding, parse_stream
from rapidfuzz.distance import OSA
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from gpbot.settings import DATABASE_URL, NAMES, BadSettings, Settings, load_settings

ENV_FILE = "GPBOT_ENV"
_DATABASE = "DATABASE_URL"
_BESIDE_APP = Path(__file__).resolve().parent.parent
_ONE_LINE = "A value stands on one line; several are separated as .env.example shows."
_UNLIKE = " One of its characters only looks like a letter from A to Z, or is not seen."
_SLIPS = 2  # letters missing, changed, too many or exchanged
_SHORTEST = 6  # letters; of shorter names too many are alike


def read_environment(
    environ: Mapping[str, str] = os.environ, *, here: Path | None = None, beside: Path = _BESIDE_APP
) -> dict[str, str]:
    """`.env` with the environment in front of it, and a relative SQLite path counted from where `.env` is.

    `.env` is the file that GPBOT_ENV names, else the one in `here` (the current folder), else the one `beside` app.py;
    never one in a folder above. Raises BadSettings.
    """
    here = here or Path.cwd()
    file = _env_file(environ, here, beside)
    values = {**(read_env_file(file) if file else {}), **environ}
    place = _database_url(values.get(_DATABASE, "").strip() or DATABASE_URL, here, file.parent if file else beside)
    return {**values, _DATABASE: place}


def take_settings(environ: Mapping[str, str]) -> Settings:
    """Raises BadSettings, which also says what is almost a setting: perhaps it is the one that is missing."""
    try:
        return load_settings(environ)
    except BadSettings as bad:
        raise BadSettings([*bad.problems, *misspelt(environ)]) from None


def read_env_file(file: Path) -> dict[str, str]:
    """Every value as it was written. Raises BadSettings, with a sentence for each line that cannot be taken whole."""
    bindings = list(parse_stream(io.StringIO(_text_of(file))))
    if problems := [*_lost(file, bindings), *_twice(file, bindings)]:
        raise BadSettings(problems)
    return {each.key: each.value for each in bindings if each.key is not None and each.value is not None}


def misspelt(names: Iterable[str]) -> list[str]:
    """A sentence for each of `names` that is almost one of gpbot's settings."""
    return [
        f"{name} is no setting of gpbot's. Is {meant} meant?{'' if name.isascii() else _UNLIKE}"
        for name in sorted(set(names) - NAMES - {ENV_FILE})
        if len(name) >= _SHORTEST
        for meant in sorted(NAMES)
        if OSA.distance(name.upper(), meant, score_cutoff=_SLIPS) <= _SLIPS
    ]


def _env_file(environ: Mapping[str, str], here: Path, beside: Path) -> Path | None:
    if named := environ.get(ENV_FILE, "").strip():
        file = (here / named).resolve()
        if not file.is_file():
            raise BadSettings([f"{ENV_FILE} names {file}, and there is no such file."])
        return file
    found = next((file for file in (here / ".env", beside / ".env") if file.exists()), None)
    if found is not None and found.is_dir():
        raise BadSettings([f"{found} is a folder, and has to be a file."])
    return found


def _text_of(file: Path) -> str:
    try:
        text = _decoded(file.read_bytes())
    except OSError as error:
        raise BadSettings([f"{file} cannot be read ({error.strerror})."]) from None
    if text is None:
        raise BadSettings([f"{file} is not written in UTF-8. Save it again with the encoding UTF-8."])
    return text


def _decoded(raw: bytes) -> str | None:
    """By the mark with which an editor says that it writes UTF-16; None for encodings of which nobody can be sure."""
    try:
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text  # as in UTF-16 without its mark, and in UTF-32


def _lost(file: Path, bindings: Iterable[Binding]) -> Iterator[str]:
    for each in bindings:
        written = each.original.string.strip()
        line = each.original.line + each.original.string[: each.original.string.find(written)].count("\n")
        if each.error or (each.key is not None and each.value is None):
            yield f"Line {line} of {file} is not a name, = and a value. {_ONE_LINE}"
        elif each.key is not None and _is_shortened(written, each.value or ""):
            yield (
                f"Line {line} of {file}: what follows # would be cut off {each.key}. If it belongs to the value, put "
                "the value between single quotes; if it is a comment, put it on a line of its own."
            )
        elif each.key is not None and each.key != each.key.upper():  # as the second line of a list can look
            yield f"Line {line} of {file} sets {each.key}, and gpbot has no such setting. {_ONE_LINE}"


def _is_shortened(written: str, value: str) -> bool:
    raw = written.partition("=")[2].strip()
    return not raw.startswith(("'", '"')) and raw != value


def _twice(file: Path, bindings: Iterable[Binding]) -> list[str]:
    names = [each.key for each in bindings if each.key is not None]
    return [f"{file} sets {name} twice. {_ONE_LINE}" for name in sorted(set(names)) if names.count(name) > 1]


def _database_url(url: str, here: Path, folder: Path) -> str:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return url  # what is wrong with it is said with all other settings
    path = parsed.database
    if parsed.get_backend_name() != "sqlite" or not path or path.startswith((":memory:", "file:")):
        return url
    counted, before = (folder / path).resolve(), (here / path).resolve()
    try:
        was_left = before.exists() and not counted.exists()
    except OSError as error:
        raise BadSettings([f"{_DATABASE} names a file that cannot be there ({error.strerror})."]) from None
    if was_left:
        problem = (
            f"{_DATABASE} now counts from the folder of .env. There is no database at {counted}, but there is one at "
            f"{before}, where earlier versions of gpbot kept it. Move it, with the files beside it that begin with its "
            f"name, or set {_DATABASE}=sqlite:///{before}"
        )
        raise BadSettings([problem])
    return parsed.set(database=str(counted)).render_as_string(hide_password=False)
