"""Whether words name a champion or contact, however they are written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpbot.people.called import called
from gpbot.people.letters import word
from gpbot.people.names import LONGEST_START, is_signed, mentioned, searched, starts
from gpbot.people.sounds import alike, sound
from gpbot.people.types import RoleHolder, RoleName


def holder(name: str, *others: str, slack_id: str = "U0AMINA01") -> RoleHolder:
    return RoleHolder(
        slack_id=slack_id, role=RoleName.CHAMPION, name=name, other_names=others, title="Harbour Aid", reachable=True
    )


AMINA = holder("Amina Okafor", "mina.o")


def names(text: str, *holders: RoleHolder) -> bool:
    return bool(mentioned(text, holders or (AMINA,)))


@pytest.mark.parametrize(
    "text",
    [
        "Amina",
        "it was amina.",
        "AMINA OKAFOR!",
        "(okafor)",
        "Amina's friend",
        "amina_okafor wrote it",
        "amina.okafor@example.org",
        "@Amina",
        "<@U0AMINA01>",
        "<@U0AMINA01|amina>",
        "u0amina01",
        "Àmína",
        "Ａｍｉｎａ",
        "A\u200bmi\u00adna",
        "A\u0301mina",
        "𝔸𝕞𝕚𝕟𝕒",
        "ask mina.o",
        "Amina-Okafor",
        "Amina,Okafor",
        "Amina🌸",
        "first line\nAmina\nlast line",
    ],
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    assert names(text)


@pytest.mark.parametrize(
    "text", ["", "nobody", "examination", "laminate", "aminoacids", "okaforest", "U0AMINA012", "Harbour Aid", "o"]
)
def test_a_word_that_only_contains_a_name_is_not_one(text: str) -> None:
    assert not names(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("王芳", "我和王芳在一起"),
        ("さくら", "昨日さくらさんに会った"),
        ("สมชาย ใจดี", "เมื่อวานสมชายโทรมา"),
        ("أمينة", "تحدثت مع أمينه وأمينة أمس"),
        ("أمينة", "وامينة كانت هناك"),
        ("ليلى حداد 🌸", "قالت لليلى شيئا"),
        ("שרה לוי", "ולשרה אמרתי"),
        ("Łukasz Żak", "łukasz tam był"),
        ("Jürgen Groß", "JURGEN GROSS war da"),
        ("Анна Петрова", "я видел АННА там"),
        ("Nguyễn Thị Hoa", "nguyen said so"),
    ],
)
def test_names_are_found_in_any_script(name: str, text: str) -> None:
    assert names(text, holder(name))


def test_everyone_named_is_found_and_nobody_else() -> None:
    ben, chloe = holder("Ben Adeyemi", slack_id="U0BEN"), holder("Chloe Martin", slack_id="U0CHLOE")
    assert mentioned("Ben told Chloe.", [AMINA, ben, chloe]) == (ben, chloe)


def test_two_letters_are_part_of_a_name_only_when_written_as_one() -> None:
    assert not names("ask li about it", holder("Bo Li Zhang"))
    assert names("ask Li about it", holder("Bo Li Zhang"))
    assert names("ask zhang about it", holder("Bo Li Zhang"))


@pytest.mark.parametrize("text", ["я сказав Анні", "видел Анну вчера", "annapetrova there", "Annas", "met Petrovovi"])
def test_a_name_bent_as_languages_bend_names_is_found(text: str) -> None:
    assert names(text, holder("Анна Петрова", "Anna Petrova"))


def test_in_full_only_a_whole_name_a_mention_or_an_id_counts() -> None:
    for text in ("Amina", "Okafor", "aminaokafor"):
        assert not mentioned(text, [AMINA], in_full=True)
    for text in ("it was Amina Okafor!", "<@U0AMINA01>", "ask mina.o"):
        assert mentioned(text, [AMINA], in_full=True)


def test_signs_in_a_name_are_signs_and_not_a_pattern() -> None:
    odd = holder("C++ (Dev) [x] .*", slack_id="U0ODD")
    assert not names("nothing of the kind", odd)
    assert names("that c++ (dev) [x] .* person", odd)


def test_someone_without_any_name_is_found_by_their_id_alone() -> None:
    nameless = holder("", slack_id="U0NONE")
    assert not names("anything at all", nameless)
    assert names("it was <@U0NONE>", nameless)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Amina Okafor (she/her)", "She told me that he shouts"),
        ("Ben Adeyemi | Harbour Aid", "in the harbour office"),
        ("Joost van der Berg", "Der Mann und die Frau"),
        ("علي سالم", "أمس صرخ عليه على الباب"),
        ("Will Smith", "he will not stop"),
    ],
)
def test_what_stands_beside_a_name_and_everyday_words_are_no_names(name: str, text: str) -> None:
    assert not names(text, holder(name))


@pytest.mark.parametrize("text", ["My name is Mona Said", "call me Mona", "мене звати Мона"])
def test_words_that_hold_a_name_of_the_writer_show_who_they_are(text: str) -> None:
    assert is_signed(text, "U0MONA", "u84621\nMona\nMona Said")
    assert not is_signed(text, "U0MONA", "u84621\nBen\nBen Adeyemi")


def test_the_letters_and_digits_of_a_handle_are_no_name() -> None:
    assert not is_signed("I am U. and MS came", "U0MONA", "u84621")


LETTERS = st.characters(exclude_categories=["Cs"])
words = st.text(LETTERS, max_size=60)


@given(words, words)
def test_a_name_between_any_other_words_is_found(before: str, after: str) -> None:
    assert names(f"{before} Amina {after}") or unicodedata.category((after or " ")[0]) == "Mn"


@given(words, st.text(LETTERS, min_size=1, max_size=30))
def test_whatever_is_written_and_no_matter_who_is_named_it_answers(text: str, name: str) -> None:
    mentioned(text, [holder(name)])


@given(words)
def test_case_makes_no_difference(text: str) -> None:
    assert names(f"{text} AMINA") == names(f"{text} amina")


@pytest.mark.parametrize(
    "text", ["They shouted and would not let anyone leave", "all of them", "she said", "on the market", "and then"]
)
def test_everyday_words_are_not_short_names_bent(text: str) -> None:
    for name in ("Theo Park", "Andy Ray", "Anya Low", "Alla Mor", "Shea Kit", "Mark Bly"):
        if text.startswith("They") and name == "Theo Park":
            continue  # at the start of a sentence it costs a question
        assert not names(text, holder(name))


def test_letters_that_do_not_come_apart_and_joined_names_are_found() -> None:
    assert names("Ost did it", holder("Anna-Maria Øst"))
    assert names("annamaria did it", holder("Anna-Maria Øst"))


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("z", True),
        ("zoë", True),
        ("ONEILL", True),
        ("o'neill", True),
        ("neil", True),
        ("jean luc", True),
        ("Jeanluc", True),
        ("harbour zoe", True),
        ("zoe zoe", True),
        ("oe", False),
        ("zoe brandt", False),
        ("zoex", False),
    ],
)
def test_somebody_is_found_by_how_the_words_of_their_name_or_organisation_begin(text: str, *, finds: bool) -> None:
    known = starts("Zoë Jean-Luc O'Neill", "zoë", "Safe Harbour (Trust)")
    assert searched(text)
    assert (searched(text) <= known) is finds


@pytest.mark.parametrize("name", ["محمد الأحمد", "山田太郎", "김민준", "Олена Шевченко", "อรทัย"])
def test_names_in_any_script_are_found_by_their_first_letters(name: str) -> None:
    for end in range(1, len(name) + 1):
        assert searched(name[:end]) <= starts(name)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Björn Müller", "Mueller"),
        ("Björn Müller", "Mue"),
        ("Mueller", "Müller"),
        ("فاطمة حسن", "فاطمه"),
        ("علی رضایی", "علي"),
        ("Đorđe", "Djordje"),
        ("G\u02bbulom", "G'ulom"),
        ("Sarah", "Sara"),
    ],
)
def test_somebody_is_found_in_another_usual_spelling(name: str, typed: str) -> None:
    assert searched(typed) <= starts(name)


def test_words_without_a_letter_look_for_nobody() -> None:
    assert searched(" !? 🙂 ") == frozenset()


@given(st.text(max_size=300))
def test_whatever_a_name_holds_it_finds_itself_and_is_kept_in_little(name: str) -> None:
    assert searched(" ".join(name.split()[:3])) <= starts(name)
    assert len(starts(name)) <= 20 * LONGEST_START


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Seo Jung", "اتصل زيد"),
        ("Marta Petit", "ma chambre est trop petit"),
        ("Zara Haq", "صلیب سرخ آمد"),
        ("Anna Ridley", "Annem burada"),
        ("Sally Jones", "Die Kinder waren im Saal"),
        ("Rahel Asfaw", "እህቴ እዚያ ነበረች"),
    ],
)
def test_days_family_and_places_are_names_only_where_they_are_spelled_so(name: str, text: str) -> None:
    assert not names(text, holder(name))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("이서연", "I saw Seo-yeon there"),
        ("Ульяна Белова", "I saw Ul'yana there"),
        ("Salma Haddad", "رأيت سلمى هناك"),
        ("Abdelrahman Omari", "رأيت عبد الرحمن هناك"),
        ("Konstantinos Rigas", "είδα τον Κωνσταντίνο"),
        ("Vyacheslav Ryabov", "говорила с Вячеславом"),
        ("さくら", "I saw Sakura there"),
        ("สมชาย ใจดี", "I saw Somchai there"),
        ("Cilmi Warsame", "I saw Elmi there"),
        ("Yousif Omari", "I saw Yusuf there"),
    ],
)
def test_names_are_found_as_another_alphabet_has_them(name: str, text: str) -> None:
    assert names(text, holder(name))


def test_what_the_writer_is_called_does_not_stay_in_memory() -> None:
    before = called.cache_info()
    assert is_signed("I am Mona", "U0MONA001", "mona.said\nMona Said")
    assert called.cache_info() == before
    names("I am Mona", holder("Mona Said of the control"))
    assert called.cache_info() != before


def test_two_words_that_are_read_alike_are_still_too_far_apart_where_nothing_may_be() -> None:
    heard = sound(word("adam"))
    assert heard is not None
    assert alike(heard, heard, limit=0)
    assert not alike(heard, heard, limit=-1)
