/// CLIP's file format: one header line, then one merge a line, two symbols with a space between them.
struct MergeLines {
  /// The whole text.
  let text: [UInt8]
  /// Where the symbols of each merge stand in it.
  private(set) var merges: [(left: Range<Int>, right: Range<Int>)] = []

  /// Four times as many as the largest list that is known.
  private static let most = 1_000_000

  /// Reads the first `limit` merges. Empty lines are passed over; lines may end as on Windows.
  init(_ text: some Sequence<UInt8>, limit: Int) throws(CLIPError) {
    self.text = Array(text)
    var start = end(of: 0) + 1
    var number = 2
    while start < self.text.count, merges.count < limit {
      let next = end(of: start)
      let isWindows = next > start && self.text[next - 1] == UInt8(ascii: "\r")
      let line = start..<(isWindows ? next - 1 : next)
      if !line.isEmpty {
        guard merges.count < Self.most else { throw .vocabulary("more than \(Self.most) merges") }
        merges.append(try parts(of: line, number))
      }
      start = next + 1
      number += 1
    }
  }

  private func end(of start: Int) -> Int {
    var place = start
    while place < text.count, text[place] != UInt8(ascii: "\n") { place += 1 }
    return place
  }

  private func parts(of line: Range<Int>, _ number: Int) throws(CLIPError)
    -> (left: Range<Int>, right: Range<Int>)
  {
    if let space = text[line].firstIndex(of: UInt8(ascii: " ")) {
      let (left, right) = (line.lowerBound..<space, space + 1..<line.upperBound)
      if Self.isSymbol(text[left]), Self.isSymbol(text[right]) { return (left, right) }
    }
    let start = String(decoding: text[line].prefix(80), as: UTF8.self).prefix(40)
    throw .vocabulary("line \(number) is not two symbols: `\(start)`")
  }

  /// Whether a symbol consists of characters of the byte alphabet, perhaps at the end of a word.
  private static func isSymbol(_ text: ArraySlice<UInt8>) -> Bool {
    let ending = text.suffix(MergeTable.wordEnd.count)
    let letters = ending.elementsEqual(MergeTable.wordEnd) ? text.dropLast(ending.count) : text
    return !letters.isEmpty && ByteAlphabet.isSpelt(letters)
  }
}
