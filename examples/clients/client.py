"""The app's API from Python, with gradio_client.

pip install gradio_client
python client.py [address]
"""

import sys

from gradio_client import Client
from gradio_client.exceptions import AppError

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860"
app = Client(address, verbose=False)

comparison = app.predict("king", "queen", api_name="/compare")
print(f"{comparison['similarity']:.3f}: {comparison['reading']}")

# Another model of /models, named last. Its scores have a scale of their own; compare percentiles.
other = app.predict("king", "queen", "wordllama", api_name="/compare")
print(f"Higher than {comparison['percentile']:.1f} % and {other['percentile']:.1f} %")

expression = "king - male + female"
candidates = ["queen", "princess", "man", "prince", "lady", "monarch", "duchess", "empress"]
solution = app.predict(expression, candidates, api_name="/solve")
best = solution["matches"][0]
print(f"{expression}: {best['text']} ({best['similarity']:.3f})")

# What cannot be answered raises an error whose text says what to do.
try:
    app.predict("king -", api_name="/solve")
except AppError as error:
    print(f"Refused: {error}")
