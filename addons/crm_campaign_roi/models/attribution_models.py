"""The names of the models of attribution: keys of ``weight_<key>`` and of the report."""

#: path models split each order among its touches; their weights add up to 1
PATH_MODELS = [
    ("first", "First Touch"),
    ("last", "Last Touch"),
    ("last_non_direct", "Last Non-Direct Touch"),
    ("linear", "Linear"),
    ("time_decay", "Time Decay"),
    ("position", "Position Based"),
    ("w", "W-Shaped"),
    ("full_path", "Full Path"),
]
#: Markov gives totals of campaigns, and no split of an order
ATTRIBUTION_MODELS = [*PATH_MODELS, ("markov", "Markov Chain (Totals Only)")]
