"""Which weeks of the journal call for a person to look? What does the learning is loaded only when this is asked."""

import importlib.util
from collections.abc import Callable, Iterable

from comity.analysis.misuse.examples import shipped
from comity.analysis.misuse.suspect import Reviewed, Suspects
from comity.analysis.misuse.weeks import Watched, officer_weeks
from comity.domain.errors import Missing
from comity.domain.journal import Entry

Suspecting = Callable[[Iterable[Entry], Watched, Reviewed, float, range], Suspects]


def suspects(
    entries: Iterable[Entry], watched: Watched, reviewed: Reviewed, false_alarms: float, judged: range
) -> Suspects:
    """All weeks of these entries are compared; those in `judged` may call for a person.

    `false_alarms` are those allowed for 200 officers in a week. Of the week in which the entries end, which may not
    be over, only honey counts. Raises Missing where the extra is not installed.
    """
    if importlib.util.find_spec("sklearn") is None:
        raise Missing(
            "Misuse is looked for with scikit-learn, which is not installed.", do="Run `pip install comity[misuse]`."
        )
    # scikit-learn takes a second and 100 MB, and is an extra: a node whose journal is not scanned goes without.
    from comity.analysis.misuse import alarming

    examples = [*shipped(), *reviewed.examples]
    weeks = list(officer_weeks(entries, watched))
    return alarming.suspects(weeks, examples, reviewed.misuse, false_alarms, judged)
