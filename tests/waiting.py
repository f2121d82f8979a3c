"""How long a test waits for what surely comes: so long that only what hangs takes longer, on the slowest machine."""

from typing import Final

HANGING: Final = 600  # seconds
