"""What administrators read of the settings: every key, and no secret."""

import msgspec

from comity.domain.bureau import NodeRole
from comity.nodes.settings import DatabaseSettings, NodeSettings, Settings
from comity.nodes.told_settings import told

URL = "postgresql+pg8000://comity:Geheim1@db.example/comity?sslpassword=Geheim2"
SETTINGS = Settings(
    node=NodeSettings(id="aldova", name="Aldova", role=NodeRole.BUREAU, country="XA"),
    database=DatabaseSettings(url=URL),
)


def test_every_setting_is_told_with_what_its_section_means():
    sections = told(SETTINGS)
    assert [one.name for one in sections] == [name for name in Settings.__struct_fields__ if getattr(SETTINGS, name)]
    keys = {each.key for one in sections for each in one.settings}
    assert {"node.id", "rounds.keys_seconds", "proofs.after_grace"} <= keys
    assert all(one.meaning for one in sections if one.name != "settings")


def test_no_password_is_told():
    text = msgspec.json.encode(told(SETTINGS)).decode()
    assert "Geheim" not in text
    assert "db.example" in text


def test_what_differs_from_the_default_is_told_as_that():
    by_key = {each.key: each for one in told(SETTINGS) for each in one.settings}
    assert not by_key["node.id"].is_default
    assert not by_key["database.url"].is_default
    assert by_key["rounds.keys_seconds"].is_default
