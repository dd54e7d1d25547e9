/// Values as text.
///
/// `text(of:)` is what `string`, interpolation and `print` of several values give: a string as it
/// is. `literal` is what stands inside lists and records: a string in quotes. A list or record of
/// more than a thousand elements shows its beginning and end; the whole is never longer than a
/// limit. `display` is what the prompt shows: an object or module may take several lines. `print`
/// of a single value gives that too, but a string as it is.
///
/// A float is written with the fewest digits that read back as the same number: `0.1`, `1.0`,
/// `1e-05`; below 1e-4 and from 2^54 on with an exponent; `inf`, `-inf`, `nan`.
extension Interpreter {
  /// The text of a value as `string` gives it.
  package func text(of value: Value) throws(Fault) -> String {
    if case .string(let box) = value { return box.text }
    return literal(value)
  }

  /// The text of a value inside others.
  package func literal(_ value: Value) -> String {
    var printer = ValuePrinter()
    printer.write(value)
    return printer.text
  }

  /// The text of a value that is printed alone.
  func shown(_ value: Value, width: Int) throws(Fault) -> String {
    if case .string(let box) = value { return box.text }
    return display(value, width: width)
  }

  /// The text of a value at the prompt.
  package func display(_ value: Value, width: Int) -> String {
    switch value {
    case .host(let box): box.object.display(width: width)
    case .module(let module): module.display
    default: literal(value)
    }
  }
}

/// Writes values into a text that stays within bounds.
struct ValuePrinter {
  private(set) var text = ""
  /// Elements that are shown of a long list: half at its beginning, half at its end.
  private static let shown = 1000
  private static let byteLimit = 1_000_000

  mutating func write(_ value: Value) {
    guard text.utf8.count < Self.byteLimit else {
      if !text.hasSuffix("…") { text += "…" }
      return
    }
    switch value {
    case .nil: text += "nil"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .float(let value): text += Self.float(value)
    case .ellipsis: text += "..."
    case .string(let box): text += Self.quoted(box.text)
    case .list(let box): write(box.items)
    case .record(let box): write(box.record)
    case .range(let range): text += "\(range.start)..<\(range.end)"
    case .function(let closure):
      let name = closure.name.map { " \($0)" } ?? ""
      text += "fn\(name)\(closure.signature.text)"
    case .native(let native): text += "fn \(native.text)"
    case .definition(let definition):
      text += "module \(definition.name)\(definition.signature.text)"
    case .module(let module): text += module.summary
    case .type(let type): text += type.name
    case .host(let box): text += box.object.summary
    }
  }

  private mutating func write(_ items: [Value]) {
    text += "["
    each(items.count) { printer, position in printer.write(items[position]) }
    text += "]"
  }

  private mutating func write(_ record: Record) {
    text += "{"
    let keys = record.keys
    each(record.count) { printer, position in
      let key = keys[position]
      printer.text += Self.isName(key) ? key : Self.quoted(key)
      printer.text += ": "
      printer.write(record.value(at: position))
    }
    text += "}"
  }

  private mutating func each(_ count: Int, _ write: (inout ValuePrinter, Int) -> Void) {
    let isLong = count > Self.shown
    var position = 0
    while position < count {
      if position > 0 { text += ", " }
      if isLong, position == Self.shown / 2 {
        text += "… \(count - Self.shown) more …"
        position = count - Self.shown / 2
        continue
      }
      write(&self, position)
      position += 1
    }
  }

  static func float(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return "\(value)"
  }

  /// Whether a key can be written without quotes.
  static func isName(_ key: String) -> Bool {
    guard let first = key.unicodeScalars.first, first == "_" || first.properties.isXIDStart else {
      return false
    }
    return key.unicodeScalars.dropFirst().allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
  }

  /// A string as a script would write it.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\0": result += "\\0"
      case _ where scalar.properties.generalCategory == .control:
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension ModuleValue {
  /// One line: the name and the number of parameters.
  package var summary: String {
    let count = entries.count { $0.role == .param }
    return "\(definition.name)(\(count) \(count == 1 ? "parameter" : "parameters"))"
  }

  /// Several lines: every entry with its role and shape.
  package var display: String {
    let entries = entries
    guard !entries.isEmpty else { return "\(definition.name), without parameters" }
    let width = entries.map(\.path.count).max() ?? 0
    var lines = [definition.name]
    var count = 0
    for entry in entries {
      let padding = String(repeating: " ", count: width - entry.path.count)
      let role = entry.role.rawValue.count < 6 ? entry.role.rawValue + " " : entry.role.rawValue
      var printer = ValuePrinter()
      printer.write(entry.value)
      let shape = entry.value.shape.map { "\($0)" } ?? printer.text
      lines.append("  \(role)  \(entry.path)\(padding)  \(shape)")
      if entry.role == .param, let shape = entry.value.shape {
        count = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } + count
      }
    }
    lines.append("  \(count) learned \(count == 1 ? "number" : "numbers")")
    return lines.joined(separator: "\n")
  }
}
