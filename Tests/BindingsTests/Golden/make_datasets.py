"""Writes datasets.json: small copies of the layouts in which benchmarks lie on disk, with the lists that
the field's released code makes of them. Folder listings are sorted, as ours are.

    python make_datasets.py        (needs numpy and scipy)

The rules are those of the released code, restated: clean-ups of names, the order of classes, the shuffles
of Python's `random` after `random.seed(seed)`.
"""

import base64
import io
import json
import pickle
import random
import re
import sys
import types

import numpy as np
from scipy.io import savemat

SEED = 3


def mat(variables, compressed=True):
    file = io.BytesIO()
    savemat(file, variables, do_compression=compressed)
    return base64.b64encode(file.getvalue()).decode()


def in_three(rows):
    random.seed(SEED)
    classes = {}
    for row in rows:
        classes.setdefault(row[1], []).append(row)
    train, val, test = [], [], []
    for items in classes.values():
        random.shuffle(items)
        n_train, n_val = round(len(items) * 0.5), round(len(items) * 0.2)
        train += items[:n_train]
        val += items[n_train : n_train + n_val]
        test += items[n_train + n_val :]
    return {"train": train, "val": val, "test": test}


def for_val(rows, test):
    random.seed(SEED)
    classes = {}
    for index, row in enumerate(rows):
        classes.setdefault(row[1], []).append(index)
    train, val = [], []
    for indices in classes.values():
        n_val = round(len(indices) * 0.2)
        random.shuffle(indices)
        for place, index in enumerate(indices):
            (val if place < n_val else train).append(rows[index])
    return {"train": train, "val": val, "test": test}


def case(name, origin, expected, pictures, texts={}, mats={}, names=None, extra=[]):
    return {
        "name": name, "origin": origin, "expected": expected, "pictures": sorted(pictures),
        "texts": texts, "mats": mats, "others": extra,
    }


def folders(base, classes, rename={}, ignored=(), prefix=""):
    """Class folders with different numbers of pictures."""
    rows, pictures = [], []
    label = 0
    for place, name in enumerate(sorted(classes)):
        files = sorted(f"{name}_{i}.jpg" for i in range(7 + 3 * place))
        pictures += [f"{base}/{name}/{file}" for file in files]
        if name in ignored:
            continue
        rows += [[f"{prefix}{name}/{file}", label, rename.get(name, name)] for file in files]
        label += 1
    return rows, pictures


cases = []

rename = {"airplanes": "airplane", "Faces": "face", "Leopards": "leopard", "Motorbikes": "motorbike"}
rows, pictures = folders(
    "caltech-101/101_ObjectCategories",
    ["airplanes", "Faces", "Faces_easy", "BACKGROUND_Google", "accordion", "Leopards"],
    rename, ("BACKGROUND_Google", "Faces_easy"))
cases.append(case("caltech101", "own split", in_three(rows), pictures))

rows, pictures = folders("food-101/images", ["apple_pie", "bibimbap", "tacos"])
cases.append(case("food101", "own split", in_three(rows), pictures))

rows, pictures = folders("dtd/images", ["banded", "blotchy", "zigzagged"])
cases.append(case("dtd", "own split", in_three(rows), pictures))

rename = {
    "AnnualCrop": "Annual Crop Land", "Highway": "Highway or Road", "SeaLake": "Sea or Lake",
    "PermanentCrop": "Permanent Crop Land", "HerbaceousVegetation": "Herbaceous Vegetation Land",
    "Industrial": "Industrial Buildings", "Pasture": "Pasture Land",
    "Residential": "Residential Buildings"}
rows, pictures = folders(
    "eurosat/2750",
    ["AnnualCrop", "Forest", "HerbaceousVegetation", "Highway", "Industrial", "Pasture",
     "PermanentCrop", "Residential", "River", "SeaLake"], rename)
cases.append(case("eurosat", "own split", in_three(rows), pictures))

# Pets: the file's name gives the breed, the annotation its class from 1.
breeds = [("Abyssinian", 1), ("yorkshire_terrier", 3), ("american_bulldog", 2)]
lists = {"trainval": [], "test": []}
texts = {}
for part, count in (("trainval", 10), ("test", 4)):
    lines = []
    for breed, label in breeds:
        for i in range(count + label):
            number = i + (100 if part == "test" else 1)
            lines.append(f"{breed}_{number} {label} 1 1")
            lists[part].append([f"{breed}_{number}.jpg", label - 1, breed.lower()])
    texts[f"oxford_pets/annotations/{part}.txt"] = "\n".join(lines) + "\n"
