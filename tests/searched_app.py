"""The app, which on SIGUSR1 searches its own memory for a text and writes what holds it.

The text is in the environment back to front, so that the process does not find it there. The answer
goes to a file: a line for each, with the types of what holds it.
"""

import gc
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from embviz.server import sessions


def search(*_):
    wanted = os.environ["WANTED_BACKWARDS"][::-1]
    wanted_bytes = wanted.encode()
    # What the app leaves out of its own searches is searched too.
    gc.unfreeze()
    gc.collect()
    seen = set()
    # What threads are at work with stands in their frames.
    found, waiting = [], [(value, ()) for value in gc.get_objects()]
    waiting += [(frame, ()) for frame in sys._current_frames().values()]
    ours = {id(found), id(waiting), id(seen), id(wanted), id(wanted_bytes)}
    while waiting:
        value, holders = waiting.pop()
        if id(value) in seen or id(value) in ours:
            continue
        seen.add(id(value))
        if isinstance(value, str | bytes | bytearray):
            if (wanted if isinstance(value, str) else wanted_bytes) in value:
                found.append(f"{value[:100]!r} in {' in '.join(reversed(holders))}")
        else:
            holders = (*holders[-14:], type(value).__qualname__)
            waiting += [(inner, holders) for inner in gc.get_referents(value)]
    answer = Path(os.environ["ANSWER"])
    answer.with_suffix(".part").write_text("".join(f"{line}\n" for line in found))
    answer.with_suffix(".part").rename(answer)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, search)
    # Sooner than that of visitors, so that tests need not wait as long.
    sessions.SECONDS_KEPT = float(os.environ["SECONDS_KEPT"])
    from app import main

    main()
