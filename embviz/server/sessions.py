"""What the server keeps of a visitor: nothing but answers that are still to be fetched.

Gradio keeps a copy of every component for each session, with what was typed, for up to 10,000
sessions, and the answers of the last 2,000 until they are pushed out. Nothing in this app belongs
to a session, so both are replaced here.
"""

import asyncio
import time
import urllib.parse
from contextvars import ContextVar
from copy import copy
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

from embviz.language import ENGLISH, speaking
from embviz.server.language_of_request import LANGUAGE
from embviz.server.logs import REQUEST_ID, request_id

# The address of the visitor whose request is being handled.
address: ContextVar[str] = ContextVar("address", default="")

# How long an answer waits to be fetched, in seconds, once it is there.
SECONDS_KEPT = 45
_SECONDS_BETWEEN_SWEEPS = 5

# Sessions of one address whose answers are on their way or wait to be fetched: two for each of
# three hundred people behind it.
MAX_SESSIONS = 600


class _NoState(SessionState):
    """The page as it was built, for one event."""

    def __init__(self, blocks: gr.Blocks):
        self.blocks_config = copy(blocks.default_config)
        self.config_values: dict[int, Any] = {}
        self.state_data: dict[int, Any] = {}
        self._state_ttl: dict[int, Any] = {}
        self.is_closed = False

    def __setitem__(self, key: int, value: Any) -> None:
        self.blocks_config.blocks[key] = value

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass


class _NoStates(StateHolder):
    """Gives each event a state of its own and keeps none."""

    def __getitem__(self, session_id: str) -> SessionState:
        return _NoState(self.blocks)


class PendingAnswers(dict[str, asyncio.Queue[Any]]):
    """The messages for each session, until they are fetched.

    Gradio adds a session when one of its questions joins the queue. A session is dropped once all
    its answers are fetched, or `SECONDS_KEPT` after the last of them is there.
    """

    def __init__(self, queue: Any):
        super().__init__()
        self._queue = queue
        self._addresses: dict[str, str] = {}
        # Since when all answers of a session have been there.
        self._answered: dict[str, float] = {}

    def __setitem__(self, session: str, messages: asyncio.Queue[Any]) -> None:
        self._addresses[session] = address.get()
        super().__setitem__(session, messages)

    def __delitem__(self, session: str) -> None:
        # Gradio drops a session whose listener has left, maybe after it was dropped here.
        self.pop(session, None)
        self._addresses.pop(session, None)
        self._answered.pop(session, None)
        self._queue.pending_event_ids_session.pop(session, None)

    def holds(self, name: str) -> bool:
        """Whether something is still to be fetched by the name of a session or of an event."""
        pending = self._queue.pending_event_ids_session
        return bool(pending.get(name)) or any(name in events for events in pending.values())

    def is_full(self, address: str) -> bool:
        """Whether an address has as many sessions as it may have."""
        if self._count(address) < MAX_SESSIONS:
            return False
        # Many of them may have been fetched since.
        self.sweep()
        return self._count(address) >= MAX_SESSIONS

    def _count(self, address: str) -> int:
        return sum(of == address for of in self._addresses.values())

    def sweep(self) -> None:
        """Drop the sessions whose answers were fetched, or not in time."""
        now = time.monotonic()
        computing = {event.session_hash for event in self._queue.event_ids_to_events.values()}
        for session in list(self):
            if session in computing:
                self._answered.pop(session, None)
                continue
            is_fetched = not self._queue.pending_event_ids_session.get(session)
            if is_fetched or now - self._answered.setdefault(session, now) > SECONDS_KEPT:
                del self[session]

    async def start_sweeping(self) -> None:
        """Sweep every few seconds, for as long as the app runs."""

        async def sweep_for_ever() -> None:
            while True:
                await asyncio.sleep(_SECONDS_BETWEEN_SWEEPS)
                self.sweep()
                # Python keeps the last addresses it took apart, and a link holds what was typed.
                urllib.parse.clear_cache()  # type: ignore[attr-defined]  # Undocumented.

        self._sweeping = asyncio.create_task(sweep_for_ever())


def keep_no_answers(page: gr.Blocks) -> PendingAnswers:
    """Let a page that has its queue, but is not launched, keep no answer that nobody fetches."""
    # Gradio does not mean these parts of it to be replaced, and says so in their types.
    queue: Any = page._queue
    process = queue.process_events

    async def process_and_forget(events: list[Any], *args: Any) -> None:
        # The queue answers in a task of its own, which has forgotten whose question this is.
        request = events[0].request
        request_id.set(request.headers.get(REQUEST_ID, ""))
        try:
            with speaking(request.scope.get(LANGUAGE, ENGLISH)):
                await process(events, *args)
        finally:
            # Gradio's loop holds on to the last events that it saw.
            for event in events:
                event.data = event.request = None

    queue.process_events = process_and_forget
    pending = PendingAnswers(queue)
    queue.pending_messages_per_session = pending
    page.extra_startup_events.append(pending.start_sweeping)
    return pending


def keep_no_states(page: gr.Blocks) -> None:
    """Let a page that is launched keep no state of its visitors."""
    states = _NoStates()  # type: ignore[no-untyped-call]  # Gradio's has no types.
    states.set_blocks(page)
    page.app.state_holder = states
