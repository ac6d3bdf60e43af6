"""The command as a whole: what ends it ends it quietly, and says what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def started(code: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, **more)


def test_a_missing_package_is_named_with_how_to_get_it(tmp_path):
    words = ["course", "collect", str(tmp_path)]
    done = started(f"import sys; sys.modules['yaml'] = None\nfrom kdlab import cli; sys.exit(cli.main({words}))")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'kdlab: yaml is not installed. What kdlab needs here: pip install -e ".[grading]"\n'


def test_nobody_reads_on():
    """As in `kdlab exercise check exercises | head -1`."""
    command = (
        "import sys\nfrom kdlab import cli\n"
        "cli._exercise_check = lambda options: print('a line\\n' * 100_000) or 0\n"
        "sys.exit(cli.main(['exercise', 'check', '.']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "a line\n"
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141
