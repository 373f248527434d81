"""The one error a visitor sees."""


class InputError(ValueError):
    """What was typed cannot be answered; the message is one sentence that says what to do.

    Attributes:
        input: What the visitor calls the input that it is about, if it is about one.
    """

    input: str = ""


class Stopped(InputError):  # noqa: N818 (an end that was wanted, and no error of anybody's)
    """Who asked has ended the job, or has left."""
