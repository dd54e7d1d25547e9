"""Makes the HDF5 files beside it: python make.py DRAWINGS

DRAWINGS is the reference file of kind duet-mini/1 that the prototype of Shapes world drew
(`seedN/<set>/splitK/{images,labels}`, `seedN/pretraining/{images,captions}`).
"""
import sys
from pathlib import Path

import h5py
import numpy as np

source = h5py.File(sys.argv[1])
here = Path(__file__).parent


def put(file, path, count, images=None, labels=None, captions=None):
    group = source[path]
    images = group["images"][:count] if images is None else images
    file.create_dataset(
        f"{path}/images", data=images, compression="gzip", compression_opts=9, chunks=images.shape)
    if "labels" in group:
        file[f"{path}/labels"] = group["labels"][:count] if labels is None else labels
    else:
        texts = [text.decode() for text in group["captions"][:count]]
        file.create_dataset(
            f"{path}/captions", data=captions or texts, dtype=h5py.string_dtype())


def new(name, kind="duet-mini/1"):
    file = h5py.File(here / name, "w")
    if kind:
        file.attrs["format"] = kind
    return file


with new("drawings.h5") as file:
    put(file, "seed1/shapes/split1", 2)
    put(file, "seed2/textures/split2", 1)
    put(file, "seed2/pretraining", 2)

whole = (here / "drawings.h5").read_bytes()
(here / "cut_off.h5").write_bytes(whole[: len(whole) // 2])

with new("contradictory.h5") as file:
    put(file, "seed1/compositions/split1", 2, labels=np.array([0, 3]))
    images = source["seed1/counts/split2/images"][:2].astype("i2")
    images[1] = (images[1] + 9).clip(0, 255)
    put(file, "seed1/counts/split2", 2, images=images.astype("u1"))
    put(file, "seed1/fields/split3", 1, images=np.zeros((1, 16, 16, 3), "u1"))
    file["seed1/hexagons/split1/images"] = np.zeros((1, 32, 32, 3), "u1")
    put(file, "seed1/pretraining", 2, captions=["a red kite", "a blue kite"])
    file["seed1/scenes/split1/labels"] = np.array([0])
    file["seed1/shapes"] = 7
    put(file, "seed1/stars/split1", 2, labels=np.array([0]))
    images = source["seed1/textures/split3/images"][:1].astype("f4")
    put(file, "seed1/textures/split3", 1, images=images)
    file["seed1/textures/splitting"] = 1
    file["notes"] = "by hand"
    file.create_group("seed3")

new("unknown_kind.h5", "duet-later/9").close()

with new("numbers.h5", None) as file:
    file["x"] = [1.0, 2.0]
    file.attrs["who"] = "h5py"

with new("other_numbers.h5", None) as file:
    file["x"] = [1.0, 2.5]
    file["y"] = 3
    file.attrs["who"] = "h5py"
