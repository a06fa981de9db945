"""The command ``trimtab``, also ``python -m trimtab``: where the files for compilers are, and the solvers by file."""

from __future__ import annotations

import argparse
import importlib
import sys

from . import __version__, get_cmake_dir, get_include

_APP_COMMANDS = ("run", "info")


def main() -> None:
    """Run the command line; the commands of the application are loaded only when asked for."""
    if sys.argv[1:2] and sys.argv[1] in _APP_COMMANDS:
        try:
            app = importlib.import_module("trimtab.cli.app")
        except ModuleNotFoundError as error:
            sys.exit(f"trimtab {sys.argv[1]} needs {error.name}: pip install 'trimtab[cli]'")
        app.main()
        return

    parser = argparse.ArgumentParser(
        prog="trimtab", description=f"Further commands: {', '.join(_APP_COMMANDS)} (pip install 'trimtab[cli]')."
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--includes", action="store_true", help="compiler flags for the headers")
    parser.add_argument("--cmakedir", action="store_true", help="folder of the CMake package, for -Dtrimtab_DIR=")
    options = parser.parse_args()
    if options.includes:
        print(f"-I{get_include()}")
    if options.cmakedir:
        print(get_cmake_dir())
    if not (options.includes or options.cmakedir):
        parser.print_help()


if __name__ == "__main__":
    main()
