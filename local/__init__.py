"""The stack on one machine: a local cloud on loopback, the real template built and deployed to it, people signed in."""
