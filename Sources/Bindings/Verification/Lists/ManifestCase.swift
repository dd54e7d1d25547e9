internal import Foundation
internal import Store

/// Whether the files of a folder are those that its manifest lists, byte for byte.
struct ManifestCase {
  private let list: CaseList

  init(_ list: CaseList) { self.list = list }

  var reference: ReferenceCase {
    ReferenceCase(name: "") {
      let files = list.json["files"]?.array ?? []
      for (number, file) in files.enumerated() {
        guard let path = list.file(file["path"]?.string), let digest = file["sha256"]?.string else {
          return .failed("entry \(number) has no path below the folder, or no sha256")
        }
        let name = file["path"]?.string ?? path
        guard let bytes = FileManager.default.contents(atPath: path) else {
          return .failed("\(name): there is no such file")
        }
        if let size = file["bytes"]?.int, size != bytes.count {
          return .failed("\(name): \(bytes.count) bytes, not \(size)")
        }
        guard Digest.sha256([UInt8](bytes)) == digest.lowercased() else {
          return .failed("\(name): other bytes than the manifest's")
        }
      }
      return files.isEmpty
        ? .failed("it lists no files")
        : .passed(.init(entry: "files", error: "\(files.count) of \(files.count) the same"))
    }
  }
}
