"""Writes towers.json: small CLIPs evaluated by PyTorch in float64, all rows of all prompts.

Run it in this folder with a Python that has NumPy and PyTorch. Weights and inputs are a pure function
of their names (`draw`), which GoldenTowerTests repeats, so that only results are stored.
"""
import json

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
MASK = (1 << 64) - 1


def draw(name, shape):
    """Numbers uniform in -1/2 ... 1/2 with 24 bits: SplitMix64 from the FNV-1a hash of the name."""
    start = 0xCBF29CE484222325
    for byte in name.encode():
        start = ((start ^ byte) * 0x100000001B3) & MASK
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        z = np.uint64(start) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return torch.tensor(((z >> np.uint64(40)).astype(np.float64) * 2.0**-24 - 0.5).reshape(shape))


def weight(name, shape):
    """A weight of a size that keeps rows of order one; powers of two, so that float32 is exact."""
    if "ln_" in name and name.endswith("weight"):
        return 1 + draw(name, shape) / 4
    if "ln_" in name or name.endswith("bias"):
        return draw(name, shape) / 4
    if name.endswith("embedding") or name.startswith("token"):
        return draw(name, shape) * 2
    return draw(name, shape)


class Tower(nn.Module):
    """Pre-norm blocks on PyTorch's own attention."""

    def __init__(self, prefix, width, layers, heads, hidden, act, epsilon):
        super().__init__()
        self.act, self.epsilon, self.width, self.layers = act, epsilon, width, layers
        self.attention = [nn.MultiheadAttention(width, heads, batch_first=True) for _ in range(layers)]
        self.parts = []
        for i, attention in enumerate(self.attention):
            own = {
                k: weight(f"{prefix}.resblocks.{i}.{k}", s)
                for k, s in {
                    "ln_1.weight": [width], "ln_1.bias": [width],
                    "attn.in_proj_weight": [3 * width, width], "attn.in_proj_bias": [3 * width],
                    "attn.out_proj.weight": [width, width], "attn.out_proj.bias": [width],
                    "ln_2.weight": [width], "ln_2.bias": [width],
                    "mlp.c_fc.weight": [hidden, width], "mlp.c_fc.bias": [hidden],
                    "mlp.c_proj.weight": [width, hidden], "mlp.c_proj.bias": [width],
                }.items()
            }
            with torch.no_grad():
                attention.in_proj_weight.copy_(own["attn.in_proj_weight"])
                attention.in_proj_bias.copy_(own["attn.in_proj_bias"])
                attention.out_proj.weight.copy_(own["attn.out_proj.weight"])
                attention.out_proj.bias.copy_(own["attn.out_proj.bias"])
            self.parts.append(own)

    def activate(self, x):
        return F.gelu(x) if self.act == "gelu" else x * torch.sigmoid(1.702 * x)

    def norm(self, x, scale, shift):
        return F.layer_norm(x, [x.shape[-1]], scale, shift, self.epsilon)

    def run(self, x, mask, replace):
        for i, (attention, p) in enumerate(zip(self.attention, self.parts)):
            x = replace(i, x)
            n = self.norm(x, p["ln_1.weight"], p["ln_1.bias"])
            x = x + attention(n, n, n, attn_mask=mask, need_weights=False)[0]
            n = self.norm(x, p["ln_2.weight"], p["ln_2.bias"])
            n = self.activate(F.linear(n, p["mlp.c_fc.weight"], p["mlp.c_fc.bias"]))
            x = x + F.linear(n, p["mlp.c_proj.weight"], p["mlp.c_proj.bias"])
        return x


def image_features(a, images, rows):
    """Features of all rows of an image but the learned ones; rows[i] enter before block i."""
    v = a["vision"]
    tower = Tower("visual.transformer", v["width"], v["layers"], v["heads"], v["hidden"],
                  v["activation"], a["epsilon"])
    side = a["imageSize"] // a["patchSize"]
    x = F.conv2d(images, weight("visual.conv1.weight", [v["width"], 3, a["patchSize"], a["patchSize"]]),
                 stride=a["patchSize"]).flatten(2).transpose(1, 2)
    start = weight("visual.class_embedding", [v["width"]]).expand(len(images), 1, -1)
    x = torch.cat([start, x], 1) + weight("visual.positional_embedding", [side * side + 1, v["width"]])
    own = x.shape[1]
    if rows:
        x = torch.cat([x, rows[0].expand(len(images), -1, -1)], 1)
    x = tower.norm(x, weight("visual.ln_pre.weight", [v["width"]]), weight("visual.ln_pre.bias", [v["width"]]))

    def replace(i, x):
        if 0 < i < len(rows):
            return torch.cat([x[:, :own], rows[i].expand(len(images), -1, -1)], 1)
        return x

    x = tower.run(x, None, replace)[:, :own]
    x = tower.norm(x, weight("visual.ln_post.weight", [v["width"]]), weight("visual.ln_post.bias", [v["width"]]))
    return x @ weight("visual.proj", [v["width"], a["jointWidth"]])