cases.append(case(
    "oxford_pets", "own split", for_val(lists["trainval"], lists["test"]),
    ["oxford_pets/images/" + row[0] for part in lists.values() for row in part], texts))

# Flowers: labels by number of the picture, interleaved; classes in the order of their first picture.
labels = [3, 1, 3, 2] * 9 + [1] * 5
names = {str(i): name for i, name in ((1, "pink primrose"), (2, "canterbury bells"), (3, "colt's foot"))}
rows = [["image_%05d.jpg" % (i + 1), label - 1, names[str(label)]] for i, label in enumerate(labels)]
cases.append(case(
    "oxford_flowers", "own split", in_three(rows), ["oxford_flowers/jpg/" + row[0] for row in rows],
    {"oxford_flowers/cat_to_name.json": json.dumps(names)},
    {"oxford_flowers/imagelabels.mat": mat({"labels": np.array([labels], dtype=np.uint8)})}))

# Cars: structures and cells of MATLAB.
cars = ["AM General Hummer SUV 2000", "Audi A5 Coupe 2012", "Ram C/V Cargo Van Minivan 2012"]


def year_first(name):
    parts = name.split(" ")
    return " ".join(parts[-1:] + parts[:-1])


kind = [(n, "O") for n in ("bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2", "class", "fname")]
lists, mats = {}, {}
for part, count, folder, file in (
    ("train", 25, "cars_train", "stanford_cars/devkit/cars_train_annos.mat"),
    ("test", 7, "cars_test", "stanford_cars/cars_test_annos_withlabels.mat")):
    labels = [1 + (i * 7) % 3 for i in range(count)]
    array = np.zeros((1, count), dtype=kind)
    for i, label in enumerate(labels):
        array[0, i] = (10 + i, 20, 300.0, 200, label, "%05d.jpg" % (i + 1))
    mats[file] = mat({"annotations": array}, compressed=part == "train")
    lists[part] = [
        [f"{folder}/%05d.jpg" % (i + 1), label - 1, year_first(cars[label - 1])]
        for i, label in enumerate(labels)]
mats["stanford_cars/devkit/cars_meta.mat"] = mat({"class_names": np.array([cars], dtype=object)})
cases.append(case(
    "stanford_cars", "own split", for_val(lists["train"], lists["test"]),
    ["stanford_cars/" + row[0] for part in lists.values() for row in part], mats=mats))

# SUN397: names are read from behind.
scenes = ["/a/abbey", "/a/apartment_building/outdoor", "/b/bakery/shop"]
lists, texts = {}, {"sun397/ClassName.txt": "\n".join(scenes) + "\n"}
for part, file, count in (("train", "Training_01.txt", 10), ("test", "Testing_01.txt", 4)):
    lines, rows = [], []
    for i in range(count):
        for label, scene in enumerate(scenes):
            lines.append(f"{scene}/sun_{part}{i}.jpg")
            name = " ".join(reversed(scene.split("/")[2:]))
            rows.append([lines[-1][1:], label, name])
    texts["sun397/" + file] = "\r\n".join(lines) + "\r\n"
    lists[part] = rows
cases.append(case(
    "sun397", "own split", for_val(lists["train"], lists["test"]),
    ["sun397/SUN397/" + row[0] for part in lists.values() for row in part], texts))

# UCF101: one word becomes several.
actions = ["ApplyEyeMakeup", "YoYo", "Archery"]
texts = {"ucf101/ucfTrainTestlist/classInd.txt": "".join(
    f"{i + 1} {action}\n" for i, action in enumerate(actions))}
lists = {}
for part, count in (("train", 8), ("test", 3)):
    lines, rows = [], []
    for action in actions:
        name = "_".join(re.findall("[A-Z][^A-Z]*", action))
        for i in range(count):
            video = f"v_{action}_g{i + (0 if part == 'train' else 8):02}_c01"
            label = actions.index(action)
            lines.append(f"{action}/{video}.avi" + (f" {label + 1}" if part == "train" else ""))
            rows.append([f"{name}/{video}.jpg", label, name])
    texts[f"ucf101/ucfTrainTestlist/{part}list01.txt"] = "\n".join(lines) + "\n"
    lists[part] = rows
