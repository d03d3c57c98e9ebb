"""Whatever a first question for a person needs is ready once the inner loops are warm."""

import subprocess
import sys

QUESTION = """
import sys, time
from comity.domain.lookup import PersonQuery
from comity.domain.person import Name, Person
from comity.matching.candidates import Candidates
from comity.matching.compare import compare
from comity.matching.key_value import InMemory
from comity.matching.seeking import search
from comity.matching.traits import traits_asked, traits_of
from comity.matching.warming import warm

warm()
began = time.process_time()
somebody = Person(names=(Name(full="Otto Quast"), Name(full="Отто Кваст")))
asked = PersonQuery(name="Oto Kvast")
candidates = Candidates(InMemory())
candidates.set_many({1: traits_of(somebody)})
assert len(search(candidates, traits_asked(asked), 1)) == 1
compare(asked, somebody)
print(time.process_time() - began)
"""


def test_after_warming_a_first_question_is_answered_at_once():
    said = subprocess.run([sys.executable, "-c", QUESTION], capture_output=True, text=True, check=True)
    assert float(said.stdout) < 0.5
