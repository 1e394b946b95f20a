"""Signatures, against values computed by other programs."""

from __future__ import annotations

from solvent.notify import signing


def test_the_signature_is_what_openssl_computes() -> None:
    # printf 'id.1700000000.{}' | openssl dgst -sha256 -hmac secret -binary | base64
    assert signing.signature("secret", "id", "1700000000", "{}") == "v1,GBemBzTgbKoVEGKycqyY3615LbdJbhFLE1oQk+zZ+lo="


def test_without_a_secret_nothing_is_signed() -> None:
    assert signing.headers(None, "id", 1_700_000_000, "{}") == {
        "Content-Type": "application/json",
        "X-MLflow-Delivery-Id": "id",
        "X-MLflow-Timestamp": "1700000000",
    }
    assert "X-MLflow-Signature" not in signing.headers("", "id", 1, "{}")
    assert signing.headers("s", "id", 1, "{}")["X-MLflow-Signature"].startswith("v1,")
