"""The rulebook that the organisation publishes takes the place of the shipped one wherever a node acts."""

import ast

from tests.house.source import modules

# Who may read the shipped one, and why. Everywhere else: `Law.book`, which is the one in force.
READS_THE_SHIPPED_ONE = {
    "comity.law.rulebook": "where it is read",
    "comity.law.texts": "in force where nothing is published",
    "comity.law.instruments": "a text is checked by it where no published one is handed in",
    "comity.desks.agreements": "kept on file, so that what was decided under it can be decided again",
    "comity.desks.bulletins": "the same",
    "comity.desks.keeping": "what was entered under it is looked at again as it said",
    "comity.desks.published": "in force on a day for which nothing is published",
    "comity.cli.law_rulebook": "written out as files, to be changed and published",
    "comity.cli.rulebook_choice": "a file on a lawyer's desk, at no node",
}


def test_only_these_read_the_shipped_rulebook():
    found = {
        module.name
        for module in modules()
        if any(isinstance(node, ast.Name) and node.id == "shipped_rulebook" for node in ast.walk(module.tree))
        or any(isinstance(node, ast.FunctionDef) and node.name == "shipped_rulebook" for node in ast.walk(module.tree))
    }
    assert found == set(READS_THE_SHIPPED_ONE)
