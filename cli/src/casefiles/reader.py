"""Reads case files of either program."""

from pathlib import Path

from casefiles import checked, education_form, learning_form
from casefiles.checked import CaseFileError
from casefiles.history import CaseFile

FORMS = {"continuing-education": education_form, "continuous-learning": learning_form}


def read(path: Path) -> CaseFile:
    """The cases of a file. Raises CaseFileError for anything that is not of the form."""
    file = str(path)
    known = education_form.KEYS | learning_form.KEYS
    top = checked.mapping(file, checked.load(path), known, {"program", "cases"})
    program = top["program"]
    if not isinstance(program, str) or program not in FORMS:
        raise CaseFileError(f"{file}: program", f"{program!r} is none of {', '.join(FORMS)}")
    return FORMS[program].read(file, top)
