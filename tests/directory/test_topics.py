"""What a channel is about: as its purpose says it, in a line or in tags."""

import pytest

from gpbot.directory.topics import LONGEST, MOST, fold, topics_in


@pytest.mark.parametrize(
    ("purpose", "names"),
    [
        ("", []),
        ("Flats, landlords and councils.", []),
        ("Flats and landlords.\nTopics: housing, Legal advice", ["Housing", "Legal advice"]),
        ("topic: housing", ["Housing"]),
        ("Topics: housing; housing, HOUSING", ["Housing"]),
        ("For tenants #housing #legal-advice", ["Housing", "Legal advice"]),
        ("For tenants #housing.", ["Housing"]),
        ("Topics: housing\nalso #law", ["Housing"]),  # the line is the better word
        ("We are number #1 and see https://example.org/#housing", []),
        ("See <#C0123456789|housing> and <https://example.org/#law>", []),
        ("Topics: , ,", []),
        (f"Topics: {'x' * (LONGEST + 1)}", []),
        (f"Topics: {chr(0xFDFA) * LONGEST}", []),  # each is a whole line, written out
        ("Topics: Übersetzung, عربى", ["Übersetzung", "عربى"]),
        ("topics: asylum_claims", ["Asylum claims"]),
    ],
)
def test_topics_stand_in_a_line_of_their_own_or_as_tags(purpose: str, names: list[str]) -> None:
    assert list(topics_in(purpose).values()) == names


def test_one_channel_has_so_many_topics_and_no_more() -> None:
    assert len(topics_in("Topics: " + ", ".join(f"topic {number}" for number in range(MOST * 2)))) == MOST


@pytest.mark.parametrize(
    ("one", "other"),
    [("Legal-Advice", "legal advice"), ("legal_advice", "LEGAL  advice"), ("e\u0301cole", "\u00c9cole")],
)
def test_words_are_compared_without_capitals_dashes_and_how_accents_are_written(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Réfugiés", "Refugies"),
        ("München", "munchen"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("Đà Nẵng", "da nang"),
        ("İstanbul", "istanbul"),
        ("إيطاليا", "ايطاليا"),
        ("فارسی", "فارسي"),
        ("أهلاً", "اهلا"),
        ("Ёлка", "елка"),
        ("Ὁδός", "οδοσ"),
        ("🏠 housing", "housing"),
    ],
)
def test_words_are_compared_without_accents_and_habits_of_spelling(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(fold(one)) == fold(one)


@pytest.mark.parametrize(
    ("one", "other"), [("か", "が"), ("مال", "مول"), ("हिन्दी", "हन्दी"), ("🏠", "🏥"), ("R&D", "RD")]
)
def test_letters_that_make_another_word_stay(one: str, other: str) -> None:
    assert fold(one) != fold(other)
