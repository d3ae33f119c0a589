"""One Document as HTML, PDF, CSV, JSON or XLSX, and calendars; the only user of ReportLab,
xlsxwriter and icalendar."""