def text_features(a, ids, rows, places):
    """Features at the end of each row of ids; rows[0] stand at `places`, rows[i] before block i, too."""
    t, length = a["text"], a["contextLength"]
    tower = Tower("transformer", t["width"], t["layers"], t["heads"], t["hidden"], t["activation"],
                  a["epsilon"])
    padded = torch.tensor([r + [0] * (length - len(r)) for r in ids])
    x = weight("token_embedding.weight", [a["vocabularySize"], t["width"]])[padded]

    def put(x, rows):
        x = x.clone()
        for c, own in enumerate(places):
            x[c, own] = rows
        return x

    if rows:
        x = put(x, rows[0])
    x = x + weight("positional_embedding", [length, t["width"]])
    mask = torch.full((length, length), float("-inf")).triu(1)
    x = tower.run(x, mask, lambda i, x: put(x, rows[i]) if 0 < i < len(rows) else x)
    x = torch.stack([x[c, len(r) - 1] for c, r in enumerate(ids)])
    x = tower.norm(x, weight("ln_final.weight", [t["width"]]), weight("ln_final.bias", [t["width"]]))
    return x @ weight("text_projection", [t["width"], a["jointWidth"]])


def learned(name, count, rows, width):
    return [(draw(f"{name} {i}", [rows, width]) * 2).requires_grad_() for i in range(count)]


def numbers(x):
    return [float(f"{v:.8g}") for v in x.detach().reshape(-1).tolist()]


def result(features, rows):
    """The features, and the gradients of their product with a fixed direction."""
    (features * draw("direction", list(features.shape))).sum().backward()
    return {"features": numbers(features), "gradients": [numbers(r.grad) for r in rows]}


def case(a, names, words, prompts):
    v, t, sot, eot, period = a["vision"], a["text"], a["vocabularySize"] - 2, a["vocabularySize"] - 1, 1
    images = draw("images", [2, 3, a["imageSize"], a["imageSize"]]) * 4
    plain = image_features(a, images, [])
    visual = learned("vision rows", v["layers"], prompts, v["width"])
    textual = learned("text rows", t["layers"], prompts, t["width"])
    context = learned("context", 1, prompts, t["width"])
    sentences = [[sot] + words + name + [period, eot] for name in names]
    middle = [[sot] + [0] * (prompts // 2) + name + [0] * (prompts - prompts // 2) + [period, eot]
              for name in names]
    places = [[1 + i if i < prompts // 2 else 1 + len(name) + i for i in range(prompts)]
              for name in names]
    return {
        "architecture": a, "names": names, "words": words, "prompts": prompts,
        "pooled": numbers(plain[:, 0]), "patches": numbers(plain[:, 1:]),
        "promptedImages": result(image_features(a, images, visual)[:, 0], visual),
        "sentences": numbers(text_features(a, sentences, [], [])),
        "context": result(text_features(a, middle, context, places), context),
        "promptedTexts": result(
            text_features(a, sentences, textual, [list(range(1, 1 + prompts))] * len(names)), textual),
    }


def sizes(width, layers, heads, hidden, activation):
    return {"width": width, "layers": layers, "heads": heads, "hidden": hidden, "activation": activation}


cases = [
    case({"imageSize": 16, "patchSize": 8, "vision": sizes(32, 3, 4, 128, "quickGELU"),
          "text": sizes(24, 3, 4, 96, "quickGELU"), "jointWidth": 16, "contextLength": 77,
          "vocabularySize": 60, "epsilon": 1e-5},
         [[7], [3, 9, 21], [11, 3], [7, 8, 9, 10]], [5, 6, 7, 8], 2),
    case({"imageSize": 9, "patchSize": 3, "vision": sizes(21, 1, 3, 31, "gelu"),
          "text": sizes(22, 2, 2, 45, "quickGELU"), "jointWidth": 7, "contextLength": 21,
          "vocabularySize": 40, "epsilon": 1e-3},
         [[4], list(range(2, 16))], [9, 8, 7], 3),
    case({"imageSize": 5, "patchSize": 5, "vision": sizes(18, 2, 1, 18, "quickGELU"),
          "text": sizes(17, 1, 17, 50, "gelu"), "jointWidth": 33, "contextLength": 9,
          "vocabularySize": 20, "epsilon": 1e-5},
         [[3, 4]], [2, 5, 6], 1),
]
with open("towers.json", "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
