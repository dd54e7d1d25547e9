/// The text of a `String` value, shared by its copies until one of them is written.
package final class StringBox {
  /// The text.
  package internal(set) var text: String { didSet { layout = .unknown } }

  private enum Layout { case unknown, oneByteEach, clusters }
  private var layout: Layout = .unknown

  /// Makes a box.
  package init(_ text: String) { self.text = text }

  /// Appends in place: the box is known to belong to the caller alone.
  func append(_ other: String) { text.append(other) }

  /// Whether every character is one byte, so that positions are byte offsets.
  ///
  /// ASCII is not quite enough: a carriage return and a line feed make one character.
  var hasOneByteCharacters: Bool {
    if layout == .unknown {
      let simple = text.utf8.allSatisfy { $0 < 0x80 && $0 != 0x0D }
      layout = simple ? .oneByteEach : .clusters
    }
    return layout == .oneByteEach
  }

  /// The number of characters, as a reader would count them.
  var count: Int { hasOneByteCharacters ? text.utf8.count : text.count }
}

/// The elements of a `List` value, shared by its copies until one of them is written.
package final class ListBox {
  /// The elements.
  package internal(set) var items: [Value]
  /// An upper bound of how deeply they nest, counting this list.
  var depth: Int

  /// Makes a box.
  package init(_ items: [Value]) {
    self.items = items
    depth = Nesting.depth(of: items)
  }

  init(_ items: [Value], depth: Int) {
    self.items = items
    self.depth = depth
  }

  /// Appends in place: the box is known to belong to the caller alone.
  func append(_ value: Value) {
    depth = max(depth, value.depth + 1)
    items.append(value)
  }

  /// Appends all of another list in place.
  func append(contentsOf other: ListBox) {
    depth = max(depth, other.depth)
    items.append(contentsOf: other.items)
  }
}

/// The fields of a `Record` value, shared by its copies until one of them is written.
package final class RecordBox {
  /// The fields.
  ///
  /// Not guarded against overlapping access, which would cost as much as reading a field: a record
  /// is changed only by the owner of its one box, who has taken that out of every variable.
  package internal(set) var record: Record {
    _read { yield unsafe content }
    _modify { yield unsafe &content }
  }
  @exclusivity(unchecked) private var content: Record
  /// An upper bound of how deeply they nest, counting this record.
  var depth: Int

  /// Makes a box.
  package init(_ record: Record) {
    unsafe content = record
    depth = Nesting.depth(of: record.values)
  }

  init(_ record: Record, depth: Int) {
    unsafe content = record
    self.depth = depth
  }
}

/// The integers from `start` up to, but not including, `end`.
///
/// `1...3` is kept as `1..<4`; an inclusive range that ends at the largest `Int` is refused when it
/// is made.
package final class RangeBox {
  /// The first integer.
  package let start: Int
  /// The integer behind the last.
  package let end: Int

  /// Makes a range; one that runs backwards is empty.
  package init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// How many integers it holds; a range over more than `Int.max` of them counts `Int.max`.
  package var count: Int {
    guard end > start else { return 0 }
    let (difference, overflow) = end.subtractingReportingOverflow(start)
    return overflow ? Int.max : difference
  }
}

/// A host object in its one-word seat.
package final class HostBox {
  /// The object.
  package let object: any HostObject

  /// Makes a seat.
  package init(_ object: any HostObject) { self.object = object }
}

/// A variable that outlives its frame because a function captured it.
final class SharedVariable {
  var value: Value

  init(_ value: Value) { self.value = value }

  deinit {
    if Nesting.mayChain(value) { Nesting.dismantle([surrenderValue()]) }
  }

  /// Gives the value away; the cell is about to be freed.
  func surrenderValue() -> Value {
    var taken = Value.nil
    swap(&taken, &value)
    return taken
  }
}
