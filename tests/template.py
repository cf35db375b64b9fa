"""The template, with the functions of CloudFormation in their long form, and what a stack makes of them."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[1] / "template.yaml"
# A stack with everything that is off by default, on its own table.
CONDITIONS = {"Restored": False}


class _Loader(yaml.SafeLoader):
    """Reads `!Ref X` as {"Ref": "X"}, `!GetAtt X.Arn` as {"Fn::GetAtt": ["X", "Arn"]}, and so on."""


def _long_form(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        value = value.split(".") if suffix == "GetAtt" else value
    else:
        value = loader.construct_sequence(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _long_form)


def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader
    return found


@cache
def resources() -> dict[str, Any]:
    """The template's resources by name."""
    found: dict[str, Any] = _read()["Resources"]
    return found


def of_type(kind: str) -> dict[str, Any]:
    """The properties of the resources of a type by name."""
    return {name: resource["Properties"] for name, resource in resources().items() if resource["Type"] == kind}


def resolved(value: Any) -> Any:
    """A value as text, names of resources and their attributes standing for what they will be: `Table.Arn/index/due`."""
    match value:
        case {"Ref": name}:
            return name
        case {"Fn::GetAtt": [*parts]}:
            return ".".join(parts)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([\w.:]+)\}", r"\1", text)
        case {"Fn::If": [condition, then, otherwise]}:
            return resolved(then if CONDITIONS.get(condition, True) else otherwise)
        case dict():
            return {name: resolved(item) for name, item in value.items()}
        case list():
            return [resolved(item) for item in value]
    return value


@cache
def processed() -> dict[str, Any]:
    """The resources that a stack has once SAM has made those of the template into CloudFormation's own."""
    template = _read()
    layers = [
        resource["Properties"] for resource in template["Resources"].values() if "LayerVersion" in resource["Type"]
    ]
    template["Globals"]["Function"]["CodeUri"] = "s3://artifacts/code.zip"
    for layer in layers:
        layer["ContentUri"] = "s3://artifacts/code.zip"
    python = FILE.parent / ".local" / "ministack" / "bin" / "python"
    done = subprocess.run(
        [python, "-c", _TRANSFORM], input=json.dumps(template), capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)["Resources"]
    return found


# In the environment of the local cloud, whose transform it is.
_TRANSFORM = """
import json, os, sys
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
template = json.load(sys.stdin)
parameters = {name: parameter["Default"] for name, parameter in template["Parameters"].items()}
print(json.dumps(Translator({}, Parser()).translate(template, parameters)))
"""
