"""Case files: worked examples of the rules as data, written by people who know the program and not the code."""
