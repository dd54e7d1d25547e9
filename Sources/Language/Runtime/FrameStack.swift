/// The one file of raw memory: registers, compiled instructions and the stack of calls.
///
/// Measured on the machine this was written for, a register machine whose frames are arrays held by
/// a class spends three quarters of its time on bounds, uniqueness and exclusivity checks. Frames
/// in raw memory with a trivial 16-byte slot run recursive Fibonacci ten times faster. So this file
/// gives those checks up, and nothing outside it ever sees a pointer. What keeps it sound:
///
/// - Register numbers come from the compiler alone, which allots them below `frameSize`, and
///   `FrameStack.reserve` makes room for `frameSize` slots before a frame is entered.
/// - Every slot is initialised: a slot that nobody owns is `unset`. Slots above the top of the
///   stack are always unset; leaving a frame clears it.
/// - A slot that holds a reference owns one count of it. Reading gives a strong copy, writing
///   releases what was there, taking moves the count out and leaves the slot unset.
/// - A `Registers` or `CodePointer` is used only while the memory behind it lives: the stack lives
///   as long as the interpreter, a file's registers as long as its scope, instructions as long as
///   their `Code`. Each is held by a strong reference wherever a pointer to it may be followed.

/// One register: a kind and 64 bits, which are a number or an owned reference.
struct Slot {
  enum Tag: UInt8 {
    case unset, `nil`, bool, int, float, ellipsis
    case string, list, record, range, function, native, definition, module, type, host, cell

    /// Whether the bits are an owned reference.
    @inline(__always) var isReference: Bool { rawValue >= Tag.string.rawValue }
  }

  fileprivate(set) var tag: Tag
  fileprivate let bits: UInt64

  @inline(__always) fileprivate init(_ tag: Tag, _ bits: UInt64) {
    self.tag = tag
    self.bits = bits
  }

  @inline(__always) fileprivate init(_ tag: Tag, owning object: AnyObject) {
    self.tag = tag
    bits = UInt64(UInt(bitPattern: unsafe Unmanaged.passRetained(object).toOpaque()))
  }

  static var unset: Slot { @inline(__always) get { Slot(.unset, 0) } }
  /// Where the bits stand in a slot: behind the tag, aligned.
  fileprivate static var offsetOfBits: Int { MemoryLayout<UInt64>.alignment }

  /// The payload of an `int` slot.
  @inline(__always) var int: Int { Int(truncatingIfNeeded: bits) }
  /// The payload of a `float` slot.
  @inline(__always) var float: Double { Double(bitPattern: bits) }
  /// The payload of a `bool` slot.
  @inline(__always) var bool: Bool { bits != 0 }
  /// The payload of an `int` or `float` slot as a float.
  @inline(__always) var number: Double { tag == .int ? Double(int) : float }
  @inline(__always) var isNumber: Bool { tag == .int || tag == .float }

  /// The reference, typed by the tag with which `init(_:owning:)` wrote it.
  @inline(__always) fileprivate func reference<Object: AnyObject>(
    to type: Object.Type
  ) -> Unmanaged<Object> {
    guard let pointer = unsafe UnsafeRawPointer(bitPattern: UInt(bits)) else {
      preconditionFailure("a register of kind \(tag) holds no reference")
    }
    return unsafe Unmanaged<Object>.fromOpaque(pointer)
  }

  @inline(__always) fileprivate func object<Object: AnyObject>(
    _ type: Object.Type, moving: Bool = false
  ) -> Object {
    let reference = unsafe reference(to: type)
    return moving
      ? unsafe reference.takeRetainedValue() : unsafe reference.takeUnretainedValue()
  }

  @inline(__always) fileprivate func retain() {
    if tag.isReference, let pointer = unsafe UnsafeRawPointer(bitPattern: UInt(bits)) {
      _ = unsafe Unmanaged<AnyObject>.fromOpaque(pointer).retain()
    }
  }

  @inline(__always) fileprivate func release() {
    if tag.isReference { releaseReference() }
  }

