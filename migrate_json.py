"""Bring a household over from the legacy app: python migrate_json.py data.json --sqlite old.db"""

import argparse
import hashlib
import json
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import db
from db import legacy_file, legacy_import, migrations, settings
from rules import Refused
from rules.legacy import document
from rules.legacy import plan as planning
from rules.legacy.records import KINDS, Kind, Ledger, Plan
from rules.schedule import Schedule
from utils import environment, instants, keys, locks, messages, pins
from utils.translation import gettext as _

LONG = 1000  # records worth a progress bar


@dataclass(frozen=True)
class Outcome:
    ledger: Ledger = field(default_factory=Ledger)
    imported: Counter[Kind] = field(default_factory=Counter)
    error: str = ""


def main(argv: Sequence[str] | None = None, *, pin_cost: int = pins.DEFAULT_COST) -> int:
    args = _arguments(argv)
    environment.load_env()
    try:
        outcome = _run(args, environment.data_dir(), pin_cost)
    except Refused as refused:
        outcome = Outcome(error=messages.migration(refused.code, refused.values))
    except OSError as error:
        outcome = Outcome(error=_file_problem(error))
    except (ValueError, db.DatabaseError, migrations.TooNew, locks.Busy) as error:
        outcome = Outcome(error=_("That did not work: {error}.").format(error=error))
    if args.json:
        sys.stdout.write(json.dumps(_as_json(outcome), indent=2) + "\n")
    else:
        _show(outcome, dry_run=args.dry_run)
    if outcome.error:
        return 1
    return 3 if outcome.ledger.damaged else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=_("Bring a household over from the legacy app."))
    parser.add_argument("data_json", nargs="?", type=Path, help=_("the legacy data.json"))
    parser.add_argument("--sqlite", type=Path, metavar="OLD_DB", help=_("its movie-night.db"))
    parser.add_argument("--dry-run", action="store_true", help=_("write nothing"))
    parser.add_argument("--skip-damaged", action="store_true", help=_("leave damaged records out"))
    parser.add_argument("--json", action="store_true", help=_("report as JSON"))
    args = parser.parse_args(argv)
    if not (args.data_json or args.sqlite):
        parser.error(_("name a data.json, or a database with --sqlite"))
    return args


def _run(args: argparse.Namespace, folder: Path, pin_cost: int) -> Outcome:
    """Import; nothing is written, not even the folder, until all sources were read and checked."""
    target = folder / "movie-night.db"
    if locks.is_locked(folder):
        raise Refused("server_running")
    secret = environment.secret("TRAKT_ENCRYPTION_KEY")
    key = keys.parse(secret) if secret else None
    old = legacy_file.read_legacy_file(args.sqlite, key) if args.sqlite else None
    data = args.data_json.read_bytes() if args.data_json else b""
    values = document.parse(data) if args.data_json else None
    with legacy_file.private_copy(target) as copy:
        plan = planning.make_plan(
            values, old.tables if old else None, _schedule(copy), instants.now()
        )
        if plan.ledger.damaged and not args.skip_damaged:
            return Outcome(plan.ledger, error=messages.migration("damaged"))
        seen = [hashlib.sha256(data).hexdigest()] if data else []
        seen += [old.fingerprint] if old else []
        if args.dry_run:
            spare = secrets.token_bytes(keys.ENCRYPTION_KEY_SIZE)
            return Outcome(plan.ledger, _write(copy, plan, {}, spare, seen))
    with locks.server_lock(folder):
        key = key or keys.load_or_make(folder / "token-key")
        pepper = keys.load_or_make(folder / "pin-pepper")
        hashes = _hashes(target, plan, pepper, pin_cost)
        return Outcome(plan.ledger, _write(target, plan, hashes, key, seen))


def _schedule(copy: Path) -> Schedule:
    with closing(db.connect(copy)) as conn:
        migrations.migrate(conn)
        schedule = settings.schedule(conn)
        zone = settings.get(conn, "zone") or environment.text("TZ", schedule.zone)
    return replace(schedule, zone=zone)


def _hashes(target: Path, plan: Plan, pepper: bytes, cost: int) -> dict[str, str]:
    with closing(db.connect(target)) as conn:
        migrations.migrate(conn)
        members = legacy_import.new_members(conn, plan.members.values())
    return {one.name: pins.hash_pin(one.pin, pepper, cost) for one in members if one.pin}


def _write(
    target: Path, plan: Plan, hashes: dict[str, str], key: bytes, seen: list[str]
) -> Counter[Kind]:
    records = len(plan.weeks) + len(plan.watches) + len(plan.ratings)
    with closing(db.connect(target)) as conn, _progress(records) as step:
        if legacy_import.is_imported(conn, seen):
            return Counter()
        with db.transaction(conn):
            return legacy_import.write(
                conn, plan, hashes=hashes, key=key, fingerprints=seen, step=step
            )


def _file_problem(error: OSError) -> str:
    """Return what is wrong with a file that cannot be read or written, by its name."""
    sentences = {
        FileNotFoundError: _("There is no file {path}."),
        IsADirectoryError: _("This is a folder: {path}."),
        PermissionError: _("This user may not read or write {path}."),
    }
    sentence = sentences.get(type(error), _("{path} cannot be used: {reason}."))
    return sentence.format(path=error.filename or "?", reason=error.strerror or error)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    if total < LONG or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Bringing it over"), total=total)
        yield lambda: bar.advance(task)


def _as_json(outcome: Outcome) -> dict[str, object]:
    return {
        **outcome.ledger.account(outcome.imported, is_done=not outcome.error),
        "rejected": [
            {"path": record.path, "reason": messages.migration(record.reason)}
            for record in outcome.ledger.rejected
        ],
        **({"error": outcome.error} if outcome.error else {}),
    }


def _show(outcome: Outcome, *, dry_run: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    account = outcome.ledger.account(outcome.imported, is_done=not outcome.error)
    table = Table("", _("read"), _("imported"), _("merged"))
    for kind in KINDS:
        table.add_row(_(kind), *(str(account[column][kind]) for column in account))
    if outcome.ledger.read:
        console.print(table)
    for record in outcome.ledger.rejected:
        console.print(Text(f"{messages.migration(record.reason)}  {record.path}"), soft_wrap=True)
    if outcome.error:
        Console(stderr=True, highlight=False).print(Text(outcome.error), soft_wrap=True)
    elif dry_run:
        console.print(_("A dry run: nothing was written."))


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())
