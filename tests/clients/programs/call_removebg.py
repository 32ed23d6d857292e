"""Run in an environment of removebg: makes the calls that it is given in JSON, prints what came of each."""

import base64
import json
import sys
from pathlib import Path
from typing import Any

import requests
from removebg import RemoveBg  # type: ignore[import-not-found]


def make_call(key: str, by: str, source: str, saved: str = "", **options: Any) -> dict[str, Any]:
    """Remove a background. by: file, url or base64. The client itself writes the file."""
    client = RemoveBg(key, "errors.log")
    try:
        if by == "file":
            client.remove_background_from_img_file(source, **options)
        elif by == "url":
            client.remove_background_from_img_url(source, new_file_name=saved, **options)
        else:
            text = base64.b64encode(Path(source).read_bytes()).decode()
            client.remove_background_from_base64_img(text, new_file_name=saved, **options)
    except requests.HTTPError as exc:
        return {"status": exc.response.status_code, "told": exc.response.json()}
    return {"status": 200}


if __name__ == "__main__":
    print(json.dumps([make_call(**call) for call in json.loads(sys.argv[1])]))  # noqa: T201
