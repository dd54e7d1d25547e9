package import Tensor

/// What went wrong with a file: facts, which `Bindings` turns into sentences.
package struct StoreError: Error, Equatable, Sendable {
  /// The file, as the caller named it.
  package let file: String
  /// The object inside the file; "/" where the file as a whole is meant.
  package let path: String
  /// What is wrong with it.
  package let fault: Fault

  /// An error that concerns an object of a file.
  package init(file: String, path: String = "/", _ fault: Fault) {
    self.file = file
    self.path = path
    self.fault = fault
  }

  /// The kinds of things that go wrong.
  package enum Fault: Error, Equatable, Sendable {
    /// There is no such file.
    case noFile
    /// It is a folder, a device or a pipe.
    case notRegular
    /// The operating system refused: what was tried, and its error number (`errno`).
    case system(String, code: Int32)
    /// Others were writing it for as long as one would wait.
    case busy(seconds: Int)
    /// The file does not begin as HDF5 files do.
    case notHDF5
    /// The file is no container of weights; what it seems to be.
    case notWeights(found: String)
    /// A file of torch before version 1.6.
    case legacyTorch
    /// A pickle names something that is not on the list of what it may name.
    case forbidden(global: String)
    /// A file that Duet did not write would be overwritten or extended.
    case notDuet
    /// There is a file already, and it is to be kept.
    case exists
    /// What is to be written is read from this very file.
    case isInput
    /// The file holds data, which a text would take the place of.
    case holdsData
    /// The file follows another schema than ``Archive/schema``.
    case schema(found: String)
    /// The bytes contradict themselves, or say something that cannot be true.
    case damaged(String)
    /// A valid construction that Duet does not read: a link out of the file, a foreign filter, …
    case unsupported(String)
    /// More bytes than a reader may ask for.
    case tooLarge(needed: Int, limit: Int)
    /// More of something ("objects", "levels") than a file may have.
    case tooMany(String, limit: Int)
    /// Nothing is stored under this path.
    case absent
    /// Another kind of value than expected is stored here.
    case kind(expected: String, found: String)
    /// The content is not what was written: the hash in the file and that of the content.
    case contentHash(stored: String, computed: String)
    /// A file of Duet's without its final attribute.
    case unfinished
    /// The names in a checkpoint are not those of the module.
    case names(NameMismatch)
    /// A value, name or path that cannot be written, and why.
    case refused(String)
    /// The HDF5 library failed while writing; its own words.
    case library(String)
    /// No memory, or a shape beyond it.
    case tensor(TensorError)
  }
}

typealias Fault = StoreError.Fault

/// How the names in a checkpoint differ from those asked for: up to five of each sort are listed.
package struct NameMismatch: Equatable, Sendable {
  /// Names that were asked for and are not in the file.
  package var missing = Listed<String>()
  /// Names in the file that nobody asked for.
  package var surplus = Listed<String>()
  /// Names whose values have another shape or kind.
  package var misshapen = Listed<Misshapen>()

  /// A value that does not fit: "[4, 512]", "int", …
  package struct Misshapen: Equatable, Sendable {
    /// The path in the module.
    package let name: String
    /// What the module has there.
    package let expected: String
    /// What the file has there.
    package let found: String

    /// A value that does not fit.
    package init(name: String, expected: String, found: String) {
      self.name = name
      self.expected = expected
      self.found = found
    }
  }

  /// The first five of a number of things.
  package struct Listed<Item: Equatable & Sendable>: Equatable, Sendable {
    /// At most five.
    package private(set) var first: [Item] = []
    /// Of all of them.
    package private(set) var count = 0

    mutating func append(_ item: Item) {
      if count < 5 { first.append(item) }
      count += 1
    }
  }

  /// Whether nothing differs.
  package var isEmpty: Bool {
    missing.count == 0 && surplus.count == 0 && misshapen.count == 0
  }
}
