/// An error on its way from the code that found it to the diagnostic that shows it.
///
/// It says what is wrong and who is to blame, not where: the interpreter knows which expression was
/// running and where each argument stands. A native throws one; so does every host object.
package struct Fault: Error {
  /// Which part of a call the caret goes under.
  package enum Blame: Equatable, Sendable {
    /// The whole call or expression.
    case call
    /// The argument of the native's parameter at this position.
    case argument(Int)
    /// A place of its own, such as the value that a `let` contract refused.
    case span(Span)
  }

  /// What a fault says; a class, so that throwing one moves a single word.
  private final class Details: Sendable {
    let code: DiagnosticCode
    let message: String
    let label: String
    let help: String?
    let blame: Blame
    let notes: [Diagnostic.Label]
    let located: Diagnostic?
    let thrown: Int?

    init(
      code: DiagnosticCode, message: String, label: String, help: String?, blame: Blame,
      notes: [Diagnostic.Label], located: Diagnostic?, thrown: Int?
    ) {
      self.code = code
      self.message = message
      self.label = label
      self.help = help
      self.blame = blame
      self.notes = notes
      self.located = located
      self.thrown = thrown
    }
  }

  private let details: Details

  /// Makes a fault.
  ///
  /// - Parameters:
  ///   - code: The stable code; a host may use words of its own, such as `"file"`.
  ///   - message: One line, lower-case start, no full stop.
  ///   - label: A few words to stand beside the caret.
  ///   - help: What to do about it, code in back-quotes.
  ///   - blame: Which argument is at fault.
  package init(
    _ code: DiagnosticCode, _ message: String, label: String = "", help: String? = nil,
    blame: Blame = .call
  ) {
    self.init(code, message, label: label, help: help, blame: blame, notes: [])
  }

  init(
    _ code: DiagnosticCode, _ message: String, label: String = "", help: String? = nil,
    blame: Blame = .call, notes: [Diagnostic.Label], thrown: Int? = nil
  ) {
    details = Details(
      code: code, message: message, label: label, help: help, blame: blame, notes: notes,
      located: nil, thrown: thrown)
  }

  /// A fault that already knows its place: it comes from a script function that a native called.
  init(located diagnostic: Diagnostic, thrown: Int? = nil) {
    details = Details(
      code: diagnostic.code, message: diagnostic.message, label: diagnostic.primary.text,
      help: diagnostic.help, blame: .call, notes: diagnostic.notes, located: diagnostic,
      thrown: thrown)
  }

  /// The same fault, which says under which circumstances it happened.
  ///
  /// Only a fault that has come out of a script knows its place; any other stays as it is.
  package func remarking(_ remark: String) -> Fault {
    guard var diagnostic = located else { return self }
    diagnostic.remarks.append(remark)
    return Fault(located: diagnostic, thrown: thrown)
  }

  /// The same fault with another blame.
  func blaming(_ blame: Blame) -> Fault {
    Fault(code, message, label: label, help: help, blame: blame, notes: notes, thrown: thrown)
  }

  /// The stable code.
  package var code: DiagnosticCode { details.code }
  /// One line.
  package var message: String { details.message }
  /// The words beside the caret.
  package var label: String { details.label }
  /// What to do about it.
  package var help: String? { details.help }
  /// Who is to blame.
  package var blame: Blame { details.blame }
  var notes: [Diagnostic.Label] { details.notes }
  var located: Diagnostic? { details.located }
  /// The ticket under which the interpreter keeps the value that a script threw.
  var thrown: Int? { details.thrown }
}
