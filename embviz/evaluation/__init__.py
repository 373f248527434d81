"""Published tests of a model."""
