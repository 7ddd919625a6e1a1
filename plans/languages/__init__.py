"""The languages that plans can have: a folder of texts for each, and the words of CLDR."""
