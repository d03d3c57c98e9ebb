"""A file of evidence gets a timestamp: the question goes out by hand, the answer comes back, and is checked offline."""

from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding

from comity.cli.evidence import check
from comity.cli.evidence_timestamp import timestamp
from comity.domain.errors import Invalid, Refusal, Unauthenticated
from comity.wire.evidence_file import read_evidence_file, stamped_part, write_evidence_file
from tests.attacks.test_wire_evidence_file import EVIDENCE, POLICY
from tests.attacks.test_wire_timestamp import OWN, answer


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    (tmp_path / "policy").write_bytes(POLICY)
    (tmp_path / "authority.pem").write_bytes(OWN.public_bytes(Encoding.PEM))
    (tmp_path / "answer").write_bytes(answer(OWN, data=stamped_part(EVIDENCE)))
    (tmp_path / "of something else").write_bytes(answer(OWN))
    (tmp_path / "evidence.zip").write_bytes(write_evidence_file(EVIDENCE))
    return tmp_path / "evidence.zip"


def test_evidence_gets_a_timestamp(evidence: Path, capsys: pytest.CaptureFixture[str]):
    folder = evidence.parent
    timestamp(evidence, folder / "question")
    asked = tsp.TimeStampReq.load((folder / "question").read_bytes()).native
    answered = tsp.TimeStampResp.load((folder / "answer").read_bytes())
    imprint = answered["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed["message_imprint"]
    assert imprint["hashed_message"].native == asked["message_imprint"]["hashed_message"]
    timestamp(evidence, folder / "stamped.zip", folder / "answer", folder / "authority.pem")
    check(folder / "stamped.zip", folder / "policy")
    assert "What the timestamp in the file says" in capsys.readouterr().out
    check(folder / "stamped.zip", folder / "policy", folder / "authority.pem")
    told = " ".join(capsys.readouterr().out.partition("NOT PROVEN")[0].split())
    assert "CN=Time of Nowhere, vouches that this proof was there by 2031-03-01 12:00:00 UTC." in told


def test_an_answer_about_something_else_is_not_put_in(evidence: Path):
    folder = evidence.parent
    refused: tuple[tuple[Path | None, type[Refusal]], ...] = (
        (folder / "authority.pem", Unauthenticated),
        (None, Invalid),
    )
    for authority, refusal in refused:
        with pytest.raises(refusal):
            timestamp(evidence, folder / "stamped.zip", folder / "of something else", authority)
    assert not (folder / "stamped.zip").exists()
    with pytest.raises(Invalid):  # there is none in it
        check(evidence, folder / "policy", folder / "authority.pem")
    assert read_evidence_file(evidence.read_bytes()).timestamp == b""
