/// Single elements: as many as asked for, copied and compared one by one.
extension StoredArray.Elements {
  /// Elements of the same type that stand for nothing: NaN, 0, false, the empty text.
  func blank(_ count: Int) -> Self {
    switch self {
    case .integers: .integers([Int](repeating: 0, count: count))
    case .floats: .floats([Double](repeating: .nan, count: count))
    case .booleans: .booleans([Bool](repeating: false, count: count))
    case .strings: .strings([String](repeating: "", count: count))
    }
  }

  /// Takes over an element of an array of the same type.
  mutating func copy(_ place: Int, from other: Self, _ index: Int) {
    switch (self, other) {
    case (.integers(var own), .integers(let values)):
      self = .integers([])
      own[place] = values[index]
      self = .integers(own)
    case (.floats(var own), .floats(let values)):
      self = .floats([])
      own[place] = values[index]
      self = .floats(own)
    case (.booleans(var own), .booleans(let values)):
      self = .booleans([])
      own[place] = values[index]
      self = .booleans(own)
    case (.strings(var own), .strings(let values)):
      self = .strings([])
      own[place] = values[index]
      self = .strings(own)
    default: preconditionFailure("a \(other.typeName) cannot stand among \(typeName)")
    }
  }

  /// Whether two elements have the same bits.
  func isSame(_ place: Int, as other: Self, _ index: Int) -> Bool {
    switch (self, other) {
    case (.integers(let a), .integers(let b)): a[place] == b[index]
    case (.floats(let a), .floats(let b)): a[place].bitPattern == b[index].bitPattern
    case (.booleans(let a), .booleans(let b)): a[place] == b[index]
    case (.strings(let a), .strings(let b)): a[place].hasSameBytes(as: b[index])
    default: false
    }
  }

  /// An element as a text with all its digits.
  package func text(_ place: Int) -> String {
    switch self {
    case .integers(let values): "\(values[place])"
    case .floats(let values): "\(values[place])"
    case .booleans(let values): "\(values[place])"
    case .strings(let values): values[place]
    }
  }
}
