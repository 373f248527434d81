"""Files that the gensim package carries, and the news articles among them."""

import importlib.util
from pathlib import Path


def read_articles() -> list[str]:
    """News articles, one a string: the Lee corpus (Lee, Pincombe & Welsh 2005)."""
    return read_lines("lee_background.cor")


def read_lines(file: str) -> list[str]:
    # Importing gensim takes a second; its files are all that is needed of it.
    spec = importlib.util.find_spec("gensim")
    assert spec and spec.origin
    return (Path(spec.origin).parent / "test" / "test_data" / file).read_text("utf-8").splitlines()
