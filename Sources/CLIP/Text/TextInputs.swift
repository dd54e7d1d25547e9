internal import Autograd

/// What a pass of a plan's rows depends on besides the weights.
struct TextInputs {
  /// The learned rows of the input: [n, D] or [C n, D].
  var learned: Variable?
  /// What moves the rows of each class's name: [C, D].
  var nameShift: Variable?
  /// What replaces rows 1 … b before block 1, 2, …, as far as it is known before the pass.
  var deeper: [Variable?] = []

  private var all: [Variable?] { [learned, nameShift] + deeper }

  /// Those that there are.
  var variables: [Variable] { all.compactMap { $0 } }

  var requiresGradient: Bool { variables.contains { $0.requiresGradient } }

  /// The same with others in the places of ``variables``.
  func with(_ variables: [Variable]) -> TextInputs {
    var rest = variables[...]
    let replaced = all.map { $0 == nil ? nil : rest.popFirst() }
    return TextInputs(
      learned: replaced[0], nameShift: replaced[1], deeper: Array(replaced.dropFirst(2)))
  }

  /// What replaces rows before a block; nil leaves what is there.
  func rows(before layer: Int) -> Variable? {
    layer >= 1 && layer <= deeper.count ? deeper[layer - 1] : nil
  }
}
