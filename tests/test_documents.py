"""What the documents point to is there, and the commands they name exist."""

import re
import subprocess
from pathlib import Path

import pytest
from standing.__main__ import parser

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("line", re.findall(r"^standing .*?(?=  #|$)", README, re.MULTILINE))
def test_the_command_line_takes_what_the_readme_shows(line: str) -> None:
    parser().parse_args(line.split()[1:])


@pytest.mark.parametrize("target", re.findall(r"`?make (\w+)", README))
def test_make_knows_the_targets_that_the_readme_names(target: str) -> None:
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)
