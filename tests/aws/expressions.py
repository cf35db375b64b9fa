"""The expressions of DynamoDB that the ledger writes, evaluated over items as the wire has them."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Attribute = dict[str, Any]
Item = Mapping[str, Attribute]
Values = Mapping[str, Attribute]
Test = Callable[[Item, Values], bool]
Operand = Callable[[Item, Values], Attribute | None]

_TOKEN = re.compile(r"\s*(:\w+|\w+|<=|>=|[=<>(),])")
_CLAUSES = re.compile(r"\b(SET|ADD|DELETE|REMOVE)\b")
_BEFORE_A_COMMA_OUTSIDE_PARENTHESES = re.compile(r"((?:[^,()]|\([^()]*(?:\([^()]*\)[^()]*)*\))+)")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


@cache
def condition(text: str) -> Test:
    """A condition as a function of an item and the values that the condition names. SyntaxError for what is unknown."""
    parser = _Parser(text)
    test = parser.either()
    parser.end()
    return test


def updated(item: Item, text: str, values: Values) -> dict[str, Attribute]:
    """An item after an update expression."""
    after = dict(item)
    parts = _CLAUSES.split(text)
    for clause, actions in zip(parts[1::2], parts[2::2], strict=True):
        for action in _BEFORE_A_COMMA_OUTSIDE_PARENTHESES.findall(actions):
            _apply(clause, action.strip(), item, values, after)
    return after


def _apply(clause: str, action: str, item: Item, values: Values, after: dict[str, Attribute]) -> None:
    match clause:
        case "SET":
            name, _, expression = action.partition("=")
            parser = _Parser(expression)
            operand = parser.operand()
            parser.end()
            value = operand(item, values)
            assert value is not None, action
            after[name.strip()] = value
        case "ADD":
            name, value = action.split()
            after[name] = {"SS": sorted({*item.get(name, {"SS": ()})["SS"], *values[value]["SS"]})}
        case "DELETE":
            name, value = action.split()
            left = sorted(set(item.get(name, {"SS": ()})["SS"]) - set(values[value]["SS"]))
            after.pop(name, None)
            if left:
                after[name] = {"SS": left}
        case "REMOVE":
            after.pop(action, None)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _TOKEN.findall(text)
        if "".join(self.tokens) != "".join(text.split()):
            raise SyntaxError(text)

    def next(self) -> str:
        if not self.tokens:
            raise SyntaxError(self.text)
        return self.tokens.pop(0)

    def took(self, token: str) -> bool:
        found = bool(self.tokens) and self.tokens[0].upper() == token
        if found:
            self.tokens.pop(0)
        return found

    def end(self) -> None:
        if self.tokens:
            raise SyntaxError(f"{self.text}: {self.tokens}")

    def either(self) -> Test:
        tests = [self.all()]
        while self.took("OR"):
            tests.append(self.all())
        return tests[0] if len(tests) == 1 else lambda item, values: any(test(item, values) for test in tests)

    def all(self) -> Test:
        tests = [self.one()]
        while self.took("AND"):
            tests.append(self.one())
        return tests[0] if len(tests) == 1 else lambda item, values: all(test(item, values) for test in tests)

    def one(self) -> Test:
        if self.took("("):
            test = self.either()
            self.closed()
            return test
        if self.took("NOT"):
            test = self.one()
            return lambda item, values: not test(item, values)
        if self.tokens[:1] and self.tokens[0] in ("attribute_exists", "attribute_not_exists"):
            wanted = self.next() == "attribute_exists"
            name = self.arguments(1)[0]
            return lambda item, values: (name(item, values) is not None) == wanted
        if self.took("BEGINS_WITH"):
            text, beginning = self.arguments(2)
            return lambda item, values: _text(text(item, values)).startswith(_text(beginning(item, values)))
        return self.comparison()

    def comparison(self) -> Test:
        left = self.operand()
        if not self.took("BETWEEN"):
            return _compared(left, self.next(), self.operand())
        first = self.operand()
        if not self.took("AND"):
            raise SyntaxError(self.text)
        from_first, through_last = _compared(left, ">=", first), _compared(left, "<=", self.operand())
        return lambda item, values: from_first(item, values) and through_last(item, values)

    def operand(self) -> Operand:
        token = self.next()
        if token.startswith(":"):
            return lambda item, values: values[token]
        match token:
            case "size":
                (of,) = self.arguments(1)
                return lambda item, values: _size(of(item, values))
            case "if_not_exists":
                kept, otherwise = self.arguments(2)
                return lambda item, values: kept(item, values) or otherwise(item, values)
            case "list_append":
                first, last = self.arguments(2)
                return lambda item, values: {"L": [*_list(first(item, values)), *_list(last(item, values))]}
        if self.tokens[:1] == ["("]:
            raise SyntaxError(f"{self.text}: no function {token}")
        return lambda item, values: item.get(token)

    def arguments(self, number: int) -> list[Operand]:
        if not self.took("("):
            raise SyntaxError(self.text)
        found = [self.operand()]
        while self.took(","):
            found.append(self.operand())
        self.closed()
        assert len(found) == number, self.text
        return found

    def closed(self) -> None:
        if not self.took(")"):
            raise SyntaxError(self.text)


def _compared(left: Operand, sign: str, right: Operand) -> Test:
    comparison = _COMPARISONS[sign]

    def test(item: Item, values: Values) -> bool:
        one, other = left(item, values), right(item, values)
        # Values of different types, or none, compare to nothing.
        return bool(one and other and one.keys() == other.keys() and comparison(_plain(one), _plain(other)))

    return test


def _plain(attribute: Attribute) -> Any:
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return int(value)
        case "SS":
            return set(value)
    return value


def _text(attribute: Attribute | None) -> str:
    return attribute.get("S", "\0") if attribute else "\0"


def _list(attribute: Attribute | None) -> list[Any]:
    assert attribute is not None
    return attribute["L"]


def _size(attribute: Attribute | None) -> Attribute | None:
    return None if attribute is None else {"N": str(len(next(iter(attribute.values()))))}
