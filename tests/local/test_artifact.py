"""What is built is complete, and right for where it goes.

The local cloud's functions see its own packages too: what is missing from the artifact would go unnoticed there.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import boto3
import pytest

from local import artifact, bytecode, npm

FUNCTIONS = sorted(path.parent.name for path in (artifact.ROOT / "functions").glob("*/handler.py"))
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")
IMPORT = """
import importlib, sys
handler, *sys.path[:0] = sys.argv[1:]
assert callable(importlib.import_module(handler).lambda_handler)
"""


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """What is built, unpacked as Lambda does it."""
    folder = tmp_path_factory.mktemp("built")
    for archive in artifact.build().glob("*.zip"):
        with zipfile.ZipFile(archive) as bundle:
            bundle.extractall(folder / archive.stem)
    return folder


@pytest.fixture(scope="session")
def runtime(tmp_path_factory) -> Path:
    """What Lambda's runtime brings besides the standard library, and nothing else."""
    folder = tmp_path_factory.mktemp("runtime")
    for name in RUNTIME:
        (folder / name).symlink_to(Path(boto3.__file__).parent.parent / name)
    return folder


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_built_function_imports_from_its_artifact_alone(function, built, runtime):
    code = built / "".join(word.title() for word in function.split("_"))
    paths = [code, built / "LibrariesLayer" / "python", built / "PolicyLayer" / "python", runtime]
    # -S leaves out site-packages; the base interpreter knows nothing of this environment; no variable is set.
    command = [sys._base_executable, "-I", "-S", "-c", IMPORT, f"functions.{function}.handler", *map(str, paths)]
    done = subprocess.run(command, env={}, cwd=code, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_built_function_holds_its_own_folder_alone(built):
    assert [path.name for path in (built / "ServeHolder" / "functions").iterdir()] == ["serve_holder"]


def test_the_libraries_do_not_shadow_the_sdk_of_the_runtime(built):
    assert not [name for name in ("boto3", "botocore") if (built / "LibrariesLayer" / "python" / name).exists()]


def test_whatever_a_cold_start_imports_is_compiled(built):
    for archive in built.iterdir():
        sources = list(archive.rglob("*.py"))
        assert sources
        assert not [path for path in sources if not Path(importlib.util.cache_from_source(path)).exists()]


def test_bytecode_for_lambda_is_of_its_version_and_the_same_each_time(tmp_path):
    compiled = []
    for folder in (tmp_path / "first", tmp_path / "second"):
        shutil.copytree(artifact.ROOT / "functions", folder, ignore=shutil.ignore_patterns("__pycache__"))
        try:
            bytecode.compile_for_lambda(folder)
        except npm.Unavailable as why:
            pytest.skip(str(why))
        compiled.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.pyc")})
    first, second = compiled
    assert len(first) == len(list((tmp_path / "first").rglob("*.py")))
    assert first == second
    # The magic number of Python 3.14, and that nothing is to be checked against the source.
    assert {data[:8] for data in first.values()} == {(3627).to_bytes(2, "little") + b"\r\n" + bytes([1, 0, 0, 0])}


@pytest.fixture(scope="session")
def libraries_for_lambda(tmp_path_factory) -> list[Path]:
    folders = [tmp_path_factory.mktemp("libraries") for _ in range(2)]
    environment = {name: value for name, value in os.environ.items() if name != "LIBRARIES_FOR"}
    for folder in folders:
        command = [
            "make",
            "--directory",
            str(artifact.ROOT / "layers"),
            "build-LibrariesLayer",
            f"ARTIFACTS_DIR={folder}",
        ]
        subprocess.run(command, env=environment, check=True, capture_output=True)
    return folders


def test_the_libraries_are_built_for_lambdas_processor_and_python(libraries_for_lambda):
    compiled = [path.name for path in libraries_for_lambda[0].rglob("*.so")]
    assert compiled
    assert all("-314-aarch64-" in name for name in compiled)


def test_the_libraries_have_the_same_bytes_each_time(libraries_for_lambda):
    def contents(folder):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    first, second = map(contents, libraries_for_lambda)
    assert first == second
