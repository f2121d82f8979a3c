"""Where `.env` is found, and that no value in it is changed or shortened without a word."""

import codecs
from pathlib import Path

import pytest

from gpbot.environment import misspelt, read_env_file, read_environment, take_settings
from gpbot.settings import NAMES, BadSettings
from tests.running import ROOT, every_setting


def written(folder: Path, *lines: str) -> Path:
    file = folder / ".env"
    folder.mkdir(exist_ok=True)
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def problems(file: Path) -> list[str]:
    with pytest.raises(BadSettings) as bad:
        read_env_file(file)
    return bad.value.problems


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("EXTERNAL_HELP='0800 555 0100 #2'", "0800 555 0100 #2"),
        ('EXTERNAL_HELP="0800 555 0100 #2"  # the phone', "0800 555 0100 #2"),
        ("EXTERNAL_HELP=https://help.example/#top", "https://help.example/#top"),
        ("EXTERNAL_HELP=pa${HOME}ss$word$$", "pa${HOME}ss$word$$"),
        ("EXTERNAL_HELP='pa${HOME}ss'", "pa${HOME}ss"),
        (r"EXTERNAL_HELP=C:\new\table", r"C:\new\table"),
        ("export EXTERNAL_HELP = a=b", "a=b"),
        ("EXTERNAL_HELP=", ""),
        ("EXTERNAL_HELP='one\ntwo'", "one\ntwo"),
        ("# a comment\n\nEXTERNAL_HELP=Réseau مرحبا", "Réseau مرحبا"),
    ],
)
def test_a_value_is_kept_as_it_was_written(tmp_path: Path, line: str, value: str) -> None:
    assert read_env_file(written(tmp_path, line)) == {"EXTERNAL_HELP": value}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["EXTERNAL_HELP=0800 555 0100 #2"], "Line 1 of"),
        (["# first", "", "EXTERNAL_HELP=0800 555 0100 # extension 2"], "what follows # would be cut off EXTERNAL_HELP"),
        (["PORT= # 3000"], "what follows # would be cut off PORT"),
        (["CHAMPIONS=U0000000001,", "U0000000002"], "Line 2 of"),
        (["TOPICS=Housing: C0000000001;", "  Legal advice: C0000000002"], "is not a name, = and a value"),
        (["COMMUNITY_NAME='Good Practice"], "is not a name, = and a value"),
        (['COMMUNITY_NAME="Good" Practice'], "is not a name, = and a value"),
        (["PORT=1", "PORT=2"], "sets PORT twice"),
        (["TOPICS=Housing: C0000000001;", "Legal=advice: C0000000002"], "sets Legal, and gpbot has no such setting"),
    ],
)
def test_what_would_be_lost_is_said(tmp_path: Path, lines: list[str], words: str) -> None:
    file = written(tmp_path, *lines)
    [problem] = problems(file)
    assert words in problem
    assert str(file) in problem


def test_each_line_that_cannot_be_taken_has_its_sentence(tmp_path: Path) -> None:
    file = written(tmp_path, "PORT=1 # one", "", "U0000000002", "HOST=a # b", "PORT=2")
    assert [problem[:9] for problem in problems(file)] == ["Line 1 of", "Line 3 of", "Line 4 of", f"{file}"[:9]]


def test_the_example_can_be_taken_as_it_is() -> None:
    assert set(read_env_file(ROOT / ".env.example")) == NAMES


