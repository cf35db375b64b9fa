"""What this costs: measured beside a reference in the same run, so that it can be compared from day to day."""
