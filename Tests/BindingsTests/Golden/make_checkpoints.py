# Makes the checkpoints in this folder and checkpoints.json, what they compute:  python make_checkpoints.py
# Needs torch and safetensors. The network is written out here, in float64, after the papers' code; the
# weights are random and so large that a missing term shows.
import json
import math
import os

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

here = os.path.dirname(os.path.abspath(__file__))
draw = torch.Generator().manual_seed(7)
CONTEXT, VOCABULARY, TEXT, JOINT = 8, 20, 8, 16


def normal(*shape, deviation=None):
    fan = math.prod(shape[1:]) or 1
    return torch.randn(*shape, generator=draw) * (deviation or fan**-0.5)


def norm(name, width, weights, parts=("weight", "bias")):
    for part in parts:
        weights[f"{name}.{part}"] = normal(width, deviation=0.2) + (part == "weight")


def blocks(prefix, width, layers, weights):
    for i in range(layers):
        p = f"{prefix}.resblocks.{i}"
        norm(f"{p}.ln_1", width, weights)
        norm(f"{p}.ln_2", width, weights)
        weights[f"{p}.attn.in_proj_weight"] = normal(3 * width, width) * 2
        weights[f"{p}.attn.in_proj_bias"] = normal(3 * width, deviation=0.2)
        for name, out, into in (("attn.out_proj", width, width), ("mlp.c_fc", 2 * width, width),
                                ("mlp.c_proj", width, 2 * width)):
            weights[f"{p}.{name}.weight"] = normal(out, into)
            weights[f"{p}.{name}.bias"] = normal(out, deviation=0.2)


def text(weights):
    weights["token_embedding.weight"] = normal(VOCABULARY, TEXT, deviation=1)
    weights["positional_embedding"] = normal(CONTEXT, TEXT, deviation=0.5)
    blocks("transformer", TEXT, 2, weights)
    norm("ln_final", TEXT, weights)
    weights["text_projection"] = normal(TEXT, JOINT)
    weights["logit_scale"] = torch.tensor(math.log(20.0))


def transformer(width, patch, side):
    w = {}
    w["visual.conv1.weight"] = normal(width, 3, patch, patch)
    w["visual.class_embedding"] = normal(width, deviation=0.5)
    w["visual.positional_embedding"] = normal(side * side + 1, width, deviation=0.5)
    norm("visual.ln_pre", width, w)
    norm("visual.ln_post", width, w)
    blocks("visual.transformer", width, 2, w)
    w["visual.proj"] = normal(width, JOINT)
    text(w)
    return w


