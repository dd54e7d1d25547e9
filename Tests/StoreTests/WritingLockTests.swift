import Foundation
import Store
import TestSupport
import Testing

@Suite struct WritingLockTests {
  @Test func `writers that add to one file lose nothing`() async throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<5 {
            try Archive.save(.int(number), at: "/w\(writer)_\(number)", of: file, Provenance())
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try Archive(reading: file).root.children.count == 20)
    #expect(try folder.names == ["x.h5"])
  }

  @Test func `one waits for a lock, and not for ever`() throws {
    let folder = try TemporaryFolder()
    let lock = try WritingLock(for: folder.file("x.h5"))
    #expect(throws: StoreError.Fault.busy(seconds: 0)) {
      _ = try WritingLock(for: folder.file("x.h5"), patience: .milliseconds(30))
    }
    try WritingLock(for: folder.file("y.h5"), patience: .zero).release()
    lock.release()
    try WritingLock(for: folder.file("x.h5"), patience: .zero).release()
    #expect(try folder.names == [])
  }

  @Test func `a process that is killed gives the lock back`() async throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    await #expect(processExitsWith: .signal(SIGKILL)) { [file = file as String] in
      _ = try WritingLock(for: file)
      kill(getpid(), SIGKILL)
    }
    #expect(try folder.names.count == 1)
    try Archive.save(.int(1), of: folder.file("y.h5"), Provenance())
    #expect(try folder.names == ["y.h5"], "the next write sweeps what the dead left")
    try Archive.save(.int(1), of: file, Provenance())
    #expect(try folder.names == ["x.h5", "y.h5"])
  }

  @Test func `a lock that is held is not swept`() throws {
    let folder = try TemporaryFolder()
    let lock = try WritingLock(for: folder.file("x.h5"))
    try Archive.save(.int(1), of: folder.file("y.h5"), Provenance())
    #expect(throws: StoreError.Fault.busy(seconds: 0)) {
      _ = try WritingLock(for: folder.file("x.h5"), patience: .zero)
    }
    lock.release()
    #expect(try folder.names == ["y.h5"])
  }
}
