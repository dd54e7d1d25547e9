extension Compiler {
  /// Compiles an expression; its value ends up in `target`, which is written last.
  func compile(_ expression: Expression, to target: Int) {
    at(expression.span) {
      if let folded = expression.constant {
        return loadConstant(folded, to: target)
      }
      switch expression.kind {
      case .nil, .bool, .int, .float, .ellipsis: break  // constants, loaded above
      case .string(let text): emitWide(.loadConstant, target, constant(named: text))
      case .name(let use): load(binding(of: use), name: use.text, to: target)
      case .interpolation(let pieces): interpolation(pieces, to: target)
      case .list(let items): list(items, to: target)
      case .record(let fields): record(fields, to: target)
      case .negate(let operand): unary(.negate, operand, to: target)
      case .not(let operand): unary(.not, operand, to: target)
      case .binary(let left, let operation, let right, _):
        binary(left, operation, right, to: target)
      case .logical(let left, let isAnd, let right): logical(left, isAnd, right, to: target)
      case .range(let start, let end, let isInclusive):
        range(start, end, isInclusive, to: target)
      case .member(let object, let word): member(object, word, to: target)
      case .call(let callee, let arguments, _): call(callee, arguments, to: target)
      case .index(let object, let parts): index(object, parts, to: target)
      case .conditional(let condition, let then, let otherwise):
        conditional(condition, then, otherwise, to: target)
      case .function(let node): closure(node, to: target)
      case .block(let block): self.block(block, to: target)
      case .noGrad(let block): noGrad(block, to: target)
      }
    }
  }

  /// Compiles an expression whose value nobody wants.
  func discard(_ expression: Expression) {
    switch expression.kind {
    case .conditional(let condition, let then, let otherwise):
      at(expression.span) { conditional(condition, then, otherwise, to: nil) }
    case .block(let block): self.block(block, to: nil)
    case .noGrad(let block): at(expression.span) { noGrad(block, to: nil) }
    default:
      temporarily {
        let target = allocate()
        compile(expression, to: target)
        emit(.clear, target)
      }
    }
  }

  // Values of parts

  /// Consecutive registers with the values of expressions.
  func consecutive(_ expressions: [Expression]) -> Int {
    let first = allocate(expressions.count)
    for (offset, expression) in expressions.enumerated() {
      temporarily { compile(expression, to: first + offset) }
    }
    return first
  }

  private func interpolation(_ pieces: [Expression], to target: Int) {
    temporarily {
      let parts = pieces.filter { if case .string("") = $0.kind { false } else { true } }
      emit(.makeString, target, consecutive(parts), parts.count)
    }
  }

  /// How many elements are gathered in registers at a time.
  private static let batch = 64

  private func list(_ items: [Expression], to target: Int) {
    temporarily {
      let head = items.prefix(Self.batch)
      let isShort = items.count == head.count
      let list = isShort ? target : allocate()
      temporarily { emit(.makeList, list, consecutive(Array(head)), head.count) }
      var rest = items.dropFirst(Self.batch)
      while !rest.isEmpty {
        let next = Array(rest.prefix(Self.batch))
        temporarily { emit(.extendList, list, consecutive(next), next.count) }
        rest = rest.dropFirst(Self.batch)
      }
      if !isShort { emit(.move, target, list) }
    }
  }

  private func record(_ fields: [Expression.Field], to target: Int) {
    temporarily {
      let head = fields.prefix(Self.batch)
      let isShort = fields.count == head.count
      let record = isShort ? target : allocate()
      tables.keyTables.append(KeyTable(head.map { shared.symbols[$0.key.text] }))
      let table = tables.keyTables.count - 1
      temporarily { emit(.makeRecord, record, consecutive(head.map(\.value)), table) }
      for field in fields.dropFirst(Self.batch) {
        temporarily {
          let value = operand(field.value)
          emit(.putField, record, constant(named: field.key.text), value.register)
        }
      }
      if !isShort { emit(.move, target, record) }
    }
  }

  // Operators

  private func unary(_ operation: Instruction.Operation, _ operand: Expression, to target: Int) {
    temporarily {
      let operand = self.operand(operand)
      emit(operation, flags: flags(operand), target, operand.register)
    }
  }

  func flags(_ second: Operand, _ third: Operand? = nil) -> UInt8 {
    (second.isTemporary ? Instruction.dropsSecond : 0)
      | (third?.isTemporary == true ? Instruction.dropsThird : 0)
  }

  private func binary(
    _ left: Expression, _ operation: Expression.Operator, _ right: Expression, to target: Int
  ) {
    temporarily {
      let first = operand(left, before: [right])
      if let (immediate, value) = operation.immediate(right) {
        return emitImmediate(
          immediate, flags: flags(first), target, first.register, value)
      }
      let second = operand(right)
      emit(
        operation.instruction, flags: flags(first, second), target, first.register,
        second.register)
    }
  }

  /// `and` and `or`: the value of the second operand counts only if the first does not decide.
  private func logical(_ left: Expression, _ isAnd: Bool, _ right: Expression, to target: Int) {
    temporarily {
      // The target may be a variable that the second operand reads.
      let result = allocate()
      compile(left, to: result)
      let decided = at(left.span) { emitJump(isAnd ? .jumpIfFalse : .jumpIfTrue, result) }
      compile(right, to: result)
      at(right.span) { emit(.requireBool, result) }
      land(decided)
      emit(.move, target, result)
    }
  }

  private func range(_ start: Expression, _ end: Expression, _ isInclusive: Bool, to target: Int) {
    temporarily {
      let first = operand(start, before: [end])
      let second = operand(end)
      emit(.makeRange, flags: isInclusive ? 1 : 0, target, first.register, second.register)
    }
  }

  // Members and indices

  private func member(_ object: Expression, _ word: Word, to target: Int) {
    temporarily {
      let base = operand(object)
      emit(
        .getMember, flags: flags(base), target, base.register, constant(named: word.text))
      emitWide(.word, 0, 0)
    }
  }

  private func index(_ object: Expression, _ parts: [Expression.Part], to target: Int) {
    temporarily {
      let values = parts.flatMap(\.expressions)
      let base = operand(object, before: values)
      if parts.count == 1, case .value(let value) = parts[0] {
        let position = operand(value)
        return emit(
          .getIndex, flags: flags(base, position), target, base.register, position.register)
      }
      tables.indexShapes.append(IndexShape(parts, object.span))
      let first = consecutive(values)
      emit(.getPart, flags: flags(base), target, base.register, first)
      emitWide(.word, 0, tables.indexShapes.count - 1)
    }
  }
}

