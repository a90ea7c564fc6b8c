"""What must be true before the processes start: tables up to date, static files in place.

Runs as a process of its own, signed in as the owner, so that the supervisor never holds Django
or the owner's rights. Says on stdout, as JSON, what the supervisor must know.
"""

import json
import os
import sys

from icargos.engine import EngineError
from icargos.main.home import set_up_django
from icargos.main.processes.parent import die_with_parent


def main() -> int:
    """Prepare; the exit code is 1 with one line on stderr when that is not possible."""
    die_with_parent()
    may_migrate = bool(os.environ.get("DATABASE_OWNER_URL"))
    set_up_django(as_owner=may_migrate)
    from django.db import Error, connection

    from icargos.main import schema, statics

    try:
        if may_migrate:
            schema.migrate(verbosity=0)
        elif schema.is_behind():
            raise EngineError("The database is behind the code: run `icargos migrate` with DATABASE_OWNER_URL set.")
        demo_people = 0
        if may_migrate:
            with connection.cursor() as cursor:
                # Only demo people have addresses in the domain that is reserved for examples.
                cursor.execute("SELECT count(*) FROM accounts_user WHERE email LIKE '%.example'")
                (demo_people,) = cursor.fetchone()
    except EngineError as error:
        sys.stderr.write(f"icargos: {error}\n")
        return 1
    except Error as error:
        sys.stderr.write(f"icargos: the database cannot be used: {str(error).strip()}\n")
        return 1
    statics.collect_if_changed()
    sys.stdout.write(json.dumps({"demo_people": demo_people}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
