internal import Language
internal import Store
internal import Tensor

extension Engine {
  /// What the engine works with: its libraries, the processor's kernels, the threads.
  package static func equipment() -> [(name: String, text: String)] {
    var facts: [(name: String, text: String)]
    switch BLAS.shared {
    case .success(let blas):
      facts = [("openblas", blas.configuration), ("core", core(blas))]
    case .failure(let error): facts = [("openblas", fault(error).message)]
    }
    facts.append(("threads", "\(Parallel.threads)"))
    facts.append(("hdf5", HDF5.version))
    return facts
  }

  /// The kernels in use, and whose choice they are.
  private static func core(_ blas: BLAS) -> String {
    switch blas.choice {
    case .user(let name) where name.lowercased() != blas.core.lowercased():
      "\(blas.core), chosen by OpenBLAS instead of your OPENBLAS_CORETYPE=\(name)"
    case .user(let name): "\(blas.core), by your OPENBLAS_CORETYPE=\(name)"
    case .features: "\(blas.core), chosen by the processor's features"
    case .library: "\(blas.core), chosen by OpenBLAS"
    }
  }
}
