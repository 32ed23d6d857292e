"""The studio as a WSGI application, for tools that ask for one. `make run` serves asgi.py."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "picwish_site.settings")
application = get_wsgi_application()
