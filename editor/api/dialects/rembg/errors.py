"""How the address of rembg's server tells of errors."""

import json

from web.api_errors import Answer, Family, Refusal


def tell(refusal: Refusal) -> Answer:
    body = json.dumps({"detail": refusal.sentence})
    return refusal.status, {"Content-Type": "application/json"}, body.encode()


# It begins as the task endpoints do.
FAMILY = Family(("/api/remove/",), tell)
