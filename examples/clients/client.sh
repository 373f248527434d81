#!/usr/bin/env bash
# The app's API with curl: one POST a question, its arguments in their order. Prints JSON.
#
#   bash client.sh [address]
set -euo pipefail
address="${1:-http://127.0.0.1:7860}"

ask() {
  curl -sS "${address%/}/gradio_api/run/$1" -H "Content-Type: application/json" -d "$2"
  echo
}

# An answer is {"data": [...]}.
ask compare '{"data": ["king", "queen"]}'
# Another model of /models, named last. Its scores have a scale of their own; compare percentiles.
ask compare '{"data": ["king", "queen", "wordllama"]}'

ask solve '{"data": ["king - male + female",
  ["queen", "princess", "man", "prince", "lady", "monarch", "duchess", "empress"]]}'

# What cannot be answered gets status 422 and {"error": "one sentence that says what to do"}. curl
# takes that for a success; with --fail-with-body it still prints the sentence, and fails.
ask solve '{"data": ["king -"]}'
