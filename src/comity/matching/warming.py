"""Makes the inner loops ready before somebody waits: compiled where that was never done, else read from their cache."""

from comity.domain.lookup import PersonQuery
from comity.domain.person import Name, Person, PersonStatus, RecordPurpose
from comity.matching.candidates import Candidates
from comity.matching.compare import compare
from comity.matching.key_value import InMemory
from comity.matching.seeking import search
from comity.matching.traits import traits_asked, traits_of

_SOMEBODY = Person(
    names=(Name(full="Mira Oleander"), Name(full="Мира Олеандр")),
    births=("1980-05-06",),
    nationalities=("XA",),
    status=PersonStatus.MISSING,
    purpose=RecordPurpose.LOCATE,
)
_ASKED = PersonQuery(name="Мира Олеандер", birth="1980-06-05", nationality="XA")


def warm() -> None:
    """Look for somebody and compare: a second where all is in the cache, a minute where nothing is."""
    candidates = Candidates(InMemory())
    candidates.set_many({1: traits_of(_SOMEBODY)})
    search(candidates, traits_asked(_ASKED), 1)
    compare(_ASKED, _SOMEBODY)
