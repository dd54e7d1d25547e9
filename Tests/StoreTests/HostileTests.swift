import Foundation
import Store
import TestSupport
import Testing

/// Files that are made to harm their reader: bombs, links out of the file, endless structures. Each
/// ends in an error that names the object; the rest of the file can be read.
@Suite(.enabled(if: Python.has("h5py"), "\(Python.absence(of: "h5py"))"))
struct HostileTests {
  /// One file with everything, made by h5py; its path.
  private static let made: Result<String, any Error> = Result {
    let path = NSTemporaryDirectory() + "duet-hostile-\(getpid())"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Python.run(script, path)
    return path
  }

  private static let script = """
    import sys, os, struct, h5py, numpy as np
    os.chdir(sys.argv[1])
    with h5py.File("other.h5", "w") as f:
        f["secret"] = 1
    with h5py.File("all.h5", "w") as f:
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
        f["latin"] = np.array([b"gr\\xfc\\xdfe"])
        f.create_dataset("declared", (1 << 40,), "f8")
        f.create_dataset("sparse", (1 << 40,), "f8", chunks=(1 << 20,))
        f.create_dataset("empty", (1 << 62, 4, 0), "f8")
        d = f.create_dataset("sums", data=np.arange(100.0), chunks=(100,), fletcher32=True)
        f.create_dataset("zeros", data=np.zeros((1 << 22,)), chunks=(1 << 20,), compression="gzip")
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
    with open("all.h5", "r+b") as b:
        b.seek(place + 10)
        b.write(b"\\xff")
    """

  private func file() throws -> String { try Self.made.get() + "/all.h5" }

  struct Case: CustomTestStringConvertible {
    let name: String
    let fault: StoreError.Fault
    var path: String?
    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(name: "soft", fault: .unsupported("a soft link")),
    Case(name: "external", fault: .unsupported("a link into another file")),
    Case(name: "host", fault: .unsupported("data in another file")),
    Case(name: "virtual", fault: .unsupported("a virtual dataset")),
    Case(name: "lzf", fault: .unsupported("filter 32000 (lzf)")),
    Case(name: "offset", fault: .unsupported("filter 6 (scale-offset)")),
    Case(name: "compound", fault: .unsupported("a compound type")),
    Case(name: "opaque", fault: .unsupported("opaque bytes")),
    Case(name: "reference", fault: .unsupported("a reference")),
    Case(name: "sequences", fault: .unsupported("sequences of variable length")),
    Case(name: "complex", fault: .unsupported("a compound type")),
    Case(name: "array", fault: .unsupported("an array type")),
    Case(name: "huge", fault: .unsupported("integers beyond 2^63")),
    Case(name: "type", fault: .unsupported("neither a group nor a dataset")),
    Case(name: "latin", fault: .unsupported("a text that is not UTF-8")),
    Case(name: "declared", fault: .tooLarge(needed: 1 << 43, limit: 4 << 30)),
    Case(name: "sparse", fault: .tooLarge(needed: 1 << 43, limit: 4 << 30)),
    Case(name: "empty", fault: .tooLarge(needed: .max, limit: .max)),
    Case(name: "sums", fault: .damaged("the checksum of a chunk")),
    Case(
      name: "cycle", fault: .unsupported("a group of two names"), path: "/cycle/again"),
    Case(
      name: "deep", fault: .tooMany("levels", limit: 64),
      path: "/deep" + String(repeating: "/d", count: 63)),
    Case(name: "lattice", fault: .unsupported("a group of two names")),
  ])
  func `is refused by name`(_ test: Case) throws {
    let file = try file()
    let error = try #require(throws: StoreError.self) {
      try Archive.node(at: "/" + test.name, of: file)
    }
    #expect(error.fault == test.fault)
    #expect(error.file == file)
    if test.name != "lattice" { #expect(error.path == test.path ?? "/" + test.name) }
  }

  @Test func `the rest can be read, and everything can be listed`() throws {
    let file = try file()
    #expect(try Archive.node(at: "/good", of: file).content == .array(.integers([0, 1, 2])))
    #expect(throws: StoreError.self) { try Archive(reading: file) }
    let text = try Listing(of: file, width: 300).text
    for part in ["a soft link", "data in another file", "8.0 TiB in 0 B", "good"] {
      #expect(text.contains(part))
    }
  }

  @Test func `limits can be set`() throws {
    let file = try file()
    var options = Archive.ReadOptions()
    options.limits.bytes = 1000
    #expect(throws: StoreError(file: file, path: "/zeros", .tooLarge(needed: 1 << 25, limit: 1000)))
    {
      try Archive.node(at: "/zeros", of: file, options)
    }
    options = Archive.ReadOptions()
    options.limits.objects = 30
    #expect(throws: StoreError.self) { try Archive.node(at: "/lattice", of: file, options) }
    let zeros = try Archive.node(at: "/zeros", of: file)
    #expect(
      zeros.content
        == .array(.init(shape: [1 << 22], .floats([Double](repeating: 0, count: 1 << 22)))))
  }
}
