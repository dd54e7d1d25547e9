/// What a function takes and gives, as it is written: for help, completion and the host.
package struct Signature: Sendable {
  /// One parameter.
  package struct Parameter: Sendable {
    /// Its name, which is also its label.
    package let name: String
    /// Its contract, as in `[B, 3, H, W]`.
    package let contract: String?
    /// The expression of its default.
    package let defaultText: String?
    /// The text of the `##` lines above it.
    package let doc: String?
    /// Whether it takes all remaining positional arguments as a list; natives only.
    package let isVariadic: Bool

    /// The parameter as it is written.
    package var text: String {
      var text = isVariadic ? "\(name)..." : name
      if let contract { text += ": \(contract)" }
      if let defaultText { text += " = \(defaultText)" }
      return text
    }

    /// Whether a call may leave it out.
    package var isOptional: Bool { defaultText != nil || isVariadic }
  }

  /// The parameters, in order.
  package let parameters: [Parameter]
  /// The contract of the result.
  package let result: String?

  /// The signature as it is written, without the name: `(x, axis: Int = -1) -> Float`.
  package var text: String {
    let list = parameters.map(\.text).joined(separator: ", ")
    return result.map { "(\(list)) -> \($0)" } ?? "(\(list))"
  }
}
