/// A function written in Swift.
///
/// It is declared by the signature that scripts see; the language parses it, matches labels, fills
/// defaults and checks contracts with the machinery that script functions use, so that help, arity
/// errors and behaviour cannot drift apart:
///
///     Native("clamp(x: Float, low: Float = 0, high: Float = 1) -> Float",
///            "The nearest number to `x` between `low` and `high`.",
///            example: "clamp(1.5)\n1.0") { arguments in
///       .float(min(max(try arguments.float(0), try arguments.float(1)), try arguments.float(2)))
///     }
///
/// Defaults are constants (`-1`, `nil`, `"text"`, `[1, 2]`). A last parameter written `values...`
/// takes all remaining positional arguments as a list; parameters behind it are labelled.
package final class Native {
  /// What a native does with its arguments. It may throw any error, see ``ScriptHost/translate``.
  package typealias Body = (borrowing Arguments) throws -> Value

  /// The name.
  package let name: String
  /// One sentence, or more, in Markdown.
  package let doc: String
  /// Lines to type and, below each, what they print.
  package let example: String?
  let body: Body
  let text: String
  /// The object whose method this is.
  let receiver: Value?
  private let prepared: Preparation

  /// The signature, parsed when it is first needed; shared by all bound copies.
  private final class Preparation { var declaration: NativeDeclaration? }

  /// Declares a native.
  ///
  /// - Parameters:
  ///   - text: Name and signature, in the syntax of scripts.
  ///   - doc: What it does, one sentence first.
  ///   - example: A call and its printed result, for help and tests.
  ///   - body: What it does.
  package init(_ text: String, _ doc: String, example: String? = nil, _ body: @escaping Body) {
    self.text = text
    self.doc = doc
    self.example = example
    self.body = body
    name = String(text.prefix { $0 != "(" })
    receiver = nil
    prepared = Preparation()
  }

  private init(binding native: Native, to receiver: Value) {
    text = native.text
    doc = native.doc
    example = native.example
    body = native.body
    name = native.name
    self.receiver = receiver
    prepared = native.prepared
  }

  /// The same native as a method of an object.
  func bound(to receiver: Value) -> Native { Native(binding: self, to: receiver) }

  /// The parsed signature, if it has been needed before.
  var knownDeclaration: NativeDeclaration? { prepared.declaration }

  /// The parsed signature, prepared against the types of a session.
  func declaration(
    using types: @escaping (String) -> HostType?
  ) throws(Fault) -> NativeDeclaration {
    if let known = prepared.declaration { return known }
    let made = try NativeDeclaration(parsing: text, types: types)
    prepared.declaration = made
    return made
  }
}
