"""Everything written for people: site, documents, blank forms, return files, exports, reminders."""
