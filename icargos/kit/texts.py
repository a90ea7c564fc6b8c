"""Marking of sentences for translation in code that knows no Django; they are translated where they are shown."""


def gettext_noop(message: str) -> str:
    """Return the message unchanged; its name is what the message extractor looks for."""
    return message
