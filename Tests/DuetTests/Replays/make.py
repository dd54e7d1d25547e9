"""Makes the HDF5 files beside it: python make.py

A model of a few numbers, and files of the format duet-parity/1 for the methods of `library`. In `wrong`
all but one are wrong in one way; `alone` has no model; `slow` asks for too much memory, or for ever.
"""
import json
import shutil
from pathlib import Path

import h5py
import numpy as np

here = Path(__file__).parent
random = np.random.default_rng(1)
SIZES = {
    "image_size": 8, "patch_size": 4, "vision_width": 8, "vision_layers": 2, "vision_heads": 2,
    "text_width": 8, "text_layers": 2, "text_heads": 2, "embed_dim": 8, "context_length": 77,
    "vocab_size": 20,
}


def block(name):
    shapes = {
        "attn.in_proj_weight": (24, 8), "attn.in_proj_bias": (24,), "attn.out_proj.weight": (8, 8),
        "attn.out_proj.bias": (8,), "ln_1.weight": (8,), "ln_1.bias": (8,), "ln_2.weight": (8,),
        "ln_2.bias": (8,), "mlp.c_fc.weight": (32, 8), "mlp.c_fc.bias": (32,),
        "mlp.c_proj.weight": (8, 32), "mlp.c_proj.bias": (8,),
    }
    return {f"{name}.{key}": shape for key, shape in shapes.items()}


def model(group):
    group.attrs.update(SIZES)
    shapes = {
        "visual.conv1.weight": (8, 3, 4, 4), "visual.class_embedding": (8,),
        "visual.positional_embedding": (5, 8), "visual.ln_pre.weight": (8,),
        "visual.ln_pre.bias": (8,), "visual.ln_post.weight": (8,), "visual.ln_post.bias": (8,),
        "visual.proj": (8, 8), "token_embedding.weight": (20, 8), "positional_embedding": (77, 8),
        "ln_final.weight": (8,), "ln_final.bias": (8,), "text_projection": (8, 8), "logit_scale": (),
    }
    for layer in range(2):
        shapes |= block(f"visual.transformer.resblocks.{layer}")
        shapes |= block(f"transformer.resblocks.{layer}")
    for name, shape in shapes.items():
        group[name] = random.normal(size=shape).astype("f4").round(1)


def tokens():
    rows = np.zeros((2, 77), "i8")
    for row, name in zip(rows, ([5], [6, 7])):
        sentence = [18, 1, 2, *name, 17, 19]
        row[: len(sentence)] = sentence
    return rows


def case():
    """The parts of a file; whoever makes a wrong one changes some."""
    return {
        "attributes": {
            "format": "duet-parity/1", "method": "plain", "options": json.dumps({"n_ctx": 2}),
            "optimizer": json.dumps({"name": "sgd", "lr": 0.1, "momentum": 0.9, "weight_decay": 0.0}),
            "seed": 1,
        },
        "input": {
            "images": np.ones((2, 3, 8, 8), "f4"), "labels": np.array([0, 1]),
            "class_tokens": tokens(), "name_lens": np.array([1, 2]),
        },
        "param": {"ctx": np.ones((2, 8), "f4")},
        "expected": {"logits": np.zeros((2, 2), "f4")},
    }


def write(name, folder="wrong", **changes):
    parts = case()
    for part, change in changes.items():
        if change is None:
            del parts[part]
        else:
            parts[part] = {k: v for k, v in (parts[part] | change).items() if v is not None}
    with h5py.File(here / folder / f"{name}.h5", "w", libver="latest") as file:
        file.attrs.update(parts.pop("attributes"))
        for part, arrays in parts.items():
            group = file.create_group(part)
            for key, value in arrays.items():
                group[key] = value


for folder in ("wrong", "slow", "alone"):
    for path in (here / folder).glob("*.h5"):
        path.unlink()
    (here / folder).mkdir(exist_ok=True)
with h5py.File(here / "wrong/clip.h5", "w", libver="latest") as file:
    file.attrs["format"] = "duet-parity-clip/1"
    model(file.create_group("clip"))
shutil.copy(here / "wrong/clip.h5", here / "slow/clip.h5")


def attributes(**changes):
    return {"attributes": changes}


write("no_method", **attributes(method=None))
write("unknown_method", **attributes(method="nothing \"quoted\""))
write("method_is_a_number", **attributes(method=3))
write("options_are_no_json", **attributes(options="{n_ctx: 2"))
write("options_are_a_list", **attributes(options="[2]"))
write("an_unknown_option", **attributes(options='{"depth": 2}'))
write("options_of_another_kind", **attributes(options='{"n_ctx": "two"}'))
write("options_without_end", **attributes(options="[" * 4000))
write("huge_options", "slow", **attributes(options='{"n_ctx": 1000000000000}'))
write("optimizer_is_a_text", **attributes(optimizer='"sgd"'))
write("optimizer_without_rate", **attributes(optimizer='{"name": "sgd"}'))
write("no_seed", **attributes(seed=None))
write("no_input", input=None)
write("no_param", param=None)
write("no_expected", expected=None)
write("nothing_expected", expected={"logits": None})
write("expected_is_infinite", expected={"logits": np.full((2, 2), np.inf, "f4")})
write("expected_are_texts", expected={"logits": "large"})
write("expected_of_another_shape", expected={"logits": np.zeros((2, 3), "f4")})
write("expected_without_a_rule", expected={"fortune": np.float32(1)})
write("expected_that_nobody_computes", expected={"patch_features": np.zeros((2, 4, 8), "f4")})
write("expected_too_deep", expected={"grad/ctx/x": np.float32(1)})
write("a_parameter_too_many", param={"other": np.ones((2, 8), "f4")})
write("a_parameter_too_few", param={"ctx": None})
write("a_parameter_of_another_shape", param={"ctx": np.ones((3, 8), "f4")})
write("a_parameter_of_whole_numbers", param={"ctx": np.ones((2, 8), "i8")})
write("no_tokens", input={"class_tokens": None})
write("tokens_outside_the_vocabulary", input={"class_tokens": tokens() + 20})
write("labels_that_are_no_classes", input={"labels": np.array([0, 9])})
write("labels_of_other_images", input={"labels": np.array([0, 1, 0])})
write("labels_that_are_empty", input={"labels": np.zeros((0,), "i8")})
write("images_of_another_size", input={"images": np.ones((2, 3, 9, 9), "f4")})
write("images_with_a_nan", input={"images": np.full((2, 3, 8, 8), np.nan, "f4")})
write("numbers_that_differ")
write("tokens_that_end_elsewhere", expected={"logits": None, "eot_index": np.array([6, 6])})
write("tokens_that_end_where_they_should", expected={"logits": None, "eot_index": np.array([5, 6])})
for method in ("silent", "chatty", "texts", "forgetful", "infinite", "nested"):
    write(f"method_{method}", **attributes(method=method))
write("without_end", "slow", **attributes(method="endless"))
write("no_model", "alone")
