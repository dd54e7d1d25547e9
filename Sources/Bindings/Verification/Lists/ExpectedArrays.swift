internal import Store
internal import Tensor

/// The arrays that another program computed, in an HDF5 file beside a list.
struct ExpectedArrays {
  private let path: String

  init(_ path: String) { self.path = path }

  /// An array of bytes of a shape.
  func bytes(_ name: String, _ shape: [Int]) throws(CaseFailure) -> [UInt8] {
    let array = try array(name)
    guard case .integers(let values) = array.elements, array.shape == shape else {
      throw CaseFailure("\(name): \(array.elements.typeName) \(array.shape), not bytes \(shape)")
    }
    let bytes = values.compactMap { UInt8(exactly: $0) }
    guard bytes.count == values.count else { throw CaseFailure("\(name): not all are bytes") }
    return bytes
  }

  /// Floats of a shape.
  func floats(_ name: String, _ shape: [Int]) throws(CaseFailure) -> [Double] {
    let (found, values) = try floats(name)
    guard found == shape else { throw CaseFailure("\(name): the shape \(found), not \(shape)") }
    return values
  }

  /// Floats, and their shape.
  func floats(_ name: String) throws(CaseFailure) -> (shape: [Int], values: [Double]) {
    let node = try node(name)
    switch node.content {
    case .tensor(let tensor): return (tensor.shape, tensor.elements.map(Double.init))
    case .array(let array):
      if case .floats(let values) = array.elements { return (array.shape, values) }
    case .group: break
    }
    throw CaseFailure("\(name): \(node.summary), not floats")
  }

  /// Rows of whole numbers.
  func rows(_ name: String) throws(CaseFailure) -> [[Int]] {
    let array = try array(name)
    guard case .integers(let values) = array.elements, array.shape.count == 2 else {
      throw CaseFailure("\(name): \(array.elements.typeName) \(array.shape), not rows of integers")
    }
    let length = array.shape[1]
    return (0..<array.shape[0]).map { Array(values[$0 * length..<($0 + 1) * length]) }
  }

  /// Whether there is an array of that name.
  func has(_ name: String) -> Bool { (try? node(name)) != nil }

  private func array(_ name: String) throws(CaseFailure) -> StoredArray {
    let node = try node(name)
    guard case .array(let array) = node.content else {
      throw CaseFailure("\(name): \(node.summary), not integers")
    }
    return array
  }

  private func node(_ name: String) throws(CaseFailure) -> Node {
    do throws(StoreError) {
      return try Archive.node(at: "/" + name, of: path)
    } catch {
      throw CaseFailure(FileFailure(error).message)
    }
  }
}

/// What is wrong with a case, in one line.
struct CaseFailure: Error {
  let words: String

  init(_ words: String) { self.words = words }
}

/// What comes of a comparison that cannot be made is a failure.
func outcome(_ compare: () throws(CaseFailure) -> ReferenceCase.Outcome) -> ReferenceCase.Outcome {
  do throws(CaseFailure) { return try compare() } catch { return .failed(error.words) }
}
