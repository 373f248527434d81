"""A result → sentence, table, figure. The only package that knows plotly."""
