"""What people write in a script, so that it is found wherever it comes out."""

from collections.abc import Sequence


class Words:
    """What people write; each text carries a word of its own, and who may see it is kept with it."""

    def __init__(self) -> None:
        self.made: dict[str, frozenset[str]] = {}  # canary → names of people who may see it, beside readers
        self.for_readers: dict[str, bool] = {}
        self.in_questions: set[str] = set()  # everybody who answers questions may see these too
        self.in_welcomes: set[str] = set()  # and these everybody in the champions' channel
        self.in_concerns: set[str] = set()  # and these by people who read concerns about that proposal
        self.listed: list[str] = []  # the same words, for those who listen meanwhile
        self._writers: list[str] = []

    def ask(self, about: str, *, by: str, sees: Sequence[str] = ()) -> str:
        """Words in a question, which may become a report."""
        # Counted apart: a reporter wrote more in one world, and others read what they ask.
        canary = f"zq{about}{by}q{len(self.in_questions)}xkv"
        self.in_questions.add(canary)
        return self._made(canary, by=by, sees=sees, readers=True)

    def welcome(self, *, by: str) -> str:
        """Why they joined. Counted apart, as what is asked."""
        canary = f"zqwhy{by}w{len(self.in_welcomes)}xkv"
        self.in_welcomes.add(canary)
        return self._made(canary, by=by, sees=(), readers=False)

    def concern(self, *, by: str) -> str:
        """About a proposal."""
        canary = f"zqconcern{by}c{len(self.in_concerns)}xkv"
        self.in_concerns.add(canary)
        return self._made(canary, by=by, sees=(), readers=False)

    def write(self, about: str, *, by: str, sees: Sequence[str] = (), readers: bool = True) -> str:
        # Counted for each person: what others write must not change what this one wrote.
        number = sum(by == each for each in self._writers)
        self._writers.append(by)
        return self._made(f"zq{about}{by}{number}xkv", by=by, sees=sees, readers=readers)

    def lay_open(self, text: str, *, to: Sequence[str]) -> None:
        """What `text` holds of questions and welcomes is shown by somebody else than gpbot."""
        for canary in self.in_questions | self.in_welcomes:
            if canary in text:
                self.made[canary] |= {*to}

    def _made(self, canary: str, *, by: str, sees: Sequence[str], readers: bool) -> str:
        self.listed.append(canary)
        self.made[canary] = frozenset({by, *sees})
        self.for_readers[canary] = readers
        return f"Something {canary} happened."
