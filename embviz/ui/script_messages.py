"""What the scripts of a page say, in the language that is spoken."""

from pathlib import Path

from jinja2.utils import htmlsafe_json_dumps

from embviz.language import script_messages, spoken

_LANGUAGE = Path(__file__).parent / "static" / "language.js"


def messages_script() -> str:
    """A script to stand before those that say something by `gettext`."""
    messages = htmlsafe_json_dumps(script_messages(spoken()))
    return f"window.messages = {messages};\n{_LANGUAGE.read_text()}"
