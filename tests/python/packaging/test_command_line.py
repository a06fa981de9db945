"""The command line, and what the package says of itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import trimtab
from trimtab import __main__ as command_line
from trimtab._config import optional


def trimtab_command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "trimtab", *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_includes():
    flag = trimtab_command("--includes")
    assert flag == f"-I{trimtab.get_include()}"
    assert (Path(flag.removeprefix("-I")) / "trimtab" / "trimtab.h").is_file()
    assert (Path(trimtab.get_include()) / "trimtab" / "core" / "parallel.hpp").is_file()


def test_cmakedir():
    assert trimtab_command("--cmakedir") == trimtab.get_cmake_dir()
    assert (Path(trimtab.get_cmake_dir()) / "trimtab-config.cmake").is_file()


def test_version():
    assert trimtab_command("--version") == trimtab.__version__


def test_help_names_the_other_commands():
    assert "run, info" in trimtab_command()


def test_a_missing_extra_is_named(monkeypatch):
    def no_typer(name):
        raise ModuleNotFoundError("No module named 'typer'", name="typer")

    monkeypatch.setattr(command_line.importlib, "import_module", no_typer)
    monkeypatch.setattr(sys, "argv", ["trimtab", "run", "case.toml"])
    with pytest.raises(SystemExit, match=r"trimtab run needs typer: pip install 'trimtab\[cli\]'"):
        command_line.main()


def test_the_application_is_called(monkeypatch):
    calls = []
    app = type(sys)("trimtab.cli.app")
    app.main = lambda: calls.append(list(sys.argv))
    monkeypatch.setattr(command_line.importlib, "import_module", {"trimtab.cli.app": app}.__getitem__)
    monkeypatch.setattr(sys, "argv", ["trimtab", "info"])
    command_line.main()
    assert calls == [["trimtab", "info"]]


def test_a_missing_optional_package_is_named():
    with pytest.raises(ImportError, match=r"^drawing needs no_such_package: pip install 'trimtab\[plot\]'$"):
        optional("no_such_package.axes", "plot", "drawing")
    assert optional("os.path", "plot", "drawing") is os.path


def test_the_citation_names_this_version():
    citation = (Path(__file__).parents[3] / "CITATION.cff").read_text()
    assert f"\nversion: {trimtab.__version__}\n" in citation


def test_the_package_says_that_it_is_typed():
    assert (Path(trimtab.__file__).parent / "py.typed").is_file()


def test_the_docstring_examples_can_be_run_by_users():
    code = "import sys, trimtab; sys.exit(not trimtab.test())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert " passed" in run.stdout


def test_show_config_prints_what_it_returns(capsys):
    config = trimtab.show_config(mode="dicts")
    assert trimtab.show_config() is None
    printed = capsys.readouterr().out
    assert set(config) == {line.split(":")[0].strip() for line in printed.splitlines()}
    assert config["version"] == trimtab.__version__
    assert os.path.samefile(config["location"], Path(trimtab.__file__).parent)
    with pytest.raises(ValueError, match="mode: expected 'print' or 'dicts', got 'json'"):
        trimtab.show_config(mode="json")
