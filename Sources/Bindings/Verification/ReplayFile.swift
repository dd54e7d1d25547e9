internal import Foundation
internal import Language
internal import Store
internal import Tensor

/// A reference file of a method, read and checked.
struct ReplayFile {
  /// An array that a method is to compute.
  struct Entry {
    /// Its place below `/expected`.
    let path: String
    let shape: [Int]
    let values: [Double]
  }

  /// What the script `replay` is given, but for the model.
  let given: Record
  /// The names of the start values.
  let parameters: [String]
  let expected: [Entry]
  let tolerance: ReplayTolerance
  /// Whether the model is in the file itself.
  let hasModel: Bool

  /// Bytes that a group may hold.
  private static let limit = 1 << 28

  init(_ file: StoredFile, _ engine: Engine) throws(ReplayFailure) {
    let method = try Self.text("method", of: file)
    let options = try Self.json("options", of: file)
    guard options.record != nil else { throw ReplayFailure("options: no record in JSON") }
    let optimizer = try Self.json("optimizer", of: file)
    guard optimizer.record != nil || optimizer.isNil else {
      throw ReplayFailure("optimizer: neither a record in JSON nor null")
    }
    guard let seed = file.attribute("seed")?.integer else {
      throw ReplayFailure("seed: there is no such whole number among the attributes")
    }
    let reader = ReplayReader(engine)
    let input = try reader.value(try Self.group("input", of: file), at: "input")
    // A method that learns nothing starts nothing.
    let groups = try Self.names(of: file)
    let learnsNothing = optimizer.isNil && !groups.contains("param")
    let values =
      learnsNothing
      ? Record([]) : try reader.tensors(try Self.group("param", of: file), at: "param")
    expected = try reader.entries(try Self.group("expected", of: file), at: "")
    guard !expected.isEmpty else { throw ReplayFailure("expected: it holds nothing") }
    parameters = values.keys
    hasModel = groups.contains("clip")
    tolerance = ReplayTolerance(
      isAbsolute: file.attribute("case") != nil,
      usesAdam: optimizer.record?["name"]?.string.map { $0 != "sgd" } ?? false)
    given = Record([
      ("method", Value(method)), ("options", options), ("optimizer", optimizer),
      ("seed", .int(seed)), ("input", input), ("param", Value(values)),
      ("expected", Value(expected.map { Value($0.path) })),
    ])
  }

  // Attributes

  private static func text(_ name: String, of file: StoredFile) throws(ReplayFailure) -> String {
    guard let text = file.attribute(name)?.text else {
      throw ReplayFailure("\(name): there is no such text among the attributes")
    }
    return text
  }

  private static func json(_ name: String, of file: StoredFile) throws(ReplayFailure) -> Value {
    let text = try text(name, of: file)
    do {
      return try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)).value
    } catch {
      throw ReplayFailure("\(name): '\(text.prefix(60))' is no JSON")
    }
  }

  // Groups

  private static func names(of file: StoredFile) throws(ReplayFailure) -> [String] {
    do throws(StoreError) {
      return try file.names(in: "/")
    } catch {
      throw ReplayFailure(FileFailure(error).message)
    }
  }

  private static func group(_ name: String, of file: StoredFile) throws(ReplayFailure) -> Node {
    guard try names(of: file).contains(name) else {
      throw ReplayFailure("\(name): there is no such group")
    }
    let node: Node
    do throws(StoreError) {
      node = try file.node(at: "/" + name, bytes: limit)
    } catch {
      throw ReplayFailure(FileFailure(error).message)
    }
    guard case .group = node.content else { throw ReplayFailure("\(name): it is no group") }
    return node
  }
}

/// Any JSON as a value of a script. The keys of a record come in alphabetical order.
private struct JSONValue: Decodable {
  let value: Value

  init(from decoder: any Decoder) throws {
    let content = try decoder.singleValueContainer()
    if content.decodeNil() {
      value = .nil
    } else if let flag = try? content.decode(Bool.self) {
      value = .bool(flag)
    } else if let number = try? content.decode(Int.self) {
      value = .int(number)
    } else if let number = try? content.decode(Double.self) {
      value = .float(number)
    } else if let text = try? content.decode(String.self) {
      value = Value(text)
    } else if let items = try? content.decode([JSONValue].self) {
      value = Value(items.map(\.value))
    } else {
      let fields = try content.decode([String: JSONValue].self)
      value = Value(Record(fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value.value) }))
    }
  }
}
