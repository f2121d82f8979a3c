"""Sealing: what one key sealed no other opens, keys rotate, and nothing of a key or a text is ever printed."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from gpbot.crypto import BadKey, DataKey, DoesNotOpen, Vault, new_master_key
from gpbot.keyring import KeyRing

OLD, NEW = new_master_key(), new_master_key()
VAULT = Vault([OLD])
RING = KeyRing(VAULT, b"k" * 32)

content = st.dictionaries(st.text(max_size=10), st.text(max_size=200) | st.booleans() | st.none(), max_size=5)


@given(content)
def test_what_a_data_key_seals_it_opens(sealed: dict[str, object]) -> None:
    key, _ = VAULT.new_data_key()
    assert key.open(key.seal(sealed)) == sealed


@given(st.binary(max_size=500))
def test_what_the_vault_seals_it_opens(secret: bytes) -> None:
    assert VAULT.open(VAULT.seal(secret)) == secret


def test_no_other_key_opens_it() -> None:
    key, sealed_key = VAULT.new_data_key()
    other, _ = VAULT.new_data_key()
    with pytest.raises(DoesNotOpen):
        other.open(key.seal({"text": "secret"}))
    with pytest.raises(DoesNotOpen):
        Vault([NEW]).open_data_key(sealed_key)


@given(st.integers(0, 400), st.integers(1, 255))
def test_an_altered_byte_does_not_open(place: int, change: int) -> None:
    sealed = bytearray(VAULT.seal(b"He keeps writing to me at night."))
    place %= len(sealed)
    sealed[place] ^= change
    try:
        opened = VAULT.open(bytes(sealed))
    except DoesNotOpen:
        return
    # Base64 has spare bits at its end: the same bytes may be written in two ways.
    assert opened == b"He keeps writing to me at night."


@pytest.mark.parametrize("rubbish", [b"", b"x", b"gAAAA", b"\xff" * 100])
def test_rubbish_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(DoesNotOpen):
        VAULT.open(rubbish)
    with pytest.raises(DoesNotOpen):
        VAULT.reseal(rubbish)
    with pytest.raises(DoesNotOpen):
        DataKey(Fernet.generate_key()).open(rubbish)


def test_the_same_words_sealed_twice_look_different() -> None:
    key, _ = VAULT.new_data_key()
    assert key.seal({"text": "same"}) != key.seal({"text": "same"})


def test_the_size_of_something_short_does_not_tell_what_it_is() -> None:
    key, _ = VAULT.new_data_key()
    sizes = {len(key.seal({"text": "x" * length})) for length in range(200)}
    assert len(sizes) == 1


def test_after_a_rotation_the_new_key_alone_opens_everything() -> None:
    key, sealed_key = VAULT.new_data_key()
    words = key.seal({"text": "secret"})
    both = Vault([NEW, OLD])
    assert both.open_data_key(sealed_key).open(words) == {"text": "secret"}
    resealed = both.reseal(sealed_key)

    assert Vault([NEW]).open_data_key(resealed).open(words) == {"text": "secret"}
    with pytest.raises(DoesNotOpen):
        Vault([OLD]).open(resealed)


@pytest.mark.parametrize("keys", [[], [""], ["short"], [OLD, "not a key"], ["ü" * 44], [OLD[:-2]]])
def test_a_malformed_key_is_refused_without_being_repeated(keys: list[str]) -> None:
    with pytest.raises(BadKey) as refused:
        Vault(keys)
    assert OLD not in str(refused.value)
    assert "not a key" not in str(refused.value).removeprefix("a key is not")


def test_nothing_sealed_or_opened_is_in_what_python_prints() -> None:
    raw = Fernet.generate_key()
    key = DataKey(raw)
    for printed in (repr(key), str(key), repr(VAULT), repr(RING), repr(RING.box)):
        assert raw.decode() not in printed
        assert OLD not in printed
    with pytest.raises(DoesNotOpen) as refused:
        key.open(b"He keeps writing")
    assert "keeps" not in f"{refused.value!r} {refused.value.__cause__!r}"


# Keyed hashes.


@given(st.text(max_size=30), st.text(max_size=30))
def test_equal_things_hash_alike_and_different_ones_do_not(one: str, other: str) -> None:
    assert (RING.hash("reader", one) == RING.hash("reader", other)) == (one == other)


@given(st.text(max_size=30))
def test_hashes_of_different_domains_cannot_be_matched(value: str) -> None:
    assert RING.hash("reader", value) != RING.hash("excluded", value)


def test_without_the_look_up_key_a_hash_cannot_be_made_again() -> None:
    assert RING.hash("reader", "U0AMINA") != KeyRing(VAULT, b"j" * 32).hash("reader", "U0AMINA")
    assert len(RING.hash("reader", "U0AMINA")) == 32


def test_the_box_hangs_on_the_look_up_key_and_not_on_the_master_keys() -> None:
    sealed = RING.box.seal({"view": "V1"})
    assert KeyRing(Vault([NEW]), b"k" * 32).box.open(sealed) == {"view": "V1"}
    with pytest.raises(DoesNotOpen):
        KeyRing(VAULT, b"j" * 32).box.open(sealed)
