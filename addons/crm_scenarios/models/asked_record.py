"""Records that another program or a screen asks for by id."""

from odoo.exceptions import UserError


def asked_record(env, model_name, record_id, names=()):
    """The record, if it is there and the user may read it.

    :param int record_id: id; nothing else stands for a record
    :param names: names of stored fields to read along, also those that the rules look at: the
        whole record is read otherwise
    :return: record of ``model_name``
    :raises UserError: if the id is none, or the record isn't there
    :raises AccessError: if the user may not read it
    """
    if isinstance(record_id, bool) or not isinstance(record_id, int):
        raise UserError(env._("A record is asked for by its id, a whole number."))
    record = env[model_name].browse(record_id)
    # sudo: whether it is there; what the user may read of it is checked next
    if not _read_along(record.sudo(), names):
        raise UserError(env._("The record does not exist any more."))
    record.check_access("read")
    return record


def _read_along(record, names):
    """The record with these fields, or none if it isn't there."""
    if not names:
        return record.exists()
    alone = record.with_context(active_test=False, prefetch_fields=False)
    return alone.search_fetch([("id", "=", record.id)], names)
