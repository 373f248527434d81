"""The model that is asked, and the choice of another one, in the heading of the page."""

import gradio as gr

from embviz.service_of_each_model import Services
from embviz.ui.file_transfer import source_of
from embviz.ui.markup import models_html
from embviz.ui.section import Values, html


class ModelChoice:
    """The choice, added to the Blocks being built. page.js opens the link that is chosen.

    Attributes:
        id: Holds the id of the model, for all events that ask; empty for the first one.
        choice: Shows which model is asked.
        components: What changes when another model is chosen.
    """

    def __init__(self, services: Services):
        self._services = services
        self.choice = html(self._html(""), elem_id="model")
        self.id = gr.Textbox("", visible=False)
        self.components = [self.id, self.choice]

    def show(self, model: str) -> Values:
        """Values for the components.

        Raises:
            InputError: The model cannot be had.
        """
        return model, self._html(model)

    def _html(self, model: str) -> str:
        service = self._services.get(model)
        id = self._services.find(model)
        return models_html(self._services.entries, id, service.encoder, source_of(service))
