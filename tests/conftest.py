"""What every test starts from."""

import gc

import pytest
from hypothesis import settings

from tests.written_once import write_once

# A busy machine is not a failing one: no time limit on a single example. A failure prints how to repeat it.
# Fifty examples: the suite has hundreds of properties, and each run tries others.
settings.register_profile("comity", deadline=None, print_blob=True, max_examples=50)
settings.load_profile("comity")

# As rarely as commands do: what two thousand tests leave would be looked through again and again.
gc.set_threshold(50_000)

write_once()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: begun last, they would keep one worker waiting for the other."""
    items.sort(key=lambda item: "scale" not in item.path.parts)
