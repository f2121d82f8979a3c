"""The figures that comparing names reaches on the corpus, and that no text makes it slow."""

import random
import time
from collections.abc import Callable

import pytest

from gpbot.people.names import mentioned
from tests.people import spellings


def test_names_are_found_as_people_write_them_and_seldom_where_nobody_is_named() -> None:
    found = spellings.look(spellings.named())
    assert found.same() >= 97
    assert found.other() >= 80
    assert spellings.questions(spellings.innocent()) <= 1
    assert spellings.questions(spellings.with_random_rosters(spellings.innocent(), seed=1)) <= 1.5


def test_what_was_written_after_the_comparing_is_found_as_well() -> None:
    found = spellings.look(spellings.unseen_named())
    assert found.same() >= 97
    assert found.other() >= 90
    assert spellings.questions(spellings.unseen_innocent()) <= 1
    by_chance = spellings.with_random_rosters(spellings.unseen_innocent(), seed=1)
    assert spellings.questions(by_chance[::3]) <= 1.5


def test_the_corpus_can_tell_finding_from_not_finding() -> None:
    rows = spellings.named()
    strangers = [
        spellings.Innocent(names=row.names, text=other.text)
        for row, other in zip(rows[:300], rows[-300:], strict=True)
        if row.names != other.names
    ]
    assert spellings.questions(strangers) < 10


LONG = {
    "one letter": lambda size: "a" * size,
    "one capital": lambda size: "A" * size,
    "marks": lambda size: "a" + "\u0301" * size,
    "kept marks": lambda size: "\u0915" + "\u094d" * size,
    "single letters": lambda size: "a " * size,
    "signs": lambda size: "a*" * size,
    "hidden": lambda size: "S" + "*" * size + "r",
    "backwards": lambda size: "\u202e" * size,
    "chinese": lambda size: "王" * size,
    "foreign in chinese": lambda size: "阿" * size,
    "kana": lambda size: "ア" * size,
    "thai": lambda size: "ส" * size,
    "hangul": lambda size: "김" * size,
    "arabic": lambda size: "ال" * size,
    "odd letters": lambda size: "".join(chr(0x250 + number % 3000) for number in range(size)),
    "words": lambda size: " ".join(f"Sa{chr(97 + number % 26)}mir" for number in range(size // 6)),
    "foreign ones in chinese": lambda size: "".join(random.Random(1).choices("阿娜斯克尔萨拉托马玛丽莉利", k=size)),
    "hangul words": lambda size: " ".join(chr(0xAC00 + at * 7 % 11000) * 2 + "이가" for at in range(size // 5)),
    "cyrillic words": lambda size: " ".join(f"П{chr(0x430 + at % 900)}том" for at in range(size // 6)),
    "words of parts": lambda size: "Seo-yeon'" * (size // 9),
    "brackets": lambda size: "(" * size,
}
ROSTER = spellings.holders(["Samir Khoury", "王 芳", "أمينة عوض", "Оксана Гнатюк", "S*r (she/her) | Harbour"])


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in LONG.items()])
def test_a_text_ten_times_as_long_takes_little_more_than_ten_times(make: Callable[[int], str]) -> None:
    def took(size: int) -> float:
        text = make(size)
        times = []
        for _ in range(2):
            begun = time.process_time()
            mentioned(text, ROSTER)
            times.append(time.process_time() - begun)
        return min(times)

    mentioned("", ROSTER)
    assert took(20_000) < 40 * took(2_000) + 0.05


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in LONG.items()])
def test_a_name_of_any_kind_answers_too(make: Callable[[int], str]) -> None:
    mentioned("Samir shouted at me", spellings.holders([make(200), f"x {make(200)}"]))
