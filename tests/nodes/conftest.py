"""A node in a folder, made once for each file of tests."""

from pathlib import Path

import pytest

from comity.domain.bureau import NodeRole
from comity.nodes.enrolment import create_node, operator_of
from comity.nodes.node import utc_now
from comity.nodes.settings import FederationSettings, LawSettings, NodeSettings, Settings


def settings_of_aldova(**node: object) -> Settings:
    named = {"id": "aldova", "name": "Aldova", "role": NodeRole.BUREAU, "country": "XA", "contact": "duty desk"}
    return Settings(
        node=NodeSettings(**{**named, **node}),
        federation=FederationSettings(address="https://127.0.0.1:7701"),
        law=LawSettings(trial_texts=True),
    )


def made(folder: Path, settings: Settings | None = None) -> str:
    chosen = settings or settings_of_aldova()
    return create_node(folder, chosen, utc_now(), operator_of(chosen.node, "ada"))


@pytest.fixture(scope="module")
def aldova(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder: not to be changed."""
    folder = tmp_path_factory.mktemp("nodes") / "aldova"
    made(folder)
    return folder
