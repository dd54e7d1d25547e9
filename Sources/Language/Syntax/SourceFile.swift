/// A text with a name: a file, a cell of a session, or the signature of a native.
package final class SourceFile: Sendable {
  /// The name that diagnostics show, such as `examples/one.duet` or `In [3]`.
  package let name: String
  /// The text as given.
  package let text: String
  /// Whether calls inside this text are folded away in call chains.
  package let isLibrary: Bool
  /// Whether this is the signature of a native, where `values...` is allowed.
  let isNativeSignature: Bool
  /// The text in UTF-8; every ``Span`` counts these bytes.
  let bytes: [UInt8]
  private let lineStarts: [Int]

  /// Makes a source of a text.
  package convenience init(name: String, text: String, isLibrary: Bool = false) {
    self.init(name: name, text: text, isLibrary: isLibrary, isNativeSignature: false)
  }

  init(name: String, text: String, isLibrary: Bool, isNativeSignature: Bool) {
    self.name = name
    self.isNativeSignature = isNativeSignature
    self.text = text
    self.isLibrary = isLibrary
    let bytes = Array(text.utf8)
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// The number of lines, counting an empty last one.
  package var lineCount: Int { lineStarts.count }

  /// The line that holds a byte offset, from 1.
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The column of a byte offset in its line, from 1, in characters.
  package func column(at offset: Int) -> Int {
    let start = lineStarts[line(at: offset) - 1]
    return String(decoding: bytes[start..<min(offset, bytes.count)], as: UTF8.self).count + 1
  }

  /// The bytes of a line, from 1, without its line break.
  func range(ofLine line: Int) -> Range<Int> {
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<max(start, end)
  }

  /// The text of a span.
  package subscript(span: Span) -> String {
    String(decoding: bytes[span.start..<span.end], as: UTF8.self)
  }
}

/// A stretch of a ``SourceFile``, in bytes.
package struct Span: Hashable, Sendable {
  private let low: Int32
  private let high: Int32

  /// Makes the span of a range of bytes; offsets beyond 2 GB are held at the end.
  package init(_ range: Range<Int>) {
    low = Int32(clamping: range.lowerBound)
    high = Int32(clamping: range.upperBound)
  }

  /// The first byte.
  package var start: Int { Int(low) }
  /// The byte after the last.
  package var end: Int { Int(high) }

  /// The span from the start of this one to the end of another.
  func joined(to other: Span) -> Span { Span(min(start, other.start)..<max(end, other.end)) }

  /// The empty span behind this one.
  var after: Span { Span(end..<end) }
}

/// A span together with the text it belongs to.
package struct Location: Sendable {
  /// The text.
  package let file: SourceFile
  /// The stretch of it.
  package let span: Span

  /// Makes a location.
  package init(_ file: SourceFile, _ span: Span) {
    self.file = file
    self.span = span
  }

  /// The line, from 1.
  package var line: Int { file.line(at: span.start) }
  /// The column, from 1, in characters.
  package var column: Int { file.column(at: span.start) }
  /// `name:line:column`, as diagnostics write it.
  package var text: String { "\(file.name):\(line):\(column)" }
}
