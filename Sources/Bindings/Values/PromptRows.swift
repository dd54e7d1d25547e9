internal import Autograd
internal import CLIP
internal import Language
internal import Tensor

/// The rows that a script puts into a tower: a list with the rows of each layer, or a function of the
/// layer and, if it takes two arguments, of what the coming block attends to.
struct PromptRows {
  private let source: Source
  private let interpreter: Interpreter
  private let engine: Engine
  let depth: Int

  private enum Source {
    case list([Value])
    case function(Value, takesSite: Bool)
  }

  /// nil when a call gives no prompts, or an empty list of them. `layers` are those of the tower.
  init?(
    _ arguments: borrowing Arguments, prompts place: Int, depth depthPlace: Int, layers: Int,
    _ engine: Engine
  ) throws {
    let depth = try arguments.optionalInt(depthPlace)
    guard !arguments.isNil(place) else {
      if depth != nil { throw arguments.fault(depthPlace, "needs 'prompts'") }
      return nil
    }
    interpreter = arguments.interpreter
    self.engine = engine
    if let rows = arguments[place].list {
      guard depth == nil || depth == rows.count else {
        throw arguments.fault(
          depthPlace, "must be the number of layers that 'prompts' lists, \(rows.count)")
      }
      if rows.isEmpty { return nil }
      source = .list(rows)
      self.depth = rows.count
    } else {
      let function = try arguments.function(place)
      var takesSite = true
      if case .function(let closure) = function {
        takesSite = closure.signature.parameters.count > 1
      }
      source = .function(function, takesSite: takesSite)
      self.depth = depth ?? 1
    }
    // Before a function is asked for the rows of that many layers.
    guard self.depth >= 1, self.depth <= layers else {
      throw CLIPError.depth(self.depth, layers: layers)
    }
  }

  private var looksAtBlocks: Bool {
    if case .function(_, takesSite: true) = source { return true }
    return false
  }

  /// The rows of a layer; nil leaves what is there.
  func rows(_ layer: Int, _ site: (any PromptSite)?) throws -> Variable? {
    let value: Value
    switch source {
    case .list(let rows): value = rows[layer]
    case .function(let function, let takesSite):
      let here: [Value] = takesSite ? [Value(PromptSiteValue(site, engine))] : []
      value = try interpreter.call(function, [.int(layer)] + here)
    }
    if value.isNil { return nil }
    guard let tensor = value.object as? TensorValue else {
      throw Fault(
        .type, "prompts for layer \(layer) are \(value.describedKind), not a tensor [rows, width]")
    }
    guard tensor.shape.count == 2 else {
      throw Fault(
        .shape,
        "prompts for layer \(layer) are \(TensorPrinting.shape(tensor.shape)), not [rows, width]")
    }
    return tensor.operand
  }

  /// The hook for the engine. `first` are layer 0's rows, `room` is how many rows there are to be
  /// replaced in deeper layers, and `known` are the rows of all layers where they have been asked for.
  func prompts(first: Variable?, room: Int, known: [Variable?]? = nil) -> Prompts {
    Prompts(depth: depth, looksAtBlocks: known == nil && looksAtBlocks) { layer, site in
      if layer == 0 { return first }
      let rows = if let known { known[layer] } else { try rows(layer, site) }
      if let count = rows?.shape.first, count > room {
        throw Fault(
          .value, "prompts for layer \(layer) are \(count) rows, and there is room for \(room)",
          help: "layer 0 makes the room: return as many rows there")
      }
      return rows
    }
  }

  /// The rows of all layers of the text tower, where they do not depend on the blocks' attention; else
  /// nil, and the function is asked again while the blocks run.
  func allRows(first: Variable?) throws -> [Variable?]? {
    let site = CuriousSite(count: first?.shape.first ?? 0)
    var all = [first]
    for layer in 1..<depth {
      do {
        all.append(try rows(layer, site))
      } catch  where site.wasAsked {
        return nil
      }
      if site.wasAsked { return nil }
    }
    return all
  }

  /// Stands in for a block that has not run yet, and remembers whether anyone asked about it.
  private final class CuriousSite: PromptSite {
    private(set) var wasAsked = false
    private let count: Int

    init(count: Int) { self.count = count }

    func attentionFromOthers() throws -> Tensor {
      wasAsked = true
      throw CLIPError.tokens("asked ahead")
    }

    /// Under the causal mask the start of text sees only itself, whatever the rows are.
    func attentionFromStart() throws -> Tensor { try Tensor(repeating: 0, shape: [count]) }
  }
}
