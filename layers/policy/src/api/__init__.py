"""What the functions share at their edge: who calls and on which day, what was given, what is answered."""
