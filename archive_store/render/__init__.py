"""How a form looks: PDF/A by typst, XLSX by XlsxWriter, CSV. The same form always gives the same bytes."""
