/// What the globals of the list mean when a pickle calls them.
extension PickleMachine {
  /// REDUCE: a call.
  mutating func called(_ global: PickleGlobal, _ arguments: [PickleValue]) throws(Fault)
    -> PickleValue
  {
    switch global {
    case .orderedMap: return .map(try orderedMap(arguments))
    case .rebuildTensor: return try tensor(arguments)
    case .rebuildParameter:
      guard case .tensor? = arguments.first else { throw wrong("a parameter of no tensor") }
      return arguments[0]
    case .firstArgument:
      guard let first = arguments.first else { throw wrong("a call without an argument") }
      return first
    case .opaque: return .opaque
    case .reconstructor:
      guard case .global(.scriptClass)? = arguments.first else {
        throw wrong("an object that cannot be made")
      }
      return .object(try map())
    case .storage, .scriptClass, .plainObject: throw wrong("a call of a class")
    }
  }

  /// NEWOBJ: an object of a class.
  mutating func made(_ global: PickleGlobal, _ arguments: [PickleValue]) throws(Fault)
    -> PickleValue
  {
    switch global {
    case .scriptClass where arguments.isEmpty: return .object(try map())
    case .opaque: return .opaque
    default: throw wrong("an object that cannot be made")
    }
  }

  /// BUILD: attributes. Those of an object of TorchScript are its parts; a map has none to keep.
  mutating func build(_ value: PickleValue, _ state: PickleValue) throws(Fault) {
    switch (value, state) {
    case (.object(let object), .map(let attributes)) where maps[object].members.isEmpty:
      // The two share their members until one of them changes.
      try charge(1)
      maps[object] = maps[attributes]
    case (.object(let object), .map(let attributes)):
      try charge(2 * maps[attributes].members.count)
      for member in maps[attributes].members {
        try charge(member.name.utf8.count / 16)
        maps[object].set(member.name, member.value)
      }
    case (.map, _), (.opaque, _): break
    default: throw wrong("attributes for \(value.kind)")
    }
  }

  /// `OrderedDict()` or `OrderedDict([(name, value), …])`.
  private mutating func orderedMap(_ arguments: [PickleValue]) throws(Fault) -> Int {
    let map = try map()
    switch arguments.first {
    case nil: break
    case .list(let pairs)? where arguments.count == 1:
      for pair in sequences[pairs] {
        switch pair {
        case .tuple(let pair), .list(let pair):
          guard sequences[pair].count == 2 else { fallthrough }
          try set(sequences[pair], in: map)
        default: throw wrong("an entry that is no pair")
        }
      }
    default: throw wrong("a dictionary of something else than pairs")
    }
    return map
  }
}

/// The elements that several tensors may look at.
struct PickledStorage {
  let bytes: StoredBytes
  let type: ScalarType
  var count: Int { bytes.count / type.size }
}

extension PickleMachine {
  /// Bytes of a tensor that has more elements than its storage.
  private static let expandedLimit = 4 << 30

  /// BINPERSID: `("storage", type, key, location, count)`.
  mutating func storage(_ parts: [PickleValue]) throws(Fault) -> PickleValue {
    guard parts.count == 5, case .text(let word) = parts[0], texts[word] == "storage",
      case .global(.storage(let type)) = parts[1], case .text(let key) = parts[2],
      case .text = parts[3], case .int(let count) = parts[4], count >= 0
    else { throw wrong("a storage that is not described") }
    try charge(4 + cost(ofName: key))
    let isPlain = texts[key].utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isPlain, !texts[key].isEmpty else {
      throw wrong("a storage called \(TextWidth.quoted(texts[key]))")
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: type.size)
    guard !overflow else { throw wrong("a storage of \(count) elements") }
    storages.append(PickledStorage(bytes: try findStorage(texts[key], size), type: type))
    return .storage(storages.count - 1)
  }

  /// `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata])`, of whose
  /// arguments the first four matter; offset and strides count elements.
  private mutating func tensor(_ arguments: [PickleValue]) throws(Fault) -> PickleValue {
    guard arguments.count >= 4, case .storage(let place) = arguments[0],
      case .int(let offset) = arguments[1], offset >= 0,
      let shape = counts(arguments[2]), let strides = counts(arguments[3]),
      shape.count == strides.count, shape.count <= Dataspace.maximumRank
    else { throw wrong("a tensor that is not described") }
    // A description keeps its shape and strides, however often the same ones are named.
    try charge(8 + 2 * shape.count)
    let storage = storages[place]
    guard let size = try? Dataspace.bytes(shape, of: 4) else {
      throw wrong("a tensor beyond any memory")
    }
    guard size == 0 || Self.reach(offset, shape, strides, below: storage.count) else {
      throw wrong("a tensor that reaches past its storage")
    }
    guard size / 4 <= storage.count || size <= Self.expandedLimit else {
      throw .tooLarge(needed: size, limit: Self.expandedLimit)
    }
    tensors.append(
      StoredView(storage.bytes, storage.type, offset: offset, shape: shape, strides: strides))
    return .tensor(tensors.count - 1)
  }

  /// A tuple of whole numbers that are not negative.
  private func counts(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let place) = value else { return nil }
    let values = sequences[place]
    var counts: [Int] = []
    for case .int(let count) in values where count >= 0 { counts.append(count) }
    return counts.count == values.count ? counts : nil
  }

  /// Whether offset + Σ (extent − 1) · stride lies below a limit.
  private static func reach(_ offset: Int, _ shape: [Int], _ strides: [Int], below limit: Int)
    -> Bool
  {
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      let (step, isHuge) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, isBeyond) = last.addingReportingOverflow(step)
      guard !isHuge, !isBeyond else { return false }
      last = sum
    }
    return last < limit
  }
}
