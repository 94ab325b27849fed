"""What the JSON of a scan says about files."""

import pytest

from rules import disk_scan
from rules.disk_scan import File


@pytest.mark.parametrize(
    ("scan", "files"),
    [
        (["/videos/a.mkv"], [File("/videos/a.mkv", "healthy")]),
        ({"results": [{"filename": "a.mkv", "is_corrupt": False}]}, [File("a.mkv", "healthy")]),
        ({"files": [{"path": "a.mkv", "status": "HEALTHY"}]}, [File("a.mkv", "healthy")]),
        ([{"file": "a.mkv", "is_corrupt": True}], [File("a.mkv", "corrupt")]),
        ({"videos": [{"name": "a.mkv"}]}, [File("a.mkv", "healthy")]),
        ([{"filename": "a.mkv", "needs_deep_scan": True}], [File("a.mkv", "suspicious")]),
        ([{"filename": "a.mkv", "status": "odd"}], [File("a.mkv", "suspicious")]),
        (
            [{"size": 1}, 7, None, "", {"filename": 3}, {"path": " "}, "b.mkv"],
            [File("b.mkv", "healthy")],
        ),
        ({"results": {}}, []),
        ({}, []),
        ("a.mkv", []),
        (None, []),
    ],
)
def test_a_file_is_read_by_what_its_row_says(scan: object, files: list[File]) -> None:
    assert disk_scan.parse_scan(scan) == files
