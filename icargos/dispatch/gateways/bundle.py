"""A zip that grows on the disk, one file after another, so that no more than one of them is ever in memory."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from icargos.ground import blobs


class Bundle:
    """A zip in the making."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        # What goes in is packed already.
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)

    def add(self, name: str, data: bytes) -> None:
        """Put one more file in."""
        self._zip.writestr(name, data)

    def close(self) -> None:
        """Write the zip's own index; nothing more goes in."""
        self._zip.close()

    def keep(self, folder: str) -> str:
        """Close the zip and store it; returns its key."""
        self.close()
        return blobs.keep_file(folder, self._file, suffix=".zip")


@contextmanager
def bundle() -> Iterator[Bundle]:
    """An empty zip; what was not kept is gone at the end."""
    with tempfile.TemporaryFile() as file:
        made = Bundle(file)
        try:
            yield made
        finally:
            made.close()
