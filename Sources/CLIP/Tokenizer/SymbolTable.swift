/// The symbols of a vocabulary by their numbers, and their numbers by their bytes.
struct SymbolTable {
  /// All symbols, one behind the other.
  private var text: [UInt8] = []
  private var ends: [Int] = []
  private var numbers: [Symbol: Int] = [:]

  /// Takes so many symbols; of equal ones the last is found, as in a dictionary of Python.
  init(count: Int, _ append: (_ number: Int, _ text: inout [UInt8]) -> Void) {
    ends.reserveCapacity(count)
    for number in 0..<count {
      append(number, &text)
      ends.append(text.count)
    }
    numbers.reserveCapacity(count)
    for number in 0..<count { numbers[Symbol(bytes: self[number])] = number }
  }

  var count: Int { ends.count }

  /// The bytes of a symbol.
  subscript(number: Int) -> ArraySlice<UInt8> {
    text[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
  }

  /// The number of a symbol.
  func number(of symbol: ArraySlice<UInt8>) -> Int? { numbers[Symbol(bytes: symbol)] }

  /// Whether the symbol of this number is spelt like this.
  func has(_ symbol: String, at number: Int) -> Bool {
    number >= 0 && number < count && self[number].elementsEqual(symbol.utf8)
  }

  /// Bytes as a key, hashed eight at a time.
  private struct Symbol: Hashable {
    let bytes: ArraySlice<UInt8>

    func hash(into hasher: inout Hasher) {
      var word = UInt64(bytes.count)
      for (place, byte) in bytes.enumerated() {
        word = word << 8 | UInt64(byte)
        if place % 8 == 6 { hasher.combine(word) }
      }
      hasher.combine(word)
    }
  }
}
