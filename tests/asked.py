"""What each question of the page can be asked, so that each of its panels has an answer."""

ARGUMENTS = {
    "texts": {"text_a": "king", "text_b": "queen"},
    "list": {
        "texts": "king, queen, dog, puppy, car, bus, sea",
        "ordered": True,
        "colours": "purple-green",
        "model_b": "wordllama",
    },
    "context": {
        "word": "bank",
        "sentences": "\n".join(
            f"the bank of {place}" for place in ["sand", "mud", "tin", "oak", "ice", "air"]
        ),
        "layer": -1,
    },
    "axes": {
        "texts": "mouse, dog, elephant",
        "low": "small",
        "high": "large",
        "low_2": "safe",
        "high_2": "dangerous",
    },
    "association": {
        "test": "age",
        "first_group": "rose, tulip",
        "second_group": "ant, flea",
        "first_attribute": "love",
        "second_attribute": "filth",
    },
    "equation": {
        "expression": "king - male + female",
        "candidates": "queen, prince, lady",
        "top_k": 3,
        "exclude_inputs": True,
    },
    "passages": {
        "query": "sea",
        "text": "The sea is cold. Few swim in it. " * 10,
        "tokens": 32,
        "overlap": 16,
        "top_k": 3,
    },
    "documents": {
        "query": "learning",
        "documents": "",
        "top_k": 3,
        "method": "semantic",
        "count": 0,
    },
}
