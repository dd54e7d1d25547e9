"""Writes numpy.json, what NumPy says about indexing, broadcasting, reductions, products and moves.

    python make.py        (NumPy 2.4.6; the seed is fixed, so the file comes out the same)

Inputs are not stored: element i of an input is ((7 i + k) mod 11 - 5) / 4, where k is its number (0
for the first operand, 1 for the second, ...). Every such number, and every sum of products of them
that occurs here, is exact in float32.
"""
import json
import random
import warnings

import numpy as np

random.seed(20)
warnings.simplefilter("ignore")


def array(shape, k=0):
    n = int(np.prod(shape))
    return (((7 * np.arange(n) + k) % 11 - 5) / np.float32(4)).astype(np.float32).reshape(shape)


def numbers(x):
    """Finite numbers as they are, others as text."""
    out = []
    for v in np.asarray(x, np.float32).ravel().tolist():
        if v != v or v in (float("inf"), float("-inf")):
            out.append("nan" if v != v else "inf" if v > 0 else "-inf")
        else:
            out.append(int(v) if v == int(v) else float(np.format_float_positional(np.float32(v), unique=True, trim="-")))
    return out


def shape_of(rank, largest=4, zero=0.05):
    return [0 if random.random() < zero else random.randint(1, largest) for _ in range(rank)]


def random_index(shape):
    """Parts as [kind, ...] and as Python objects."""
    bound = lambda n: random.choice([None] + list(range(-n - 2, n + 3)))
    parts, objects, axis = [], [], 0
    lists = random.random() < 0.65
    length = random.randint(1, 4)
    used = random.choice([len(shape), random.randint(0, len(shape))])
    ellipsis = random.randint(0, used) if random.random() < 0.4 else None
    for place in range(used + 1):
        if place == ellipsis:
            parts.append(["e"])
            objects.append(Ellipsis)
            axis = len(shape) - (used - place)
        if random.random() < 0.12:
            parts.append(["n"])
            objects.append(None)
        if place == used:
            break
        n, r = shape[axis], random.random()
        axis += 1
        if r < 0.25:
            low, high = -n - (random.random() < 0.05), n - (random.random() > 0.05)
            i = random.randint(low, max(low, high))
            parts.append(["i", i])
            objects.append(i)
        elif lists and r < 0.65:
            m = random.choice([length, length, length, 1]) if random.random() > 0.04 else 0
            values = [random.randint(-n, max(n - 1, -n)) if n else 0 for _ in range(m)]
            parts.append(["l", values])
            objects.append(np.array(values, dtype=np.int64))
        else:
            step = random.choice([1, 1, 1, 2, 3, -1, -1, -2, 7, -7])
            s = [bound(n), bound(n), step]
            parts.append(["s"] + s)
            objects.append(slice(*s))
    return parts, tuple(objects)


def indexing():
    cases = []
    while len(cases) < 420:
        shape = shape_of(random.choice([1, 2, 3, 3, 4]), 5, 0.03)
        parts, objects = random_index(shape)
        n = int(np.prod(shape))
        x = np.arange(n, dtype=np.float32).reshape(shape)
        try:
            y = x[objects]
        except IndexError:
            cases.append({"shape": shape, "index": parts})
            continue
        if y.size > 60 or (y.size == 0 and random.random() < 0.8) or (not parts and cases):
            continue
        case = {"shape": shape, "index": parts, "result": list(y.shape), "elements": [int(v) for v in y.ravel()]}
        # Assignment of -1, -2, ...: the last one stays where a place is named twice.
        x[objects] = -1 - np.arange(y.size, dtype=np.float32).reshape(y.shape)
        if n <= 60:
            case["assigned"] = [int(v) for v in x.ravel()]
        cases.append(case)
    return cases


def pairwise():
    functions = {
        "sum": np.add, "difference": np.subtract, "product": np.multiply, "quotient": np.divide, "power": np.power,
        "maximum": np.maximum, "minimum": np.minimum, "equal": np.equal, "less": np.less, "lessOrEqual": np.less_equal}
    cases = []
    for rank in range(5):
        for _ in range(14):
            full = shape_of(rank, 4)
            drop = lambda s: s[random.randint(0, len(s)) if random.random() < 0.3 else 0:]
            a = drop([1 if random.random() < 0.35 else n for n in full])
            b = drop([1 if random.random() < 0.35 else n for n in full])
            name = random.choice(list(functions))
            y = functions[name](array(a), array(b, 1)).astype(np.float32)
            if y.size <= 70:
                cases.append({"function": name, "a": a, "b": b, "result": list(y.shape), "elements": numbers(y)})
    return cases


