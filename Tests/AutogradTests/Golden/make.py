"""Writes optimizers.json: parameters after each of eight steps of PyTorch's optimizers, in float64.

    python make.py        (PyTorch 2.x; no random numbers)

Two parameters, of 5 and 3 numbers; the second gets no gradient at steps 2 and 5 (its entry is null).
"""
import json

import torch

STEPS = 8
START = [[0.5, -1.25, 2.0, 0.0, -0.375], [1.5, -0.75, 0.25]]
RATES = [0.1, 0.1, 0.05, 0.05, 0.2, 0.01, 0.1, 0.1]


def gradient(step, parameter):
    if parameter == 1 and step in (2, 5):
        return None
    n = len(START[parameter])
    return [((13 * step + 7 * i + 3 * parameter) % 17 - 8) / 8 for i in range(n)]


GRADIENTS = [[gradient(step, p) for p in range(2)] for step in range(STEPS)]


def run(make, decays, clip=None):
    parameters = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in START]
    optimizer = make([{"params": [p], "weight_decay": d} for p, d in zip(parameters, decays)])
    after = []
    for step in range(STEPS):
        for p, g in zip(parameters, GRADIENTS[step]):
            p.grad = None if g is None else torch.tensor(g, dtype=torch.float64)
        for group in optimizer.param_groups:
            group["lr"] = RATES[step]
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(parameters, clip)
        optimizer.step()
        after.append([[round(v, 10) for v in p.tolist()] for p in parameters])
    return after


sgd = lambda momentum: lambda groups: torch.optim.SGD(groups, lr=1, momentum=momentum)
adam = lambda groups: torch.optim.Adam(groups, lr=1, betas=(0.9, 0.999), eps=1e-8)
adamw = lambda groups: torch.optim.AdamW(groups, lr=1, betas=(0.9, 0.98), eps=1e-6)

cases = [
    {"rule": "sgd", "momentum": 0.0, "decays": [0.0, 0.0], "clip": None, "after": run(sgd(0), [0, 0])},
    {"rule": "sgd", "momentum": 0.9, "decays": [0.0, 0.0], "clip": None, "after": run(sgd(0.9), [0, 0])},
    {"rule": "sgd", "momentum": 0.9, "decays": [0.05, 0.0005], "clip": None, "after": run(sgd(0.9), [0.05, 0.0005])},
    {"rule": "sgd", "momentum": 0.9, "decays": [0.05, 0.0], "clip": 0.5, "after": run(sgd(0.9), [0.05, 0], 0.5)},
    {"rule": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "decoupled": False, "decays": [0.0, 0.0], "clip": None, "after": run(adam, [0, 0])},
    {"rule": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "decoupled": False, "decays": [0.05, 0.0005], "clip": 100.0, "after": run(adam, [0.05, 0.0005], 100)},
    {"rule": "adam", "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-6, "decoupled": True, "decays": [0.05, 0.0], "clip": None, "after": run(adamw, [0.05, 0])},
    {"rule": "adam", "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-6, "decoupled": True, "decays": [0.05, 0.2], "clip": 1.0, "after": run(adamw, [0.05, 0.2], 1)},
]
with open("optimizers.json", "w") as file:
    json.dump({"start": START, "rates": RATES, "gradients": GRADIENTS, "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