  @inline(never) private func releaseReference() {
    if let pointer = unsafe UnsafeRawPointer(bitPattern: UInt(bits)) {
      unsafe Unmanaged<AnyObject>.fromOpaque(pointer).release()
    }
  }

  /// The value, with a count of its own; `unset` reads as `nil`.
  var value: Value { read(moving: false) }

  /// The value; with `moving`, it takes over the slot's count.
  @inline(__always) fileprivate func read(moving: Bool) -> Value {
    switch tag {
    case .unset, .nil: .nil
    case .bool: .bool(bool)
    case .int: .int(int)
    case .float: .float(float)
    case .ellipsis: .ellipsis
    case .string: .string(object(StringBox.self, moving: moving))
    case .list: .list(object(ListBox.self, moving: moving))
    case .record: .record(object(RecordBox.self, moving: moving))
    case .range: .range(object(RangeBox.self, moving: moving))
    case .function: .function(object(Closure.self, moving: moving))
    case .native: .native(object(Native.self, moving: moving))
    case .definition: .definition(object(ModuleDefinition.self, moving: moving))
    case .module: .module(object(ModuleValue.self, moving: moving))
    case .type: .type(object(HostType.self, moving: moving))
    case .host: .host(object(HostBox.self, moving: moving))
    case .cell: object(SharedVariable.self, moving: moving).value
    }
  }

  /// A slot that owns a value.
  fileprivate init(_ value: Value) {
    switch value {
    case .nil: self.init(.nil, 0)
    case .bool(let value): self.init(.bool, value ? 1 : 0)
    case .int(let value): self.init(.int, UInt64(bitPattern: Int64(value)))
    case .float(let value): self.init(.float, value.bitPattern)
    case .ellipsis: self.init(.ellipsis, 0)
    case .string(let box): self.init(.string, owning: box)
    case .list(let box): self.init(.list, owning: box)
    case .record(let box): self.init(.record, owning: box)
    case .range(let box): self.init(.range, owning: box)
    case .function(let closure): self.init(.function, owning: closure)
    case .native(let native): self.init(.native, owning: native)
    case .definition(let definition): self.init(.definition, owning: definition)
    case .module(let module): self.init(.module, owning: module)
    case .type(let type): self.init(.type, owning: type)
    case .host(let box): self.init(.host, owning: box)
    }
  }
}

/// The registers of a running frame.
@safe struct Registers {
  fileprivate let base: UnsafeMutablePointer<Slot>

  @inline(__always) fileprivate init(_ base: UnsafeMutablePointer<Slot>) {
    unsafe self.base = unsafe base
  }

  /// A look at a register: valid until the register is written.
  @inline(__always) subscript(index: Int) -> Slot { unsafe base[index] }

  @inline(__always) func setInt(_ index: Int, _ value: Int) {
    write(index, Slot(.int, UInt64(bitPattern: Int64(value))))
  }

  @inline(__always) func setFloat(_ index: Int, _ value: Double) {
    write(index, Slot(.float, value.bitPattern))
  }

  @inline(__always) func setBool(_ index: Int, _ value: Bool) {
    write(index, Slot(.bool, value ? 1 : 0))
  }

  @inline(__always) func setNil(_ index: Int) { write(index, Slot(.nil, 0)) }

  @inline(__always) func clear(_ index: Int) { write(index, .unset) }

  @inline(__always) func set(_ index: Int, _ value: Value) { write(index, Slot(value)) }

  @inline(__always) func setCell(_ index: Int, _ cell: SharedVariable) {
    write(index, Slot(.cell, owning: cell))
  }

  /// The value of a register, moved out; the register is unset.
  @inline(__always) func take(_ index: Int) -> Value {
    let slot = unsafe base[index]
    unsafe base[index] = .unset
    return slot.read(moving: true)
  }

  @inline(__always) func copy(_ source: Int, to target: Int) { store(self[source], in: target) }

  @inline(__always) func move(_ source: Int, to target: Int) {
    let slot = unsafe base[source]
    unsafe base[source] = .unset
    write(target, slot)
  }

