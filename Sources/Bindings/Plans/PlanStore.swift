internal import Foundation
internal import Language
internal import Store
internal import Tensor

/// The folder in which plans keep what they have finished, one file each:
///
///     cells/<labels>-<key>.h5       the numbers of a cell, a result of its own
///     trained/<labels>-<key>.h5     a trained method, a checkpoint as `fit(resume:)` writes it
///     draws/<labels>-<key>.json     which pictures were drawn
///     features/<model>-<key>.h5     what the frozen model sees in pictures, where that took long
///
/// A name says what people want to know; the key decides. It is a digest of all that decides what is
/// in the file, so that plans which have cells in common share them, and no edited method, other
/// picture or other setting is ever taken for the same. A file is taken only if its content
/// hash is right and it says the same key. Any other file under such a name is moved aside, said in one
/// line, and never deleted.
struct PlanStore {
  let folder: String
  /// Whether it is removed at the end of the run.
  let isTemporary: Bool
  private let engine: Engine

  enum Kind: String {
    case cells
    case trained
    case draws
    case features
  }

  /// A store in a folder, which is made when something is kept.
  init(_ folder: String, _ engine: Engine, isTemporary: Bool = false) throws {
    (self.folder, self.engine, self.isTemporary) = (folder, engine, isTemporary)
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      !isFolder.boolValue
    else { return }
    let name = folder.hasSuffix(".h5") ? String(folder.dropLast(3)) : folder + "_cells"
    throw Fault(
      "file", "'\(folder)' is a file, and a store is a folder, with a file for each finished cell",
      help: "`store: \"\(name)\"` names one; `save` writes the whole result to a file")
  }

  // MARK: - Names

  /// The file for a key; what stands in front of the key is for people.
  func file(_ kind: Kind, _ labels: [String], key: String) -> String {
    let readable = labels.map { Self.usable($0) }.joined(separator: "-")
    let ending = kind == .draws ? "json" : "h5"
    return "\(folder)/\(kind.rawValue)/\(readable.prefix(150))-\(key.prefix(12)).\(ending)"
  }

  /// A label as part of a file's name on any file system.
  private static func usable(_ label: String) -> String {
    let plain = label.unicodeScalars.map { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789._".unicodeScalars.contains(scalar))
        ? Character(scalar) : "_"
    }
    return plain.isEmpty ? "_" : String(plain.prefix(40))
  }

  // MARK: - Reading

  /// What a file holds, nil if there is none. One that is damaged, or holds something else, is moved
  /// aside; `read` throws what is wrong with it, or returns nil for something else.
  func take<Content>(_ file: String, _ what: String, _ read: () throws -> Content?) throws
    -> Content?
  {
    guard exists(file) else { return nil }
    do {
      if let content = try read() { return content }
      try setAside(file, "it holds something else", what)
    } catch let error as StoreError {
      if error.fault == .noFile { return nil }
      guard error.fault.isOfTheContent else { throw error }
      try setAside(file, Engine.fault(error).message, what)
    }
    return nil
  }

  func exists(_ file: String) -> Bool {
    var status = stat()
    return unsafe lstat(file, &status) == 0
  }

  private func setAside(_ file: String, _ reason: String, _ what: String) throws {
    var name = file + ".damaged"
    var number = 2
    while exists(name) {
      name = "\(file).damaged\(number)"
      number += 1
    }
    guard unsafe rename(file, name) == 0 else {
      if errno == ENOENT { return }
      throw StoreError(file: file, .system("rename", code: errno))
    }
    engine.notice("\(reason); \(what) again, and the file is now '\(name)'")
  }

  // MARK: - Writing

  /// Makes the folder of a kind of files.
  func prepare(_ kind: Kind) throws {
    do {
      try Engine.makeFolder(of: "\(folder)/\(kind.rawValue)/file")
    } catch {
      let reason = (error as? Fault)?.message.split(separator: ": ").last ?? "it cannot be made"
      throw Fault(
        "file", "nothing can be kept in the store '\(folder)': \(reason)",
        help: "`store:` names a folder of yours; without it, nothing is kept")
    }
  }

  /// The right to work on a file, nil while another process has it. The file itself is written under a
  /// lock of its own.
  func claim(_ file: String) throws -> WritingLock? {
    do throws(StoreError.Fault) {
      return try WritingLock(ifFree: file + " in work")
    } catch {
      throw StoreError(file: file, error)
    }
  }

  /// Waits for the right to work on a file, however long another process takes.
  func waitForClaim(_ file: String, _ what: String) throws -> WritingLock {
    var hasTold = false
    while true {
      if let lock = try claim(file) { return lock }
      if !hasTold { engine.notice("another process is at \(what): waiting for it") }
      hasTold = true
      try engine.pause(0.1)
    }
  }
}

extension StoreError.Fault {
  /// Whether a file is not what it should be, rather than out of reach at the moment.
  fileprivate var isOfTheContent: Bool {
    switch self {
    case .noFile, .system, .busy, .tensor, .library: false
    default: true
    }
  }
}

extension Engine {
  /// Waits so many seconds; throws when the user asks to stop.
  func pause(_ seconds: Double) throws {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      if Self.isStopRequested { throw TensorError.cancelled }
      usleep(5_000)
    }
    if Self.isStopRequested { throw TensorError.cancelled }
  }
}
