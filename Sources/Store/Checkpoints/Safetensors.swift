internal import Tensor

/// The description of a safetensors file:
///
///     u64 length | length bytes of JSON: name → {dtype, shape, data_offsets} | the tensors
///
/// Read as strictly as it can be written: no name twice, exactly the three fields, and tensors that
/// cover the data to its last byte without a hole or an overlap.
enum Safetensors {
  /// Bytes that a header may have.
  static let headerLimit = 100_000_000
  private static let depth = 16

  /// The tensors of a file, in the order of its header.
  static func tensors(_ source: FileBytes) throws(Fault) -> [(name: String, view: StoredView)] {
    guard source.size >= 8 else {
      throw .damaged("\(source.size) bytes, fewer than a length takes")
    }
    var start = ByteCursor(try source.bytes(at: 0, count: 8))
    let length = try start.unsigned(8)
    guard length <= headerLimit else { throw .damaged("a header of \(length) bytes") }
    let data = 8 + Int(length)
    guard data <= source.size else {
      throw .damaged("a header of \(length) bytes in a file of \(source.size)")
    }
    let header = try source.bytes(at: 8, count: Int(length))
    guard header.first == UInt8(ascii: "{") else { throw .damaged("a header that is no object") }
    guard let members = try JSON(parsing: header, depth: depth).object else {
      throw .damaged("a header that is no object")
    }
    var tensors: [(name: String, view: StoredView)] = []
    for member in members {
      if member.name == "__metadata__" {
        try checkMetadata(member.value)
      } else {
        let field = try Field(member, dataCount: source.size - data)
        let storage = StoredBytes(place: data + field.begin, count: field.count, checksum: nil)
        tensors.append((member.name, StoredView(storage, field.type, shape: field.shape)))
      }
    }
    try checkTiling(tensors.map(\.view.storage), from: data, to: source.size)
    return tensors
  }

  private static func checkMetadata(_ value: JSON) throws(Fault) {
    guard let members = value.object, members.allSatisfy({ $0.value.string != nil }) else {
      throw .damaged("metadata that are no texts")
    }
  }

  private static func checkTiling(_ runs: [StoredBytes], from data: Int, to end: Int) throws(Fault)
  {
    var place = data
    for run in runs.sorted(by: { ($0.place, $0.count) < ($1.place, $1.count) }) {
      guard run.place == place else {
        throw .damaged(
          run.place < place ? "tensors that share bytes" : "bytes that belong to no tensor")
      }
      place += run.count
    }
    guard place == end else { throw .damaged("bytes after the last tensor") }
  }
}

/// What the header says about one tensor.
private struct Field {
  let type: ScalarType
  let shape: [Int]
  let begin: Int
  let count: Int

  private static let types: [String: ScalarType] = [
    "F32": .float32, "F16": .float16, "BF16": .bfloat16, "F64": .float64, "I64": .int64,
    "I32": .int32, "U8": .uint8, "BOOL": .bool,
  ]

  init(_ member: JSON.Member, dataCount: Int) throws(Fault) {
    let name = TextWidth.quoted(member.name)
    guard let fields = member.value.object, fields.count == 3, let dtype = member.value["dtype"],
      let dimensions = member.value["shape"], let offsets = member.value["data_offsets"]
    else { throw .damaged("\(name) has other fields than dtype, shape and data_offsets") }
    guard let typeName = dtype.string, let type = Self.types[typeName] else {
      throw .unsupported("\(name) of dtype \(TextWidth.quoted(dtype.string ?? "?"))")
    }
    guard let shape = Self.counts(dimensions) else { throw .damaged("the shape of \(name)") }
    guard let ends = Self.counts(offsets), ends.count == 2, ends[0] <= ends[1] else {
      throw .damaged("the offsets of \(name)")
    }
    guard ends[1] <= dataCount else { throw .damaged("\(name) reaches past the end of the file") }
    guard shape.count <= Dataspace.maximumRank else {
      throw .damaged("\(name) has \(shape.count) axes")
    }
    guard let needed = try? Dataspace.bytes(shape, of: type.size) else {
      throw .damaged("the shape of \(name) is beyond any memory")
    }
    guard needed == ends[1] - ends[0] else {
      throw .damaged("\(name) has \(ends[1] - ends[0]) bytes, and its shape needs \(needed)")
    }
    (self.type, self.shape, begin, count) = (type, shape, ends[0], needed)
  }

  /// An array of whole numbers that are not negative.
  private static func counts(_ value: JSON) -> [Int]? {
    guard let elements = value.array else { return nil }
    let counts = elements.compactMap(\.int)
    return counts.count == elements.count && counts.allSatisfy { $0 >= 0 } ? counts : nil
  }
}
