"""How much of a file is read: more than any honest table of poles, less than what hurts."""

MEGABYTE = 1024 * 1024

# What a workbook may weigh once unpacked, all its parts together, and how much more than packed.
# The ratio of an honest one is 10 to 40, more where thousands of empty cells have a colour.
UNPACKED_BYTES = 64 * MEGABYTE
UNPACKED_RATIO = 250
# Below this weight the ratio says nothing.
RATIO_FROM_BYTES = 4 * MEGABYTE
PARTS = 2_000

# Elements of a part that is read whole (styles, relations), and of a sheet or its texts.
PLAIN_ELEMENTS = 200_000
STREAMED_ELEMENTS = 4_000_000
DEPTH = 60
# What Excel itself can hold.
CELLS_A_ROW = 16_384
LINES = 1_048_576

ROWS = 20_000
COLUMNS = 200
SHEETS = 50
MERGES = 5_000
# Formulas without a result that are remembered one by one, for the reason of their row.
REMEMBERED_FORMULAS = 20_000

# The longest text that a cell of a workbook can hold.
XLSX_CELL = 32_767
