internal import CKernels
internal import COpenBLAS
internal import Glibc

/// OpenBLAS, opened at first use.
///
/// OpenBLAS chooses its kernels while it is being loaded, and Debian's 0.3.21 does not know recent
/// processors: it then falls back to kernels of 2004, five times too slow. So the library is not
/// linked. It is opened here, after `OPENBLAS_CORETYPE` was set to the best kernels that the
/// processor's features allow (``Processor/openBLASCore``; a value that the user has set is never
/// overruled), with one thread: the threads are ours (``Parallel``).
@safe
package struct BLAS: Sendable {
  /// The library, or why it cannot be used.
  package static let shared: Result<BLAS, TensorError> = open()

  /// The kernels in use, as the library names them: "SkylakeX", "Haswell", …
  package let core: String
  /// Why these and no others.
  package let choice: Choice
  /// The library's version and build options.
  package let configuration: String
  private let sgemm: SGEMM

  /// Who chose the kernels.
  package enum Choice: Equatable, Sendable {
    /// The user, by the variable `OPENBLAS_CORETYPE`.
    case user(String)
    /// Duet, by the processor's features.
    case features
    /// OpenBLAS.
    case library
  }

  private typealias SGEMM =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>?, Int32,
      UnsafePointer<Float>?, Int32, Float, UnsafeMutablePointer<Float>?, Int32
    ) -> Void

  /// The `OPENBLAS_CORETYPE` that the user has set, if the library does not have it: it then falls
  /// back to its oldest kernels.
  package var refusedCore: String? {
    guard case .user(let name) = choice, name.lowercased() != core.lowercased() else { return nil }
    return name
  }

  private static func choose() -> Choice {
    let variable = "OPENBLAS_CORETYPE"
    let given = unsafe getenv(variable).map { unsafe String(cString: $0) } ?? ""
    if !given.isEmpty { return .user(given) }
    guard let core = Processor.current.openBLASCore else { return .library }
    unsafe setenv(variable, core, 1)
    return .features
  }

  private static func open() -> Result<BLAS, TensorError> {
    let choice = choose()
    // One thread, whichever way the library was built to have several.
    unsafe setenv("OPENBLAS_NUM_THREADS", "1", 1)
    unsafe setenv("OMP_NUM_THREADS", "1", 1)
    let buffers = Parallel.threads * bufferBytes
    guard mayReserve(buffers) else { return .failure(.memory(needed: buffers, limit: .max - 1)) }
    return open("libopenblas.so.0", choice)
  }

  /// What the library reserves for each thread that multiplies. Where it is refused that, it asks again
  /// for ever.
  private static let bufferBytes = 128 << 20

  /// Whether the account's limits (`ulimit -v`, `-d`) leave so many bytes.
  private static func mayReserve(_ bytes: Int) -> Bool {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let start = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0),
      unsafe start != MAP_FAILED
    else { return false }
    unsafe munmap(start, bytes)
    return true
  }

  /// Opens a library as OpenBLAS.
  package static func open(_ name: String, _ choice: Choice = .library) -> Result<BLAS, TensorError>
  {
    guard let library = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
      let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "not found"
      return .failure(.library("OpenBLAS", reason: reason))
    }
    guard let sgemm = unsafe dlsym(library, "cblas_sgemm"),
      let core = unsafe text(library, "openblas_get_corename"),
      let configuration = unsafe text(library, "openblas_get_config")
    else { return .failure(.library("OpenBLAS", reason: "it lacks cblas_sgemm")) }
    if let limit = unsafe dlsym(library, "openblas_set_num_threads") {
      unsafe unsafeBitCast(limit, to: (@convention(c) (Int32) -> Void).self)(1)
    }
    let product = unsafe unsafeBitCast(sgemm, to: SGEMM.self)
    return .success(
      unsafe BLAS(core: core, choice: choice, configuration: configuration, sgemm: product))
  }

  private static func text(_ library: UnsafeMutableRawPointer, _ name: String) -> String? {
    guard let symbol = unsafe dlsym(library, name),
      let text = unsafe unsafeBitCast(
        symbol, to: (@convention(c) () -> UnsafePointer<CChar>?).self)()
    else { return nil }
    return unsafe String(cString: text)
  }
}

/// One operand of a product: where its first element lies, how far apart its rows are, and whether
/// it is read transposed.
struct Matrix {
  let start: Input
  let stride: Int
  var transposed = false

  /// The same matrix from row `row` and column `column` of its untransposed form.
  func from(row: Int, column: Int) -> Matrix {
    Matrix(start: start.from(row * stride + column), stride: stride, transposed: transposed)
  }
}

extension BLAS {
  /// out[m, n] = scale · a[m, k] b[k, n] + keep · out, on the calling thread.
  func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: Matrix, _ b: Matrix, into out: Output, stride: Int,
    scale: Float = 1, keep: Float = 0
  ) {
    let flag = { (matrix: Matrix) in Int32(matrix.transposed ? DUET_TRANS : DUET_NO_TRANS) }
    unsafe sgemm(
      Int32(DUET_ROW_MAJOR), flag(a), flag(b), Int32(m), Int32(n), Int32(k), scale, a.start.start,
      Int32(a.stride), b.start.start, Int32(b.stride), keep, out.start, Int32(stride))
  }
}
