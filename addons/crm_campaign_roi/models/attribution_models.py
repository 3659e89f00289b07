"""The names of the models of attribution: keys of ``weight_<key>`` and of the report."""

from ..lib.attribution import MODELS

#: path models split each order among its touches; their weights add up to 1
PATH_MODELS = [(code, model.label) for code, model in MODELS.items()]
#: Markov gives totals of campaigns, and no split of an order
ATTRIBUTION_MODELS = [*PATH_MODELS, ("markov", "Markov Chain (Totals Only)")]
