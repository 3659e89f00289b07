"""Records that another program or a screen asks for by id."""

from odoo.exceptions import UserError


def asked_record(env, model_name, record_id):
    """The record, if it is there and the user may read it.

    :param int record_id: id; nothing else stands for a record
    :return: record of ``model_name``
    :raises UserError: if the id is none, or the record isn't there
    :raises AccessError: if the user may not read it
    """
    if isinstance(record_id, bool) or not isinstance(record_id, int):
        raise UserError(env._("A record is asked for by its id, a whole number."))
    record = env[model_name].browse(record_id).exists()
    if not record:
        raise UserError(env._("The record does not exist any more."))
    record.check_access("read")
    return record
