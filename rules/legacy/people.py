"""Members of both files, and former ones of whom only votes, nominations or plays are left."""

from collections.abc import Mapping
from typing import Any

from rules import parse_values
from rules.legacy.records import Member, Plan
from rules.names import DEFAULT_ICON

Row = Mapping[str, Any]


def read_users(plan: Plan, users: object) -> None:
    """Read `users` of data.json."""
    if users is None:
        return
    if not isinstance(users, dict):
        plan.ledger.reject("members", "users", "not_an_object")
        return
    for name, user in users.items():
        path = parse_values.child("users", name)
        if not isinstance(user, dict):
            plan.ledger.reject("members", path, "not_an_object")
        else:
            _add(plan, path, name, user)


def read_rows(plan: Plan, rows: list[Row]) -> dict[object, str]:
    """Read `users` of the SQLite file; returns their names by id.

    Without a primary key, two users may share an id; as their rows cannot be told apart, its name
    is "".
    """
    names: dict[object, str] = {}
    for row in rows:
        _add(plan, parse_values.row("users", row.get("id")), row.get("name"), row)
        name, user_id = parse_values.text(row.get("name")), parse_values.whole(row.get("id"))
        if name and user_id is not None:
            names[user_id] = name if names.get(user_id, name) == name else ""
    return names


def ensure_member(plan: Plan, name: str) -> None:
    """Add a retired member of this name, unless it is known."""
    if name not in plan.members:
        plan.ledger.add("members")
        plan.members[name] = Member(name, DEFAULT_ICON, is_retired=True)


def _add(plan: Plan, path: str, name: object, user: Row) -> None:
    name = parse_values.text(name)
    if name is None:
        plan.ledger.reject("members", path, "not_a_name")
    elif name in plan.members:
        plan.ledger.merge("members")
        _complete(plan, path, plan.members[name], user)
    else:
        plan.ledger.add("members")
        plan.members[name] = _member(plan, path, name, user)


def _member(plan: Plan, path: str, name: str, user: Row) -> Member:
    icon = _icon(plan, path, user.get("icon"))
    member = Member(name, icon, created_at=parse_values.instant(user.get("created_at")))
    _read_pin(plan, path, member, user)
    return member


def _icon(plan: Plan, path: str, raw: object) -> str:
    """Return the icon, or the default in place of an unreadable one, which is no damage."""
    icon = parse_values.text(raw, parse_values.LONGEST_ICON)
    if icon is None and raw not in (None, ""):
        plan.ledger.reject(
            "members", parse_values.child(path, "icon"), "not_an_icon", harmless=True
        )
    return icon or DEFAULT_ICON


def _read_pin(plan: Plan, path: str, member: Member, user: Row) -> None:
    """Set the PIN; an unreadable one is rejected, and its member is imported as locked."""
    if "pin" not in user:
        return
    raw = user["pin"]
    member.pin, member.knows_pin = parse_values.pin(raw), True
    if member.pin is None and raw not in (None, ""):
        member.is_locked = True
        plan.ledger.reject("members", parse_values.child(path, "pin"), "not_a_pin")


def _complete(plan: Plan, path: str, member: Member, older: Row) -> None:
    """Add what the newer data.json lacks from the SQLite file."""
    member.created_at = member.created_at or parse_values.instant(older.get("created_at"))
    if not member.knows_pin:
        _read_pin(plan, path, member, older)
