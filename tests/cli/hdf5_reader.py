"""Reads the HDF5 files of an output folder with h5py and prints, as JSON, what it finds.

Runs in the environment of scripts/install-python, not in that of the tests.

usage: hdf5_reader.py FOLDER
"""
import datetime
import decimal
import hashlib
import json
import pathlib
import sys
import uuid

import h5py

from copy_text import text


def strings(group, name):
    """Texts of a long column by its offsets; empty where NULL."""
    offsets = group[f"{name}.offsets"][:]
    data = group[f"{name}.bytes"][:].tobytes()
    assert offsets[0] == 0 and offsets[-1] == len(data), name
    return [data[first:end].decode() for first, end in zip(offsets[:-1], offsets[1:])]


def values(group, name):
    """Values of a column as COPY text would show them, by its type and attributes; NULL marks not yet applied."""
    if f"{name}.offsets" in group:
        return strings(group, name)
    dataset = group[name]
    cells = dataset[:]
    labels = h5py.check_enum_dtype(dataset.dtype)
    units = dataset.attrs.get("units", b"")
    if dataset.dtype == bool:
        return [bool(cell) for cell in cells]
    if labels:
        names = {code: label for label, code in labels.items()}
        return [names[int(cell)] for cell in cells]
    if dataset.dtype.kind == "S":
        return [cell.decode() for cell in cells.tolist()]
    if cells.ndim == 2:
        return [uuid.UUID(bytes=bytes(cell)) for cell in cells]
    if b"days" in units:
        return [datetime.date(1970, 1, 1) + datetime.timedelta(days=int(cell)) for cell in cells]
    if b"seconds" in units:
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        return [epoch + datetime.timedelta(seconds=int(cell)) for cell in cells]
    if "scale" in dataset.attrs:
        return [decimal.Decimal(int(cell)).scaleb(-int(dataset.attrs["scale"])) for cell in cells]
    return [int(cell) for cell in cells]


def table(path):
    with h5py.File(path) as file:
        group = file[path.stem]
        names = []  # in the file's order of creation the suffixes follow; by name a column is what has no dot
        for name in group:
            base = name.split(".")[0]
            if base not in names:
                names.append(base)
        rows = int(group.attrs["rows"])
        columns, types = {}, {}
        for name in names:
            cells = values(group, name)
            assert len(cells) == rows, (path, name)
            null = group[f"{name}.null"][:] if f"{name}.null" in group else [0] * rows
            columns[name] = [None if mark else cell for mark, cell in zip(null, cells)]
            stored = group[name] if name in group else group[f"{name}.bytes"]
            types[name] = [str(stored.dtype), stored.chunks is not None, stored.compression, f"{name}.null" in group]
        attributes = {key: value.decode() if isinstance(value, bytes) else int(value) for key, value in file.attrs.items()}
        digests = {name: hashlib.sha256("\n".join(map(text, cells)).encode()).hexdigest()
                   for name, cells in columns.items()}
        return {"rows": rows, "columns": digests, "types": types, "attributes": attributes, "shards": len(file["shards"])}


json.dump({path.stem: table(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*/*.h5"))}, sys.stdout)