def reductions():
    cases = []
    for rank in range(5):
        for _ in range(10):
            shape = shape_of(rank, 4)
            axes = None if random.random() < 0.2 else sorted(random.sample(range(rank), random.randint(0, rank)))
            keeps = random.random() < 0.5
            given = None if axes is None else [a - rank if random.random() < 0.3 else a for a in axes]
            tup = None if axes is None else tuple(axes)
            x = array(shape)
            cases.append({
                "shape": shape, "axes": given, "keeps": keeps,
                "result": list(np.sum(x, axis=tup, keepdims=keeps).shape),
                "sum": numbers(np.sum(x.astype(np.float64), axis=tup)),
                "mean": numbers(np.mean(x.astype(np.float64), axis=tup))})
    extremes = []
    for rank in range(1, 5):
        for _ in range(6):
            shape = shape_of(rank, 5, 0)
            axis = random.randrange(-rank, rank)
            x = array(shape)
            extremes.append({
                "shape": shape, "axis": axis, "result": list(x.max(axis).shape),
                "max": numbers(x.max(axis)), "argmax": x.argmax(axis).ravel().tolist(),
                "min": numbers(x.min(axis)), "argmin": x.argmin(axis).ravel().tolist()})
    return {"sums": cases, "extremes": extremes}


def products():
    pairs = [
        ([3], [3]), ([1], [1]), ([0], [0]), ([3], [3, 4]), ([2, 3], [3]), ([3], [2, 3, 4]), ([2, 4, 3], [3]), ([2, 3], [3, 4]),
        ([1, 5], [5, 1]), ([5, 1], [1, 5]), ([0, 3], [3, 2]), ([2, 0], [0, 3]), ([2, 3], [3, 0]), ([0, 0], [0, 0]),
        ([2, 3, 4], [4, 5]), ([2, 3, 4], [2, 4, 2]), ([1, 3, 4], [3, 4, 2]), ([3, 1, 2, 4], [2, 4, 3]), ([2, 1, 2, 3], [1, 3, 3, 2]),
        ([2, 3], [4, 3, 2]), ([0, 2, 3], [3, 2]), ([0, 2, 3], [0, 3, 2]), ([2, 0, 3], [2, 3, 4]), ([2, 3, 0], [2, 0, 2]),
        ([2, 3, 4], [1, 1, 4, 1])]
    cases = []
    for a, b in pairs:
        y = np.matmul(array(a), array(b, 1))
        case = {"a": a, "b": b, "result": list(y.shape), "elements": numbers(y)}
        if len(a) >= 2 and len(b) >= 2:
            case["transposable"] = True
        cases.append(case)
    return cases


def moves():
    permuted, joined = [], []
    for rank in range(5):
        for _ in range(5):
            shape = shape_of(rank, 4)
            axes = random.sample(range(rank), rank)
            y = array(shape).transpose(axes)
            permuted.append({"shape": shape, "axes": [a - rank if random.random() < 0.3 else a for a in axes], "result": list(y.shape), "elements": numbers(y)})
    for rank in range(1, 5):
        for _ in range(5):
            shape = shape_of(rank, 3)
            axis = random.randrange(-rank, rank)
            shapes = []
            for _ in range(random.randint(1, 4)):
                s = list(shape)
                s[axis] = random.randint(0, 3)
                shapes.append(s)
            y = np.concatenate([array(s, k) for k, s in enumerate(shapes)], axis)
            joined.append({"shapes": shapes, "axis": axis, "result": list(y.shape), "elements": numbers(y)})
    return {"permuted": permuted, "concatenated": joined}


with open("numpy.json", "w") as file:
    sections = [("indexing", indexing()), ("pairwise", pairwise()), ("reductions", reductions()), ("products", products()), ("moves", moves())]
    lines = [json.dumps(name) + ":" + json.dumps(value, separators=(",", ":")) for name, value in sections]
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
