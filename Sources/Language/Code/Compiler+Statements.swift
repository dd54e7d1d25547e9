extension Compiler {
  func statement(_ statement: Statement) {
    at(statement.span) {
      switch statement.kind {
      case .expression(let value): discard(value)
      case .binding(let binding): self.binding(binding)
      case .function(let node): function(node)
      case .module(let node): module(node)
      case .import(let node): importNames(node)
      case .assign(let target, let operation, let value): assign(target, operation, value)
      case .return(let value): giveBack(value)
      case .break: leaveLoop(\.breaks)
      case .continue: leaveLoop(\.continues)
      case .throw(let value): throwValue(value)
      case .assert(let condition, let message): assertion(condition, message)
      case .for(let pattern, let sequence, let body): forLoop(pattern, sequence, body)
      case .while(let condition, let body): whileLoop(condition, body)
      case .try(let body, let name, let handler): tryCatch(body, name, handler)
      }
    }
  }

  func variable(declaredBy word: Word) -> Variable? { shared.declared[word.span.start] }

  // Bindings

  private func binding(_ node: BindingNode) {
    if node.role.parameterRole != nil { return parameter(node) }
    if node.role == .include { return include(node) }
    guard case .name(let word) = node.pattern.kind, let variable = variable(declaredBy: word) else {
      return destructure(node)
    }
    allotRegister(variable)
    // A value that may still be refused is made beside the variable.
    if variable.home != .field, !variable.isBoxed, node.contract == nil {
      return temporarily { compile(node.value, to: variable.number) }
    }
    temporarily {
      let value = allocate()
      compile(node.value, to: value)
      check(node.contract, of: word, in: value, valueSpan: node.value.span)
      define(variable, from: value)
    }
  }

  func check(
    _ contract: ContractNode?, of word: Word, in register: Int, valueSpan: Span,
    isElementwise: Bool = false
  ) {
    guard let contract else { return }
    let number = prepare(
      contract, .binding(word.text, valueSpan), isElementwise: isElementwise)
    at(valueSpan) { emitWide(.check, register, number) }
  }

  private func destructure(_ node: BindingNode) {
    for word in node.pattern.words { variable(declaredBy: word).map(allotRegister) }
    temporarily {
      let value = allocate()
      compile(node.value, to: value)
      if let first = node.pattern.words.first {
        check(node.contract, of: first, in: value, valueSpan: node.value.span)
      }
      at(node.value.span) { unpack(node.pattern, from: value) }
      emit(.clear, value)
    }
  }

  /// Takes a list or record apart into the variables of a pattern.
  func unpack(_ pattern: Pattern, from source: Int) {
    temporarily {
      let first = allocate(pattern.words.count)
      unpack(pattern, from: source, into: first)
      for (offset, word) in pattern.words.enumerated() {
        if let variable = variable(declaredBy: word) { define(variable, from: first + offset) }
      }
    }
  }

  /// Takes a list or record apart into consecutive registers.
  func unpack(_ pattern: Pattern, from source: Int, into first: Int) {
    switch pattern.kind {
    case .name: emit(.copy, first, source)
    case .list(let words): emit(.unpackList, source, first, words.count)
    case .record(let words):
      tables.keyLists.append(words.map { shared.symbols[$0.text] })
      emit(.unpackRecord, source, first)
      emitWide(.word, 0, tables.keyLists.count - 1)
    }
  }

  // Loops

  private func whileLoop(_ condition: Expression, _ body: Block) {
    let start = position
    let exits = jumps(when: false, condition)
    loops.append(Loop(openPauses: openPauses))
    block(body, to: nil)
    finishLoop { emitWide(.loop, 0, start) }
    exits.forEach(land)
    landBreaks()
  }

  /// Emits the step back to the top, to which `continue` goes.
  private func finishLoop(_ back: () -> Void) {
    loops[loops.count - 1].continues.forEach(land)
    back()
  }

  private func landBreaks() {
    if let loop = loops.popLast() { loop.breaks.forEach(land) }
  }

  private func leaveLoop(_ jumps: WritableKeyPath<Loop, [Int]>) {
    guard let loop = loops.last else { return }
    for _ in loop.openPauses..<max(openPauses, loop.openPauses) { emit(.resumeRecording) }
    let jump = emitJump()
    loops[loops.count - 1][keyPath: jumps].append(jump)
  }

  private func forLoop(_ pattern: Pattern, _ sequence: Expression, _ body: Block) {
    let mark = nextRegister
    // Two hidden registers: the running number and the end, or the sequence and the position.
    let state = allocate(2)
    let isRange = prepareLoop(sequence, state)
    for word in pattern.words { variable(declaredBy: word).map(allotRegister) }
    let item = directRegister(of: pattern) ?? allocate()
    let entry = emitJump()
    let start = position
    if directRegister(of: pattern) == nil { unpack(pattern, from: item) }
    loops.append(Loop(openPauses: openPauses))
    block(body, to: nil)
    finishLoop {
      land(entry)
      at(sequence.span) { emit(isRange ? .nextInRange : .nextInIteration, state, item) }
      emitWide(.word, 0, start)
    }
    landBreaks()
    emit(.clearRange, mark, nextRegister - mark)
    nextRegister = mark
  }

  private func prepareLoop(_ sequence: Expression, _ state: Int) -> Bool {
    at(sequence.span) {
      if case .range(let start, let end, let isInclusive) = sequence.kind {
        temporarily { compile(start, to: state) }
        temporarily { compile(end, to: state + 1) }
        emit(.prepareRange, flags: isInclusive ? 1 : 0, state)
        return true
      }
      temporarily { compile(sequence, to: state) }
      emit(.prepareIteration, state)
      return false
    }
  }

  /// The register of a loop variable that the loop may write by itself.
  private func directRegister(of pattern: Pattern) -> Int? {
    guard case .name(let word) = pattern.kind, let variable = variable(declaredBy: word),
      !variable.isBoxed
    else { return nil }
    return variable.number
  }

  // Errors

  private func throwValue(_ value: Expression) {
    temporarily {
      let operand = operand(value)
      emit(.throwValue, operand.register)
    }
  }

  private func assertion(_ condition: Expression, _ message: Expression?) {
    let passed = jumps(when: true, condition)
    at(condition.span) {
      temporarily {
        let text = message.map { operand($0).register }
        emit(.failAssertion, flags: text == nil ? 0 : 1, text ?? 0)
      }
    }
    passed.forEach(land)
  }

  private func tryCatch(_ body: Block, _ name: Word, _ handler: Block) {
    let start = position
    block(body, to: nil)
    let end = position
    let skip = emitJump()
    let mark = nextRegister
    if let variable = variable(declaredBy: name) {
      allotRegister(variable)
      let target = variable.number
      tables.handlers.append(
        Handler(range: start..<end, target: position, kind: .caught(register: target)))
    }
    self.block(handler, to: nil)
    emit(.clearRange, mark, nextRegister - mark)
    nextRegister = mark
    land(skip)
  }

  // Leaving

  private func giveBack(_ value: Expression?) {
    temporarily {
      guard let value else {
        finishFunction(nil)
        return
      }
      let result = operand(value)
      finishFunction(result.register, at: value.span)
    }
  }

  /// Checks the result, closes `no_grad` blocks and returns.
  func finishFunction(_ result: Int?, at resultSpan: Span? = nil) {
    if let resultContract {
      let register = result ?? allocate()
      if result == nil { emit(.loadNil, register) }
      // A widened result must not be written into a variable.
      let own = allocate()
      emit(.copy, own, register)
      at(resultSpan ?? span) { emitWide(.check, own, resultContract) }
      for _ in 0..<openPauses { emit(.resumeRecording) }
      return emit(.giveBack, own)
    }
    for _ in 0..<openPauses { emit(.resumeRecording) }
    if let result { emit(.giveBack, result) } else { emit(.giveNil) }
  }

  // Imports

  private func importNames(_ node: ImportNode) {
    let targets = node.boundWords.compactMap { word, source -> (slot: Int, name: String?)? in
      guard let variable = variable(declaredBy: word), variable.deferredImport == nil else {
        return nil
      }
      return (variable.number, source?.text)
    }
    guard !targets.isEmpty else { return }
    tables.imports.append(node)
    tables.importTargets.append(targets)
    at(node.pathSpan) { emitWide(.runImport, 0, tables.imports.count - 1) }
  }
}
