"""Words and people of the kept communities, which tests look for."""

from importlib.resources import files

SECRET = "secretly"  # people who may not read it must not see it
GUIDELINES = (files("gpbot.guidelines") / "sample.md").read_text("utf-8")
ALSO_HERE = (
    "Olga Olsen",
    "Petra Popov",
    "Ravi Rao",
    "Sven Svensson",
    "Omar Omari",
    "Dana Cole",
    "Quinn Quist",
    "Hana Haas",
    "Ines Ito",
    "Jan Jung",
    "Kai Kern",
    "Lena Lang",
)
