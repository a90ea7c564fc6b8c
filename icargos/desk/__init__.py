"""The door of the courier's own people: scans, run sheets, the advice desk, search."""
