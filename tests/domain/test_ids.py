"""Ids that follow from what they name are the UUIDs of the standard."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from comity.domain.ids import NAMESPACE, derived_id

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(texts, min_size=1))
def test_a_derived_id_is_a_uuid_of_version_5(parts: list[str]) -> None:
    assert derived_id(*parts) == str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))
