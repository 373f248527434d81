#!/usr/bin/env bash
# Start replicas of embviz, and nginx before them: bash examples/deploy/start.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

# As many replicas as nginx.conf names. Each takes 0.7 GB; let each have two cores.
for port in 7861 7862; do
  GRADIO_SERVER_PORT=$port .venv/bin/python app.py &
done
trap 'kill $(jobs -p)' EXIT
nginx -p . -c examples/deploy/nginx.conf
