# Makes the files in torch/, with torch 2.15:  python make_torch.py
# Each keeps a few tensors whose elements say which they are; TorchFixtureTests.swift expects them.
import argparse
import collections
import io
import os
import zipfile

import torch

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch")
os.makedirs(here, exist_ok=True)


def ramp(*shape, start=0, dtype=torch.float32):
    count = 1
    for extent in shape:
        count *= extent
    return torch.arange(start, start + count, dtype=torch.float32).reshape(shape).to(dtype)


def save(name, value, **options):
    torch.save(value, os.path.join(here, name), **options)


base = ramp(4, 6)
views = collections.OrderedDict()
views["base"] = base
views["transposed"] = base.t()
views["offset"] = base[1:3]
views["column"] = base[:, 2]
views["stepped"] = base[::2, 1::2]
views["permuted"] = ramp(2, 3, 4).permute(2, 0, 1)
views["expanded"] = ramp(3).unsqueeze(1).expand(3, 4)
views["scalar"] = torch.tensor(2.5)
views["empty"] = torch.zeros(0, 5)
views["one"] = ramp(1, 3).t()
save("views.pt", views)

types = {
    "single": ramp(2, 2),
    "half": torch.tensor([1.5, -2, 65504, 6e-8], dtype=torch.float16),
    "half_transposed": ramp(2, 3, dtype=torch.float16).t(),
    "brain": ramp(3, dtype=torch.bfloat16),
    "double": torch.tensor([1.5, 1 + 2**-24, 1e300], dtype=torch.float64),
    "long": torch.tensor([1, 2]),
    "int": torch.tensor([1], dtype=torch.int32),
    "short": torch.tensor([1], dtype=torch.int16),
    "char": torch.tensor([1], dtype=torch.int8),
    "byte": torch.tensor([1], dtype=torch.uint8),
    "bool": torch.tensor([True, False]),
}
save("types.pt", types)
save("protocol4.pt", types, pickle_protocol=4)
save("parameter.pt", {"w": torch.nn.Parameter(ramp(2, 2)), "b": torch.nn.Parameter(ramp(2), False)})

module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
with torch.no_grad():
    module[0].weight.copy_(ramp(2, 3))
    module[0].bias.copy_(ramp(2, start=10))
optimizer = torch.optim.Adam(module.parameters())
module(ramp(4, 3)).sum().backward()
optimizer.step()
with torch.no_grad():
    module[0].weight.copy_(ramp(2, 3))
    module[0].bias.copy_(ramp(2, start=10))
for wrapper in ["state_dict", "model", "model_state_dict"]:
    save(
        f"{wrapper}.pt",
        {
            "epoch": 3,
            "loss": 0.25,
            "args": argparse.Namespace(lr=1e-3, names=["a", "b"]),
            "device": torch.device("cpu"),
            "best": (1, None, True, b"bytes"),
            "size": torch.Size([2, 3]),
            "optimizer": optimizer.state_dict(),
            wrapper: module.state_dict(),
        },
    )


class Inner(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(ramp(2, 3))
        self.register_buffer("steps", torch.tensor(7))
        self.sizes = [1, 2]

    def forward(self, x):
        return x @ self.weight


class Outer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = torch.nn.Sequential(Inner(), Inner())
        self.scale = torch.nn.Parameter(torch.tensor(0.5))
        self.small = torch.nn.Parameter(ramp(3, dtype=torch.float16))

    def forward(self, x):
        return self.blocks[0](x) * self.scale


# The debug entries name the folders of the machine; nobody reads them.
whole = io.BytesIO()
torch.jit.save(torch.jit.script(Outer()), whole)
with zipfile.ZipFile(whole) as source, zipfile.ZipFile(
    os.path.join(here, "script.pt"), "w"
) as target:
    for entry in source.infolist():
        if not entry.filename.endswith(".debug_pkl"):
            target.writestr(entry, source.read(entry))
save("tensor.pt", ramp(3))
save("legacy.pt", {"w": ramp(2)}, _use_new_zipfile_serialization=False)
torch.save(Inner(), os.path.join(here, "module.pt"))
