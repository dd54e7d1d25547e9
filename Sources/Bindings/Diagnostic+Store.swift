internal import Foundation
internal import Language
internal import Store

extension Engine {
  static func fault(_ error: StoreError) -> Fault {
    let place = error.path == "/" ? "" : " at \(error.path)"
    let file = "'\(error.file)'\(place)"
    return switch error.fault {
    case .noFile: Fault("file", "there is no file '\(error.file)'")
    case .notRegular: Fault("file", "'\(error.file)' is a folder or a device, not a file")
    case .system(let what, let code):
      Fault("file", "\(file): \(what) failed: \(unsafe String(cString: strerror(code)))")
    case .busy(let seconds):
      Fault(
        "file", "\(file) is being written by another process, for \(seconds) seconds by now",
        help: "save again later, or to another file")
    case .notHDF5: Fault("file", "\(file) is not an HDF5 file")
    case .notWeights(let found):
      Fault(
        "file", "\(file) is \(found), and neither safetensors nor an archive of torch",
        help: found == "a Git LFS pointer" ? "fetch the file itself: git lfs pull" : nil)
    case .legacyTorch:
      Fault("file", "\(file) has the legacy torch format; re-save with torch >= 1.6")
    case .forbidden(let global):
      Fault(
        "file", "\(file) is refused: pickle asks for \(global)",
        help: "save the weights alone: torch.save(model.state_dict(), …)")
    case .notDuet:
      Fault(
        "file", "\(file) was not written by Duet, so it is not overwritten",
        help: "save under another name")
    case .exists:
      Fault(
        "file", "'\(error.file)' is there already, and is kept",
        help: "choose another name, or say that it may be overwritten")
    case .isInput:
      Fault(
        "file", "'\(error.file)' is one of the files that are read, and is kept",
        help: "choose another name")
    case .holdsData:
      Fault(
        "file", "'\(error.file)' is an HDF5 file, which is not replaced by one of another kind",
        help: "choose another name")
    case .schema(let found):
      Fault("file", "\(file) follows the schema \(found), and this version knows \(Archive.schema)")
    case .damaged(let what): Fault("file", "\(file) is damaged: \(what)")
    case .unsupported(let what): Fault("file", "\(file) has \(what), which Duet does not read")
    case .tooLarge(let needed, let limit):
      Fault("file", "\(file) would need \(needed) bytes; \(limit) may be read")
    case .tooMany(let what, let limit): Fault("file", "\(file) has more than \(limit) \(what)")
    case .absent: Fault("file", "'\(error.file)' has nothing at \(error.path)")
    case .kind(let expected, let found):
      Fault("file", "\(file) is \(found), expected \(expected)")
    case .contentHash:
      Fault("file", "\(file) has changed since it was written: its content hash differs")
    case .unfinished: Fault("file", "\(file) was not written to its end")
    case .names(let mismatch): Fault("file", "\(file) does not fit: \(sentence(mismatch))")
    case .refused(let what): Fault("file", "\(file): \(what) cannot be written")
    case .library(let words): Fault("file", "\(file) cannot be written: \(words)")
    case .tensor(let error): fault(error)
    }
  }

  private static func sentence(_ mismatch: NameMismatch) -> String {
    func list(_ word: String, _ names: [String], _ count: Int) -> String? {
      count == 0
        ? nil : "\(word) " + names.joined(separator: ", ") + (count > names.count ? ", …" : "")
    }
    return [
      list("missing", mismatch.missing.first, mismatch.missing.count),
      list("surplus", mismatch.surplus.first, mismatch.surplus.count),
      list(
        "misshapen",
        mismatch.misshapen.first.map { "\($0.name) (\($0.found), expected \($0.expected))" },
        mismatch.misshapen.count),
    ].compactMap { $0 }.joined(separator: "; ")
  }
}
