import Foundation

/// The one file of this process, in memory where the system has such a folder.
enum ScratchFile {
  private static let folder: String = {
    let parent = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
    let folder = "\(parent)/duet-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
    _ = unsafe mkdir(folder, 0o700)
    atexit { try? FileManager.default.removeItem(atPath: ScratchFile.folder) }
    return folder
  }()

  /// The path of a file with these bytes.
  static func written(_ bytes: [UInt8], _ name: String) -> String {
    let path = "\(folder)/\(name)"
    // A new file each time: the old one may still be mapped.
    _ = unsafe unlink(path)
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "cannot write")
    close(descriptor)
    return path
  }
}
