"""Everything that is installed with the product may be used, changed and sold by anybody: permissive licences only."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC\b|Python Software Foundation|PSF|Unlicense|Zlib|HPND|0BSD|CC0|Public Domain", re.IGNORECASE
)
COPYLEFT = re.compile(r"GPL|GNU|Mozilla|MPL|EUPL|SSPL|Elastic|Commons Clause|CDDL|Business Source", re.IGNORECASE)
# Neither permissive as such nor a burden, each with the reason.
EXPLAINED = {
    "certifi": "MPL-2.0: a list of certificates, used as it is",
    "tld": "MPL-1.1 of the three it offers: a list of domains that trafilatura needs, used as it is",
    "psycopg": "LGPL-3.0: only with the extra `postgres`, loaded as a library of its own",
    "psycopg-binary": "LGPL-3.0: only with the extra `postgres`, loaded as a library of its own",
}


def _closure(root: str, extras: tuple[str, ...]) -> Iterator[Distribution]:
    """What `pip install` brings along here."""
    todo, seen = [(root, extras)], set()
    while todo:
        name, wanted = todo.pop()
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # for another system or another Python
        if (canonicalize_name(name), wanted) not in seen:
            seen.add((canonicalize_name(name), wanted))
            yield found
            for line in found.requires or []:
                required = Requirement(line)
                if required.marker is None or any(required.marker.evaluate({"extra": e}) for e in ("", *wanted)):
                    todo.append((required.name, tuple(sorted(required.extras))))


def _licence(found: Distribution) -> str:
    """What a distribution says of itself: its expression, else its classifiers, else its field's first line."""
    said = found.metadata
    classifiers = [
        line.rsplit(" :: ", 1)[-1] for line in said.get_all("Classifier") or [] if line.startswith("License")
    ]
    classifiers = [line for line in classifiers if line != "OSI Approved"]
    text = (said.get("License") or "").strip().splitlines()
    return str(said.get("License-Expression") or "; ".join(classifiers) or (text[0] if text else ""))


def test_what_is_installed_with_the_product_is_free_of_conditions() -> None:
    found = {canonicalize_name(one.metadata["Name"]): one for one in _closure("timeline-builder", ("postgres",))}
    assert len(found) > 50
    licences = {name: _licence(one) for name, one in found.items()}
    doubtful = {
        name: said
        for name, said in licences.items()
        if name not in EXPLAINED and (not PERMISSIVE.search(said) or COPYLEFT.search(said))
    }
    assert doubtful == {}
    assert set(EXPLAINED) <= set(found), "an exception nobody needs any more"
