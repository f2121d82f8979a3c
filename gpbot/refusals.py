"""What gpbot says no to, each with the sentence the person reads."""


class Refusal(Exception):
    """A use case that says no; `words` is what the person reads."""

    words = "This cannot be done."

    def __init__(self, words: str | None = None) -> None:
        if words is not None:
            self.words = words
        super().__init__()  # no words in the exception: it may reach a log


class NotAvailable(Refusal):
    """Not yours, erased, and never existed: one answer, word for word (promises C3)."""

    words = "This is not available to you."


class NothingWritten(Refusal):
    words = "There are no words in it yet."
