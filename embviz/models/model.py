"""What every model offers, whatever it is made of."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

# Libraries give a limit of so many tokens, or of more, to a model that reads all of a text.
NO_LIMIT = 1_000_000

Family = Literal["transformer", "static", "untrained", "remote"]

# Where a token begins and ends in its text, in characters.
Place = tuple[int, int]


class HiddenStates(NamedTuple):
    """A text inside a model, token by token and layer by layer.

    Attributes:
        tokens: The tokens, those at the start and the end included.
        states: Shape (layers + 1, tokens, dimension), float32. Layer 0 is what enters the first
            layer, with position and normalisation; the last is the model's output.
        places: Where each token stands in the text; both ends are the same for a token that is not
            of it. None if the tokenizer cannot tell.
        inputs: The vector that each token has in every text, before its position is added: shape
            (tokens, size), float32, where some models have another size here than later.
    """

    tokens: tuple[str, ...]
    states: npt.NDArray[np.float32]
    places: tuple[Place, ...] | None
    inputs: npt.NDArray[np.float32]


class TokenPlaces(NamedTuple):
    """Where the tokens of a text stand, and how many of them a model reads.

    Attributes:
        places: One a token, in their order; also of those that are not read, but of no special
            token and of none of the model's prompt. Tokens may overlap: several can spell one
            character, and some tokenizers count the space before a word to its token.
        limit: How many tokens of a text the model reads beside its prompt and special tokens; None
            if it reads all.
    """

    places: tuple[Place, ...]
    limit: int | None

    @property
    def stops_at(self) -> int | None:
        """How many characters of the text are read; None if all are."""
        if self.limit is None or len(self.places) <= self.limit:
            return None
        return max((end for _, end in self.places[: self.limit]), default=0)


def leave_out_prompt(places: Sequence[Place], length: int) -> tuple[Place, ...]:
    """Where the tokens of a text stand in it, given where they stand behind a prompt.

    Args:
        places: Of all tokens, those of the prompt first.
        length: How many characters the prompt has.

    >>> leave_out_prompt([(0, 5), (5, 6), (6, 11), (11, 16)], 7)
    ((0, 4), (4, 9))
    """
    # Without a prompt even a token of no character, as some begin with, is one of the text.
    of_prompt = sum(end <= length for _, end in places) if length else 0
    return tuple((max(start - length, 0), end - length) for start, end in places[of_prompt:])


class Model(Protocol):
    """Turns texts into vectors.

    Attributes:
        family: What kind of model it is. A static model gives each token the same vector in every
            text; a remote one runs on another machine.
        dimension: Length of a vector.
        max_tokens: How many tokens of a text it reads; None if it reads all, or if that is not
            known.
        layers: How many layers there are to look into; None if there are none.
    """

    @property
    def family(self) -> Family: ...
    @property
    def dimension(self) -> int: ...
    @property
    def max_tokens(self) -> int | None: ...
    @property
    def layers(self) -> int | None: ...

    def read(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.float32], list[bool], list[bool]]:
        """Read n texts.

        Returns:
            Their unit vectors, shape (n, dimension), float32; which of them were not read to the
            end; and of which the model knows no token. A static model gives these zero vectors.
        """

    def read_tokens(self, text: str) -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
        """The tokens of a text, and the output for each: shape (tokens, dimension), float32.

        Raises:
            InputError: The model has no tokens to show.
        """

    def read_layers(self, text: str) -> HiddenStates:
        """The tokens of a text, and what each layer makes of them.

        Raises:
            InputError: The model has no layers to look into.
        """

    def find_tokens(self, text: str) -> TokenPlaces:
        """Where all tokens of a text stand, and how many of them the model reads.

        Any thread may call it, and it is quick: 0.3 s for 200,000 characters.

        Raises:
            InputError: The model does not tell its tokens.
        """
