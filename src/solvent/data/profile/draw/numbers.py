"""Numbers as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from solvent.data.engine.protocol import Kind

MISSING = "-"


def short(value: float | None, digits: int = 4) -> str:
    """A number in at most so many significant digits; whole numbers below a thousand million stay whole.

    >>> short(0.123456), short(1234567), short(1.5e12), short(None), short(-0.0)
    ('0.1235', '1,234,567', '1.5e12', '-', '0')

    The page writes the same (``shortNumber`` in web/src/lib/numbers.ts).
    """
    if value is None:
        return MISSING
    value = value + 0.0  # no negative zero
    if value == int(value) and abs(value) < 1e9 if abs(value) < 1e300 else False:
        return f"{int(value):,}"
    if 1e-4 <= abs(value) < 1e7:
        if abs(value) >= 10**digits:
            return f"{value:,.0f}"
        text = f"{value:,.{digits}g}"
        return text if "e" not in text else f"{value:,.0f}"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(exponent)}"


def valued(value: float | None, kind: Kind) -> str:
    """A number of a column of this kind: seconds since 1970 as a date or an instant (UTC).

    >>> valued(86400, "date"), valued(0.5, "timestamp"), valued(2, "integer")
    ('1970-01-02', '1970-01-01 00:00:00', '2')
    """
    if value is None or kind not in ("date", "timestamp"):
        return short(value)
    try:
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)
    except OverflowError:  # a year that Python has no date for
        return f"{short(value)} s"
    is_day = kind == "date" or value % 86_400 == 0
    return instant.strftime("%Y-%m-%d") if is_day else instant.strftime("%Y-%m-%d %H:%M:%S")


def percent(share: float | None) -> str:
    """A share in percent; what is little is never told as nothing, nor nearly all as all.

    >>> percent(0), percent(0.123), percent(0.00123), percent(0.00001), percent(0.99999), percent(1), percent(None)
    ('0%', '12.3%', '0.12%', '<0.01%', '>99.99%', '100%', '-')
    """
    if share is None:
        return MISSING
    if share in (0, 1):
        return f"{share:.0%}"
    rest = min(share, 1 - share)  # small where a digit more matters: near nothing, and near all
    if rest < 0.0001:
        return "<0.01%" if share < 0.5 else ">99.99%"
    return f"{share:.2%}" if rest < 0.01 else f"{share:.1%}"


def distance(value: float | None) -> str:
    """A distance to three places.

    >>> distance(0.12345), distance(0.00001), distance(0), distance(None)
    ('0.123', '<0.001', '0', '-')
    """
    if value is None:
        return MISSING
    if value <= 1e-12:
        return "0"
    return f"{value:.3f}" if value >= 0.0005 else "<0.001"
