"""How the task endpoints tell of errors."""

from web.api_errors import Family, tell_plainly

# The seeds' list knows no 402 and no 403: no credits is a wrong request there, and a service that is not for
# this key an unauthorized one.
FAMILY = Family(("/api/",), tell_plainly, {402: 400, 403: 401})
