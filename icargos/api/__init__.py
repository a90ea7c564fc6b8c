"""The door for programmes: calls with an API key, JSON in and out."""
