"""The one error a visitor sees."""


class InputError(ValueError):
    """What was typed cannot be answered; the message is one sentence that says what to do."""
