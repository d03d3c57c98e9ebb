"""Age files by other hands: what Comity seals another program opens, and the other way round.

Runs where COMITY_AGE_ENCRYPTION names the installed package `age-encryption` (0.3 or newer, for Node): a folder.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from comity.wire import age
from tests.wire.letters import identity

SCRIPT = Path(__file__).parent / "age_elsewhere.mjs"
PACKAGE = Path(os.environ.get("COMITY_AGE_ENCRYPTION", "none")) / "dist" / "index.js"
BERGENIA, CORVIA = identity("bergenia"), identity("corvia")

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and PACKAGE.is_file()),
    reason="needs Node and the package age-encryption, named by COMITY_AGE_ENCRYPTION",
)


def elsewhere(act: str, keys: str, data: bytes, folder: Path) -> bytes:
    given, taken = folder / "given", folder / "taken"
    given.write_bytes(data)
    subprocess.run(["node", SCRIPT, PACKAGE, act, keys, given, taken], check=True, timeout=60)
    return taken.read_bytes()


@pytest.mark.parametrize("size", [0, 1, 29, 65_535, 65_536, 65_537, 200_000])
def test_the_other_program_opens_what_comity_sealed_and_the_other_way_round(size, tmp_path):
    plain = os.urandom(size)
    for_both = [CORVIA.recipient, BERGENIA.recipient]
    assert elsewhere("open", BERGENIA.text, age.encrypt(plain, for_both), tmp_path) == plain
    sealed = elsewhere("seal", ",".join(one.text for one in for_both), plain, tmp_path)
    assert age.decrypt(sealed, [BERGENIA]) == age.decrypt(sealed, [CORVIA]) == plain


def test_the_other_program_makes_the_same_recipient_of_an_identity(tmp_path):
    assert elsewhere("recipient", BERGENIA.text, b"", tmp_path).decode() == BERGENIA.recipient.text
