"""A PDF → its text. A program of its own, which `embviz.inputs.long_text` starts for each file.

pypdf bounds what one stream may become, but neither the time nor the memory that a file of many
pages takes; a process can be ended. It imports nothing of embviz, which would take a second.

The file comes by standard input, and the answer goes to standard output as JSON: an object with
`text`, `characters` (its length) or `refusal` (LOCKED or DAMAGED).
"""

import io
import json
import re
import sys
from itertools import pairwise
from typing import Any

LOCKED = "locked"
DAMAGED = "damaged"

# Python and pypdf take 35 MB; what a stream may become is 75 MB.
MAX_MEMORY_BYTES = 500_000_000
MAX_SECONDS = 20

# What may stand at the end of a line for a word that goes on in the next.
_HYPHENS = ("-", "\u2010", "\u00ad")
# A line so much shorter than the longest that ends a sentence is taken for the end of a paragraph.
_SHORT = 0.75
# Letters that printers join, which few models know as what they are.
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}


def read_pdf(content: bytes, most: int) -> dict[str, Any]:
    """What a PDF holds as text, see above.

    Args:
        content: The file.
        most: How many characters the text may have; of a longer one, only the length is told.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    try:
        # One without a password to open it may still be encrypted; pypdf tries the empty one.
        pages = (page.extract_text().strip() for page in PdfReader(io.BytesIO(content)).pages)
        text = join_lines("\n".join(pages))
    except (FileNotDecryptedError, DependencyError):
        return {"refusal": LOCKED}
    except MemoryError:
        raise
    # Whatever goes wrong in there (a different exception for each kind of damage), it is the file.
    except Exception:
        return {"refusal": DAMAGED}
    return {"text": text} if len(text) <= most else {"characters": len(text)}


def join_lines(text: str) -> str:
    r"""A text without the line breaks inside its paragraphs.

    A hyphen at the end of a line is left out where a small letter follows, unless the two parts
    stand elsewhere with it.

    >>> join_lines("Models compute simi-\nlarities of any texts.\nDone.\n\nAnglo-\nSaxon words")
    'Models compute similarities of any texts. Done.\n\nAnglo-Saxon words'
    """
    lines = [line.strip() for line in text.translate(_LIGATURES).splitlines()]
    widest = max(map(len, lines), default=0)
    compounds = set(re.findall(r"\w+-\w+", text))
    parts = []
    for line, following in pairwise([*lines, ""]):
        if not line:
            continue
        if not following or (len(line) < _SHORT * widest and line.endswith((".", "!", "?", ":"))):
            parts += [line, "\n\n"]
        elif line.endswith(_HYPHENS) and line[-2:-1].isalpha():
            first, second = re.split(r"\W+", line[:-1])[-1], re.split(r"\W+", following)[0]
            is_split = following[0].islower() and f"{first}-{second}" not in compounds
            parts.append(line[:-1] if is_split else line)
        else:
            parts += [line, " "]
    return "".join(parts).strip()


def _limit_resources() -> None:
    try:
        import resource
    # Windows has no such limits, and is for one's own files.
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    # Also where the process that waits for this one has died.
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


if __name__ == "__main__":
    _limit_resources()
    print(json.dumps(read_pdf(sys.stdin.buffer.read(), int(sys.argv[1]))))
