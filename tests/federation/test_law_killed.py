"""Nodes are killed while law is published and followed: each item stands whole or not at all, and once."""

import hashlib
import itertools
import multiprocessing
import random
import shutil
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from comity.desks.bundles import Text
from comity.domain.bulletin import Publication
from comity.domain.journal import Act
from comity.storage.recomputation import faults
from comity.testing.federation import BERGENIA, HUB, Federation

KILLS = 6
LONGEST_LIFE_SECONDS = 2.5
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])  # imported once, not at each kill
ID = "law-of-bergenia"
LAW = f"""
id = "{ID}"
title = "Law of Bergenia, as amended for the {{turn}}th time"
source = "Fictitious"
layer = "national-law"
parties = ["XB"]
in_force_from = 2020-01-01

[[clauses]]
id = "par-1"
title = "All"
effect = "permit"
text = "All may be told."
reply = "full"
"""


def work(folder: Path, life: int, begun: Connection) -> None:
    """Without end: the next version is signed, sent, published by the hub, and followed by everybody."""
    federation = Federation(folder)
    federation.time.pass_by(hours=life)  # no clock goes back over a restart
    bergenia = federation[BERGENIA]
    for turn in itertools.count():
        text = Text("law.toml", LAW.format(turn=f"{life}.{turn}").encode())
        bergenia.bundles.publish([text], bergenia.operator("test"))
        if not turn:
            begun.send_bytes(b"begun")
        federation.post()
        federation.follow()


@pytest.mark.slow
def test_law_is_whole_or_absent_and_nothing_is_taken_over_twice(founded: Path, tmp_path: Path):
    folder, lots = tmp_path / "federation", random.Random(19)
    shutil.copytree(founded, folder)
    for life in range(KILLS):
        begun, child_s = PROCESSES.Pipe(duplex=False)
        worker = PROCESSES.Process(target=work, args=(folder, life, child_s))
        worker.start()
        assert begun.poll(120)
        time.sleep(lots.uniform(0, LONGEST_LIFE_SECONDS))
        worker.kill()
        worker.join()
        begun.close()
        child_s.close()
    federation = Federation(folder)
    federation.time.pass_by(hours=KILLS)
    published = items_of(federation, HUB)
    for name in federation.nodes:
        found = items_of(federation, name)
        assert found == published[: len(found)], f"{name} holds another list than the hub"
    federation.post()
    federation.follow()
    published = items_of(federation, HUB)
    assert all(items_of(federation, name) == published for name in federation.nodes)
    assert all(federation[name].agreements.gaps() == [] for name in federation.nodes)
    versions = [version for of, version, _ in published if of == ID]
    assert versions == list(range(1, len(versions) + 1))
    assert len(versions) > 1, "nothing was published in all those lives"
    federation.close()


def items_of(federation: Federation, name: str) -> list[tuple[str, int, str]]:
    """What a node holds, checked whole: id, version and digest of each bundle, in the order of the list."""
    node = federation[name]
    with node.store.reading() as tx:
        items, (number, chain) = tx.bulletin.items(), tx.bulletin.place()
        assert [item.number for item, _ in items] == list(range(1, number + 1))
        assert [fault for _, fault in items if fault] == []
        along = ""
        for item, _ in items:
            along = node.bulletins.documents.chained(along, item)
            kind, document = tx.bulletin.document(item.digest)
            assert (kind, hashlib.sha256(document).hexdigest()) == (item.kind, item.digest)
        assert along == chain
        assert list(faults(tx.journal)) == []
    told = [one.details["number"] for one in federation.journal(name) if one.act is Act.LAW_PUBLISHED]
    assert Counter(told) == Counter(range(1, number + 1)), f"{name} has not written each item down once"
    return [(item.id, item.version, item.digest) for item, _ in items if item.kind is Publication.BUNDLE]
