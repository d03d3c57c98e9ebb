.PHONY: help setup demo test check spark learn bench
# Where byte code is not kept, every process compiles all it imports: six seconds of a core instead of two.
unexport PYTHONDONTWRITEBYTECODE

help: ; @sed -n 's/^\([a-z]*\):.*## /make \1@/p' Makefile | tr @ '\t'  ## what can be made
setup: ; @scripts/setup  ## .venv as the locks say; asks nothing (PYTHON=python3.13 for another Python)
demo: ; @scripts/setup run && .venv/bin/python scripts/demo.py  ## a federation on this laptop (ONCE=1: end after the story; UN_LIST=file: with a real list)
test: setup ; @scripts/test  ## every test
check: setup ; @scripts/check  ## format, lint, types and the fast tests, in under a minute
spark: ; @scripts/spark  ## the tests of linkage on Spark too, in an environment of its own: needs Java, fetches half a gigabyte
learn: setup ; @.venv/bin/python scripts/learn.py  ## the tables of comity.matching, learned again from lists of names
bench: setup ; @.venv/bin/python -m benchmarks  ## the promises of docs/performance.md, measured
