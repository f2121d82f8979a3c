from tests.outbox.conftest import world

__all__ = ["world"]
