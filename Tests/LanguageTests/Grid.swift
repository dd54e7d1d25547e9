import Language

/// A stand-in for what an engine computes with: a shape and one number that fills it.
final class Grid: HostOperators, HostIndexable, HostShaped, HostParameter, HostMembers,
  HostEquatable,
  HostSequence
{
  let shape: [Int]
  var fill: Double
  var role: ParameterRole?

  init(_ shape: [Int], _ fill: Double = 0, role: ParameterRole? = nil) {
    self.shape = shape
    self.fill = fill
    self.role = role
  }

  var typeName: String { "Grid" }
  var summary: String { "Grid\(shape)" }
  var memberNames: [String] { ["T", "fill", "shape"] }

  func member(_ name: String) -> Value? {
    switch name {
    case "T":
      guard shape.count >= 2 else { return Value(self) }
      return Value(
        Grid(shape.dropLast(2) + [shape[shape.count - 1], shape[shape.count - 2]], fill))
    case "fill": return .float(fill)
    case "shape": return Value(shape.map { .int($0) })
    default: return nil
    }
  }

  func parameter(_ role: ParameterRole) -> any HostObject { Grid(shape, fill, role: role) }
  func copied() -> any HostObject { Grid(shape, fill, role: role) }

  func advice(contract: String) -> String? { shape.count == 3 ? "add an axis: `x[nil]`" : nil }

  func equals(_ other: Value) throws -> Bool {
    throw Fault(.type, "'==' does not compare grids", help: "compare elementwise with `eq(x, y)`")
  }

  var count: Int { shape.first ?? 0 }

  func element(_ position: Int) throws -> Value { Value(Grid(Array(shape.dropFirst()), fill)) }

  func negated() -> Value? { Value(Grid(shape, -fill)) }

  func apply(_ operation: BinaryOperator, with other: Value, from side: OperandSide) throws
    -> Value?
  {
    guard let second = (other.object as? Grid) ?? other.number.map({ Grid([], $0) }) else {
      return nil
    }
    let (a, b) = side == .left ? (self, second) : (second, self)
    if operation == .matrixProduct { return Value(try Self.product(a, b)) }
    let shape = try Self.broadcast(a.shape, b.shape)
    switch operation {
    case .add: return Value(Grid(shape, a.fill + b.fill))
    case .subtract: return Value(Grid(shape, a.fill - b.fill))
    case .multiply: return Value(Grid(shape, a.fill * b.fill))
    case .divide: return Value(Grid(shape, a.fill / b.fill))
    default: return nil
    }
  }

  private static func product(_ a: Grid, _ b: Grid) throws -> Grid {
    guard let inner = a.shape.last, b.shape.count >= 2, inner == b.shape[b.shape.count - 2] else {
      throw Fault(.shape, "'@' does not take \(a.shape) and \(b.shape)")
    }
    let leading = try broadcast(Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)))
    let rows = a.shape.suffix(2).dropLast()
    return Grid(leading + rows + [b.shape[b.shape.count - 1]], a.fill * b.fill * Double(inner))
  }

  static func broadcast(_ a: [Int], _ b: [Int]) throws -> [Int] {
    let count = max(a.count, b.count)
    let (x, y) = (
      Array(repeating: 1, count: count - a.count) + a,
      Array(repeating: 1, count: count - b.count) + b
    )
    return try zip(x, y).map { p, q in
      guard p == q || p == 1 || q == 1 else {
        throw Fault(.shape, "shapes \(a) and \(b) do not go together")
      }
      return max(p, q)
    }
  }

  func element(at index: [IndexPart]) throws -> Value {
    var result: [Int] = []
    var axis = 0
    let taken = index.count { part in
      switch part {
      case .value, .slice: true
      case .newAxis, .ellipsis: false
      }
    }
    for part in index {
      switch part {
      case .newAxis: result.append(1)
      case .ellipsis:
        let skipped = shape.count - taken
        result += shape[axis..<axis + skipped]
        axis += skipped
      case .value(.int(let position)):
        guard axis < shape.count, position < shape[axis] else {
          throw Fault(.index, "position \(position) is outside of \(shape)")
        }
        axis += 1
      case .value: throw Fault(.type, "a grid takes whole numbers and slices")
      case .slice(let start, let stop, let step):
        result.append(Slice(start, stop, step).positions(in: shape[axis]).count)
        axis += 1
      }
    }
    return Value(Grid(result + shape[axis...], fill))
  }

  static var type: HostType {
    HostType("Grid", doc: "A stand-in for numbers with a shape.") { $0.object is Grid }
  }

  /// Words over grids, as far as the tests need them.
  static var natives: [Native] {
    [
      Native("grid(shape: List, fill: Float = 0)", "A grid of one number.") {
        Value(Grid(try $0.ints(0), try $0.float(1)))
      },
      Native("filled(x: Grid)", "The number that fills a grid.") {
        .float(try $0.object(0, as: Grid.self, "a grid").fill)
      },
      Native("set_fill(x: Grid, fill: Float)", "Changes a grid, as an optimizer would.") {
        let grid = try $0.object(0, as: Grid.self, "a grid")
        grid.fill = try $0.float(1)
        return .nil
      },
      Native("role(x: Grid)", "What a grid was declared as.") {
        Value(try $0.object(0, as: Grid.self, "a grid").role?.rawValue ?? "none")
      },
    ]
  }
}
