/// The text being typed, of one or many lines, and the place of the cursor in it.
///
/// Positions count characters as people see them, so that the cursor never stands inside one.
package struct Entry: Equatable, Sendable {
  /// The characters; lines are separated by `"\n"`.
  package private(set) var characters: [Character]
  /// The position before which the next character goes.
  package private(set) var cursor: Int
  /// The column that Up and Down try to keep.
  private var goal: Int?

  /// The columns by which a block is indented.
  static let indentation = 2

  /// An entry with the cursor at its end, or at a position.
  package init(_ text: String = "", cursor: Int? = nil) {
    characters = Array(text)
    self.cursor = min(max(0, cursor ?? characters.count), characters.count)
  }

  package var text: String { String(characters) }
  package var isEmpty: Bool { characters.isEmpty }
  /// The text before the cursor.
  package var before: String { String(characters[..<cursor]) }
  /// The text from the cursor on.
  package var after: String { String(characters[cursor...]) }

  package static func == (left: Entry, right: Entry) -> Bool {
    left.characters == right.characters && left.cursor == right.cursor
  }

  // Lines

  /// Where the cursor's line begins.
  package var lineStart: Int {
    (characters[..<cursor].lastIndex(of: "\n") ?? -1) + 1
  }

  /// Where the cursor's line ends.
  package var lineEnd: Int { characters[cursor...].firstIndex(of: "\n") ?? characters.count }

  /// The part of the cursor's line before the cursor.
  private var lineBefore: ArraySlice<Character> { characters[lineStart..<cursor] }

  /// Whether only blanks stand before the cursor on its line.
  package var isInIndentation: Bool { lineBefore.allSatisfy { $0 == " " || $0 == "\t" } }

  // Moving

  /// Moves to a position.
  package mutating func move(to position: Int) {
    cursor = min(max(0, position), characters.count)
    goal = nil
  }

  /// Moves by lines; `false` at the edge, where the cursor stays.
  package mutating func moveLine(_ direction: Int) -> Bool {
    let column = goal ?? cursor - lineStart
    if direction < 0 {
      guard lineStart > 0 else { return false }
      move(to: lineStart - 1)
      move(to: min(lineStart + column, cursor))
    } else {
      guard lineEnd < characters.count else { return false }
      move(to: lineEnd + 1)
      move(to: min(cursor + column, lineEnd))
    }
    goal = column
    return true
  }

  /// The position of the next word's end.
  package var wordEnd: Int {
    var position = cursor
    while position < characters.count, !isWord(position) { position += 1 }
    while position < characters.count, isWord(position) { position += 1 }
    return position
  }

  /// The position of the word's beginning before the cursor.
  package var wordStart: Int {
    var position = cursor
    while position > 0, !isWord(position - 1) { position -= 1 }
    while position > 0, isWord(position - 1) { position -= 1 }
    return position
  }

  private func isWord(_ position: Int) -> Bool {
    let character = characters[position]
    return character.isLetter || character.isNumber || character == "_"
  }

  // Changing

  /// Inserts a text before the cursor.
  package mutating func insert(_ text: String) {
    let before = before + text
    // A combining mark becomes one character with the one before it.
    let head = Array(before)
    characters = head + characters[cursor...]
    move(to: head.count)
  }

  /// Types a character; a closing bracket that begins a line takes its indentation back.
  package mutating func type(_ text: String) {
    let closes = text == "}" || text == "]" || text == ")"
    let blanks = cursor - lineStart
    if closes, lineStart > 0, isInIndentation, blanks >= Self.indentation {
      _ = remove(cursor - Self.indentation..<cursor)
    }
    insert(text)
  }

  /// Begins a new line, indented like this one or deeper behind an opening bracket.
  package mutating func breakLine() {
    let line = lineBefore
    let blanks = line.prefix { $0 == " " || $0 == "\t" }
    let last = line.last { !$0.isWhitespace }
    let opens = last.map { "{[(=".contains($0) } ?? false
    let isArrow = line.filter { !$0.isWhitespace }.suffix(2).elementsEqual("=>")
    let deeper = opens || isArrow ? String(repeating: " ", count: Self.indentation) : ""
    insert("\n" + String(blanks) + deeper)
  }

  /// Removes a range and returns what stood there; the cursor goes to its start.
  package mutating func remove(_ range: Range<Int>) -> String {
    let removed = String(characters[range])
    characters.removeSubrange(range)
    move(to: range.lowerBound)
    return removed
  }

  /// Removes the character before the cursor; in the indentation, back to the last step of it.
  package mutating func eraseBackward() {
    guard cursor > 0 else { return }
    let blanks = cursor - lineStart
    let isStep = blanks > 0 && lineBefore.allSatisfy { $0 == " " }
    let count = isStep ? (blanks - 1) % Self.indentation + 1 : 1
    _ = remove(cursor - count..<cursor)
  }

  /// Swaps the two characters around the cursor, or the last two of a line.
  package mutating func transpose() {
    let right = cursor == lineEnd ? cursor - 1 : cursor
    guard right - 1 >= lineStart, right < characters.count else { return }
    characters.swapAt(right - 1, right)
    move(to: right + 1)
  }
}
