internal import Tensor

/// Tensors as a safetensors file: float32, in the order given, data aligned to eight bytes.
package enum SafetensorsImage {
  /// The bytes of a file. Names must differ; texts may go with them as metadata.
  package static func bytes(
    of tensors: [NamedTensor], metadata: [(name: String, text: String)]
  ) throws(StoreError.Fault) -> [UInt8] {
    var names: Set<[UInt8]> = [Array("__metadata__".utf8)]
    var fields = [
      "\"__metadata__\":{"
        + metadata.map { "\(quoted($0.name)):\(quoted($0.text))" }.joined(separator: ",") + "}"
    ]
    var end = 0
    for item in tensors {
      guard names.insert(Array(item.name.utf8)).inserted else {
        throw .refused("two tensors called \(TextWidth.quoted(item.name))")
      }
      let begin = end
      end += 4 * item.tensor.count
      let shape = item.tensor.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(quoted(item.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}"
      )
    }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + end)
    unsafe withUnsafeBytes(of: UInt64(header.count).littleEndian) {
      unsafe bytes.append(contentsOf: $0)
    }
    bytes += header
    for item in tensors {
      unsafe item.tensor.elements.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// A text of JSON.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\0"..<" ":
        let code = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
