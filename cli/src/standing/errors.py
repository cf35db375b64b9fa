"""What a command says when it cannot be carried out, and the status with which it then exits."""

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError, ProfileNotFound
from ledger import AccountInUse, AccountTaken, Busy, LedgerError
from policy import EditionError, FormError, Refused
from policy.errors import plain

from standing.words import facts_in_words

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class CommandError(Exception):
    """A command that cannot be carried out as given: says which value is wrong and what to do."""

    def __init__(self, message: str, status: int = BAD_INPUT) -> None:
        super().__init__(message)
        self.status = status


def told(error: Exception) -> tuple[str, int] | None:
    """What to say about an error and the status to exit with; None for one that nobody expects."""
    match error:
        case CommandError():
            return str(error), error.status
        case Refused():
            facts = facts_in_words(plain(error.facts))  # type: ignore[arg-type]
            return f"refused by {error.rule}: {error.detail} ({facts})", FAILED
        case FormError():
            return f"{error.key}: {error.reason}", BAD_INPUT
        case EditionError():
            return str(error), BAD_INPUT
        case AccountTaken():
            return f"{error}: link it there to others first, or leave it out", FAILED
        case AccountInUse():
            return f"{error}: give it with --account too", FAILED
        case Busy():
            return f"{error}\nNothing is known to be stored; the same command again is safe.", FAILED
        case LedgerError():
            return str(error), FAILED
        case ProfileNotFound():
            return f"{error}: see `aws configure list-profiles`", BAD_INPUT
        case NoCredentialsError() | NoRegionError():
            return f"{error} Give --profile, --region, or what AWS tools find in the environment.", BAD_INPUT
        case ClientError() | BotoCoreError():
            return (
                f"{error}\nSee where it connects: --table, --validate-claim, --endpoint-url, --region, --profile.",
                FAILED,
            )
    return None
