"""Tests, and what they share."""

from pkgutil import iter_modules

import pytest

# What they share tells as much as they do where it does not hold.
pytest.register_assert_rewrite(*(f"{__name__}.{each.name}" for each in iter_modules(__path__)))
