/// A contract, prepared for checking.
final class Contract {
  /// Whose value must fit.
  enum Subject {
    case argument(String, position: Int)
    case result(of: String)
    /// A `let`, `var`, `param`, `frozen` or `state`.
    case binding(String, Span)
  }

  enum Kind {
    /// A type, with the places of the dimensions that it binds.
    case type(HostType, binds: [Dimension.Target])
    /// A module, or a type that is found when the contract is checked.
    case dynamic(Place)
    case shape([Dimension])
  }

  /// One position of a shape.
  enum Dimension {
    case any
    case ellipsis
    case size(Size)
    case bind(Target)

    /// A dimension that is bound where it is not yet, and must agree where it is.
    struct Target {
      let name: String
      /// A register or field; the one behind it keeps which contract bound it.
      let place: Place
    }
  }

  indirect enum Size {
    case fixed(Int)
    /// A variable or a dimension of an outer function, and where it is declared.
    case known(String, Place, Location?)
    case arithmetic(Size, DimensionOperator, Size)
  }

  let subject: Subject
  let kind: Kind
  /// The kind of register that fits at once.
  let fittingTag: Slot.Tag?
  let isOptional: Bool
  /// Whether a list or record fits when each of its elements does: for parameters of a module.
  let isElementwise: Bool
  /// As it is written.
  let text: String
  let span: Span
  /// Its number in the function's table.
  let number: Int

  init(
    _ subject: Subject, _ kind: Kind, isOptional: Bool, isElementwise: Bool, text: String,
    span: Span, number: Int
  ) {
    self.subject = subject
    self.kind = kind
    if case .type(let type, let binds) = kind, binds.isEmpty {
      fittingTag = type.tag
    } else {
      fittingTag = nil
    }
    self.isOptional = isOptional
    self.isElementwise = isElementwise
    self.text = text
    self.span = span
    self.number = number
  }
}
