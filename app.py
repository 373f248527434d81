"""Load the model, build the page, serve it."""

import ctypes
import gc
import logging
import os
import signal
import sys
from contextlib import suppress

# What is imported stays: nobody looks for garbage meanwhile, nor in it later.
if __name__ == "__main__":
    gc.disable()

# Gradio reads it when it is imported: nothing about visitors is sent anywhere.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
# Gradio would sum up its last 10,000 events after each one, for a page that is not served here.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))
# On a Space every request comes through a proxy of the private network; uvicorn takes the visitor's
# address from it. Elsewhere it believes a proxy on the same machine, or those that are set.
if "SPACE_ID" in os.environ:
    private = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"
    os.environ.setdefault("FORWARDED_ALLOW_IPS", private)

from starlette.middleware import Middleware

from embviz.analysis.baseline import load_baseline
from embviz.analysis.vocabulary import CommonWords
from embviz.course.collection_file import read_collection
from embviz.course.collection_index import CollectionIndex
from embviz.course.course_files import load_lesson
from embviz.course.first_texts import first_texts
from embviz.course.json_file import LessonError
from embviz.errors import InputError
from embviz.models.catalogue import list_models, load_first
from embviz.models.loading import ModelError
from embviz.server.connections import harden
from embviz.server.endpoints import build_endpoints
from embviz.server.health import health_routes
from embviz.server.logs import RequestIds, keep_visitors_out, set_up_log
from embviz.server.metrics import open_metrics
from embviz.server.sessions import keep_no_states
from embviz.service import Service
from embviz.service_of_each_model import Services
from embviz.ui.page import build_page

_LOG = logging.getLogger("embviz")


def main() -> None:
    """Serve until stopped; without a model or a sound lesson, say in one sentence what to do."""
    gc.freeze()
    gc.enable()
    _share_heaps()
    log = set_up_log()
    try:
        lesson = load_lesson()
        source = lesson.search.collection
        collection = read_collection(source) if source else None
        encoder = load_first(os.environ.get("EMBVIZ_MODEL") or lesson.course.model)
    except ModelError as error:
        if error.__cause__ is not None:
            _LOG.error("The model could not be loaded: %r", error.__cause__)
        sys.exit(str(error))
    except LessonError as error:
        sys.exit(str(error))
    index = CollectionIndex(collection, encoder) if collection else None
    service = Service(encoder, lesson, load_baseline(encoder), CommonWords(encoder), index)
    services = Services(service, list_models(encoder))
    endpoints = build_endpoints(services)
    metrics = open_metrics(services)
    if metrics:
        endpoints = metrics.time(endpoints)
    try:
        encoder.encode(first_texts(lesson))
        page, options = build_page(services, endpoints)
    except LessonError as error:
        sys.exit(str(error))
    except InputError as error:
        # The tabs ask the lesson's first questions as a visitor would, within the same limits.
        sys.exit(f"The tabs cannot start with what is in examples: {error}")
    served = options["app_kwargs"]
    served["routes"] += health_routes(encoder)
    served["middleware"].insert(0, Middleware(RequestIds))
    if metrics:
        served["routes"].append(metrics.route)
        served["middleware"].insert(0, metrics.middleware)
    # Where no port is set, Gradio looks for a free one; one that is set is waited for elsewhere.
    port = os.environ.get("GRADIO_SERVER_PORT")
    try:
        page.launch(**options, server_port=int(port) if port else None, prevent_thread_lock=True)
    except OSError:
        if port is None:
            raise
        sys.exit(f"Port {port} is in use: stop what uses it, or set another GRADIO_SERVER_PORT.")
    keep_no_states(page)
    harden(page.server)
    keep_visitors_out(log)
    # What is there now stays. Later searches for garbage leave it out, and take milliseconds.
    gc.collect()
    gc.freeze()
    # Containers are stopped with this signal; Gradio stops in order only on Ctrl+C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _LOG.info("Serving %s at %s", encoder.name, page.local_url)
    if index is not None:
        index.prepare()
    page.block_thread()
    # Running requests have had 5 s; a thread that still computes would hold up or crash the exit.
    sys.stdout.flush()
    os._exit(0)


def _share_heaps() -> None:
    """Let all threads share two heaps, where the C library is glibc.

    It would make up to eight a core, and each keeps what the largest crowd of visitors needed.
    """
    arena_max = -8
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(arena_max, 2)


if __name__ == "__main__":
    main()
