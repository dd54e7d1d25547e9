/// A fault in the form in which it is shown: what was found, where, and what helps.
///
/// Every fault of every phase becomes one of these; ``DiagnosticRenderer`` alone draws it.
package struct Diagnostic: Error, Sendable {
  /// Whether the fault stops the script.
  package enum Severity: String, Sendable {
    case error
    case warning
  }

  /// A place with a few words under its caret.
  package struct Label: Sendable {
    /// The place.
    package let location: Location
    /// The words beside the caret; empty when the caret says it all.
    package let text: String

    /// Makes a label.
    package init(_ location: Location, _ text: String = "") {
      self.location = location
      self.text = text
    }
  }

  /// One call of the chain that led to an evaluation error.
  package struct Call: Sendable {
    /// What was running, such as `Line.call`, or `the script`.
    package let name: String
    /// Where it called the next one, or where the error happened.
    package let location: Location
  }

  /// The stable code, such as `shape`.
  package let code: DiagnosticCode
  /// Error or warning.
  package let severity: Severity
  /// One line: lower-case start, no full stop, script names in single quotes.
  package let message: String
  /// Where.
  package var primary: Label
  /// Other places that explain it.
  package var notes: [Label]
  /// An action, code in back-quotes.
  package let help: String?
  /// Under which circumstances it happened, each a line such as `in the cell fields seed1`.
  package var remarks: [String] = []
  /// The calls that were running, innermost first; the first one is where ``primary`` points.
  package var calls: [Call]
  /// How many more calls there were than ``calls`` holds.
  package var omittedCalls: Int
  /// Where in the library it happened, when ``primary`` shows the user's line instead.
  package var origin: [Call]

  /// Makes a diagnostic.
  package init(
    _ code: DiagnosticCode, severity: Severity = .error, _ message: String, at primary: Label,
    notes: [Label] = [], help: String? = nil, calls: [Call] = [], omittedCalls: Int = 0,
    origin: [Call] = []
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.primary = primary
    self.notes = notes
    self.help = help
    self.calls = calls
    self.omittedCalls = omittedCalls
    self.origin = origin
  }

  /// The line of the primary place, from 1.
  package var line: Int { primary.location.line }
  /// The column of the primary place, from 1, in characters.
  package var column: Int { primary.location.column }
}

/// The stable name of a kind of fault: scripts compare it, documentation lists it.
///
/// A host adds its own (`file`, `checkpoint`) by writing a string.
package struct DiagnosticCode: Hashable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// The word.
  package let description: String

  /// Makes a code of a word.
  package init(_ word: String) { description = word }
  /// Makes a code of a literal.
  package init(stringLiteral word: String) { description = word }

  /// The text cannot be read.
  package static let syntax: Self = "syntax"
  /// A name is not bound, bound twice, or used where it cannot be.
  package static let name: Self = "name"
  /// A value has the wrong kind.
  package static let type: Self = "type"
  /// A call and a signature do not fit.
  package static let argument: Self = "argument"
  /// A value breaks a shape contract.
  package static let shape: Self = "shape"
  /// A value of the right kind cannot be used.
  package static let value: Self = "value"
  /// A position is outside a list, string or range.
  package static let index: Self = "index"
  /// A record has no such key, an object no such member.
  package static let key: Self = "key"
  /// A number does not fit in 64 bits.
  package static let overflow: Self = "overflow"
  /// An assertion of the script failed.
  package static let assertion: Self = "assert"
  /// The script threw a value.
  package static let thrown: Self = "thrown"
  /// An imported file is missing, broken, or part of a cycle.
  package static let `import`: Self = "import"
  /// Calls, values or text are nested too deeply.
  package static let depth: Self = "depth"
  /// A value, or the whole process, would need too much memory.
  package static let memory: Self = "memory"
  /// A text is too large to compile.
  package static let limit: Self = "limit"
  /// The user stopped the evaluation.
  package static let interrupted: Self = "interrupted"
  /// Only from a check: a name that nothing uses.
  package static let unused: Self = "unused"
  /// Only from a check: a statement that is never reached.
  package static let unreachable: Self = "unreachable"
}
