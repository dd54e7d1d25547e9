/// Which of the variables that a function captured it assigns, itself or in a function inside it.
///
/// A function inside has numbers of its own for what it captured, so the numbers of the outermost are
/// passed on from each to those inside.
struct CaptureAssignments {
  /// Places among the captures of the function.
  private(set) var own: Set<Int> = []
  /// Places among the captures of the declaration of the module in which it stands.
  private(set) var ofModule: Set<Int> = []

  /// A captured variable as the outermost function knows it.
  private enum Origin {
    case own(Int)
    case ofModule(Int)
  }

  /// What the numbers of one function stand for; nil for variables that are not from outside.
  private struct View {
    let code: Code
    let captures: [Origin?]
    /// nil where the module is the one in which the outermost function stands.
    let moduleCaptures: [Origin?]?

    func origin(_ place: Place) -> Origin? {
      switch place {
      case .capturedCell(let number):
        captures[number]
      case .moduleCell(let number):
        if let moduleCaptures { moduleCaptures[number] } else { .ofModule(number) }
      default: nil
      }
    }
  }

  init(in code: Code) {
    var views = [
      View(
        code: code, captures: code.tables.captures.indices.map { .own($0) },
        moduleCaptures: nil)
    ]
    while let view = views.popLast() {
      for position in 0..<view.code.length {
        let instruction = view.code.instruction(at: position)
        switch instruction.operation {
        case .setCapturedCell: add(view.origin(.capturedCell(instruction.second)))
        case .setModuleCell: add(view.origin(.moduleCell(instruction.second)))
        default: break
        }
      }
      for path in view.code.tables.paths { add(view.origin(path.root)) }
      views += view.code.tables.children.map { child in
        View(
          code: child, captures: child.tables.captures.map(view.origin),
          moduleCaptures: view.moduleCaptures)
      }
      for module in view.code.tables.modules {
        let captures = module.captures.map(view.origin)
        views += ([module.constructor] + module.methods).map {
          View(code: $0, captures: [], moduleCaptures: captures)
        }
      }
    }
  }

  private mutating func add(_ origin: Origin?) {
    switch origin {
    case .own(let place): own.insert(place)
    case .ofModule(let place): ofModule.insert(place)
    case nil: break
    }
  }
}
