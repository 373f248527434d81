"""Result → Plotly figure. The only rooms that know plotly; nothing is computed here.

Whatever a visitor typed is escaped, since Plotly reads some HTML tags in its texts. Arrays are
plain lists, so that a figure becomes plain JSON. Text has no colour: the page gives it the theme's.
"""
