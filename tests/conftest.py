"""What every test starts from."""

from hypothesis import settings

# A busy machine is not a failing one: no time limit on a single example. A failure prints how to repeat it.
settings.register_profile("comity", deadline=None, print_blob=True)
settings.load_profile("comity")
