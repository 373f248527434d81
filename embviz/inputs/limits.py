"""How much a visitor may ask at once; a notebook may ask any amount."""

MAX_CHARACTERS = 5_000
MAX_WORDS = 50
MAX_CANDIDATES = 500
MAX_DOCUMENTS = 500
MAX_EMBEDDED_TEXTS = 100
