/// Builds safetensors files, good ones and others.
struct SafetensorsFile {
  struct Tensor {
    var name: String
    var type: String
    var shape: [Int]
    var bytes: [UInt8]
  }

  /// The header's text and the data behind it.
  static func bytes(header: String, data: [UInt8] = []) -> [UInt8] {
    let header = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
  }

  /// A whole file, padded as its writers do it.
  static func bytes(_ tensors: [Tensor], metadata: String? = nil) -> [UInt8] {
    var fields = metadata.map { ["\"__metadata__\":\($0)"] } ?? []
    var data: [UInt8] = []
    for tensor in tensors {
      let end = data.count + tensor.bytes.count
      fields.append(
        "\"\(tensor.name)\":{\"dtype\":\"\(tensor.type)\",\"shape\":\(tensor.shape),"
          + "\"data_offsets\":[\(data.count),\(end)]}")
      data += tensor.bytes
    }
    let header = "{\(fields.joined(separator: ","))}"
    let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    return bytes(header: header + padding, data: data)
  }
}

extension Array where Element: FixedWidthInteger {
  /// The bytes in the order of files.
  var littleEndian: [UInt8] {
    flatMap { value in
      (0..<Element.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Element(8 * $0)) }
    }
  }
}

extension Array<Float> {
  var littleEndian: [UInt8] { map(\.bitPattern).littleEndian }
}
