"""Wherever gpbot asks whether words say anything, or cuts them, it asks `gpbot.text`, which knows every script."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.test_house import GPBOT, name_of

# What people write is read nowhere in these (settings, Slack's lists of scopes, stories, practice's own Slack), or is
# compared there letter by letter, or line by line.
NOT_PEOPLE_S = (
    "settings.py",
    "environment.py",
    "text.py",
    "people/called.py",
    "guidelines/pasted.py",
    "slack/identity.py",
    "practice/",
    "tour/",
    "cli/",
)
CODES = {"sha256", "message_ts", "ts", "cursor"}  # fields of text in which only ASCII stands
READ_AS_TEXT = {"str", "join", "strip", "rstrip", "lstrip", "sound", "unescape", "_text", "text", "replace", "casefold"}


def of_people_s_words() -> list[Path]:
    return [path for path in GPBOT if not any(part in path.as_posix() for part in NOT_PEOPLE_S)]


def asked_by_blanks(tree: ast.AST) -> Iterator[int]:
    """Lines in which `….strip()` alone says whether there are any words."""
    for node in ast.walk(tree):
        match node:
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                asked = [test]
            case ast.BoolOp(values=values):
                asked = values[:-1]
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                asked = [operand]
            case ast.comprehension(ifs=ifs):
                asked = ifs
            case ast.Call(func=ast.Name(id="bool" | "any" | "all"), args=[argument]):
                asked = [argument.elt if isinstance(argument, ast.GeneratorExp) else argument]
            case _:
                continue
        yield from (each.lineno for each in asked if _is_strip(each))


def _is_strip(node: ast.expr) -> bool:
    match node:
        case ast.BoolOp(values=values):
            return any(map(_is_strip, values))
        case ast.Call(func=ast.Attribute(attr="strip"), args=[]):
            return True
    return False


def text_fields(trees: list[ast.Module]) -> set[str]:
    """The fields of every record that hold text."""
    return {
        node.target.id
        for tree in trees
        for each in ast.walk(tree)
        if isinstance(each, ast.ClassDef)
        for node in each.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        if ast.unparse(node.annotation) in {"str", "str | None", "Mapped[str]"}
    } - CODES


def cut_by_hand(tree: ast.Module, fields: set[str]) -> Iterator[int]:
    """Lines in which text is cut after so many characters, whatever stands there."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.Module):
            continue
        texts = set()
        if isinstance(function, ast.FunctionDef):
            arguments = [*function.args.args, *function.args.kwonlyargs]
            texts = {each.arg for each in arguments if each.annotation and ast.unparse(each.annotation) == "str"}
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_text(value, texts, fields):
                    texts.add(name)
                case ast.Subscript(value=value, slice=ast.Slice(lower=None, upper=ast.expr() as upper)):
                    by_limit = (isinstance(upper, ast.Constant) and upper.value != 1) or ast.unparse(upper).strip(
                        "_*0123456789 "
                    ).isupper()
                    if by_limit and _is_text(value, texts, fields):
                        yield node.lineno


def _is_text(node: ast.expr, texts: set[str], fields: set[str]) -> bool:
    match node:
        case ast.Name(id=name):
            return name in texts
        case ast.Attribute(attr=name):
            return name in fields
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in READ_AS_TEXT
        case ast.JoinedStr():
            return True
    return False


def test_whether_words_say_anything_is_asked_of_one_rule() -> None:
    found = [f"{name_of(path)}:{line}" for path in of_people_s_words() for line in asked_by_blanks(_tree(path))]
    assert not found


def test_words_are_cut_by_one_rule() -> None:
    trees = {path: _tree(path) for path in of_people_s_words()}
    fields = text_fields(list(trees.values()))
    assert {"what", "display_name", "purpose", "markdown"} <= fields
    found = {f"{name_of(path)}:{line}" for path, tree in trees.items() for line in cut_by_hand(tree, fields)}
    assert not found


@pytest.mark.parametrize(
    "planted",
    [
        "if not reason.strip():\n    raise NoReason",
        "if form.text(NAME, NAME).strip():\n    pass",
        "x = each.what.strip() or '-'",
        "x = [part for part in said if part.strip()]",
        "x = any(part.strip() for part in said)",
        "x = 1 if topics.strip() else 2",
    ],
)
def test_a_planted_question_of_blanks_is_found(planted: str) -> None:
    assert list(asked_by_blanks(ast.parse(planted)))


@pytest.mark.parametrize(
    "planted",
    [
        "def f(words: str) -> str:\n    return words[:80]",
        "def f(each):\n    return each.purpose[:MOST]",
        "def f(each):\n    return ' '.join(each)[:MOST * 2]",
        "def f(each):\n    title = sound(each)\n    return title[:LONGEST_TITLE]",
        "def f(each):\n    return f'For {each}'[:140]",
    ],
)
def test_a_planted_cut_is_found(planted: str) -> None:
    assert list(cut_by_hand(ast.parse(planted), {"purpose"}))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())
