import Foundation
import TestSupport
import Testing

/// Small copies of the layouts of benchmarks, and the lists that the released code makes of them.
struct DatasetLayouts: Decodable {
  let seed: Int
  let cases: [Layout]
  /// A draw in all protocols of pickle, and its items.
  let draws: [Data]
  let drawn: [Row]

  struct Layout: Decodable, CustomTestStringConvertible {
    let name: String
    let origin: String
    let expected: [String: [Row]]
    let pictures: [String]
    let texts: [String: String]
    let mats: [String: Data]
    let others: [String]

    var testDescription: String { name }

    /// Writes the layout below a folder; every picture is one white pixel.
    func write(below root: String) throws {
      for file in pictures { try DatasetLayouts.write(DatasetLayouts.picture, "\(root)/\(file)") }
      for (file, text) in texts { try DatasetLayouts.write(Data(text.utf8), "\(root)/\(file)") }
      for (file, data) in mats { try DatasetLayouts.write(data, "\(root)/\(file)") }
      for file in others { try DatasetLayouts.write(Data("x".utf8), "\(root)/\(file)") }
    }
  }

  /// Path, label, name.
  struct Row: Decodable, Equatable {
    let path: String
    let label: Int
    let name: String

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      path = try row.decode(String.self)
      label = try row.decode(Int.self)
      name = try row.decode(String.self)
    }

    init(_ path: String, _ label: Int, _ name: String) {
      (self.path, self.label, self.name) = (path, label, name)
    }
  }

  static let all: DatasetLayouts? = {
    guard let data = try? ReferenceFiles.golden("datasets.json") else { return nil }
    return try? JSONDecoder().decode(DatasetLayouts.self, from: data)
  }()

  static func named(_ name: String) -> Layout? { all?.cases.first { $0.name == name } }

  static let picture =
    Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAA"
        + "AElFTkSuQmCC") ?? Data()

  static func write(_ data: Data, _ path: String) throws {
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }
}

extension TestEngine {
  /// The parts of a data set as rows, by the expression that opens it.
  func rows(of opening: String, _ part: String) throws -> [DatasetLayouts.Row] {
    let lines = try printed(
      """
      let rows = \(opening).\(part)
      for [i, name] in enumerate(rows.names) { print(name) print(rows.labels[i]) print(rows.classes[rows.labels[i]]) }
      """.replacing(") print(", with: ")\n print("))
    return stride(from: 0, to: lines.count, by: 3).map {
      DatasetLayouts.Row(lines[$0], Int(lines[$0 + 1]) ?? -1, lines[$0 + 2])
    }
  }
}
