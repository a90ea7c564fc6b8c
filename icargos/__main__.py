"""``python -m icargos`` is the same as the ``icargos`` command."""

import sys

from icargos.main.cli import main

if __name__ == "__main__":
    sys.exit(main())
