"""The app, in which a question that holds MARK fails: in our code, and with words of a library.

What is raised, logged and warned of quotes what was typed, and this file.
"""

import logging
import os
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from embviz.service import Service

compare = Service.compare


def fail_or_compare(self, text_a, text_b):
    if os.environ["MARK"] in str(text_a):
        logging.getLogger("library").warning("%s in %s", text_a, __file__)
        logging.getLogger("embviz").warning("Refused in %s", __file__)
        warnings.warn(text_a, stacklevel=1)
        try:
            raise KeyError(text_a)
        except KeyError as error:
            raise ValueError(f"{text_a} in {__file__}") from error
    return compare(self, text_a, text_b)


if __name__ == "__main__":
    Service.compare = fail_or_compare
    from app import main

    main()
