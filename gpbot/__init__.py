"""gpbot, a Slack bot for a community and its champions."""

import gc

# Most of what is made stays, above all while modules are read: looking through it so often was a tenth of a start.
gc.set_threshold(50_000, 20, 20)
