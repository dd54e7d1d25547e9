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
      #expect(blas.refusedCore == nil)
      if let best = Processor.current.openBLASCore {
        #expect(blas.core == best)
        #expect(blas.core != "Prescott")
      }
    }
  }

  struct Choice: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let features: [Feature]
    let core: String?

    enum Feature: Sendable { case intel, sse42, avx, avx2, avx512 }

    init(_ description: String, _ features: [Feature], _ core: String?) {
      testDescription = description
      self.features = features
      self.core = core
    }
  }

  @Test(arguments: [
    Choice("Sapphire Rapids, Ice Lake", [.intel, .sse42, .avx, .avx2, .avx512], "SkylakeX"),
    Choice("Zen 4", [.sse42, .avx, .avx2, .avx512], "SkylakeX"),
    Choice("Alder Lake", [.intel, .sse42, .avx, .avx2], "Haswell"),
    Choice("Zen 2", [.sse42, .avx, .avx2], "Haswell"),
    Choice("AVX-512 alone, as no processor has it", [.avx512], nil),
    Choice("Ivy Bridge", [.intel, .sse42, .avx], "Sandybridge"),
    Choice("Piledriver", [.sse42, .avx], nil), Choice("Tremont", [.intel, .sse42], "Nehalem"),
    Choice("Conroe", [.intel], nil), Choice("another architecture", [], nil),
  ]) func `each processor gets the kernels that it can run`(_ choice: Choice) {
    var processor = Processor()
    processor.isIntel = choice.features.contains(.intel)
    processor.hasSSE42 = choice.features.contains(.sse42)
    processor.hasAVX = choice.features.contains(.avx)
    processor.hasAVX2 = choice.features.contains(.avx2)
    processor.hasAVX512 = choice.features.contains(.avx512)
    #expect(processor.openBLASCore == choice.core)
  }

  /// The kernel tells the same story as the processor's own identification.
  @Test func `features are those that the system reports`() throws {
    let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("flags") })
    let flags = Set(line.split(separator: " ").map(String.init))
    let processor = Processor.current
    #expect(processor.hasSSE42 == flags.contains("sse4_2"))
    #expect(processor.hasAVX == flags.contains("avx"))
    #expect(processor.hasAVX2 == flags.isSuperset(of: ["avx2", "fma", "bmi2"]))
    #expect(
      processor.hasAVX512
        == flags.isSuperset(of: ["avx512f", "avx512bw", "avx512dq", "avx512vl"]))
  }

  @Test func `a missing library is an error with a reason`() {
    for (name, reason) in [("libno-such-blas.so.0", "libno-such-blas"), ("libc.so.6", "cblas")] {
      guard case .failure(.library("OpenBLAS", let found)) = BLAS.open(name) else {
        Issue.record("\(name) is no OpenBLAS")
        continue
      }
      #expect(found.contains(reason) && !found.contains("\n"))
    }
  }

  @Test func `an empty core type counts as none`() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("OPENBLAS_CORETYPE", "", 1)
      let blas = try BLAS.shared.get()
      #expect(blas.refusedCore == nil)
      #expect(Processor.current.openBLASCore.map { $0 == blas.core } ?? true)
    }
  }

  @Test func `an unknown core type is passed on and told`() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("OPENBLAS_CORETYPE", "Pentagon", 1)
      let blas = try BLAS.shared.get()
      #expect(blas.refusedCore == "Pentagon" && blas.core != "Pentagon")
      let x = try Tensor(repeating: 1, shape: [40, 40])
      #expect(try x.matmul(x).elements.allSatisfy { $0 == 40 })
    }
  }

  @Test(.enabled(if: duet_processor_level() != DUET_BASELINE))
  func `a core type that the user has set is respected`() async {
    for core in ["Haswell", "Nehalem", "haswell"] {
      await #expect(processExitsWith: .success) { [core = core as String] in
        unsafe setenv("OPENBLAS_CORETYPE", core, 1)
        #expect(try BLAS.shared.get().core.lowercased() == core.lowercased())
        #expect(try BLAS.shared.get().refusedCore == nil)
        let x = try Tensor(repeating: 1, shape: [40, 40])
        #expect(try x.matmul(x).elements.allSatisfy { $0 == 40 })
      }
    }
  }
}
