import Foundation
import Synchronization
import Tensor
import TestSupport
import Testing

/// `Parallel`, `MemoryPool`, `BLAS`: what the process has once.
struct ParallelTests {
  @Test(arguments: [0, 1, 2, 3, 64, 1000]) func `each chunk is done once`(_ count: Int) {
    let hits = (0..<max(count, 1)).map { _ in Counter() }
    Parallel.forEach(count) { hits[$0].value.wrappingAdd(1, ordering: .relaxed) }
    for index in 0..<count { #expect(hits[index].value.load(ordering: .relaxed) == 1) }
  }

  @Test(arguments: [(0, 5), (1, 5), (5, 5), (9, 5), (10, 5), (11, 5), (1000, 7), (3, 100)])
  func `ranges cover everything in order and none is too short`(_ count: Int, _ size: Int) {
    let found = Mutex<[Range<Int>]>([])
    Parallel.forEachRange(count, size: size) { range in found.withLock { $0.append(range) } }
    let ranges = found.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound }
    #expect(ranges.flatMap { Array($0) } == Array(0..<count))
    #expect(ranges.count == 1 || ranges.allSatisfy { $0.count >= size } || count == 0)
    let lengths = ranges.map(\.count)
    #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1)
  }

  @Test func `a loop within a loop runs, and the outer one goes on`() {
    let total = Counter()
    Parallel.forEach(20) { _ in
      Parallel.forEach(30) { _ in total.value.wrappingAdd(1, ordering: .relaxed) }
    }
    #expect(total.value.load(ordering: .relaxed) == 600)
  }

  @Test func `several callers at once do not disturb each other`() async {
    let totals = (0..<8).map { _ in Counter() }
    await withTaskGroup { group in
      for total in totals {
        group.addTask {
          for _ in 0..<200 {
            Parallel.forEach(16) { _ in total.value.wrappingAdd(1, ordering: .relaxed) }
          }
        }
      }
    }
    for total in totals { #expect(total.value.load(ordering: .relaxed) == 3200) }
  }

  @Test func `tensors of several tasks do not disturb each other`() async throws {
    let (a, b) = (try randomTensor([300, 200], "a"), try randomTensor([200, 500], "b"))
    let expected = try a.matmul(b).softmax().elements
    let all = try await withThrowingTaskGroup(of: [Float].self) { group in
      let (left, right) = (a.elements, b.elements)
      for _ in 0..<6 {
        group.addTask {
          let a = try Tensor(shape: [300, 200], elements: left)
          let b = try Tensor(shape: [200, 500], elements: right)
          return try a.matmul(b).softmax().elements
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all.count == 6 && all.allSatisfy { $0 == expected })
  }

  @Test func `the user's number of threads is respected`() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("DUET_THREADS", "3", 1)
      #expect(Parallel.threads == 3)
      let seen = Counter()
      Parallel.forEach(50) { _ in seen.value.wrappingAdd(1, ordering: .relaxed) }
      #expect(seen.value.load(ordering: .relaxed) == 50)
    }
    for wrong in ["0", "-2", "many", ""] {
      await #expect(processExitsWith: .success) { [wrong = wrong as String] in
        unsafe setenv("DUET_THREADS", wrong, 1)
        #expect(Parallel.threads >= 1)
      }
    }
  }

  @Test func `threads are no more than the processors that this process may use`() async {
    await #expect(processExitsWith: .success) {
      unsafe unsetenv("DUET_THREADS")
      let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") })
      let allowed = line.dropFirst("Cpus_allowed:".count)
        .reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
      #expect(Parallel.threads >= 1 && Parallel.threads <= allowed)
    }
  }

  @Test func `a control group's share of processors is rounded up`() {
    let shares = [
      "max 100000": nil, "200000 100000": 2, "150000 100000\n": 2, "1 100000": 1, "": nil,
      "0 100000": nil, "-1 100000": nil, "100 0": nil, "x y z": nil,
    ]
    for (text, count) in shares { #expect(Processor.processors(inQuota: text) == count) }
  }

  @Test func `memory goes round and is given back`() async {
    await #expect(processExitsWith: .success) {
      let pool = MemoryPool.shared
      let before = pool.liveBytes
      var kept: [Tensor] = []
      for count in [1, 15, 16, 17, 1000, 65_537, 1 << 19, 5_000_000] {
        kept.append(try Tensor(repeating: 1, shape: [count]))
        let taken = pool.liveBytes - before
        let asked = kept.reduce(0) { $0 + max($1.count, 16) * 4 }
        #expect(taken >= asked && taken <= asked / 8 * 9 + 64 * kept.count + 1 << 21)
      }
      kept = []
      #expect(pool.liveBytes == before)
      // The same addresses come back: values written before must be gone.
      for _ in 0..<3 {
        let x = try Tensor(repeating: 2, shape: [5_000_000])
        #expect(x[flat: 4_999_999] == 2)
      }
      #expect(pool.liveBytes == before)
    }
  }

  @Test func `steps of changing shapes do not pile up free memory`() async {
    await #expect(processExitsWith: .success) {
      func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
      }
      let before = residentBytes()
      for step in 0..<40 {
        _ = try Tensor(repeating: 1, shape: [10_000_000 + step * 524_288])
      }
      // The largest has 122 MB; forty of them would have 3.3 GB.
      #expect(residentBytes() - before < 300_000_000)
    }
  }

  final class Counter: Sendable {
    let value = Atomic(0)
  }
}
