"""One engine for all tests: it is only read after it is built."""

from __future__ import annotations

import pytest

from nlu.engine import Engine
from tests.nlu.support import entries


@pytest.fixture(scope="session")
def engine() -> Engine:
    """An engine over the small catalogue."""
    return Engine.build(entries(), abbreviations={"xyz": "hộ kinh doanh"})
