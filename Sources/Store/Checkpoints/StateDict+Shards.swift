internal import Foundation

extension StateDict {
  /// Bytes that an index may have.
  private static let indexLimit = 64 << 20
  /// Files that an index may name.
  private static let shardLimit = 500

  /// Opens the files that an index names: `{"weight_map": {tensor: file, …}}`.
  ///
  /// The files lie beside the index and are named without a folder. Each tensor of the map must be in its
  /// file; where several files hold a name, the map says which of them counts.
  package convenience init(index path: String) throws(StoreError) {
    let map = try Self.weightMap(path)
    var shards: [StateDict] = []
    var positions: [ByteName: Int] = [:]
    var chosen: [ByteName: Int] = [:]
    for (name, file) in map {
      let key = ByteName(file)
      if positions[key] == nil {
        positions[key] = shards.count
        let folder = (path as NSString).deletingLastPathComponent
        shards.append(try StateDict(reading: (folder as NSString).appendingPathComponent(file)))
      }
      let position = positions[key] ?? 0
      guard shards[position][name] != nil else {
        throw StoreError(file: shards[position].file, path: TextWidth.quoted(name), .absent)
      }
      chosen[ByteName(name)] = position
    }
    var entries: [Entry] = []
    for (position, shard) in shards.enumerated() {
      for var entry in shard.entries {
        let key = ByteName(entry.name)
        if let winner = chosen[key], winner != position { continue }
        if chosen[key] == nil {
          guard shards.filter({ $0[entry.name] != nil }).count == 1 else {
            throw StoreError(
              file: path, .damaged("\(TextWidth.quoted(entry.name)) is in several files"))
          }
        }
        entry.source = position
        entries.append(entry)
      }
    }
    self.init(
      file: path, kind: shards.first?.kind ?? .safetensors, entries: entries,
      sources: shards.flatMap(\.sources))
  }

  private static func weightMap(_ path: String) throws(StoreError) -> [(name: String, file: String)]
  {
    let index = try JSON(reading: path, limit: indexLimit)
    guard let members = index["weight_map"]?.object else {
      throw StoreError(file: path, .damaged("it has no weight_map"))
    }
    var files: Set<ByteName> = []
    var map: [(name: String, file: String)] = []
    for member in members {
      guard let file = member.value.string, isPlain(file) else {
        throw StoreError(
          file: path, .damaged("\(TextWidth.quoted(member.name)) is mapped to no plain file name"))
      }
      files.insert(ByteName(file))
      map.append((member.name, file))
    }
    guard files.count <= shardLimit else {
      throw StoreError(file: path, .tooMany("files", limit: shardLimit))
    }
    return map
  }

  private static func isPlain(_ name: String) -> Bool {
    (1...255).contains(name.utf8.count) && name != "." && name != ".."
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") || $0 == 0 }
  }
}
