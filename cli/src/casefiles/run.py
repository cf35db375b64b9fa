"""Runs case files of either program."""

from collections.abc import Iterator

from casefiles import education_run, learning_run
from casefiles.differences import Mismatch
from casefiles.education_form import EducationFile
from casefiles.history import Case, CaseFile
from casefiles.learning_form import LearningFile


def run(file: CaseFile) -> Iterator[tuple[Case, list[Mismatch]]]:
    """Each case with what differs: path in `expect`, expected, actual. Nothing differs where it passes."""
    match file:
        case EducationFile():
            yield from education_run.run(file)
        case LearningFile():
            yield from learning_run.run(file)
