"""An encoder that one can compute in one's head."""

import numpy as np


class FakeEncoder:
    """Knows a few texts, each a point in the plane, and any other text as (1, 0).

    Like the real one it returns unit vectors, and it reads the first ten characters of a text.
    """

    name = "fake"
    family = "transformer"
    layers = None
    dimension = 2
    max_tokens = 10

    def __init__(self, **points):
        self.points = points

    def encode(self, texts):
        points = [self.points.get(text, (1, 0)) for text in texts]
        vectors = np.array(points, dtype=np.float32).reshape(len(texts), self.dimension)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def unknown(self, texts):
        return ()

    def truncated(self, texts):
        return tuple(text for text in texts if len(text) > self.max_tokens)
