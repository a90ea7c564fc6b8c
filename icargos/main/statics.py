"""Collecting the built front end for serving, once per change."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> bool:
    """Collect, compress and name by content the static files, unless nothing changed since; True when it did."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(f"{root.name}.stamp")
    print_now = _fingerprint()
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == print_now:
        return False
    call_command("collectstatic", interactive=False, clear=root.exists(), verbosity=0)
    stamp.write_text(print_now)
    return True


def _fingerprint() -> str:
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            if storage is not None:
                real = Path(storage.path(path)).stat()
                seen.update(f"{path}\0{real.st_size}\0{real.st_mtime_ns}\n".encode())
    return seen.hexdigest()
