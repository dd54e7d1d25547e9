internal import CKernels

/// The only way to the memory of a tensor: no pointer leaves the closure that it was given to.
///
/// `Input` and `Output` carry the pointers, so that only the calls of C functions and of these
/// subscripts are the places to audit. Neither checks its bounds.

/// Elements to read.
@safe
struct Input {
  let start: UnsafePointer<Float>

  subscript(index: Int) -> Float { unsafe start[index] }

  /// The address of an element.
  @unsafe
  func at(_ index: Int) -> UnsafePointer<Float> { unsafe start + index }

  func from(_ index: Int) -> Input { unsafe Input(start: start + index) }
}

/// Elements to write.
@safe
struct Output {
  let start: UnsafeMutablePointer<Float>

  subscript(index: Int) -> Float {
    get { unsafe start[index] }
    nonmutating set { unsafe start[index] = newValue }
  }

  /// The address of an element.
  @unsafe
  func at(_ index: Int) -> UnsafeMutablePointer<Float> { unsafe start + index }

  func from(_ index: Int) -> Output { unsafe Output(start: start + index) }

  /// Copies `count` elements.
  func copy(_ count: Int, from source: Input, at offset: Int = 0, to index: Int = 0) {
    unsafe (start + index).update(from: source.start + offset, count: count)
  }

  /// Adds `count` elements to those that are there.
  func add(_ count: Int, from source: Input, at offset: Int = 0, to index: Int = 0) {
    unsafe Kernels.best.scale_add(1, source.at(offset), at(index), count)
  }

  func fill(_ count: Int, with value: Float, from index: Int = 0) {
    unsafe (start + index).update(repeating: value, count: count)
  }

  var input: Input { unsafe Input(start: UnsafePointer(start)) }
}

extension Tensor {
  /// Makes a tensor whose elements `fill` writes, every one of them.
  static func make(_ shape: [Int], fill: (Output) throws(TensorError) -> Void) throws(TensorError)
    -> Tensor
  {
    let storage = try Storage(uninitialized: count(of: shape))
    try fill(storage.output)
    return Tensor(shape: shape, storage: storage, offset: 0)
  }

  static func uninitialized(_ shape: [Int]) throws(TensorError) -> Tensor {
    try Tensor.make(shape) { _ in }
  }

  /// Copies the elements if another tensor shares them or they lie in a mapped file.
  mutating func makeWritable() throws(TensorError) {
    if storage.isWritable, isKnownUniquelyReferenced(&storage) { return }
    let (old, count) = (self, count)
    self = try Tensor.make(shape) { out in read(old) { out.copy(count, from: $0) } }
  }

  /// Gives `body` the elements to change, after ``makeWritable()``.
  mutating func write(_ body: (Output) throws(TensorError) -> Void) throws(TensorError) {
    try makeWritable()
    let storage = storage
    try body(storage.output.from(offset))
  }
}

/// Gives `body` the elements of a tensor, which stays alive meanwhile.
func read<Result>(_ a: Tensor, _ body: (Input) throws(TensorError) -> Result) throws(TensorError)
  -> Result
{
  try withExtendedLifetime(a) { () throws(TensorError) in
    try body(a.storage.input.from(a.offset))
  }
}

func read<Result>(_ a: Tensor, _ body: (Input) -> Result) -> Result {
  withExtendedLifetime(a) { body(a.storage.input.from(a.offset)) }
}

func read<Result>(_ a: Tensor, _ b: Tensor, _ body: (Input, Input) -> Result) -> Result {
  read(a) { a in read(b) { b in body(a, b) } }
}

func read<Result>(_ a: Tensor, _ b: Tensor, _ c: Tensor, _ body: (Input, Input, Input) -> Result)
  -> Result
{
  read(a) { a in read(b) { b in read(c) { c in body(a, b, c) } } }
}

/// Gives `body` the elements of a tensor that nobody else holds, to use as scratch memory.
func scratch<Result>(_ a: Tensor, _ body: (Output) throws(TensorError) -> Result)
  throws(TensorError) -> Result
{
  try withExtendedLifetime(a) { () throws(TensorError) in
    try body(a.storage.output.from(a.offset))
  }
}
