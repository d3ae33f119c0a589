"""One Document as HTML, PDF, CSV, JSON or XLSX; the only user of ReportLab and xlsxwriter."""
