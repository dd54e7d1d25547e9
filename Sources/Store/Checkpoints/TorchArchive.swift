/// A zip archive of torch: `NAME/data.pkl` describes the tensors, `NAME/data/KEY` holds their bytes.
struct TorchArchive {
  /// The tensors of the state dict, in its order.
  let tensors: [(name: String, view: StoredView)]
  /// Whether it was saved together with a program.
  let isTorchScript: Bool

  private static let pickleLimit = 64 << 20

  init(_ source: FileBytes) throws(Fault) {
    let directory = try ZipDirectory(source)
    let pickle = "data.pkl"
    let tops = directory.entries.compactMap { entry -> String? in
      guard entry.name.hasSuffix("/" + pickle) else { return nil }
      let top = entry.name.dropLast(pickle.utf8.count)
      return top.utf8.firstIndex(of: UInt8(ascii: "/")) == top.utf8.indices.last ? String(top) : nil
    }
    guard tops.count == 1, let top = tops.first else {
      throw tops.isEmpty
        ? .notWeights(found: "a zip archive without data.pkl") : .damaged("several data.pkl")
    }
    for entry in directory.entries where entry.name.hasPrefix(top + "data/") {
      try Self.checkStored(entry, TextWidth.quoted(entry.name))
    }
    try Self.checkOrder(source, directory[top + "byteorder"])
    let bytes = try Self.bytes(source, directory[top + pickle], pickle, limit: Self.pickleLimit)
    var machine = PickleMachine(bytes) { (key, count) throws(Fault) in
      guard let entry = directory[top + "data/" + key] else {
        throw .damaged("data/\(key), which it refers to, is missing")
      }
      guard entry.bytes.count == count else {
        throw .damaged("data/\(key) has \(entry.bytes.count) bytes instead of \(count)")
      }
      return entry.bytes
    }
    let root = try machine.run()
    var names = StateDictNames(machine)
    tensors = try names.tensors(of: root)
    isTorchScript = directory[top + "constants.pkl"] != nil || names.isTorchScript
  }

  private static func checkOrder(_ source: FileBytes, _ entry: ZipDirectory.Entry?) throws(Fault) {
    guard entry != nil else { return }
    let order = String(
      decoding: try bytes(source, entry, "byteorder", limit: 64), as: UTF8.self)
    guard order != "big" else { throw .unsupported("big-endian numbers") }
    guard order == "little" else { throw .damaged("byteorder \(TextWidth.quoted(order))") }
  }

  /// The bytes of an entry, whose checksum has been compared.
  private static func bytes(
    _ source: FileBytes, _ entry: ZipDirectory.Entry?, _ name: String, limit: Int
  ) throws(Fault) -> [UInt8] {
    guard let entry else { throw .damaged("\(name) is missing") }
    try checkStored(entry, name)
    guard entry.bytes.count <= limit else {
      throw .tooLarge(needed: entry.bytes.count, limit: limit)
    }
    let bytes = try source.bytes(at: entry.bytes.place, count: entry.bytes.count)
    guard CRC32.continued(0, bytes) == entry.bytes.checksum else {
      throw .damaged("\(name) has another checksum than it should")
    }
    return bytes
  }

  private static func checkStored(_ entry: ZipDirectory.Entry, _ name: String) throws(Fault) {
    guard entry.isStored else { throw .unsupported("a compressed \(name)") }
  }
}
