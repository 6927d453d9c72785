"""Values of AMF0, in which RTMP writes its commands (Action Message Format 0)."""

import struct

AmfValue = float | bool | str | None | dict[str, "AmfValue"]
_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _UNDEFINED, _ARRAY, _END = 0, 1, 2, 3, 5, 6, 8, 9
MOST_VALUES = 200
"""Values read from one message; an answer of a server has about ten."""


class AmfError(ValueError):
    """Bytes that are no values of AMF0, or of a kind that no answer needs."""


def dump(*values: AmfValue) -> bytes:
    """Return values one after the other."""
    return b"".join(map(_dumped, values))


def _dumped(value: AmfValue) -> bytes:
    if value is None:
        return bytes((_NULL,))
    if isinstance(value, bool):
        return bytes((_BOOLEAN, value))
    if isinstance(value, int | float):
        return struct.pack(">Bd", _NUMBER, value)
    if isinstance(value, str):
        return bytes((_STRING,)) + _text(value)
    fields = b"".join(_text(name) + _dumped(inner) for name, inner in value.items())
    return bytes((_OBJECT,)) + fields + bytes((0, 0, _END))


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


def load(data: bytes) -> list[AmfValue]:
    """Return all values. Raises AmfError."""
    reader = _Reader(data)
    values: list[AmfValue] = []
    try:
        while not reader.is_done:
            values.append(reader.value())
    except (struct.error, IndexError, UnicodeDecodeError, RecursionError) as error:
        raise AmfError("a value is damaged") from error
    return values


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._count = data, 0, 0

    @property
    def is_done(self) -> bool:
        return self._at >= len(self._data)

    def value(self) -> AmfValue:
        self._count += 1
        if self._count > MOST_VALUES:
            raise AmfError("there are too many values")
        kind = self._take(1)[0]
        if kind == _NUMBER:
            return float(struct.unpack(">d", self._take(8))[0])
        if kind == _BOOLEAN:
            return bool(self._take(1)[0])
        if kind == _STRING:
            return self._text()
        if kind in (_NULL, _UNDEFINED):
            return None
        if kind == _ARRAY:
            self._take(4)
        if kind in (_OBJECT, _ARRAY):
            return self._fields()
        raise AmfError(f"a value is of the unknown kind {kind}")

    def _fields(self) -> dict[str, AmfValue]:
        fields: dict[str, AmfValue] = {}
        while True:
            name = self._text()
            if not name and self._data[self._at : self._at + 1] == bytes((_END,)):
                self._take(1)
                return fields
            fields[name] = self.value()

    def _text(self) -> str:
        (size,) = struct.unpack(">H", self._take(2))
        return self._take(size).decode()

    def _take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise AmfError("a value is cut off")
        self._at += size
        return taken
