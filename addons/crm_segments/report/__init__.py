from . import crm_segment_dimension
from . import sale_report
from . import account_invoice_report
from . import crm_segment_report
from . import crm_segment_report_query
from . import crm_segment_move
from . import crm_segment_move_query
from . import crm_segment_move_signals
