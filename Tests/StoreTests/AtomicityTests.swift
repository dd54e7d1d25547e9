import Foundation
import Store
import TestSupport
import Testing

@Suite struct AtomicityTests {
  private func archive(_ number: Int) throws -> Archive {
    var archive = Archive()
    try archive.set("/number", to: .int(number), file: "")
    return archive
  }

  private func number(in file: String) throws -> StoredValue {
    try StoredValue(try Archive.node(at: "/number", of: file), file: file, path: "/number")
  }

  @Test(arguments: [AtomicFile.Stage.written, .flushed])
  func `a failure before the renaming leaves the old file and nothing else`(
    _ stage: AtomicFile.Stage
  ) throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try archive(1).write(to: file)
    let before = try Data(contentsOf: URL(filePath: file))
    #expect(throws: StoreError(file: file, .system("test", code: 5))) {
      try archive(2).write(to: file) { (reached) throws(StoreError.Fault) in
        if reached == stage { throw .system("test", code: 5) }
      }
    }
    #expect(try Data(contentsOf: URL(filePath: file)) == before)
    #expect(try folder.names == ["x.h5"])
  }

  /// Writes one version after the other until it is killed, after so many microseconds.
  @Test(arguments: 0..<24)
  func `a process that is killed leaves a whole file`(_ attempt: Int) async throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try archive(0).write(to: file)
    let delay = 300 + attempt * attempt * 60
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [file = file as String, delay = delay as Int] in
      Thread.detachNewThread {
        usleep(UInt32(delay))
        kill(getpid(), SIGKILL)
      }
      var archive = Archive()
      for number in 1... {
        try archive.set("/number", to: .int(number), file: file)
        try archive.set("/ballast", to: .string(String(repeating: "x", count: 99_999)), file: file)
        try archive.write(to: file)
      }
    }
    guard case .int = try number(in: file) else { throw CocoaError(.fileReadCorruptFile) }
    try archive(-1).write(to: file)
    #expect(try number(in: file) == .int(-1))
    #expect(try folder.names == ["x.h5"], "the next write sweeps what the dead left")
  }

  @Test func `only temporary files of dead processes on this host are swept`() throws {
    let folder = try TemporaryFolder()
    var own = ""
    try archive(1).write(to: folder.file("x.h5")) { (stage) throws(StoreError.Fault) in
      if stage == .written { own = (try? folder.names.first { $0.hasSuffix(".tmp") }) ?? "" }
    }
    #expect(own.hasPrefix(".duet-\(getpid())-0-") && own.hasSuffix(".tmp"))
    let alive = own.replacing("-\(getpid())-", with: "-\(getppid())-")
    let dead = own.replacing("-\(getpid())-", with: "-999999999-")
    let elsewhere = dead.replacing(".tmp", with: "x.tmp")
    for name in [alive, elsewhere, dead, "my.tmp"] {
      try Data().write(to: URL(filePath: folder.file(name)))
    }
    try archive(1).write(to: folder.file("x.h5"))
    #expect(try folder.names == [alive, elsewhere, "my.tmp", "x.h5"].sorted())
  }

  @Test func `a full disk leaves the old file and nothing else`() async throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try archive(1).write(to: file)
    await #expect(processExitsWith: .success) { [file = file as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 20_000, rlim_max: 20_000)
      unsafe setrlimit(__rlimit_resource_t(1), &limit)
      var archive = Archive()
      try archive.set("/x", to: .string(String(repeating: "x", count: 99_999)), file: file)
      #expect(throws: StoreError(file: file, .system("write", code: EFBIG))) {
        try archive.write(to: file)
      }
    }
    #expect(try number(in: file) == .int(1))
    #expect(try folder.names == ["x.h5"])
  }

  @Test func `a folder that may not be written to, and one that is not there`() async throws {
    let folder = try TemporaryFolder()
    let file = folder.file("no/x.h5")
    #expect(throws: StoreError(file: file, .system("create", code: ENOENT))) {
      try archive(1).write(to: file)
    }
    let own = folder.file("x.h5")
    try archive(1).write(to: own)
    await #expect(processExitsWith: .success) {
      [own = own as String, path = folder.path as String] in
      unsafe chmod(path, 0o555)
      if geteuid() == 0 { setuid(65534) }
      #expect(throws: StoreError(file: own, .system("create", code: EACCES))) {
        try Archive().write(to: own)
      }
    }
    unsafe chmod(folder.path, 0o755)
    #expect(try number(in: own) == .int(1))
  }

  @Test func `a link stays a link, and permissions stay`() throws {
    let folder = try TemporaryFolder()
    let (file, link) = (folder.file("x.h5"), folder.file("link.h5"))
    try archive(1).write(to: file)
    unsafe chmod(file, 0o600)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "x.h5")
    try archive(2).write(to: link)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "x.h5")
    #expect(try number(in: file) == .int(2))
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func `writers in many threads do not disturb each other`() async throws {
    let folder = try TemporaryFolder()
    let files = (0..<8).map { folder.file("x\($0 % 3).h5") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, file) in files.enumerated() {
        group.addTask { try archive(index).write(to: file) }
      }
      try await group.waitForAll()
    }
    #expect(try folder.names == ["x0.h5", "x1.h5", "x2.h5"])
    for file in files { _ = try number(in: file) }
  }
}
