/// Ordered string keys with values; a copy is independent of the original.
///
/// The keys stand in a ``KeyTable`` that records of the same layout share: a record literal makes
/// its table once, however often it runs. Adding a key to a shared table copies it first; after
/// that the record owns its table and grows in place, so that a record also serves as a large
/// dictionary. Up to eight keys are searched in line, more by hashing.
package struct Record {
  private(set) var table: KeyTable
  /// The values, in the order of the keys.
  package private(set) var values: [Value]

  /// An empty record.
  package init() {
    table = KeyTable()
    values = []
  }

  /// A record of keys and values; a later duplicate replaces an earlier one.
  package init(_ entries: some Sequence<(String, Value)>) {
    self.init()
    for (key, value) in entries { self[key] = value }
  }

  /// A record over a table that it shares, with one value a key.
  init(table: KeyTable, values: [Value]) {
    self.table = table
    self.values = values
  }

  /// The number of keys.
  package var count: Int { values.count }
  /// Whether there are none.
  package var isEmpty: Bool { values.isEmpty }
  /// The keys, in the order of their insertion.
  package var keys: [String] { table.keys.map(\.text) }

  /// Keys and values, in order.
  package var entries: [(key: String, value: Value)] {
    zip(table.keys, values).map { ($0.text, $1) }
  }

  /// The value of a key; assigning adds the key at the end, assigning `nil` changes nothing.
  package subscript(key: String) -> Value? {
    get { table.position(of: key).map { values[$0] } }
    set { if let newValue { set(StringBox(key), newValue) } }
  }

  /// Where a key stands.
  func position(of key: StringBox) -> Int? { table.position(of: key.text) }

  /// The value at a position.
  func value(at position: Int) -> Value { values[position] }

  /// Replaces the value at a position.
  mutating func replace(at position: Int, with value: Value) { values[position] = value }

  /// Changes the value at a position in place.
  mutating func update<Result, Failure: Error>(
    at position: Int, _ change: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try change(&values[position])
  }

  /// Sets a key, adding it at the end when it is new.
  mutating func set(_ key: StringBox, _ value: Value) {
    if let position = table.position(of: key.text) {
      values[position] = value
    } else {
      if !isKnownUniquelyReferenced(&table) { table = KeyTable(copying: table) }
      table.append(key)
      values.append(value)
    }
  }

  /// The record without a key.
  package func removing(_ key: String) -> Record {
    Record(entries.filter { $0.key != key }.map { ($0.key, $0.value) })
  }
}

/// The keys of records of one layout.
final class KeyTable {
  /// The keys in order. Not guarded against overlapping access: `append` runs nobody else's code.
  var keys: [StringBox] { _read { yield unsafe allKeys } }
  @exclusivity(unchecked) private var allKeys: [StringBox]
  /// Open addressing over positions plus one; empty until there are more than eight keys.
  private var buckets: [UInt32] = []

  init() { unsafe allKeys = [] }

  init(copying other: KeyTable) {
    unsafe allKeys = other.keys
    buckets = other.buckets
  }

  init(_ keys: [StringBox]) {
    unsafe allKeys = []
    for key in keys { append(key) }
  }

  func position(of key: String) -> Int? {
    if buckets.isEmpty { return keys.firstIndex { $0.text == key } }
    let mask = buckets.count - 1
    var bucket = key.hashValue & mask
    while buckets[bucket] != 0 {
      let position = Int(buckets[bucket]) - 1
      if keys[position].text == key { return position }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  /// Whether the key at a position is this very box: the fast answer of the interpreter's caches.
  func holds(_ key: StringBox, at position: Int) -> Bool {
    position < keys.count && keys[position] === key
  }

  /// Appends a key that is not there yet; the table is known to belong to the caller alone.
  func append(_ key: StringBox) {
    unsafe allKeys.append(key)
    guard keys.count > 8 else { return }
    if keys.count * 2 > buckets.count {
      buckets = Array(repeating: 0, count: max(32, buckets.count * 2))
      for position in keys.indices { index(position) }
    } else {
      index(keys.count - 1)
    }
  }

  private func index(_ position: Int) {
    let mask = buckets.count - 1
    var bucket = keys[position].text.hashValue & mask
    while buckets[bucket] != 0 { bucket = (bucket + 1) & mask }
    buckets[bucket] = UInt32(truncatingIfNeeded: position + 1)
  }
}