cases.append(case(
    "ucf101", "own split", for_val(lists["train"], lists["test"]),
    sorted({"ucf101/UCF-101-midframes/" + row[0] for part in lists.values() for row in part}), texts))

# Aircraft: the authors' lists are the split.
variants = ["707-320", "Boeing 717", "DH-82"]
texts = {"fgvc_aircraft/variants.txt": "\n".join(variants) + "\n"}
expected, pictures = {}, []
for offset, part in enumerate(("train", "val", "test")):
    rows = [[f"{1000 * offset + i:07}.jpg", i % 3, variants[i % 3]] for i in range(9)]
    texts[f"fgvc_aircraft/images_variant_{part}.txt"] = "".join(
        f"{row[0][:-4]} {row[2]}\n" for row in rows)
    expected[part] = rows
    pictures += ["fgvc_aircraft/images/" + row[0] for row in rows]
cases.append(case("fgvc_aircraft", "published split", expected, pictures, texts))

# ImageNet and its variants. Two classes share a name.
wnids = [("n01440764", "tench"), ("n03773504", "missile"), ("n04008634", "missile"),
         ("n04355933", "sunglasses")]
classnames = "".join(f"{wnid} {name}\n" for wnid, name in wnids)


def by_wnid(base, prefix, present, count):
    rows = [
        [f"{prefix}{wnid}/{wnid}_{i}.JPEG", label, dict(wnids)[wnid]]
        for label, wnid in enumerate(present) for i in range(count)]
    return rows, [f"{base}/{row[0]}" for row in rows]


every = [wnid for wnid, _ in wnids]
train, first = by_wnid("imagenet/images", "train/", every, 4)
val, second = by_wnid("imagenet/images", "val/", every, 2)
cases.append(case(
    "imagenet", "published split, own order", {"train": train, "val": val, "test": val},
    first + second, {"imagenet/classnames.txt": classnames}))
for name, folder, inner, present in (
    ("imagenet_sketch", "imagenet-sketch", "images", every),
    ("imagenet_a", "imagenet-adversarial", "imagenet-a", every[:1] + every[2:]),
    ("imagenet_r", "imagenet-rendition", "imagenet-r", every[1:])):
    rows, pictures = by_wnid(f"{folder}/{inner}", "", present, 2)
    stray = [f"{folder}/{inner}/README.txt"] if name != "imagenet_sketch" else []
    cases.append(case(
        name, "published split", {"test": rows}, pictures, {f"{folder}/classnames.txt": classnames},
        extra=stray))
rows = [[f"{label}/{i}.jpeg", label, name] for label, (_, name) in enumerate(wnids) for i in range(2)]
inner = "imagenetv2/imagenetv2-matched-frequency-format-val"
cases.append(case(
    "imagenetv2", "published split", {"test": rows}, [f"{inner}/{row[0]}" for row in rows],
    {"imagenetv2/classnames.txt": classnames}))

# The field's cache of a draw: objects of a class that readers know by its name alone.
module = types.ModuleType("dassl.data.datasets.base_dataset")


class Datum:
    def __init__(self, impath, label, classname):
        self._impath, self._label, self._domain, self._classname = impath, label, 0, classname


Datum.__module__, Datum.__qualname__ = module.__name__, "Datum"
module.Datum = Datum
for name in ("dassl", "dassl.data", "dassl.data.datasets"):
    sys.modules[name] = types.ModuleType(name)
sys.modules[module.__name__] = module

folder = "/home/someone/data/dtd/images/"
rows = [["zigzagged/zigzagged_4.jpg", 2, "zigzagged"], ["banded/banded_1.jpg", 0, "banded"]]
draw = {part: [Datum(folder + row[0], *row[1:]) for row in rows] for part in ("train", "val")}
draws = [base64.b64encode(pickle.dumps(draw, protocol)).decode() for protocol in range(6)]

with open("datasets.json", "w") as file:
    json.dump({"seed": SEED, "cases": cases, "draws": draws, "drawn": rows}, file, separators=(",", ":"))
    file.write("\n")
