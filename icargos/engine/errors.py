"""What can go wrong with the embedded database, in one type."""


class EngineError(Exception):
    """The embedded PostgreSQL cannot be used; the text is one plain sentence that says why and what to do."""
