"""Load the model, build the page, serve it."""

import os
import sys

# Gradio reads it when it is imported: nothing about visitors is sent anywhere.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

from embviz.background import load_background
from embviz.encoder import ModelError, load_encoder
from embviz.errors import InputError
from embviz.lesson import LessonError, load_lesson
from embviz.service import Service
from embviz.tabs.endpoints import build_endpoints
from embviz.tabs.page import build_page, launch_options
from embviz.vocabulary import CommonWords


def main() -> None:
    """Serve until stopped; without a model or a sound lesson, say in one sentence what to do."""
    try:
        lesson = load_lesson()
        encoder = load_encoder()
    except (LessonError, ModelError) as error:
        sys.exit(str(error))
    service = Service(encoder, lesson, load_background(encoder), CommonWords(encoder))
    endpoints = build_endpoints(service)
    try:
        page = build_page(service, endpoints)
    except InputError as error:
        # The tabs ask the lesson's first questions as a visitor would, within the same limits.
        sys.exit(f"The tabs cannot start with what is in examples: {error}")
    page.launch(**launch_options(endpoints))


if __name__ == "__main__":
    main()
