"""Write the files of `accept/keys` and `reject/keys` anew. Only where the form of the documents changes its version."""

import re

from tests.attacks.test_wire_keys import ACCEPT, ATTACKS, REJECT
from tests.wire.key_cast import DOCUMENTS, IN_FORCE


def main() -> None:
    for folder in (ACCEPT, REJECT):
        folder.mkdir(parents=True, exist_ok=True)
    for name, signed in DOCUMENTS.items():
        (ACCEPT / f"{name}.jws").write_bytes(signed)
    for attack, (data, held) in ATTACKS.items():
        if held is IN_FORCE:
            (REJECT / f"{re.sub('[^a-z0-9]+', '_', attack)}.jws").write_bytes(data())


if __name__ == "__main__":
    main()
