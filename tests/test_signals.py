"""What is said is heard by everybody who connected, in that order, and an error stops it."""

import pytest

from gpbot.signals import Signal


def test_everybody_hears_in_the_order_in_which_they_connected() -> None:
    said = Signal[[str, int]]()
    heard: list[str] = []
    said.connect(lambda word, number: heard.append(f"first {word} {number}"))
    said.connect(lambda word, number: heard.append(f"second {word} {number}"))
    said.send("hello", 1)
    assert heard == ["first hello 1", "second hello 1"]


def test_nobody_needs_to_hear() -> None:
    Signal[[str]]().send("hello")


def test_each_sender_has_hearers_of_its_own() -> None:
    heard: list[str] = []
    one, other = Signal[[str]](), Signal[[str]]()
    one.connect(heard.append)
    other.send("hello")
    assert heard == []


def test_an_error_reaches_the_sender_whose_transaction_it_undoes() -> None:
    said = Signal[[]]()
    heard: list[str] = []

    def fail() -> None:
        raise RuntimeError

    said.connect(fail)
    said.connect(lambda: heard.append("after"))
    with pytest.raises(RuntimeError):
        said.send()
    assert heard == []
