"""/healthz: does the app live? /readyz: can it do its work? For those who run it."""

import asyncio
import math
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from embviz.models.disk_cache import cache_folder
from embviz.models.encoder import Encoder

# What was found out holds for so many seconds, however many ask.
SECONDS_BETWEEN_ATTEMPTS = 5

# Whoever asks waits so many seconds for an attempt; one that lasts longer goes on by itself.
_SECONDS_TO_WAIT = 0.5

# 500 requests may wait for the model, each with a slice of a quarter of a second, and those of long
# lists take every other turn: a model that works answers within 250 s.
_PATIENCE_WITH_MODEL = 300
# Disks that are slow answer sooner.
_PATIENCE_WITH_DISK = 10

# A disk that is full still has room for a few bytes.
_BYTES_TO_WRITE = 1_000_000

_NOT_CACHED = {"Cache-Control": "no-store"}


class Check:
    """Something that the app needs, tried in a thread of its own when somebody asks.

    Args:
        attempt: Raises where it does not work.
        fault: What is said then, in one sentence.
        patience: An attempt that takes longer, in seconds, has failed.
    """

    def __init__(self, attempt: Callable[[], object], fault: str, patience: float):
        self.fault = fault
        self._attempt = attempt
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="check")
        self._started = -math.inf
        self._works: asyncio.Future[bool] | None = None

    async def passes(self) -> bool:
        """Whether it works; an attempt that is not over has not failed until patience ends."""
        is_over = self._works is None or self._works.done()
        if is_over and time.monotonic() - self._started > SECONDS_BETWEEN_ATTEMPTS:
            self._started = time.monotonic()
            loop = asyncio.get_running_loop()
            self._works = loop.run_in_executor(self._thread, self._try)
        assert self._works is not None
        await asyncio.wait([self._works], timeout=_SECONDS_TO_WAIT)
        if self._works.done():
            return self._works.result()
        return time.monotonic() - self._started < self._patience

    def _try(self) -> bool:
        try:
            self._attempt()
        # Whatever it is, it does not work.
        except Exception:
            return False
        return True


def health_routes(encoder: Encoder, folder: Path | None = None) -> list[Route]:
    """The routes /healthz and /readyz.

    The app loads its model before it answers anybody, so /readyz finds out what goes wrong later: a
    model that hangs or fails, a disk that became full or read-only.

    Args:
        encoder: The model that answers first.
        folder: Where files are kept; the user's cache folder if None.
    """
    disk = Check(
        partial(_write, folder or cache_folder()),
        "The cache folder cannot be written to: free space on its disk, or permit the app to write "
        "there.",
        _PATIENCE_WITH_DISK,
    )
    model = Check(
        # Not from the cache, nor into it.
        partial(encoder.encode_once, ["ready"]),
        "The model does not answer: start the app again.",
        _PATIENCE_WITH_MODEL,
    )
    # A model on another machine may cost money for each text, and no restart here mends it.
    checks = (disk,) if encoder.family == "remote" else (model, disk)

    async def live(_: Request) -> JSONResponse:
        return JSONResponse({"status": "alive"}, headers=_NOT_CACHED)

    async def ready(_: Request) -> JSONResponse:
        passed = await asyncio.gather(*(check.passes() for check in checks))
        faults = [check.fault for check, passes in zip(checks, passed, strict=True) if not passes]
        if not faults:
            return JSONResponse({"status": "ready"}, headers=_NOT_CACHED)
        retry = {"Retry-After": str(SECONDS_BETWEEN_ATTEMPTS)}
        return JSONResponse({"error": faults[0]}, status_code=503, headers=_NOT_CACHED | retry)

    return [Route("/healthz", live), Route("/readyz", ready)]


def _write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # Under Linux it has no name, so that none is left behind.
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(_BYTES_TO_WRITE))
        file.flush()
