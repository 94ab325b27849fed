from rules import Refused


def test_a_refusal_carries_a_code_and_values_and_no_sentence() -> None:
    refusal = Refused("limit", limit=2, code="also a value")
    assert refusal.code == "limit"
    assert refusal.values == {"limit": 2, "code": "also a value"}
    assert str(refusal) == "limit"
