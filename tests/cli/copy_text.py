"""Cells as PostgreSQL's COPY writes them, for readers of other formats."""
import datetime
import decimal
import uuid

ESCAPES = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def text(value):
    """A cell as PostgreSQL's COPY writes it."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime.datetime):
        assert value.utcoffset() == datetime.timedelta(0) and value.microsecond == 0, value
        return value.strftime("%Y-%m-%d %H:%M:%S+00")
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, (int, datetime.date, uuid.UUID)):
        return str(value)
    if isinstance(value, bytes):  # a UUID for readers that do not know the type
        return str(uuid.UUID(bytes=value))
    return "".join(ESCAPES.get(c, c) for c in value)
