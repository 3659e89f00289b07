"""What reads what among segments: cycles are refused, and readers come last."""

from odoo import api, models, tools
from odoo.exceptions import ValidationError

from ..lib import graph


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.constrains("exclusive", "domain")
    def _check_own_graph(self):
        self._check_graph(self)

    def _check_graph(self, changed):
        """Raise on cycles and on parts of an exclusive division that read each other.

        :param changed: crm.segmentation records that were edited
        """
        self.env.registry.clear_cache()
        reads = self._segment_references()
        Segment = self.env["crm.segment"].sudo()
        if cycle := graph.find_cycle(reads):
            raise ValidationError(
                self.env._(
                    "These segments read each other, so none of them can come first: %(path)s",
                    path=" → ".join(Segment.browse(cycle).mapped("name")),
                )
            )
        changed.sudo().filtered("exclusive").segment_ids._check_not_read_by_siblings(reads)
        if cycle := graph.find_cycle(self._segmentation_references()):
            raise ValidationError(
                self.env._(
                    "These segmentations read each other, so none of them can come first: "
                    "%(path)s. Move the segments that others read to a segmentation of their own.",
                    path=" → ".join(self.sudo().browse(cycle).mapped("name")),
                )
            )

    @api.model
    @tools.ormcache("self._draft()")
    def _segment_references(self):
        """Id of each segment → ids of the segments that it reads."""
        # superuser: the order of evaluation is the same for everybody
        everything = self.sudo().with_context(active_test=False)
        segmentations = everything.search([("method", "=", "rule")])
        return {
            segment.id: frozenset(segment._own_references().ids)
            for segment in segmentations.with_context(active_test=True).segment_ids
        }

    @api.model
    @tools.ormcache("self._draft()")
    def _segmentation_references(self):
        """Id of each segmentation → ids of the other segmentations that it reads."""
        Segment = self.env["crm.segment"].sudo()
        found = {}
        for segment_id, read in self._segment_references().items():
            owner = Segment.browse(segment_id).segmentation_id.id
            found.setdefault(owner, set()).update(Segment.browse(read).segmentation_id.ids)
        for segmentation in self.sudo().with_context(active_test=False).search([]):
            domain = segmentation._safe_domain(segmentation._population_domain)
            read = Segment._mentioned(domain).segmentation_id.ids
            found.setdefault(segmentation.id, set()).update(read)
        return {owner: frozenset(read - {owner}) for owner, read in found.items()}

    def copy(self, default=None):
        """Segments of a copy read each other where those of the original did."""
        copies = super().copy(default)
        for original, copied in zip(self, copies, strict=True):
            twins = dict(zip(original.segment_ids, copied.segment_ids, strict=False))
            for segment in copied.segment_ids:
                for name in ("include_segment_ids", "exclude_segment_ids"):
                    read = segment[name]
                    if own := read & original.segment_ids:
                        segment[name] = read - own | own.browse(twins[one].id for one in own)
        return copies

    def _levels(self):
        """These segmentations in groups, each after those that it reads."""
        edges = {one.id: self._segmentation_references().get(one.id, ()) for one in self}
        return [self.browse(ids) for ids in graph.levels(edges)]

    def _with_readers(self):
        """These segmentations and, in use, all that read them."""
        edges = {owner: set(read) for owner, read in self._segmentation_references().items()}
        ids = graph.reachable(edges, self.ids)
        return self._enabled().filtered(lambda one: one.id in ids)

    def _strata(self):
        """Segments in groups where some read others of the same division, else one group.

        :return: list of crm.segment records; 'everybody else' comes last
        """
        self.ensure_one()
        own = self.segment_ids
        reads = self._segment_references()
        edges = {one.id: set(reads.get(one.id, ())) & set(own.ids) for one in own}
        if not any(edges.values()):
            return [own]
        if rest := self._rest():
            edges[rest.id] = set(own.ids) - set(rest.ids)
        return [own.browse(ids) for ids in graph.levels(edges)]
