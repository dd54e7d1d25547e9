internal import Glibc
internal import Pictures

/// The entries of a folder, sorted by the bytes of their names, without the hidden ones.
package struct Directory {
  /// The folder.
  package let path: String
  /// The same for a folder by whatever links it is reached.
  let identity: Identity
  /// Names of folders, links to folders included.
  package private(set) var folders: [String] = []
  /// Names of everything else.
  package private(set) var files: [String] = []
  /// Names that cannot be followed or are not UTF-8, with the reason of the first.
  private(set) var unreadable: [String] = []
  private(set) var reason = ""

  /// A device, and the number of a folder or file on it.
  struct Identity: Hashable {
    let device: UInt
    let number: UInt
  }

  /// Whether there is a folder at a path.
  package static func exists(_ path: String) -> Bool {
    if case .folder = kind(of: path) { true } else { false }
  }

  /// Whether there is a regular file at a path, through any links.
  package static func hasFile(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The file at a path, through any links; nil when there is none.
  static func identity(of path: String) -> Identity? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return Identity(device: UInt(status.st_dev), number: UInt(status.st_ino))
  }

  /// Lists a folder, following symbolic links one by one: a loop ends in a reason, not in itself.
  package init(listing path: String) throws(DatasetError) {
    self.path = path
    guard let stream = unsafe opendir(path) else {
      throw .folder(path: path, .unreadable(reason: Self.systemReason()), count: 1, first: [path])
    }
    var status = stat()
    unsafe fstat(dirfd(stream), &status)
    identity = Identity(device: UInt(status.st_dev), number: UInt(status.st_ino))
    var names: [(bytes: [UInt8], kind: Kind?)] = []
    errno = 0
    while let entry = unsafe readdir(stream) {
      names.append((unsafe Self.name(of: entry), unsafe Self.kind(of: entry)))
      errno = 0
    }
    let failure = errno
    unsafe closedir(stream)
    guard failure == 0 else {
      errno = failure
      throw .folder(path: path, .unreadable(reason: Self.systemReason()), count: 1, first: [path])
    }
    names.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    for (bytes, kind) in names where bytes.first != 0x2E { add(bytes, kind) }
  }

  private enum Kind {
    case folder, file
    case unreadable(reason: String)
  }

  private mutating func add(_ bytes: [UInt8], _ known: Kind?) {
    guard let name = String(validating: bytes, as: UTF8.self) else {
      return refuse(String(decoding: bytes, as: UTF8.self), "the name is not UTF-8")
    }
    switch known ?? Self.kind(of: "\(path)/\(name)") {
    case .folder: folders.append(name)
    case .file: files.append(name)
    case .unreadable(let reason): refuse(name, reason)
    }
  }

  private mutating func refuse(_ name: String, _ reason: String) {
    if unreadable.isEmpty { self.reason = reason }
    unreadable.append(name)
  }

  private static func kind(of path: String) -> Kind {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .unreadable(reason: systemReason()) }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  /// What the folder itself says of an entry, which spares looking at each of a million files; nil for
  /// links and where it does not say.
  @unsafe
  private static func kind(of entry: UnsafeMutablePointer<dirent>) -> Kind? {
    switch unsafe Int(entry.pointee.d_type) {
    case Int(DT_REG): .file
    case Int(DT_DIR): .folder
    default: nil
    }
  }

  @unsafe
  private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      unsafe Array(bytes.prefix { $0 != 0 })
    }
  }

  private static func systemReason() -> String { unsafe String(cString: strerror(errno)) }
}
