"""What must never be."""


class Wrong(AssertionError):
    """Something is not as it must be; what it is about."""


def hold(true: object, what: str, *about: object) -> None:
    """Raise Wrong unless something holds."""
    if not true:
        raise Wrong(f"{what}: {' / '.join(map(str, about))}")
