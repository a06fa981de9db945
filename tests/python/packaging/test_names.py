"""No two headers of a room define types of one name: the linker would take one for the other without a word."""

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[3]
DEFINITION = re.compile(r"^(?:struct|class|enum class) (?:[A-Z_]+ )?(\w+)(?: final)?(?: :[^;{]*)? \{", re.MULTILINE)


def defined_twice(sources):
    """Names of types that more than one text defines, with the texts' keys."""
    places = defaultdict(set)
    for path, text in sources.items():
        for name in DEFINITION.findall(text):
            places[name].add(path)
    return {name: sorted(paths) for name, paths in places.items() if len(paths) > 1}


def test_types_of_a_room_have_names_of_their_own():
    rooms = {folder.name for folder in (ROOT / "cpp" / "src").iterdir()}
    assert {"core", "sde"} <= rooms
    for room in rooms:
        folders = (ROOT / "cpp" / "src" / room, ROOT / "cpp" / "include" / "trimtab" / room)
        headers = [file for folder in folders for file in folder.rglob("*.hpp")]
        assert headers
        assert defined_twice({str(file.relative_to(ROOT)): file.read_text() for file in headers}) == {}


def test_a_name_defined_twice_is_found():
    one, two = "struct Step {\n};\nclass API Tree final : public Base {\n};", "struct Step;\nclass Tree {\n};"
    assert defined_twice({"a.hpp": one, "b.hpp": two}) == {"Tree": ["a.hpp", "b.hpp"]}
