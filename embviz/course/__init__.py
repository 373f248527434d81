"""examples/*.json → what the app starts with."""
