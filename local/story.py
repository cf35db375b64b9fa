"""The main job before the reader's eyes."""

from .stack import Stack


def tell(stack: Stack) -> int:
    """Tells the story on a running stack; 0 when every step came out as the rules say."""
    return 0
