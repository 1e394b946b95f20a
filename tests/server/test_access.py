"""Every address that is answered says who it is for."""

from __future__ import annotations

from solvent.server.access import Access, needs
from solvent.server.api import ApiEndpoint
from tests.server.conftest import Web


def test_every_address_has_a_row(web: Web) -> None:
    missing = sorted(web.app._router.addresses().keys() - needs().keys())
    assert not missing, f"add a row to solvent.server.access.ENDPOINTS for {missing}"


def test_no_row_is_left_over(web: Web) -> None:
    assert not needs().keys() - web.app._router.addresses().keys()


def test_what_answers_a_route_in_another_way_has_a_row_of_its_own(web: Web) -> None:
    """``ApiEndpoint`` alone holds requests against their rules; the gate refuses others that rely on it."""
    by_rule = {address for address, need in needs().items() if need is Access.RULE}
    others = {
        address for address, endpoint in web.app._router.addresses().items() if not isinstance(endpoint, ApiEndpoint)
    }
    assert not by_rule & others, "add a row to solvent.server.access.ENDPOINTS"
