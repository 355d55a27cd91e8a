"""The interface keeps its own description: whatever is sent, it answers as openapi.json says, and never falls over."""

from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from sample_server import serving
from sample_store import extraction, put, small
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from timeline.rendering import Site
from timeline.store import Arrival, Store
from timeline.web import create_app

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
ENDLESS = "/api/stream"  # its answer has no end
EXAMPLES = 120


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    with Store.open(folder / "timeline.db") as store:
        small(store)
        put(store, "press/old.txt", extraction("It was founded in ‹DATE 1720|1720›."))
        store.register([Arrival("secret.pdf", None, 0, failed="it is encrypted")], 1.0)
        Site(store, folder / "site").refresh()
    with serving(create_app(folder / "timeline.db", folder / "site", folder / "inbox", max_bytes=1000)) as found:
        yield found


def test_an_address_holds_no_nul(address: str) -> None:
    for path in ("/api/search?q=a%00b", "/api/documents/a%00b"):
        answer = httpx.get(address + path)
        assert answer.status_code == 400
        assert "NUL" in answer.json()["detail"]


def test_the_interface_is_as_it_is_described(address: str) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path == ENDLESS:
            continue
        for mode in schemathesis.GenerationMode:
            if mode is schemathesis.GenerationMode.NEGATIVE and not (operation.query or operation.body):
                continue  # any text may stand in a path: there is nothing to get wrong

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def holds(case: schemathesis.Case) -> None:
                case.call_and_validate(checks=CHECKS)

            holds()
        tried += 1
    assert tried >= 12
