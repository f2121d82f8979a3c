"""Tells what happened in each part of `make crash` when it has ended; several are played at once."""

from typing import Final

import pytest

TOLD: Final = "told"


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # a worker's reports come to the process that started it
        config.pluginmanager.register(Teller(config))


class Teller:
    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        out = self._config.pluginmanager.getplugin("terminalreporter")
        if report.when == "call":
            for name, words in report.user_properties:
                if name == TOLD:
                    out.ensure_newline()
                    out.write_line(str(words))