  /// Stores a copy of a slot that something else owns.
  @inline(__always) func store(_ slot: Slot, in target: Int) {
    slot.retain()
    write(target, slot)
  }

  @inline(__always) private func write(_ index: Int, _ slot: Slot) {
    let old = unsafe base[index].tag
    if old.isReference {
      replace(index, slot)
    } else {
      unsafe base[index] = slot
    }
  }

  @inline(never) private func replace(_ index: Int, _ slot: Slot) {
    let old = unsafe base[index]
    unsafe base[index] = slot
    old.release()
  }

  /// Stores the value of a record's key, if the key stands where it was found the last time.
  @inline(__always)
  func copyField(of source: Int, named key: Slot, foundAt position: Int, to target: Int) -> Bool {
    guard self[source].tag == .record else { return false }
    let field = unsafe self[source].reference(to: RecordBox.self)._withUnsafeGuaranteedRef { box in
      unsafe key.reference(to: StringBox.self)._withUnsafeGuaranteedRef { key in
        box.record.table.holds(key, at: position)
          ? Slot(box.record.value(at: position)) : Slot.unset
      }
    }
    guard field.tag != .unset else { return false }
    write(target, field)
    return true
  }

  /// Puts a number under a record's key, if the key stands where it was found the last time and
  /// nobody else holds the record.
  @inline(__always)
  func setField(of target: Int, named key: Slot, foundAt position: Int, to source: Int) -> Bool {
    guard self[target].tag == .record, self[source].isNumber else { return false }
    let number = self[source].value
    return changeOwned(target, RecordBox.self) { box in
      unsafe key.reference(to: StringBox.self)._withUnsafeGuaranteedRef { key in
        guard box.record.table.holds(key, at: position) else { return false }
        box.record.replace(at: position, with: number)
        return true
      }
    }
  }

  /// Appends a string to a string that nobody else holds, up to a number of bytes.
  func appendString(_ source: Int, to target: Int, limit: Int) -> Bool {
    guard self[target].tag == .string, self[source].tag == .string, source != target else {
      return false
    }
    return changeOwned(target, StringBox.self) { box in
      unsafe self[source].reference(to: StringBox.self)._withUnsafeGuaranteedRef { other in
        guard box.text.utf8.count + other.text.utf8.count <= limit else { return false }
        box.append(other.text)
        return true
      }
    }
  }

  /// Looks at the object of a register in place, without a count of its own, if the register is its
  /// only owner.
  @inline(__always)
  private func changeOwned<Object: AnyObject>(
    _ index: Int, _ type: Object.Type, _ change: (Object) -> Bool
  ) -> Bool {
    let bits = unsafe UnsafeMutableRawPointer(base + index) + Slot.offsetOfBits
    return unsafe bits.withMemoryRebound(to: Object.self, capacity: 1) { object in
      guard unsafe isKnownUniquelyReferenced(&object.pointee) else { return false }
      return unsafe Unmanaged.passUnretained(object.pointee)._withUnsafeGuaranteedRef(change)
    }
  }

  func cell(_ index: Int) -> SharedVariable { self[index].object(SharedVariable.self) }
  func list(_ index: Int) -> ListBox { self[index].object(ListBox.self) }
  func record(_ index: Int) -> RecordBox { self[index].object(RecordBox.self) }
  func module(_ index: Int) -> ModuleValue { self[index].object(ModuleValue.self) }

  /// Moves registers to others that are unset.
  @inline(__always) func moveOut(_ first: Int, count: Int, to target: Registers) {
    var index = 0
    while index < count {
      unsafe target.base[index] = base[first &+ index]
      unsafe base[first &+ index].tag = .unset
      index &+= 1
    }
  }

  /// Moves a register to one of another frame.
  @inline(__always) func move(_ source: Int, to target: Int, in other: Registers) {
    let slot = unsafe base[source]
    unsafe base[source] = .unset
    other.write(target, slot)
  }

  /// Clears registers from the last to the first.
  @inline(__always) func clear(below count: Int, from first: Int = 0) {
    var index = count
    while index > first {
      index &-= 1
      let old = unsafe base[index]
      unsafe base[index].tag = .unset
      old.release()
    }
  }

