"""How much a visitor may ask at once; a notebook may ask any amount."""

MAX_CHARACTERS = 5_000
MAX_WORDS = 50
MAX_CANDIDATES = 500
MAX_DOCUMENTS = 500
MAX_EMBEDDED_TEXTS = 100
# A text that is searched by its passages: some 80 pages; and a file that holds one.
MAX_LONG_TEXT = 200_000
# In a request it takes a third more, and other inputs stand beside it.
MAX_LONG_FILE_BYTES = 5_000_000
