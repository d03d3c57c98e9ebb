"""The SDK: a national system or an officer's tool asks its own bureau's node.

from comity.client import Comity
from comity.domain.errors import NotPermitted
from comity.domain.lookup import Outcome

bureau = Comity.from_profile("border-system.toml")       # url, token, trust
try:
    answer = bureau.acting_for("officer-17").lookup_document(
        country="XBE", number="X4711", purpose="border-control", case="BR-2031-7")
except NotPermitted as refusal:
    print(refusal.what, refusal.do, refusal.clauses)
for source in answer.sources:
    print(source.source, source.outcome, [finding.contact for finding in source.findings])
# Outcome.NO_RECORD and Outcome.SILENT never mean that somebody is clear.
"""

from comity.client.comity import Comity

__all__ = ["Comity"]
