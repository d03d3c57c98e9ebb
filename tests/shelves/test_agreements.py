"""The shelf of agreements: the newest text of each is in use, every text that ever was can be shown."""

import hashlib
from datetime import date, timedelta

from comity.domain.instrument import Clause, Effect, Instrument, Reply
from comity.storage.agreements import Agreements
from comity.storage.database import Database
from tests.shelves.samples import NOW


def agreement(title: str, agreement_id: str = "aldova-bergenia") -> tuple[Instrument, bytes, str]:
    clause = Clause(id="art-1", title="Documents", effect=Effect.PERMIT, text="Documents are told.", reply=Reply.CORE)
    text = title.encode()
    one = Instrument(
        id=agreement_id,
        title=title,
        source="Official Gazette 7/2030",
        parties=("XA", "XB"),
        in_force_from=date(2030, 1, 1),
        clauses=(clause,),
    )
    return one, text, hashlib.sha256(text).hexdigest()


def test_the_newest_text_of_each_agreement_is_in_use(store: Database):
    first, second, other = agreement("First"), agreement("Second"), agreement("Other", "aldova-corvia")
    with store.transaction() as tx:
        assert (tx.agreements.every(), tx.agreements.digests()) == ([], ())
        for number, one in enumerate((other, second, first)):
            tx.agreements.put(*one, NOW + timedelta(days=number))
        assert tx.agreements.every() == [(first[0], first[2]), (other[0], other[2])]
        assert tx.agreements.digests() == tuple(sorted((first[2], other[2])))
        tx.agreements.put(*second, NOW)
        assert tx.agreements.every()[0] == (second[0], second[2]), "adopted again, it is the newest again"
        tx.agreements.put(*second, NOW)
        assert len(tx.agreements.every()) == 2


def test_a_text_that_is_no_longer_in_use_can_still_be_shown(store: Database):
    first, second = agreement("First"), agreement("Second")
    with store.transaction() as tx:
        for one in (first, second):
            tx.agreements.put(*one, NOW)
        assert isinstance(tx.agreements, Agreements)
        assert tx.agreements.text(first[2]) == first[1]
        assert tx.agreements.text("no such digest") is None


def test_a_rulebook_is_kept_once_and_is_no_agreement(store: Database):
    with store.transaction() as tx:
        assert tx.agreements.keep_rulebook("d1", b"roles\0text")
        assert not tx.agreements.keep_rulebook("d1", b"roles\0text")
        assert tx.agreements.text("d1") == b"roles\0text"
        assert (tx.agreements.every(), tx.agreements.digests()) == ([], ())
