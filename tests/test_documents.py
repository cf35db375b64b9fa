"""What the documents point to is there, and the commands they name exist."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from standing.__main__ import parser

from local.people import PEOPLE

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^ *```.*?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def shown_commands() -> list[str]:
    """The command lines of `standing` in the code blocks of all documents, without what is said of them."""
    blocks = [block for path in DOCUMENTS for block in BLOCK.findall(path.read_text(encoding="utf-8"))]
    return [line for block in blocks for line in re.findall(r"^ *(?:\$ )?(standing .*?)(?=  #|$)", block, re.MULTILINE)]


@pytest.mark.parametrize("line", shown_commands())
def test_the_command_line_takes_what_the_documents_show(line: str) -> None:
    parser().parse_args(shlex.split(line)[1:])


@pytest.mark.parametrize("target", re.findall(r"`?make (\w+)", README))
def test_make_knows_the_targets_that_the_readme_names(target: str) -> None:
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)


def test_the_local_cloud_tells_of_everybody_who_is_signed_in() -> None:
    text = (ROOT / "docs" / "local-cloud.md").read_text(encoding="utf-8")
    assert [name for name in PEOPLE if f"`{name}`" not in text] == []
