extension Compiler {
  /// Compiles a block; with a target, the value of its last expression ends up there.
  func block(_ block: Block, to target: Int?) {
    let mark = nextRegister
    statements(block.statements, to: target)
    // Local variables end here; what they hold is freed now and not when the frame ends.
    if nextRegister > mark {
      at(block.span) { emit(.clearRange, mark, nextRegister - mark) }
    }
    nextRegister = mark
  }

  func statements(_ statements: [Statement], to target: Int?) {
    for (index, statement) in statements.enumerated() {
      if index == statements.count - 1, let target, case .expression(let value) = statement.kind {
        return temporarily { compile(value, to: target) }
      }
      self.statement(statement)
    }
    if let target { emit(.loadNil, target) }
  }

  func conditional(_ condition: Expression, _ then: Block, _ otherwise: Block?, to target: Int?) {
    temporarily {
      // A branch may read the variable that the whole is for.
      let result = target.map { _ in allocate() }
      let skip = jumps(when: false, condition)
      block(then, to: result)
      if otherwise == nil && result == nil {
        skip.forEach(land)
      } else {
        let end = emitJump()
        skip.forEach(land)
        if let otherwise {
          block(otherwise, to: result)
        } else if let result {
          emit(.loadNil, result)
        }
        land(end)
      }
      if let target, let result { emit(.move, target, result) }
    }
  }

  func noGrad(_ block: Block, to target: Int?) {
    emit(.pauseRecording)
    openPauses += 1
    let start = position
    temporarily {
      let result = target.map { _ in allocate() }
      self.block(block, to: result)
      let end = position
      openPauses -= 1
      emit(.resumeRecording)
      if let target, let result { emit(.move, target, result) }
      tables.handlers.append(Handler(range: start..<end, target: 0, kind: .resume))
    }
  }

  // Conditions

  /// Emits jumps that are taken when a condition is true or false, to be landed by the caller.
  func jumps(when outcome: Bool, _ condition: Expression) -> [Int] {
    at(condition.span) {
      switch condition.kind {
      case .not(let operand): return jumps(when: !outcome, operand)
      case .logical(let left, let isAnd, let right) where isAnd != outcome:
        // `a and b` fails when either fails, `a or b` holds when either holds.
        return jumps(when: outcome, left) + jumps(when: outcome, right)
      case .logical(let left, _, let right):
        let past = jumps(when: !outcome, left)
        let taken = jumps(when: outcome, right)
        past.forEach(land)
        return taken
      case .binary(let left, let operation, let right, _):
        if let jump = comparison(left, operation, right, when: outcome) { return [jump] }
      default: break
      }
      return temporarily {
        let value = operand(condition)
        return [emitJump(outcome ? .jumpIfTrue : .jumpIfFalse, value.register)]
      }
    }
  }

  /// A comparison that jumps by itself; its operations jump when it does not hold.
  private func comparison(
    _ left: Expression, _ operation: Expression.Operator, _ right: Expression, when outcome: Bool
  ) -> Int? {
    // The opposite of `<` is not `>=` when a NaN is compared, so only `==` can be turned round.
    guard let unless = operation.unless(when: outcome) else { return nil }
    return temporarily {
      let first = operand(left, before: [right])
      if case .int(let value) = right.constant, Int(Int32(truncatingIfNeeded: value)) == value {
        emitWide(unless.immediate, flags: flags(first), first.register, value)
      } else {
        let second = operand(right)
        emit(unless.registers, flags: flags(first, second), first.register, second.register)
      }
      return emitJump(.word)
    }
  }
}

extension Expression.Operator {
  /// The instructions that jump unless a comparison holds: with a register, with a constant.
  fileprivate func unless(
    when outcome: Bool
  ) -> (registers: Instruction.Operation, immediate: Instruction.Operation)? {
    switch (self, outcome) {
    case (.equal, false), (.notEqual, true): (.unlessEqual, .unlessEqualImmediate)
    case (.notEqual, false), (.equal, true): (.unlessNotEqual, .unlessNotEqualImmediate)
    case (.arithmetic(.less), false): (.unlessLess, .unlessLessImmediate)
    case (.arithmetic(.lessOrEqual), false): (.unlessLessOrEqual, .unlessLessOrEqualImmediate)
    case (.arithmetic(.greater), false): (.unlessGreater, .unlessGreaterImmediate)
    case (.arithmetic(.greaterOrEqual), false):
      (.unlessGreaterOrEqual, .unlessGreaterOrEqualImmediate)
    default: nil
    }
  }
}
