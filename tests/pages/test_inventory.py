"""The list of pages is whole: no address of the studio is neither a page on it nor said to be none."""

from . import inventory


def test_every_address_is_a_page_on_the_list_or_said_to_be_none() -> None:
    listed = {sight.name.split()[0] for sight in (*inventory.SIGHTS, *inventory.desk())}
    others = set().union(*inventory.NO_PAGES.values())
    assert not listed & others
    unlisted = inventory.names() - listed - others
    # A row that cannot be added or deleted has the address all the same, and answers that it may not.
    refused = {name for name in unlisted if name.startswith("admin:") and name.endswith(("_add", "_delete"))}
    files = {name for name in unlisted if name.rpartition("_")[2] in inventory.NO_PAGES_OF_ROWS}
    assert unlisted - refused - files == set()
    assert others <= inventory.names()
    assert {name for name in listed if ":" in name} <= inventory.names()
