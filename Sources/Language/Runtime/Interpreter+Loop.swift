extension Interpreter {
  /// Runs the topmost frame and everything it calls until it returns.
  ///
  /// The hot state lives in local variables: the registers, the instructions and the number of the
  /// next one. `budget` counts down to the next poll, one for each step back and each call.
  func execute(floor: Int) throws(Fault) -> Value {
    var r = stack[depth].registers
    var code = stack[depth].instructions
    var pc = 0
    var budget = 4096
    if stack[depth].isOnStack { top = r.advanced(by: stack[depth].size) }

    while true {
      do throws(Fault) {
        while true {
          let i = code[pc]
          pc &+= 1
          switch i.operation {
          case .word: break
          case .loadNil: r.setNil(i.first)
          case .loadBool: r.setBool(i.first, i.flags != 0)
          case .loadInt: r.setInt(i.first, i.wide)
          case .loadConstant: r.store(stack[depth].constants[i.wide], in: i.first)
          case .copy: r.copy(i.second, to: i.first)
          case .move: r.move(i.second, to: i.first)
          case .clear: r.clear(i.first)
          case .clearRange: r.clear(below: i.first + i.second, from: i.first)

          case .getGlobal:
            let slot = stack[depth].globals[i.wide]
            if slot.tag != .unset {
              r.store(slot, in: i.first)
            } else {
              r.set(i.first, try absentGlobal(i.wide))
            }
          case .setGlobal: try setGlobal(i, r)
          case .getPrelude: r.set(i.first, try preludeValue(i.wide))
          case .getField: r.set(i.first, try field(i.second))
          case .setField: setField(i.second, r[i.first].value)
          case .getCapture: r.set(i.first, captured(i.second).value)
          case .getCapturedCell: r.set(i.first, captured(i.second).value)
          case .setCapturedCell: captured(i.second).assign(r[i.first].value)
          case .getModuleCapture: r.set(i.first, capturedByModule(i.second).value)
          case .getModuleCell: r.set(i.first, capturedByModule(i.second).value)
          case .setModuleCell: capturedByModule(i.second).assign(r[i.first].value)
          case .getItself:
            if let closure = stack[depth].closure { r.set(i.first, .function(closure)) }
          case .makeCell: r.setCell(i.first, SharedVariable(r.take(i.second)))
          case .getCell: r.set(i.first, r.cell(i.second).value)
          case .setCell: r.cell(i.second).value = r[i.first].value
          case .getDimension: try getDimension(i, r)

          case .add:
            let (left, right) = (r[i.second], r[i.third])
            if left.tag == .int, right.tag == .int {
              let (sum, overflow) = left.int.addingReportingOverflow(right.int)
              if !overflow {
                r.setInt(i.first, sum)
                continue
              }
            } else if left.isNumber, right.isNumber {
              r.setFloat(i.first, left.number + right.number)
              continue
            }
            try arithmetic(.add, i, r)
          case .subtract:
            let (left, right) = (r[i.second], r[i.third])
            if left.tag == .int, right.tag == .int {
              let (difference, overflow) = left.int.subtractingReportingOverflow(right.int)
              if !overflow {
                r.setInt(i.first, difference)
                continue
              }
            } else if left.isNumber, right.isNumber {
              r.setFloat(i.first, left.number - right.number)
              continue
            }
            try arithmetic(.subtract, i, r)
          case .multiply:
            let (left, right) = (r[i.second], r[i.third])
            if left.tag == .int, right.tag == .int {
              let (product, overflow) = left.int.multipliedReportingOverflow(by: right.int)
              if !overflow {
                r.setInt(i.first, product)
                continue
              }
            } else if left.isNumber, right.isNumber {
              r.setFloat(i.first, left.number * right.number)
              continue
            }
            try arithmetic(.multiply, i, r)
          case .divide:
            let (left, right) = (r[i.second], r[i.third])
            if left.isNumber, right.isNumber {
              r.setFloat(i.first, left.number / right.number)
            } else {
              try arithmetic(.divide, i, r)
            }
          case .floorDivide: try arithmetic(.floorDivide, i, r)
          case .remainder: try arithmetic(.remainder, i, r)
          case .matrixProduct: try arithmetic(.matrixProduct, i, r)
          case .power: try arithmetic(.power, i, r)
          case .addImmediate:
            let left = r[i.second]
            if left.tag == .int {
              let (sum, overflow) = left.int.addingReportingOverflow(i.immediate)
              if !overflow {
                r.setInt(i.first, sum)
                continue
              }
            } else if left.tag == .float {
              r.setFloat(i.first, left.float + Double(i.immediate))
              continue
            }
            try arithmeticImmediate(.add, i, r)
          case .multiplyImmediate:
            let left = r[i.second]
            if left.tag == .int {
              let (product, overflow) = left.int.multipliedReportingOverflow(by: i.immediate)
              if !overflow {
                r.setInt(i.first, product)
                continue
              }
            } else if left.tag == .float {
              r.setFloat(i.first, left.float * Double(i.immediate))
              continue
            }
            try arithmeticImmediate(.multiply, i, r)
          case .remainderImmediate:
            let left = r[i.second]
            if left.tag == .int {
              // The divisor is positive, so only the sign of the dividend matters.
              let remainder = left.int % i.immediate
              r.setInt(i.first, remainder < 0 ? remainder + i.immediate : remainder)
            } else {
              try arithmeticImmediate(.remainder, i, r)
            }
          case .floorDivideImmediate: try arithmeticImmediate(.floorDivide, i, r)
          case .equal: r.setBool(i.first, try comparesEqual(i, r))
          case .notEqual: r.setBool(i.first, try !comparesEqual(i, r))
          case .less: try arithmetic(.less, i, r)
          case .lessOrEqual: try arithmetic(.lessOrEqual, i, r)
          case .greater: try arithmetic(.greater, i, r)
          case .greaterOrEqual: try arithmetic(.greaterOrEqual, i, r)
          case .contains: try contains(i, r)
          case .negate: try negate(i, r)
          case .not:
            let operand = r[i.second]
            guard operand.tag == .bool else { throw Fault(.condition(operand.value)) }
            r.setBool(i.first, !operand.bool)
          case .requireBool:
            guard r[i.first].tag == .bool else { throw Fault(.notBool(r[i.first].value)) }

          case .jump: pc = i.wide
          case .loop:
            budget &-= 1
            if budget <= 0 {
              budget = 4096
              try poll()
            }
            pc = i.wide
          case .jumpIfFalse:
            let condition = r[i.first]
            guard condition.tag == .bool else { throw Fault(.condition(condition.value)) }
            if !condition.bool { pc = i.wide }
          case .jumpIfTrue:
            let condition = r[i.first]
            guard condition.tag == .bool else { throw Fault(.condition(condition.value)) }
            if condition.bool { pc = i.wide }
          case .unlessLess:
            let (left, right) = (r[i.first], r[i.second])
            let holds =
              try left.tag == .int && right.tag == .int
              ? left.int < right.int : compares(.less, left, right)
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessLessOrEqual:
            let (left, right) = (r[i.first], r[i.second])
            let holds =
              try left.tag == .int && right.tag == .int
              ? left.int <= right.int : compares(.lessOrEqual, left, right)
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessGreater:
            let (left, right) = (r[i.first], r[i.second])
            let holds =
              try left.tag == .int && right.tag == .int
              ? left.int > right.int : compares(.greater, left, right)
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessGreaterOrEqual:
            let (left, right) = (r[i.first], r[i.second])
            let holds =
              try left.tag == .int && right.tag == .int
              ? left.int >= right.int : compares(.greaterOrEqual, left, right)
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessEqual:
            let (left, right) = (r[i.first], r[i.second])
            let holds =
              try left.tag == .int && right.tag == .int
              ? left.int == right.int : equals(left.value, right.value)
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessNotEqual:
            let (left, right) = (r[i.first], r[i.second])
            let holds =
              try left.tag == .int && right.tag == .int
              ? left.int != right.int : !equals(left.value, right.value)
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessLessImmediate:
            let left = r[i.first]
            let holds =
              try left.tag == .int ? left.int < i.wide : compares(.less, left, i.wide)
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessLessOrEqualImmediate:
            let left = r[i.first]
            let holds =
              try left.tag == .int ? left.int <= i.wide : compares(.lessOrEqual, left, i.wide)
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessGreaterImmediate:
            let left = r[i.first]
            let holds =
              try left.tag == .int ? left.int > i.wide : compares(.greater, left, i.wide)
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessGreaterOrEqualImmediate:
            let left = r[i.first]
            let holds =
              try left.tag == .int ? left.int >= i.wide : compares(.greaterOrEqual, left, i.wide)
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessEqualImmediate:
            let left = r[i.first]
            let holds =
              try left.tag == .int ? left.int == i.wide : equals(left.value, .int(i.wide))
            pc = holds ? pc &+ 1 : code[pc].wide
          case .unlessNotEqualImmediate:
            let left = r[i.first]
            let holds =
              try left.tag == .int ? left.int != i.wide : !equals(left.value, .int(i.wide))
            pc = holds ? pc &+ 1 : code[pc].wide
          case .skipIfSet: if r[i.first].tag != .unset { pc = i.wide }

          case .makeList: try makeList(i, r)
          case .extendList: try extendList(i, r)
          case .makeRecord: try makeRecord(i, r)
          case .putField: try putField(i, r)
          case .makeString: try makeString(i, r)
          case .makeRange: try makeRange(i, r)
          case .makeClosure: r.set(i.first, try closure(i.wide))
          case .makeModule: r.set(i.first, try moduleDefinition(i.wide))
          case .bindMethod: r.set(i.first, boundMethod(i.second))

          case .getMember:
            if r.copyField(
              of: i.second, named: stack[depth].constants[i.third], foundAt: code[pc].wide,
              to: i.first)
            {
              if i.flags & Instruction.dropsSecond != 0, i.first != i.second { r.clear(i.second) }
            } else {
              try getMember(i, r, cache: code, at: pc)
            }
            pc &+= 1
          case .getIndex: try getIndex(i, r)
          case .getPart:
            try getPart(i, r, shape: code[pc].wide)
            pc &+= 1
          case .setMember:
            if !r.setField(
              of: i.first, named: stack[depth].constants[i.second], foundAt: code[pc].wide,
              to: i.third)
            {
              try setMember(i, r, cache: code, at: pc)
            }
            pc &+= 1
          case .setIndex: try setIndex(i, r)
          case .assign: try assign(i, r)
          case .unpackList: try unpackList(i, r)
          case .unpackRecord:
            try unpackRecord(i, r, keys: code[pc].wide)
            pc &+= 1

          case .callGlobal, .call:
            let callee = i.operation == .call ? r[i.second] : stack[depth].globals[i.second]
            budget &-= 1
            if budget <= 0 {
              budget = 4096
              try poll()
            }
            if code[pc].a == 0,
              stack.enter(
                callee, argumentsIn: r, first: i.third, count: Int(i.flags), result: i.first,
                depth: depth, top: top)
            {
              stack.setNext(pc &+ 1, at: depth)
              depth &+= 1
              r = top
              code = stack[depth].instructions
              top = r.advanced(by: stack[depth].size)
              pc = 0
              continue
            }
            stack.setNext(pc &+ 1, at: depth)
            if callee.tag == .unset { throw Fault(.unset(absentName(i))) }
            if try beginCall(callee, i, r, site: code[pc].wide) {
              r = stack[depth].registers
              code = stack[depth].instructions
              pc = 0
            } else {
              pc &+= 1
            }
          case .callConstant:
            stack.setNext(pc &+ 1, at: depth)
            if try beginCall(stack[depth].constants[i.second], i, r, site: code[pc].wide) {
              r = stack[depth].registers
              code = stack[depth].instructions
              pc = 0
            } else {
              pc &+= 1
            }
          case .callMember:
            stack.setNext(pc &+ 1, at: depth)
            if try beginMemberCall(i, r, site: code[pc].wide) {
              r = stack[depth].registers
              code = stack[depth].instructions
              pc = 0
            } else {
              pc &+= 1
            }
          case .callMethod:
            stack.setNext(pc &+ 1, at: depth)
            try beginMethodCall(i, r, site: code[pc].wide)
            r = stack[depth].registers
            code = stack[depth].instructions
            pc = 0
          case .giveBack, .giveNil, .giveModule:
            if i.operation == .giveNil { r.setNil(i.first) }
            if i.operation == .giveModule { finishConstruction() }
            let (kind, target, size) = (
              stack[depth].kind, stack[depth].result, stack[depth].size
            )
            if kind.returnsToSwift {
              let value = r.take(i.first)
              if stack[depth].isOnStack {
                r.clear(below: size)
                top = r
              }
              depth &-= 1
              return value
            }
            depth &-= 1
            let caller = stack[depth].registers
            r.move(i.first, to: target, in: caller)
            r.clear(below: size)
            top = r
            r = caller
            code = stack[depth].instructions
            pc = stack[depth].next

          case .check: try check(i, r)

          case .prepareRange: try prepareRange(i, r)
          case .nextInRange:
            let number = r[i.first].int
            if number < r[i.first + 1].int {
              r.setInt(i.second, number)
              r.setInt(i.first, number + 1)
              budget &-= 1
              if budget <= 0 {
                budget = 4096
                try poll()
              }
              pc = code[pc].wide
            } else {
              pc &+= 1
            }
          case .prepareIteration: try prepareIteration(i, r)
          case .nextInIteration:
            if try nextItem(i, r) {
              budget &-= 1
              if budget <= 0 {
                budget = 4096
                try poll()
              }
              pc = code[pc].wide
            } else {
              pc &+= 1
            }

          case .throwValue: throw throwing(r[i.first].value)
          case .failAssertion: throw try failedAssertion(i, r)
          case .pauseRecording: host.recording.pause()
          case .resumeRecording: host.recording.resume()
          case .beginParameter:
            if try beginParameter(i, r) { pc = code[pc].wide } else { pc &+= 1 }
          case .adoptParameter: try adoptParameter(i, r)
          case .logParameter: logParameter(i.second)
          case .include: try include(i, r)
          case .checkPaths: try checkPaths()
          case .runImport: try runImport(i.wide, r)
          }
        }
      } catch {
        try unwind(error, at: pc - 1, floor: floor)
        r = stack[depth].registers
        code = stack[depth].instructions
        pc = stack[depth].next
      }
    }
  }
}
