"""Every table of the registry as a spreadsheet, and back, through django-import-export."""