  /// The registers from an index on.
  @inline(__always) func advanced(by count: Int) -> Registers { unsafe Registers(base + count) }
}

/// The instructions of a function.
@safe struct CodePointer {
  private let base: UnsafeMutablePointer<Instruction>

  fileprivate init(_ base: UnsafeMutablePointer<Instruction>) { unsafe self.base = unsafe base }

  @inline(__always) subscript(index: Int) -> Instruction {
    get { unsafe base[index] }
    nonmutating set { unsafe base[index] = newValue }
  }
}

/// Memory for a fixed number of instructions.
@safe final class InstructionMemory {
  let start: CodePointer
  private let base: UnsafeMutablePointer<Instruction>

  init(_ instructions: [Instruction]) {
    unsafe base = .allocate(capacity: max(1, instructions.count))
    for (index, instruction) in instructions.enumerated() {
      unsafe (base + index).initialize(to: instruction)
    }
    start = unsafe CodePointer(base)
  }

  deinit { unsafe base.deallocate() }
}

/// Registers that belong to no call: the top level of a file, or the constants of a function.
///
/// They never move, so that code can point to them; a session's are reserved for good and
/// initialised as they are needed.
final class RegisterMemory {
  let start: Registers
  private(set) var count = 0
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    start = unsafe Registers(.allocate(capacity: max(1, capacity)))
  }

  convenience init(_ values: [Value]) {
    self.init(capacity: values.count)
    grow(to: values.count)
    for (index, value) in values.enumerated() { start.set(index, value) }
  }

  /// Makes registers usable; the compiler never asks for more than the capacity.
  func grow(to newCount: Int) {
    precondition(newCount <= capacity, "\(newCount) registers in a memory of \(capacity)")
    guard newCount > count else { return }
    unsafe (start.base + count).initialize(repeating: .unset, count: newCount - count)
    count = newCount
  }

  deinit {
    start.clear(below: count)
    unsafe start.base.deallocate()
  }
}

/// One call on the stack, in 64 bytes. It owns nothing: the caller's registers, the file's scope or
/// the host's argument keep the function alive while it runs.
@safe struct Frame {
  let registers: Registers
  let instructions: CodePointer
  /// The instruction with which the frame goes on, once it has called somebody.
  var next = 0
  /// How many registers it clears when it ends.
  private let registerCount: Int32
  /// The caller's register for the result.
  private let resultRegister: UInt16
  let kind: Kind
  /// Whether its registers are on the stack, and not a file's.
  let isOnStack: Bool
  private let codeReference: Unmanaged<Code>
  private let closureReference: Unmanaged<Closure>?
  private let moduleReference: Unmanaged<ModuleValue>?

  enum Kind: UInt8 {
    /// Called by an instruction of the frame below.
    case call
    /// The body of a module, called by an instruction.
    case construction
    /// Called by Swift: returning from it returns to Swift.
    case entry
    /// The body of a module, called by Swift.
    case constructionEntry

    @inline(__always) var returnsToSwift: Bool { rawValue >= Kind.entry.rawValue }
  }

  @inline(__always)
  init(
    _ code: Code, _ registers: Registers, size: Int, result: Int = 0, kind: Kind,
    isOnStack: Bool = true, closure: Closure? = nil, module: ModuleValue? = nil
  ) {
    self.registers = registers
    instructions = code.entry.instructions
    registerCount = Int32(truncatingIfNeeded: size)
    resultRegister = UInt16(truncatingIfNeeded: result)
    self.kind = kind
    self.isOnStack = isOnStack
    unsafe codeReference = .passUnretained(code)
    unsafe closureReference = closure.map { unsafe .passUnretained($0) }
    unsafe moduleReference = module.map { unsafe .passUnretained($0) }
  }

