"""A certified provider of identity that nobody here wrote, on loopback, with Ann among its people."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clients.environments import OIDC_PROVIDER, install
from tests.end_to_end.installation import Studio, free_port
from tests.support.servers import listens
from tests.support.waiting import PATIENCE, wait_for

PROGRAM = Path(__file__).parents[2] / "clients/programs/provide_identity.mjs"
SECRET = "a secret of the studio's"
ANN = {
    "name": "Ann Lee",
    "email": "ann@shop.example",
    "email_verified": True,
    "groups": ["canteen", "photo-admins"],
}


@contextmanager
def provider_of(studio: Studio) -> Iterator[str]:
    """Serve a provider that a studio, not yet started, is made to ask; give the studio's address."""
    port, home = free_port(), f"http://localhost:{studio.port}"
    studio.environment |= {
        "SITE_URL": home,
        "OIDC_PROVIDERS": "acme",
        "OIDC_ACME_NAME": "Acme",
        "OIDC_ACME_ISSUER": f"http://127.0.0.1:{port}",
        "OIDC_ACME_CLIENT_ID": "studio",
        "OIDC_ACME_SECRET": SECRET,
        "OIDC_ACME_SCOPES": "openid email profile groups",
        "OIDC_ACME_GROUPS": '{"photo-admins": {"role": "Administrator", "plan": "Unlimited"}}',
    }
    client = {
        "client_id": "studio",
        "client_secret": SECRET,
        "redirect_uris": [f"{home}/account/with/acme/back/"],
        "post_logout_redirect_uris": [f"{home}/account/sign-in/"],
        "backchannel_logout_uri": f"{home}/account/with/acme/ended/",
        "backchannel_logout_session_required": True,
    }
    said = {"CLIENT": json.dumps(client), "CLAIMS": json.dumps(ANN), "PORT": str(port)}
    said |= {"ISSUER": f"http://127.0.0.1:{port}", "PACKAGES": str(install(OIDC_PROVIDER))}
    process = subprocess.Popen(
        ["node", PROGRAM],
        env={**os.environ, **said},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: listens(port), "the provider of identity")
        yield home
    finally:
        process.kill()
        process.wait(PATIENCE)
