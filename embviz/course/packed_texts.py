"""Many texts in little memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class PackedTexts(Sequence[str]):
    """Texts as parts of one UTF-8 string; each is decoded when it is asked for.

    As a `str` of its own, a text takes 50 to 80 bytes more, and two or four bytes a character if
    any of them is beyond Latin-1.

    Attributes:
        content: The string, of which several lists of texts can be parts.
        starts: The byte where each text begins, shape (number of texts,).
        ends: The byte after each, in the same way.
    """

    content: bytes
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        if isinstance(place, slice):
            return tuple(self[i] for i in range(*place.indices(len(self))))
        return self.content[self.starts[place] : self.ends[place]].decode()
