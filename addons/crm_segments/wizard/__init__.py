from . import crm_sales_history_import
from . import crm_sales_history_import_lines
from . import crm_segmentation_transfer
from . import crm_segment_pin
from . import crm_segmentation_backfill
from . import crm_segment_audience
