"""What is known outside the stack: what was asked and answered, and which messages were sent."""

from dataclasses import dataclass, field
from typing import Any

from tests.functions.http import Answer, Client
from tests.simulation.stack import Failed, Stack
from tests.simulation.wrong import hold

PATIENCE = 0.7
TWICE = 0.05


@dataclass
class Asked:
    """A request that writes, with its key; source: as the journal names it; answer: None as long as none is known."""

    client: Client
    method: str
    path: str
    body: Any
    key: str
    source: str
    answer: Answer | None = None
    uncertain: bool = False


@dataclass
class Sent:
    """A message; fact: its source, its id and the digest of its content, None where it cannot be one."""

    message_id: str
    body: str
    sender: str
    fact: tuple[str, str, str] | None


@dataclass
class Book:
    stack: Stack
    asked: list[Asked] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    def ask(self, client: Client, route: str, path: str, body: Any) -> Asked:
        """Send a request with a new key; where no answer comes, it is sent again some time, or never."""
        method = route.partition(" ")[0]
        account = client.claims["email"]
        asked = Asked(client, method, path, body, f"key-{len(self.asked)}", f"{route} {account}")
        self.asked.append(asked)
        self.send(asked)
        if asked.answer and self.stack.random.random() < TWICE:
            first, asked.answer = asked.answer, None
            self.send(asked)
            hold(asked.answer is None or _same(first, asked.answer), "answered otherwise before", first, asked)
            asked.answer = first
        return asked

    def send(self, asked: Asked) -> None:
        answer = self.stack.send(asked.client, asked.method, asked.path, asked.body, asked.key)
        if isinstance(answer, Failed) or answer.status == 503:
            asked.uncertain = True
        else:
            asked.answer = answer

    def ask_again(self) -> None:
        """Somebody who has no answer yet tries once more."""
        waiting = [asked for asked in self.asked if asked.answer is None]
        if waiting:
            self.send(self.stack.random.choice(waiting))

    def give_up_or_insist(self) -> None:
        """In the end most people ask until they are answered."""
        for asked in self.asked:
            if asked.answer is None and self.stack.random.random() < PATIENCE:
                self.send(asked)


def _same(first: Answer, second: Answer) -> bool:
    """What was refused is decided anew; what was done is answered as before."""
    return first.status >= 400 or (first.status, first.body) == (second.status, second.body)