def test_names_are_those_that_are_read() -> None:
    assert set(every_setting()) == NAMES


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8.decode(), ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_marks_of_windows_editors_do_not_count(tmp_path: Path, encoding: str, mark: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes((mark * (encoding == "utf-8") + "COMMUNITY_NAME=Réseau\r\nPORT=1\r\n").encode(encoding))
    assert read_env_file(file) == {"COMMUNITY_NAME": "Réseau", "PORT": "1"}


@pytest.mark.parametrize(
    "raw",
    [
        "COMMUNITY_NAME=Réseau".encode("cp1252"),
        "COMMUNITY_NAME=Reseau".encode("utf-16-le"),
        "COMMUNITY_NAME=Reseau".encode("utf-32"),
        b"\xff\xfeA",
        b"PORT=1\n\xc3",
        b"COMMUNITY_NAME=Re\0seau",
    ],
)
def test_another_encoding_is_said_with_the_file(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / ".env"
    file.write_bytes(raw)
    assert problems(file) == [f"{file} is not written in UTF-8. Save it again with the encoding UTF-8."]


def test_the_file_that_is_named_goes_before_the_one_here_and_that_before_the_one_beside_app_py(tmp_path: Path) -> None:
    here, beside, elsewhere = tmp_path / "above" / "here", tmp_path / "beside", tmp_path / "elsewhere"
    here.parent.mkdir()
    written(here.parent, "PORT=above")
    here.mkdir()

    def port(**environ: str) -> str | None:
        return read_environment(environ, here=here, beside=beside).get("PORT")

    assert port() is None
    written(beside, "PORT=beside")
    assert port() == "beside"
    written(here, "PORT=here")
    assert port() == "here"
    named = written(elsewhere, "PORT=named")
    assert port(GPBOT_ENV=str(named)) == port(GPBOT_ENV="../../elsewhere/.env") == "named"
    assert port(GPBOT_ENV=str(named), PORT="set") == "set"


def test_a_file_that_is_named_and_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as bad:
        read_environment({"GPBOT_ENV": "nowhere.env"}, here=tmp_path)
    assert bad.value.problems == [f"GPBOT_ENV names {tmp_path / 'nowhere.env'}, and there is no such file."]


@pytest.mark.parametrize("environ", [{}, {"DATABASE_URL": ""}, {"DATABASE_URL": "sqlite:///gpbot.sqlite3"}])
def test_one_database_wherever_it_is_started_from(tmp_path: Path, environ: dict[str, str]) -> None:
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    written(installed, "PORT=1")
    elsewhere.mkdir()
    for here in (installed, elsewhere):
        found = read_environment(environ, here=here, beside=installed)
        assert found["DATABASE_URL"] == f"sqlite:///{installed / 'gpbot.sqlite3'}"


def test_a_database_left_where_the_path_counted_from_before_is_not_begun_again_elsewhere(tmp_path: Path) -> None:
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    written(installed, "DATABASE_URL=sqlite:///data/reports.sqlite3")
    (elsewhere / "data").mkdir(parents=True)
    left = elsewhere / "data" / "reports.sqlite3"
    left.touch()
    with pytest.raises(BadSettings) as bad:
        read_environment({}, here=elsewhere, beside=installed)
    [problem] = bad.value.problems
    assert str(left) in problem
    assert str(installed / "data" / "reports.sqlite3") in problem
    (installed / "data").mkdir()
    left.rename(installed / "data" / "reports.sqlite3")
    assert read_environment({}, here=elsewhere, beside=installed)["DATABASE_URL"].endswith(
        "installed/data/reports.sqlite3"
    )


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////var/lib/gpbot.sqlite3",
        "postgresql://gpbot:pa%24s@db/gpbot",
        "sqlite://",
        "nonsense",
        "sqlite:///:memory:",
    ],
)
def test_other_addresses_stay_as_they_are(tmp_path: Path, url: str) -> None:
    assert read_environment({"DATABASE_URL": url}, here=tmp_path, beside=tmp_path)["DATABASE_URL"] == url


def test_a_path_that_cannot_be_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as bad:
        read_environment({"DATABASE_URL": f"sqlite:///{'a' * 5000}"}, here=tmp_path, beside=tmp_path)
    assert bad.value.problems == ["DATABASE_URL names a file that cannot be there (File name too long)."]


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(BadSettings) as bad:
        read_environment({}, here=tmp_path, beside=tmp_path)
    assert bad.value.problems == [f"{tmp_path / '.env'} is a folder, and has to be a file."]


@pytest.mark.parametrize("name", ["COMMUNITY_NAME\u200b", "\ufeffCOMMUNITY_NAME", "COMMUNITY_N\u0410ME"])
def test_what_is_missing_is_said_with_the_name_that_only_looks_like_it(name: str) -> None:
    with pytest.raises(BadSettings) as bad:
        take_settings({name: "Good Practice Network"})
    assert any(each.startswith("COMMUNITY_NAME is not set.") for each in bad.value.problems)
    assert bad.value.problems[-1] == (
        f"{name} is no setting of gpbot's. Is COMMUNITY_NAME meant? "
        "One of its characters only looks like a letter from A to Z, or is not seen."
    )


def test_names_that_are_almost_a_setting_are_said() -> None:
    said = misspelt(
        ["CHAMPION", "TRIAGE_CHANEL", "external_help", "ESCALATION_CONTACTS", "GPBOT_ENV", "PATH", "HOME", "LANG"]
    )
    assert said == [
        "CHAMPION is no setting of gpbot's. Is CHAMPIONS meant?",
        "TRIAGE_CHANEL is no setting of gpbot's. Is TRIAGE_CHANNEL meant?",
        "external_help is no setting of gpbot's. Is EXTERNAL_HELP meant?",
    ]
