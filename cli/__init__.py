"""The command line: parses arguments, calls services and flows, prints results."""
