"""Files that people send or we make: kept by their hash, in a local folder now, in an object store later."""

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

_PIECE = 1024 * 1024


def keep(folder: str, data: bytes, *, suffix: str = "") -> str:
    """Store the bytes and return their key; the same bytes in the same folder are stored once."""
    digest = hashlib.sha256(data).hexdigest()
    key = str(PurePosixPath(folder) / digest[:2] / f"{digest}{suffix}")
    if not default_storage.exists(key):
        return default_storage.save(key, ContentFile(data))
    return key


def keep_file(folder: str, file: IO[bytes], *, suffix: str = "") -> str:
    """As ``keep``, of a file that need not fit into memory: it is read from its beginning, piece by piece."""
    read = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        read.update(piece)
    digest = read.hexdigest()
    key = str(PurePosixPath(folder) / digest[:2] / f"{digest}{suffix}")
    if default_storage.exists(key):
        return key
    file.seek(0)
    return default_storage.save(key, File(file))


def opened(key: str) -> IO[bytes]:
    """The stored bytes, to read; raises FileNotFoundError."""
    return default_storage.open(key, "rb")


def size(key: str) -> int:
    """How many bytes are stored; raises FileNotFoundError."""
    return default_storage.size(key)


def pieces(key: str) -> Iterator[bytes]:
    """The stored bytes, a piece at a time; the file is opened with the first one."""
    with opened(key) as file:
        while piece := file.read(_PIECE):
            yield piece


def kept(key: str) -> bytes:
    """The stored bytes if they are still those that were kept; empty if they are gone or others lie in their place."""
    try:
        with opened(key) as file:
            data = file.read()
    except OSError:
        return b""
    # A store that finds a name taken adds to it, so only the beginning is the hash.
    return data if PurePosixPath(key).name.startswith(hashlib.sha256(data).hexdigest()) else b""


def local_path(key: str) -> str:
    """A path that another process on this machine can read."""
    return default_storage.path(key)


def folders(folder: str) -> list[str]:
    """The names of the folders in a folder; none where it does not exist."""
    try:
        return sorted(default_storage.listdir(folder)[0])
    except FileNotFoundError:
        return []


def drop(folder: str) -> None:
    """Delete a folder and all that is in it."""
    inner, files = default_storage.listdir(folder)
    for name in inner:
        drop(f"{folder}/{name}")
    for name in files:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)
