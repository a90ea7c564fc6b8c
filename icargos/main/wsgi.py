"""The WSGI application that the web process serves."""

from django.core.wsgi import get_wsgi_application

from icargos.main import logs
from icargos.main.processes.parent import die_with_parent

# granian's workers are children of its own: each of them ends with the one that started it.
die_with_parent()
logs.configure()
application = get_wsgi_application()
