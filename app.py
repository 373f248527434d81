"""Load the model, build the page, serve it."""

import os
import sys

# Gradio reads it when it is imported: nothing about visitors is sent anywhere.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

from embviz.background import load_background
from embviz.encoder import ModelError, load_encoder
from embviz.lesson import load_lesson
from embviz.service import Service
from embviz.tabs.endpoints import build_endpoints
from embviz.tabs.page import build_page, launch_options
from embviz.vocabulary import CommonWords


def main() -> None:
    """Serve until stopped; without a model, say in one sentence what to do."""
    try:
        encoder = load_encoder()
    except ModelError as error:
        sys.exit(str(error))
    service = Service(encoder, load_lesson(), load_background(encoder), CommonWords(encoder))
    endpoints = build_endpoints(service)
    build_page(service, endpoints).launch(**launch_options(endpoints))


if __name__ == "__main__":
    main()
