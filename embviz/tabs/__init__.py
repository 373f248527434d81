"""The only rooms that know gradio."""
