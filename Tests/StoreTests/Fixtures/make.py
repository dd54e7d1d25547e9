"""Writes the files that `ReadingTests`, `MutationTests` and `HostileTests` read: the same content in
each format that h5py can write, and files that are made to harm their reader. Run it with h5py 3.16
or later; the files are committed."""

import pathlib
import zlib

import h5py
import numpy as np

here = pathlib.Path(__file__).parent


def fill(f):
    order = f.id.get_create_plist().get_link_creation_order() != 0
    f.attrs["text"] = "grüße"
    f.attrs["fixed"] = np.bytes_(b"fixed")
    f.attrs["numbers"] = np.arange(5, dtype="i2")
    f.attrs["real"] = np.float32(0.5)
    f.attrs["flag"] = True
    f.attrs["texts"] = np.array(["a", "", "ccc"], dtype=h5py.string_dtype())
    f.attrs["empty"] = h5py.Empty("f4")
    types = f.create_group("types", track_order=order)
    for t in ["i1", "u1", "i2", ">u2", "i4", "u4", ">i8", "u8"]:
        types["z" + t.strip("<>")] = np.array([1, 2, 127], dtype=t)
    types["half"] = np.array([0.5, -2, 65504], dtype="f2")
    types["single"] = np.arange(12, dtype="f4").reshape(3, 4)
    types["big"] = np.array([1.5, -0.0, np.nan], dtype=">f4")
    types["double"] = np.array([np.pi, np.inf], dtype="f8")
    types["bool"] = np.array([[True], [False]])
    types["enum"] = np.array([0, 1], dtype=h5py.enum_dtype({"RED": 0, "GREEN": 1}, basetype="i4"))
    strings = f.create_group("strings", track_order=order)
    strings["vlen"] = np.array([["x", "yy"], ["", "ω"]], dtype=h5py.string_dtype())
    strings["scalar"] = "one"
    strings["nullpad"] = np.array([b"abc", b"defgh"], dtype="S5")
    strings["ascii"] = np.array([b"q", b""], dtype=h5py.string_dtype("ascii"))
    null_term = h5py.h5t.C_S1.copy()
    null_term.set_size(4)
    space_pad = h5py.h5t.FORTRAN_S1.copy()
    space_pad.set_size(4)
    for name, t in [("nullterm", null_term), ("spacepad", space_pad)]:
        space = h5py.h5s.create_simple((2,))
        d = h5py.h5d.create(strings.id, name.encode(), t, space)
        data = np.array([b"ab  " if t is space_pad else b"ab", b"abc "[: 4 if t is space_pad else 3]], dtype="S4")
        d.write(h5py.h5s.ALL, h5py.h5s.ALL, data, mtype=t)
    layouts = f.create_group("layouts", track_order=order)
    ramp = np.arange(30, dtype="f4").reshape(6, 5)
    layouts["null"] = h5py.Empty("f8")
    layouts["scalar"] = np.int64(-7)
    layouts["none"] = np.zeros((0, 3), dtype="f4")
    layouts.create_dataset("unwritten", shape=(4,), dtype="f8", fillvalue=2.5)
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    d = h5py.h5d.create(layouts.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((6, 5)), compact)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, ramp)
    chunked = dict(data=ramp, chunks=(4, 2))
    layouts.create_dataset("chunked", **chunked)
    layouts.create_dataset("gzip", compression="gzip", **chunked)
    layouts.create_dataset("all", compression="gzip", shuffle=True, fletcher32=True, **chunked)
    layouts.create_dataset("single", data=ramp, chunks=(6, 5), compression="gzip")
    layouts.create_dataset("growing", maxshape=(None, 5), **chunked)
    layouts.create_dataset("sideways", maxshape=(6, None), compression="gzip", **chunked)
    layouts.create_dataset("both", maxshape=(None, None), shuffle=True, **chunked)
    layouts.create_dataset("larger", maxshape=(9, 7), **chunked)
    sparse = layouts.create_dataset("sparse", shape=(6, 5), dtype="f4", chunks=(2, 5), fillvalue=-1)
    sparse[2:4] = ramp[2:4]
    many = f.create_group("many", track_order=order)
    for i in range(30):
        many["m%02d" % (29 - i)] = i
    for i in range(12):
        many.attrs["a%02d" % (11 - i)] = "text %d" % i


for name, options in {
    "earliest": dict(libver=("earliest", "v108")),
    "ordered": dict(libver=("v108", "v108"), track_order=True),
    "latest": dict(libver=("latest", "latest")),
}.items():
    with h5py.File(here / f"{name}.h5", "w", **options) as f:
        fill(f)


# What a reader must not believe or follow.
with h5py.File(here / "hostile.h5", "w", libver="latest") as f:
    f["good"] = np.arange(3)
    f["soft"] = h5py.SoftLink("/good")
    f["external"] = h5py.ExternalLink("other.h5", "/secret")
    f.create_dataset("host", (10,), "u1", external=[("/etc/passwd", 0, 10)])
    layout = h5py.VirtualLayout((3,), "i8")
    layout[:] = h5py.VirtualSource("other.h5", "secret", (3,))
    f.create_virtual_dataset("virtual", layout)
    f.create_dataset("lzf", data=np.zeros(5000), chunks=True, compression="lzf")
    f.create_dataset("offset", data=np.arange(5000), chunks=True, scaleoffset=0)
    f["compound"] = np.zeros(2, [("a", "i4"), ("b", "f4")])
    f["opaque"] = np.void(b"abc")
    f["reference"] = f["good"].ref
    f["sequences"] = np.array([np.arange(2), np.arange(3)], dtype=h5py.vlen_dtype("i4"))
    f["complex"] = np.array([1j])
    f.create_dataset("array", (2,), "(2,2)f4")
    f["huge"] = np.array([2**63], "u8")
    f["type"] = np.dtype("i4")
    f["latin"] = np.array([b"gr\xfc\xdfe"])
    f.create_dataset("declared", (1 << 40,), "f8")
    f.create_dataset("sparse", (1 << 40,), "f8", chunks=(1 << 20,))
    f.create_dataset("empty", (1 << 62, 4, 0), "f8")
    d = f.create_dataset("sums", data=np.arange(100.0), chunks=(100,), fletcher32=True)
    f.create_dataset("zeros", data=np.zeros((1 << 22,)), chunks=(1 << 20,), compression="gzip")
    claim = f.create_dataset("claim", (1 << 26,), "f8", chunks=(1 << 26,), compression="gzip")
    claim.id.write_direct_chunk((0,), zlib.compress(b"nothing"))
    shared = f.create_dataset("shared", data=["x" * 9000] + [""] * 99, dtype=h5py.string_dtype())
    g = f.create_group("cycle")
    g["again"] = g
    g = f.create_group("deep")
    for _ in range(100):
        g = g.create_group("d")
    g = f.create_group("lattice")
    for _ in range(40):
        h = g.create_group("a")
        g["b"] = h
        g = h
    place = d.id.get_chunk_info(0).byte_offset
    texts = shared.id.get_offset()
with open(here / "hostile.h5", "r+b") as b:
    b.seek(place + 10)
    b.write(b"\xff")
    b.seek(texts)
    reference = b.read(16)
    b.seek(texts)
    b.write(reference * 100)

with h5py.File(here / "links.h5", "w", libver=("earliest", "v108")) as f:
    f["good"] = np.arange(3)
    f["soft"] = h5py.SoftLink("/good")
    f["cycle"] = f["/"]
