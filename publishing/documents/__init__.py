"""The Word report and the workbook of a closed period."""
