"""What browser tests wait by: as long as it takes, unless the studio has died."""

import pytest
from playwright.sync_api import Error

from .end_to_end import installation
from .support import browsing

pytestmark = pytest.mark.browser


class Dead:
    url = "http://127.0.0.1:1"

    def has_died(self) -> bool:
        return True


def test_a_studio_that_dies_ends_what_is_waited_for_in_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "RUNNING", [])

    def wait_in_vain() -> None:
        with browsing.chromium() as browser:
            page = browser.new_page()
            installation.RUNNING.append(Dead())  # type: ignore[arg-type]
            with pytest.raises(Error, match="closed"):
                page.wait_for_function("false")

    with pytest.raises(AssertionError, match=f"its studio had: {Dead.url}"):
        wait_in_vain()
