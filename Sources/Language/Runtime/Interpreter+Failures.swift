extension Interpreter {
  /// Leaves frames until one of them handles a fault; then that frame's `next` is the handler.
  ///
  /// Throws when no frame above and including `floor` does: to the Swift code that entered the loop.
  func unwind(_ fault: Fault, at instruction: Int, floor: Int) throws(Fault) {
    let located = locate(fault, at: instruction)
    var position = instruction
    while true {
      let frame = stack[depth]
      for handler in frame.code.tables.handlers where handler.range.contains(position) {
        switch handler.kind {
        case .resume: host.recording.resume()
        case .caught(let register):
          if Self.uncatchable.contains(located.code) { continue }
          frame.registers.set(register, caught(located))
          stack.setNext(handler.target, at: depth)
          if frame.isOnStack { top = frame.registers.advanced(by: frame.size) }
          return
        }
      }
      leave(frame)
      if depth < floor { throw located }
      // A call is followed by a word, and the frame goes on behind both.
      position = stack[depth].next - 2
    }
  }

  private func leave(_ frame: Frame) {
    if frame.kind == .construction || frame.kind == .constructionEntry {
      abandonConstruction()
    }
    if frame.isOnStack {
      frame.registers.clear(below: frame.size)
      top = frame.registers
    }
    depth -= 1
  }

  // Throwing and catching

  /// The fault for `throw value`.
  func throwing(_ value: Value) -> Fault {
    if let caught = value.object as? CaughtError {
      return Fault(located: caught.diagnostic, thrown: caught.value.map(keep))
    }
    let ticket = keep(value)
    if let record = value.record, let code = record["code"]?.string,
      let message = record["message"]?.string
    {
      return Fault(
        DiagnosticCode(code), message, help: record["help"]?.string, notes: [], thrown: ticket)
    }
    let text = value.string ?? literal(value)
    return Fault(.thrown, text, notes: [], thrown: ticket)
  }

  /// The fault of an `assert`, with its message if it has one.
  func failedAssertion(_ i: Instruction, _ r: Registers) throws(Fault) -> Fault {
    guard i.flags != 0 else { return Fault(.assertion(nil)) }
    return Fault(.assertion(try text(of: r[i.first].value)))
  }

  private func keep(_ value: Value) -> Int {
    thrownCount += 1
    thrown = (thrownCount, value)
    return thrownCount
  }

  private func caught(_ fault: Fault) -> Value {
    var value: Value?
    if let ticket = fault.thrown, let thrown, thrown.ticket == ticket { value = thrown.value }
    thrown = nil
    guard let diagnostic = fault.located else { return .nil }
    return Value(CaughtError(diagnostic, value: value))
  }

  // Places

  /// The fault with its place and the calls that led to it.
  private func locate(_ fault: Fault, at instruction: Int) -> Fault {
    // One that a native passed on keeps its place: the stack was whole when it was located.
    if fault.located != nil { return fault }
    let frame = stack[depth]
    let code = frame.code
    let own = Location(code.file, code.span(at: max(0, instruction)))
    var calls = callChain(from: own)
    var primary = own
    switch fault.blame {
    case .call: break
    case .span(let span): primary = Location(code.file, span)
    case .argument(let position):
      // A contract of this very function: the caller's argument is at fault.
      if let caller = callSiteBelow(), position < code.parameters.count,
        let span = caller.site.span(ofParameter: position, code.parameters[position])
      {
        primary = Location(caller.code.file, span)
        calls.removeFirst()
      }
    }
    if let first = calls.first {
      calls[0] = Diagnostic.Call(name: first.name, location: primary)
    }
    var diagnostic = diagnostic(fault, at: primary, calls)
    diagnostic.omittedCalls = max(0, depth + 1 - Self.callLimit)
    return Fault(located: diagnostic, thrown: fault.thrown)
  }

  /// The call by which the running frame was entered, if a script made it.
  func callSiteBelow() -> (site: CallSite, code: Code)? {
    let frame = stack[depth]
    guard frame.kind == .call || frame.kind == .construction, depth > 0 else { return nil }
    let caller = stack[depth - 1]
    let code = caller.code
    return code.callSite(at: caller.next - 2).map { ($0, code) }
  }

  /// The innermost instruction of a script, outside of the library where there is one, whose call
  /// is running.
  var userSpot: NoticeLedger.Spot? {
    guard depth >= 0 else { return nil }
    let user = (0...depth).last { !stack[$0].code.file.isLibrary }
    let frame = stack[user ?? depth]
    return NoticeLedger.Spot(code: ObjectIdentifier(frame.code), instruction: frame.next)
  }

  /// The most calls that a diagnostic keeps.
  private static let callLimit = 30

  /// Who is running, innermost first, with the place where each has called the next.
  private func callChain(from own: Location) -> [Diagnostic.Call] {
    var calls = [Diagnostic.Call(name: stack[depth].code.function.qualifiedName, location: own)]
    var index = depth - 1
    while index >= 0, calls.count < Self.callLimit {
      let frame = stack[index]
      let code = frame.code
      calls.append(
        Diagnostic.Call(
          name: code.function.qualifiedName,
          location: Location(code.file, code.span(at: max(0, frame.next - 2)))))
      index -= 1
    }
    return calls
  }

  /// The user's line first: an error inside the library is shown where the user called it.
  private func diagnostic(
    _ fault: Fault, at primary: Location, _ calls: [Diagnostic.Call]
  ) -> Diagnostic {
    let user = calls.firstIndex { !$0.location.file.isLibrary }
    guard let user, user > 0 else {
      return Diagnostic(
        fault.code, fault.message, at: Diagnostic.Label(primary, fault.label),
        notes: fault.notes, help: fault.help, calls: calls)
    }
    return Diagnostic(
      fault.code, fault.message, at: Diagnostic.Label(calls[user].location, fault.label),
      notes: fault.notes.filter { !$0.location.file.isLibrary }, help: fault.help,
      calls: Array(calls[user...]), origin: Array(calls[..<user]))
  }
}

/// What `catch` binds: the error as a script sees it.
final class CaughtError: HostMembers {
  let diagnostic: Diagnostic
  /// What the script threw, if it was the script.
  let value: Value?

  init(_ diagnostic: Diagnostic, value: Value?) {
    self.diagnostic = diagnostic
    self.value = value
  }

  var typeName: String { "Error" }
  var summary: String { "error[\(diagnostic.code)]: \(diagnostic.message)" }
  var memberNames: [String] { ["code", "message", "line", "file", "help", "value"] }

  func member(_ name: String) -> Value? {
    switch name {
    case "code": Value(diagnostic.code.description)
    case "message": Value(diagnostic.message)
    case "line": .int(diagnostic.line)
    case "file": Value(diagnostic.primary.location.file.name)
    case "help": diagnostic.help.map { Value($0) } ?? .nil
    case "value": value ?? .nil
    default: nil
    }
  }
}
