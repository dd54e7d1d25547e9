internal import Language
internal import Store

/// A method at work, as another program computed it: `duet-parity/1`.
///
/// A file is one case:
///
///     method, options, optimizer, seed   attributes; options and optimizer are JSON
///     clip/…                             a CLIP; without it, that of `clip.h5` beside the file
///     input/…                            pictures, labels, tokens
///     param/…                            the start value of everything that the method learns
///     expected/…                         the numbers to compare
///
/// No method is known here by name: the library's `replay` builds it from its page and computes what
/// the file expects, see `stdlib/parity.duet`.
struct ReplayReference: ReferenceKind {
  static let format = "duet-parity/1"

  static func cases(of file: StoredFile, _ replayer: Replayer) -> [ReferenceCase] {
    let reference = ReferenceCase(name: "") {
      do throws(ReplayFailure) {
        let given = try ReplayFile(file, replayer.engine)
        let result = try replayer.replay(given, of: file)
        return ReplayComparison(given, result).outcome
      } catch {
        return .failed(error.words)
      }
    }
    return [reference]
  }
}

/// The CLIP of the cases beside it: no case itself.
struct ReplayedModel: ReferenceKind {
  static let format = "duet-parity-clip/1"

  static func cases(of file: StoredFile, _ replayer: Replayer) -> [ReferenceCase] { [] }
}

/// What is wrong with a case, in one line.
struct ReplayFailure: Error {
  let words: String

  init(_ words: String) { self.words = words }
}
