"""The operator's command line: it keeps, records, looks up and mends, and leaves every decision to the rules."""
