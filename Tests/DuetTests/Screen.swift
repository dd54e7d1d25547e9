/// What a terminal shows after it was sent some bytes, as far as libedit makes use of it: text, moves
/// of the cursor, erasing and inserting. Rows that scroll away are kept.
struct Screen {
  var columns = 80
  /// The cells of each row; the second half of a wide character is empty.
  private var rows: [[String]] = [[]]
  private var row = 0
  private var column = 0
  /// The bytes of an escape sequence, or of a character, that is not whole yet.
  private var rest: [UInt8] = []

  /// All rows, without what was never written.
  var text: String { rows.map { $0.joined() }.joined(separator: "\n") }

  /// Shows what the bytes say.
  mutating func take(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      rest.append(byte)
      if rest[0] == 0x1B { takeSequence() } else { takeCharacter() }
    }
  }

  private mutating func takeCharacter() {
    switch rest[0] {
    case 0x0D: column = 0
    case 0x0A: newRow()
    case 0x08: column = max(0, column - 1)
    case 0x00..<0x20: break
    default:
      let length = rest[0] < 0x80 ? 1 : rest[0] < 0xE0 ? 2 : rest[0] < 0xF0 ? 3 : 4
      guard rest.count == length else { return }
      put(String(decoding: rest, as: UTF8.self))
    }
    rest = []
  }

  private mutating func newRow() {
    row += 1
    while rows.count <= row { rows.append([]) }
  }

  private mutating func put(_ text: String) {
    let width = Self.isWide(text.unicodeScalars.first?.value ?? 0) ? 2 : 1
    if column + width > columns {
      column = 0
      newRow()
    }
    pad(to: column + width)
    rows[row][column] = text
    if width == 2 { rows[row][column + 1] = "" }
    column += width
  }

  private mutating func pad(to count: Int) {
    while rows[row].count < count { rows[row].append(" ") }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    (0x1100...0x115F).contains(value) || (0x2E80...0xA4CF).contains(value)
      || (0xAC00...0xD7A3).contains(value) || (0x1F300...0x1FAFF).contains(value)
  }

  private mutating func takeSequence() {
    guard rest.count > 1 else { return }
    guard rest[1] == UInt8(ascii: "[") else {
      // A choice of character sets has one byte more.
      let isLonger = rest[1] == UInt8(ascii: "(") || rest[1] == UInt8(ascii: ")")
      if !isLonger || rest.count == 3 { rest = [] }
      return
    }
    guard rest.count > 2, let last = rest.last, (0x40...0x7E).contains(last) else { return }
    let parameters = String(decoding: rest[2..<rest.count - 1], as: UTF8.self)
    perform(Character(Unicode.Scalar(last)), Int(parameters.split(separator: ";").first ?? ""))
    rest = []
  }

  private mutating func perform(_ command: Character, _ number: Int?) {
    let count = number ?? 1
    switch command {
    case "A": row = max(0, row - count)
    case "B": for _ in 0..<count { newRow() }
    case "C": column = min(columns - 1, column + count)
    case "D": column = max(0, column - count)
    case "G": column = count - 1
    case "K": rows[row] = Array(rows[row].prefix(column))
    case "J":
      rows[row] = Array(rows[row].prefix(column))
      rows = Array(rows.prefix(row + 1))
    case "P": rows[row].removeSubrange(cells(count))
    case "@":
      pad(to: column)
      rows[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
    default: break
    }
  }

  private func cells(_ count: Int) -> Range<Int> {
    let end = rows[row].count
    return min(column, end)..<min(column + count, end)
  }
}