def resnet(width, stages, side):
    w = {}

    def convolution(name, bn, out, into, k):
        w[f"visual.{name}.weight"] = normal(out, into, k, k) * 1.4
        norm(f"visual.{bn}", out, w)
        w[f"visual.{bn}.running_mean"] = normal(out, deviation=0.3)
        w[f"visual.{bn}.running_var"] = torch.rand(out, generator=draw) + 0.5
        w[f"visual.{bn}.num_batches_tracked"] = torch.tensor(3)

    convolution("conv1", "bn1", width // 2, 3, 3)
    convolution("conv2", "bn2", width // 2, width // 2, 3)
    convolution("conv3", "bn3", width, width // 2, 3)
    into = width
    for stage, count in enumerate(stages):
        planes = width << stage
        for k in range(count):
            p = f"layer{stage + 1}.{k}"
            convolution(f"{p}.conv1", f"{p}.bn1", planes, into, 1)
            convolution(f"{p}.conv2", f"{p}.bn2", planes, planes, 3)
            convolution(f"{p}.conv3", f"{p}.bn3", 4 * planes, planes, 1)
            if k == 0:
                convolution(f"{p}.downsample.0", f"{p}.downsample.1", 4 * planes, into, 1)
            into = 4 * planes
    w["visual.attnpool.positional_embedding"] = normal(side * side + 1, into, deviation=0.5)
    for name, out in (("q", into), ("k", into), ("v", into), ("c", JOINT)):
        w[f"visual.attnpool.{name}_proj.weight"] = normal(out, into)
        w[f"visual.attnpool.{name}_proj.bias"] = normal(out, deviation=0.2)
    text(w)
    return w


class Network:
    def __init__(self, weights, vision_heads, text_heads, activation, epsilon=1e-5, end=None):
        self.w = {k: v.double() for k, v in weights.items()}
        self.heads = {"visual": vision_heads, "text": text_heads}
        self.act = {"gelu": F.gelu, "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x)}[activation]
        self.epsilon, self.end = epsilon, end

    def ln(self, x, name):
        w = self.w
        return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], self.epsilon)

    def attend(self, q, k, v, heads, mask=None):
        q, k, v = (t.unflatten(-1, (heads, -1)).transpose(-2, -3) for t in (q, k, v))
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        scores = scores if mask is None else scores + mask
        return (scores.softmax(-1) @ v).transpose(-2, -3).flatten(-2)

    def blocks(self, x, prefix, heads, mask=None):
        w, i = self.w, 0
        while f"{prefix}.resblocks.{i}.ln_1.weight" in w:
            p = f"{prefix}.resblocks.{i}"
            lin = lambda y, n: F.linear(y, w[f"{p}.{n}.weight"], w[f"{p}.{n}.bias"])
            qkv = F.linear(self.ln(x, p + ".ln_1"), w[p + ".attn.in_proj_weight"], w[p + ".attn.in_proj_bias"])
            x = x + lin(self.attend(*qkv.chunk(3, -1), heads, mask), "attn.out_proj")
            x = x + lin(self.act(lin(self.ln(x, p + ".ln_2"), "mlp.c_fc")), "mlp.c_proj")
            i += 1
        return x

    def image(self, x):
        w = self.w
        x = x.double()
        if "visual.proj" in w:
            x = F.conv2d(x, w["visual.conv1.weight"], stride=w["visual.conv1.weight"].shape[-1])
            x = x.flatten(2).transpose(1, 2)
            start = w["visual.class_embedding"].expand(len(x), 1, -1)
            x = self.ln(torch.cat([start, x], 1) + w["visual.positional_embedding"], "visual.ln_pre")
            x = self.blocks(x, "visual.transformer", self.heads["visual"])
            return self.ln(x[:, 0], "visual.ln_post") @ w["visual.proj"]

        def conv(y, name, bn, stride=1):
            f, b = w[f"visual.{name}.weight"], f"visual.{bn}"
            y = F.conv2d(y, f, stride=stride, padding=f.shape[-1] // 2)
            return F.batch_norm(y, w[b + ".running_mean"], w[b + ".running_var"], w[b + ".weight"],
                                w[b + ".bias"], eps=1e-5)

        for i in (1, 2, 3):
            x = conv(x, f"conv{i}", f"bn{i}", 2 if i == 1 else 1).relu()
        x = F.avg_pool2d(x, 2)
        for stage in (1, 2, 3, 4):
            k = 0
            while f"visual.layer{stage}.{k}.conv1.weight" in w:
                p, s = f"layer{stage}.{k}", 2 if stage > 1 and k == 0 else 1
                y = conv(conv(x, f"{p}.conv1", f"{p}.bn1").relu(), f"{p}.conv2", f"{p}.bn2").relu()
                y = conv(F.avg_pool2d(y, s), f"{p}.conv3", f"{p}.bn3")
                if k == 0:
                    x = conv(F.avg_pool2d(x, s), f"{p}.downsample.0", f"{p}.downsample.1")
                x, k = (y + x).relu(), k + 1
        x = x.flatten(2).transpose(1, 2)
        x = torch.cat([x.mean(1, keepdim=True), x], 1) + w["visual.attnpool.positional_embedding"]
        lin = lambda y, n: F.linear(
            y, w[f"visual.attnpool.{n}_proj.weight"], w[f"visual.attnpool.{n}_proj.bias"])
        mixed = self.attend(lin(x[:, :1], "q"), lin(x, "k"), lin(x, "v"), self.heads["visual"])
        return lin(mixed, "c")[:, 0]

    def text(self, ids):
        w = self.w
        x = w["token_embedding.weight"][ids] + w["positional_embedding"][: ids.shape[1]]
        n = ids.shape[1]
        x = self.blocks(x, "transformer", self.heads["text"], torch.full((n, n), -math.inf).triu(1))
        at = ids.argmax(1) if self.end is None else (ids == self.end).int().argmax(1)
        x = self.ln(x, "ln_final")[torch.arange(len(ids)), at] @ w["text_projection"]
        return x + w["text_projection.bias"] if "text_projection.bias" in w else x


def hugging_face(weights):
    out = {}
    for name, value in weights.items():
        model = "vision_model." if name.startswith("visual.") else "text_model."
        own = name.removeprefix("visual.")
        for a, b in (("transformer.resblocks", "encoder.layers"), ("ln_1", "layer_norm1"),
                     ("ln_2", "layer_norm2"), ("mlp.c_fc", "mlp.fc1"), ("mlp.c_proj", "mlp.fc2"),
                     ("attn.", "self_attn."), ("ln_pre", "pre_layrnorm"), ("ln_post", "post_layernorm"),
                     ("ln_final", "final_layer_norm"), ("conv1", "embeddings.patch_embedding"),
                     ("class_embedding", "embeddings.class_embedding"),
                     ("token_embedding", "embeddings.token_embedding"),
                     ("positional_embedding", "embeddings.position_embedding.weight")):
            own = own.replace(a, b)
        if own.endswith(("in_proj_weight", "in_proj_bias")):
            kind = own.rsplit("_", 1)[1]
            for part, letter in zip(value.chunk(3), "qkv"):
                out[model + own.replace(f"in_proj_{kind}", f"{letter}_proj.{kind}")] = part
        elif name == "visual.proj":
            out["visual_projection.weight"] = value.T
        elif name == "text_projection":
            out["text_projection.weight"] = value.T
        else:
            out[name if name == "logit_scale" else model + own] = value
    out["text_model.embeddings.position_ids"] = torch.arange(CONTEXT)[None]
    return {k: v.contiguous() for k, v in out.items()}


ids = torch.tensor([[18, 3, 9, 19, 0, 0, 0, 0], [18, 19, 4, 17, 17, 1, 2, 0], [18, 5, 17, 6, 7, 8, 19, 0]])
cases = []


def case(name, network, size, options=""):
    image = ((torch.arange(6 * size * size) * 37 % 101 - 50) / 32).reshape(2, 3, size, size)
    images, texts = network.image(image), network.text(ids)
    cosines = F.normalize(images, dim=-1) @ F.normalize(texts, dim=-1).T
    cases.append({
        "name": name, "options": options, "size": size, "ids": ids.tolist(),
        "images": images.flatten().tolist(), "texts": texts.flatten().tolist(),
        "logits": (network.w["logit_scale"].exp() * cosines).flatten().tolist()})


def write(path, value):
    path = os.path.join(here, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        json.dump(value, file)


# A plain state dict behind a wrapper, some of it in half precision; heads of 4 columns.
w = transformer(8, 4, 2)
w = {k: v.half() if v.dim() > 1 else v for k, v in w.items()}
torch.save({"epoch": 3, "state_dict": {f"module.{k}": v for k, v in w.items()}},
           os.path.join(here, "checkpoints/plain.pt"))
case("plain.pt", Network(w, 2, 2, "gelu"), 8,
     ', activation: "gelu", vision_heads: 2, text_heads: 2')

# A ResNet of open_clip's kind in bfloat16, with its statistics and counters.
w = resnet(2, (1, 2, 1, 1), 2)
w = {k: v if v.dtype == torch.int64 else v.bfloat16() for k, v in w.items()}
os.makedirs(os.path.join(here, "checkpoints/resnet"), exist_ok=True)
save_file(w, os.path.join(here, "checkpoints/resnet/open_clip_model.safetensors"))
write("checkpoints/resnet/open_clip_config.json", {
    "model_cfg": {
        "embed_dim": JOINT, "quick_gelu": True,
        "vision_cfg": {"layers": [1, 2, 1, 1], "width": 2, "head_width": 32, "image_size": 64},
        "text_cfg": {"context_length": CONTEXT, "vocab_size": VOCABULARY, "width": TEXT, "heads": 2,
                     "layers": 2, "mlp_ratio": 2.0}},
    "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}})
case("resnet", Network(w, 2, 2, "quick_gelu"), 64)

# open_clip's text tower under a prefix, its projection a dense layer with a bias, a chosen end of text.
w = transformer(8, 4, 2)
w["text_projection.bias"] = normal(JOINT, deviation=0.5)
network = Network(w, 4, 2, "gelu", epsilon=1e-3, end=17)
towers = {}
for k, v in w.items():
    if k == "text_projection":
        towers["text.text_projection.weight"] = v.T.contiguous()
    else:
        own = k.startswith("visual.") or k == "logit_scale"
        towers[k if own else "text." + k] = v.reshape(1) if k == "logit_scale" else v
os.makedirs(os.path.join(here, "checkpoints/custom_text"), exist_ok=True)
save_file(towers, os.path.join(here, "checkpoints/custom_text/open_clip_model.safetensors"))
eps = {"eps": 1e-3}
write("checkpoints/custom_text/open_clip_config.json", {
    "model_cfg": {
        "embed_dim": JOINT, "custom_text": True,
        "vision_cfg": {"layers": 2, "width": 8, "head_width": 2, "patch_size": 4, "image_size": 8,
                       "mlp_ratio": 2.0, "norm_kwargs": eps},
        "text_cfg": {"context_length": CONTEXT, "vocab_size": VOCABULARY, "width": TEXT, "heads": 2,
                     "layers": 2, "mlp_ratio": 2.0, "proj_bias": True, "pool_type": "eos", "eos_id": 17,
                     "norm_kwargs": eps}}})
ids = torch.tensor([[18, 3, 17, 19, 0, 0, 0, 0], [18, 19, 4, 17, 17, 1, 2, 0], [17, 5, 17, 6, 7, 8, 19, 0]])
case("custom_text", network, 8)

# Hugging Face's names; what the configuration leaves out is the library's default.
w = transformer(8, 4, 2)
os.makedirs(os.path.join(here, "checkpoints/hugging_face"), exist_ok=True)
save_file(hugging_face(w), os.path.join(here, "checkpoints/hugging_face/model.safetensors"))
tower = {"hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
write("checkpoints/hugging_face/config.json", {
    "model_type": "clip", "projection_dim": JOINT,
    "text_config": tower | {"vocab_size": 99, "max_position_embeddings": CONTEXT, "eos_token_id": 17},
    "text_config_dict": {"vocab_size": VOCABULARY, "hidden_size": None},
    "vision_config": tower | {"image_size": 8, "patch_size": 4}})
case("hugging_face", Network(w, 2, 2, "quick_gelu", end=17), 8)

write("checkpoints.json", cases)