extension IndexShape {
  init(_ nodes: [Expression.Part], _ object: Span) {
    var parts: [Part] = []
    var spans: [Span] = []
    for node in nodes {
      switch node {
      case .value(let value):
        parts.append(.value)
        spans.append(value.span)
      case .slice(let start, let stop, let step, let span):
        parts.append(.slice(hasStart: start != nil, hasStop: stop != nil, hasStep: step != nil))
        spans.append(span)
      case .ellipsis(let span):
        parts.append(.ellipsis)
        spans.append(span)
      }
    }
    self.init(parts: parts, spans: spans)
  }

  /// How many registers its values take.
  var valueCount: Int {
    parts.reduce(0) { count, part in
      switch part {
      case .value: count + 1
      case .slice(let hasStart, let hasStop, let hasStep):
        count + (hasStart ? 1 : 0) + (hasStop ? 1 : 0) + (hasStep ? 1 : 0)
      case .ellipsis: count
      }
    }
  }
}

extension Expression.Operator {
  var instruction: Instruction.Operation {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .contains: .contains
    case .arithmetic(let operation): operation.instruction
    }
  }

  /// The form with a small constant on the right, where there is one.
  func immediate(_ right: Expression) -> (Instruction.Operation, Int)? {
    guard case .int(let value) = right.constant, let small = Int16(exactly: value),
      let negative = Int16(exactly: -value)
    else { return nil }
    switch self {
    case .arithmetic(.add): return (.addImmediate, Int(small))
    case .arithmetic(.subtract): return (.addImmediate, Int(negative))
    case .arithmetic(.multiply): return (.multiplyImmediate, Int(small))
    case .arithmetic(.remainder) where small > 0: return (.remainderImmediate, Int(small))
    case .arithmetic(.floorDivide) where small > 0: return (.floorDivideImmediate, Int(small))
    default: return nil
    }
  }
}

extension BinaryOperator {
  var instruction: Instruction.Operation {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .remainder: .remainder
    case .matrixProduct: .matrixProduct
    case .power: .power
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    }
  }
}
