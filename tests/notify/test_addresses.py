"""Where webhooks may be sent: server-side request forgery is a class of holes of its own."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from solvent.notify.addresses import Receiver, is_public, parse, resolve
from solvent.notify.errors import AddressRefused


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_that_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0"],
)
def test_no_spelling_of_loopback_gets_through(host: str) -> None:
    with pytest.raises(AddressRefused, match=r"must not resolve to a non-public IP address|Cannot resolve"):
        resolve(parse(f"https://{host}/x"))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "cannot be empty"),
        ("  ", "cannot be empty"),
        ("http://example.com/", "Invalid webhook URL scheme: 'http'. Allowed schemes are: https."),
        ("ftp://example.com/", "Invalid webhook URL scheme: 'ftp'"),
        ("file:///etc/passwd", "Invalid webhook URL scheme: 'file'"),
        ("example.com", "Invalid webhook URL scheme: ''"),
        ("https://", "must include a hostname"),
        ("https:///x", "must include a hostname"),
        ("https://[::1/x", "Invalid webhook URL"),
        ("https://example.com:99999/", "Invalid webhook URL"),
        ("https://user:secret@example.com/", "must not include credentials"),
        ("https://example.com\\@127.0.0.1/", "must not include credentials"),
        ("https://example.com/\r\nHost: other", "no blank ones"),
        ("https://example.com/a b", "no blank ones"),
        ("https://example.com/" + "x" * 2_000, "at most 2000 characters"),
    ],
)
def test_urls_that_no_webhook_may_have(url: str, message: str) -> None:
    with pytest.raises(AddressRefused, match=message):
        parse(url)


def test_the_parts_of_a_url() -> None:
    assert parse("https://Example.com/a/b?c=d#e") == Receiver(True, "example.com", 443, "/a/b?c=d")
    assert parse("https://[2001:db8::1]:8443") == Receiver(True, "2001:db8::1", 8443, "/")


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(host: str, port: int, **_: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(AddressRefused, match=r"resolves to 10\.0\.0\.1"):
        resolve(parse("https://example.com/"))


def test_an_unknown_name_is_said_to_be_unknown() -> None:
    with pytest.raises(AddressRefused, match=r"Cannot resolve Webhook URL hostname 'nowhere\.invalid'"):
        resolve(parse("https://nowhere.invalid/"))