  @inline(__always) var size: Int { Int(registerCount) }
  @inline(__always) var result: Int { Int(resultRegister) }
  @inline(__always) var constants: Registers {
    unsafe codeReference._withUnsafeGuaranteedRef { $0.entry.constants }
  }
  @inline(__always) var globals: Registers {
    unsafe codeReference._withUnsafeGuaranteedRef { $0.entry.globals }
  }

  @inline(__always) func keyTable(_ number: Int) -> KeyTable {
    unsafe codeReference._withUnsafeGuaranteedRef { $0.tables.keyTables[number] }
  }
  @inline(__always) func contract(_ number: Int) -> Contract {
    unsafe codeReference._withUnsafeGuaranteedRef { $0.tables.contracts[number] }
  }
  @inline(__always) func callSite(_ number: Int) -> CallSite {
    unsafe codeReference._withUnsafeGuaranteedRef { $0.tables.callSites[number] }
  }

  var code: Code { unsafe codeReference.takeUnretainedValue() }
  var closure: Closure? { unsafe closureReference?.takeUnretainedValue() }
  var module: ModuleValue? { unsafe moduleReference?.takeUnretainedValue() }
}

/// The registers and frames of everything that is running.
@safe final class FrameStack {
  private let slots: UnsafeMutablePointer<Slot>
  private let frames: UnsafeMutablePointer<Frame>
  private let slotCapacity: Int
  /// The end of the slots that have been initialised so far; touching all would slow the start.
  private let initialised: UnsafeMutablePointer<UnsafeMutablePointer<Slot>>
  /// The most frames there can be.
  let depthLimit: Int

  init(depthLimit: Int, slotCapacity: Int = 1 << 20) {
    self.depthLimit = depthLimit
    self.slotCapacity = slotCapacity
    unsafe slots = .allocate(capacity: slotCapacity)
    unsafe frames = .allocate(capacity: depthLimit + 2)
    unsafe initialised = .allocate(capacity: 1)
    unsafe initialised.initialize(to: slots)
  }

  deinit {
    unsafe slots.deallocate()
    unsafe frames.deallocate()
    unsafe initialised.deallocate()
  }

  /// The registers of the first frame.
  var bottom: Registers { unsafe Registers(slots) }

  @inline(__always) subscript(depth: Int) -> Frame {
    get { unsafe frames[depth] }
    set { unsafe frames[depth] = newValue }
  }

  @inline(__always) func setNext(_ next: Int, at depth: Int) {
    unsafe frames[depth].next = next
  }

  /// Makes room for a frame; `false` when the stack is full.
  @inline(__always) func reserve(_ count: Int, at top: Registers) -> Bool {
    unsafe top.base + count <= initialised.pointee || initialise(count, at: top)
  }

  @inline(never) private func initialise(_ count: Int, at top: Registers) -> Bool {
    let known = unsafe initialised.pointee - slots
    let end = unsafe top.base - slots + count
    guard end <= slotCapacity else { return false }
    let target = min(slotCapacity, max(end, known + 4096))
    unsafe (slots + known).initialize(repeating: .unset, count: target - known)
    unsafe initialised.pointee = slots + target
    return true
  }

  /// Enters a script function whose arguments stand in the caller's registers, which they leave.
  ///
  /// `false` when the call is not one of the simple kind: another callee, arguments that do not
  /// match by their number alone, or no room. Then nothing has happened.
  @inline(__always)
  func enter(
    _ callee: Slot, argumentsIn registers: Registers, first: Int, count: Int, result: Int,
    depth: Int, top: Registers
  ) -> Bool {
    guard callee.tag == .function, depth &+ 1 < depthLimit else { return false }
    return unsafe callee.reference(to: Closure.self)._withUnsafeGuaranteedRef { closure in
      let code = closure.code
      let surplus = UInt(bitPattern: count &- code.entry.requiredCount)
      guard surplus <= code.entry.optionalCount, reserve(code.entry.frameSize, at: top) else {
        return false
      }
      registers.moveOut(first, count: count, to: top)
      self[depth &+ 1] = Frame(
        code, top, size: code.entry.frameSize, result: result, kind: .call, closure: closure,
        module: closure.module)
      return true
    }
  }
}
