"""`python -m comity`: the command line without its script on the path."""

from comity.cli.main import main

main()
