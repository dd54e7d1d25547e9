/// Lists of labelled pictures that the field's released code keeps in pickles: a dictionary of `train`
/// and, mostly, `val`, each a list of objects with a path, a label and a name.
///
/// Read by the machine that reads checkpoints, with a vocabulary of its own: the class of an item and
/// nothing else may be named, and nothing is executed.
package struct PickledItems: Sendable {
  /// An item of a list.
  package struct Item: Equatable, Sendable {
    /// The picture's path on the machine that wrote the file.
    package let path: String
    /// Its label, from 0.
    package let label: Int
    /// What its class is called.
    package let name: String
  }

  /// The lists by their names, in the file's order.
  package let lists: [(name: String, items: [Item])]

  /// Bytes that such a file may have.
  package static let limit = 1 << 28

  /// Reads a file.
  package init(reading path: String) throws(StoreError) {
    do throws(Fault) {
      let file = try FileBytes(opening: path)
      guard file.size <= Self.limit else {
        throw .tooLarge(needed: file.size, limit: Self.limit)
      }
      try self.init(parsing: try file.bytes(at: 0, count: file.size))
    } catch {
      throw StoreError(file: path, error)
    }
  }

  /// Reads the bytes of a file.
  package init(parsing bytes: [UInt8]) throws(StoreError.Fault) {
    var machine = PickleMachine(bytes, .items) { (_, _) throws(Fault) in
      throw .unsupported("a tensor in its pickle")
    }
    guard case .map(let map) = try machine.run() else {
      throw .damaged("no dictionary in its pickle")
    }
    var lists: [(String, [Item])] = []
    for member in machine.maps[map].members {
      guard case .list(let list) = member.value else {
        throw .damaged("'\(TextWidth.excerpt(member.name, to: 80))' is no list in its pickle")
      }
      var items: [Item] = []
      for value in machine.sequences[list] { items.append(try machine.item(value)) }
      lists.append((member.name, items))
    }
    self.lists = lists
  }
}

extension PickleMachine {
  fileprivate func item(_ value: PickleValue) throws(Fault) -> PickledItems.Item {
    guard case .object(let object) = value, case .text(let path)? = maps[object]["_impath"],
      case .int(let label)? = maps[object]["_label"],
      case .text(let name)? = maps[object]["_classname"]
    else { throw .damaged("an item without path, label and name in its pickle") }
    return PickledItems.Item(path: texts[path], label: label, name: texts[name])
  }
}
