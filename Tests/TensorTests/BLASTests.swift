import CKernels
import Foundation
import Tensor
import Testing

/// `BLAS`: the library is opened with kernels that suit the processor, unless the user wants others.
struct BLASTests {
  /// Debian's OpenBLAS does not know recent processors and takes kernels of 2004 on its own.
  @Test func `the processor's features decide on the kernels`() async {
    await #expect(processExitsWith: .success) {
      unsafe unsetenv("OPENBLAS_CORETYPE")
      let blas = try BLAS.shared.get()
      #expect(!blas.configuration.isEmpty)
      if duet_processor_level() == DUET_AVX512 {
        #expect(blas.core == "SkylakeX")
      } else if duet_processor_level() == DUET_AVX2 {
        #expect(blas.core == "Haswell")
      }
      #expect(BLAS.bestCore == nil || blas.core != "Prescott")
    }
  }

  @Test(.enabled(if: duet_processor_level() != DUET_BASELINE))
  func `a core type that the user has set is respected`() async {
    for core in ["Haswell", "Nehalem"] {
      await #expect(processExitsWith: .success) { [core = core as String] in
        unsafe setenv("OPENBLAS_CORETYPE", core, 1)
        #expect(try BLAS.shared.get().core == core)
        let x = try Tensor(repeating: 1, shape: [40, 40])
        #expect(try x.matmul(x).elements.allSatisfy { $0 == 40 })
      }
    }
  }
}
