# Writes the seeds:  python make.py     (torch 2.15, numpy)
# The pickles refer to one storage, "0", of six floats: the one that SealedArchive.swift provides.
import argparse
import collections
import io
import json
import os
import struct
import zipfile

import numpy
import torch

here = os.path.dirname(os.path.abspath(__file__))


def write(name, data):
    path = os.path.join(here, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def pickle_of(archive):
    with zipfile.ZipFile(archive) as source:
        name = next(n for n in source.namelist() if n.endswith("/data.pkl"))
        return source.read(name)


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return pickle_of(buffer)


base = torch.arange(6, dtype=torch.float32)
views = collections.OrderedDict(
    w=base, t=base.reshape(2, 3).t(), s=base[::2], e=base[:2].unsqueeze(1).expand(2, 4), z=base[3]
)
module = torch.nn.Linear(3, 2, bias=False)
module.weight.data = base.reshape(2, 3)
write("pickle/views", saved(views))
write("pickle/protocol4", saved(views, pickle_protocol=4))
write("pickle/module", saved(module.state_dict()))
write("pickle/parameter", saved({"w": torch.nn.Parameter(base)}))
wrapped = {
    "epoch": 3,
    "rate": 0.1,
    "args": argparse.Namespace(lr=1e-3, names=["a", "b"]),
    "device": torch.device("cpu"),
    "size": torch.Size([2, 3]),
    "best": (1, None, True, b"bytes", 1 << 40),
    "loss": numpy.float64(0.5),
    "state_dict": views,
}
write("pickle/wrapped", saved(wrapped))


class Inner(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(base.reshape(2, 3))
        self.sizes = [1, 2]

    def forward(self, x):
        return x @ self.weight


script = io.BytesIO()
torch.jit.save(torch.jit.script(torch.nn.Sequential(Inner())), script)
write("pickle/script", pickle_of(script))


def safetensors(tensors, metadata=None):
    header, data = ({"__metadata__": metadata} if metadata else {}), b""
    for name, (kind, shape, content) in tensors.items():
        ends = [len(data), len(data) + len(content)]
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": ends}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


write("safetensors/single", safetensors({"w": ("F32", [2, 3], bytes(24))}))
kinds = {"F16": 2, "BF16": 2, "F64": 8, "I64": 8, "I32": 4, "U8": 1, "BOOL": 1}
every = {kind: (kind, [3], bytes(3 * size)) for kind, size in kinds.items()}
every["scalar"] = ("F32", [], bytes(4))
every["none"] = ("F32", [0, 5], b"")
write("safetensors/every", safetensors(every, {"format": "pt"}))
write("json/values", b'{"a": [1, -2.5e-1, true, false, null], "b\\u00e9\\ud83d\\ude00": {"c": "\\n"}}')
write("json/config", b'{"model_type": "clip", "text_config": {"hidden_act": "gelu", "layer_norm_eps": 1e-05}}')
