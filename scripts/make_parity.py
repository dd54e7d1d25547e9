#!/usr/bin/env python3
"""Makes the cases of `parity/` from reference files that hold a model each.

    scripts/make_parity.py SOURCE TARGET

Every `SOURCE/<kind>/<case>.h5` of the format duet-parity/1 becomes a case without its group `/clip`,
beside a `clip.h5` that all cases of the same model share: in `TARGET/<kind>` if the kind has one model
only, else in `TARGET/<kind>/model1`, `model2`, … The bits of every number stay what they were.
Needs h5py; what lies in TARGET/<kind> is replaced.
"""

import hashlib
import pathlib
import shutil
import sys

import h5py

CASE = "duet-parity/1"
MODEL = "duet-parity-clip/1"


def digest(model):
    """One text for all models with the same sizes and weights."""
    sha = hashlib.sha256()
    for name in sorted(model.attrs):
        sha.update(f"{name}={model.attrs[name]};".encode())
    for name in sorted(model):
        sha.update(name.encode() + model[name][()].tobytes())
    return sha.hexdigest()


def copy(source, target):
    """Copies a group with everything below it; larger arrays are compressed."""
    for name, value in source.attrs.items():
        target.attrs[name] = value
    for name, item in source.items():
        if isinstance(item, h5py.Group):
            copy(item, target.create_group(name))
            continue
        packing = {"compression": "gzip", "compression_opts": 9, "shuffle": True} if item.size >= 64 else {}
        target.create_dataset(name, data=item[()], dtype=item.dtype, **packing)
        for attribute, value in item.attrs.items():
            target[name].attrs[attribute] = value


def write_model(path, model):
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w", libver="latest") as file:
        file.attrs["format"] = MODEL
        copy(model, file.create_group("clip"))


def write_case(path, source):
    with h5py.File(path, "w", libver="latest") as file:
        for name, value in source.attrs.items():
            file.attrs[name] = value
        for name in source:
            if name != "clip":
                copy(source[name], file.create_group(name))


def make(kind, target):
    """Makes the cases of one folder."""
    shutil.rmtree(target, ignore_errors=True)
    models = {}
    for path in sorted(kind.glob("*.h5")):
        with h5py.File(path) as file:
            if file.attrs.get("format") == CASE:
                models.setdefault(digest(file["clip"]), []).append(path)
    for number, paths in enumerate(models.values(), 1):
        folder = target / f"model{number}" if len(models) > 1 else target
        for path in paths:
            with h5py.File(path) as file:
                if path == paths[0]:
                    write_model(folder / "clip.h5", file["clip"])
                write_case(folder / path.name, file)
    return sum(map(len, models.values()))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    source, target = map(pathlib.Path, sys.argv[1:])
    for kind in sorted(folder for folder in source.iterdir() if folder.is_dir()):
        count = make(kind, target / kind.name) if any(kind.glob("*.h5")) else 0
        print(f"{kind.name}: {count} cases")
