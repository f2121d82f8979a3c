"""Docstrings, comments and pages use the plain words that somebody would search for (docs/contributing.md)."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.running import ROOT

CODE = ("gpbot", "tests", "benchmarks", "migrations", ".ci")
PAGES = ("README.md", "Makefile", ".env.example", *(str(page.relative_to(ROOT)) for page in ROOT.glob("docs/**/*.md")))
# Said otherwise: "people who", "anyone who"; again; enqueue, job, due; is told of; running; status.
OLD = re.compile(
    r"\b(who(m)?(so)?ever|anew|afresh|of no account|ow(e|es|ed|ing)|there(by|upon)|hears? of|takes? no notice|in hand"
    r"|how \w+ (stands?|stood))\b",
    re.IGNORECASE,
)
NAMES = re.compile(r"`[^`]*`")  # names in the code, which are what they are
TOLD = {"gpbot/tour/scenes.py"}  # whose docstrings are the tour's own words to people


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Docstrings and comments, with the line each begins in."""
    source = path.read_text()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            words = ast.get_docstring(node, clean=False)
            if words is not None and name_of(path) not in TOLD:
                yield node.body[0].lineno, words
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def old_words(path: Path) -> list[str]:
    parts = prose(path) if path.suffix == ".py" else [(1, path.read_text())]
    return [
        f"{name_of(path)}:{line + index}: {found.group()}"
        for line, words in parts
        for index, each in enumerate(words.splitlines())
        for found in OLD.finditer(NAMES.sub("", each))
    ]


def test_docstrings_comments_and_pages_use_the_words_somebody_would_search_for() -> None:
    read = [*(path for folder in CODE for path in (ROOT / folder).rglob("*.py")), *map(ROOT.joinpath, PAGES)]
    assert len(read) > 100
    assert sorted(found for path in read for found in old_words(path)) == []


def test_an_old_word_is_found_wherever_somebody_reads_it(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(
        '"""A job.\n\nTo whoever waits."""\n\n\ndef send() -> str:  # anew\n    """Owes one."""\n    return "whoever"\n'
    )
    (tmp_path / "one.md").write_text("`owed.py`\nis owed\n")
    assert sorted(old_words(tmp_path / "one.py")) == ["one.py:3: whoever", "one.py:6: anew", "one.py:7: Owes"]
    assert old_words(tmp_path / "one.md") == ["one.md:2: owed"]
