"""What commands at a node share, beside its database: it is not loaded by those that only talk to a running bureau."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.cli.common import login
from comity.client.profile import read_profile
from comity.domain.caller import Caller
from comity.nodes.node import Node


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Node, Caller]]:
    """The node in that folder and its operator: the person logged in on this machine."""
    node = Node(folder)
    try:
        yield node, node.operator(login())
    finally:
        node.close()


def bearer(node: Node, token: Path) -> Caller:
    """Whose token that is: a second person, known by more than being able to run commands on this machine."""
    return node.accounts.caller(read_profile(token).token)
