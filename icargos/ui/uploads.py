"""Keeping oversized uploads off the disk."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MOST_BYTES = 26 * 1024 * 1024  # a request: the largest file any page takes, and its form


class DropOversized(FileUploadHandler):
    """Reads past the files of a request that is longer than any sheet may be, so that nothing of them is kept.

    The page then finds no file where the request was too long, and says so.
    """

    too_long = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - named by Django, which passes it by name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Look at the announced length; the body is not read here."""
        self.too_long = content_length > MOST_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Skip the file of a request that is too long."""
        super().new_file(*args, **kwargs)
        if self.too_long:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the chunk on to the handlers that keep it."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing of its own to give back."""
