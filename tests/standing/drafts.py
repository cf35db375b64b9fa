"""Draft editions, made of the one in force by replacing text."""

from pathlib import Path

from policy import program

IN_FORCE = program.DATA / "editions" / "2020-02-24.toml"
CREDITS_80 = 'parts = { credits = 80 }\ndescription = "Earn 80 credits."'
CREDITS_60 = 'parts = { credits = 60 }\ndescription = "Earn 60 credits."'


def draft(path: Path, first_day: str, *replaced: tuple[str, str], edition: str = "edition-draft") -> Path:
    """The edition in force with an id and a first day of its own and texts replaced, each found once."""
    text = IN_FORCE.read_text(encoding="utf-8")
    for old, new in (('id = "edition-2020"', f'id = "{edition}"'), ("2020-02-24", first_day), *replaced):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path
