/// Why a data set that has a page, or a file that tells one, cannot be opened: facts.
struct DataFailure: Error, Equatable {
  /// The data set's name.
  let name: String
  let fact: Fact

  init(_ name: String, _ fact: Fact) {
    self.name = name
    self.fact = fact
  }

  enum Fact: Equatable {
    /// There is no folder to look in.
    case noRoot(String)
    /// The data set's folder is not below the root; what it should hold, and a folder that looks like it.
    case noFolder(String, holds: [String], similar: String?)
    /// The folder of the pictures is missing; a folder that looks like it.
    case noPictures(String, similar: String?)
    /// There is no split file, and the page tells no rule for making a split.
    case noSplit(String)
    /// Pictures are missing, and lie here instead.
    case elsewhere(DatasetMissing, similar: String)
    /// A page does not say what it must.
    case page(file: String, String)
    /// A name that stands in for a root or a file that does not go with it.
    case surplus(String)
  }
}

/// How many pictures are missing, and the first few.
struct DatasetMissing: Equatable {
  let folder: String
  let count: Int
  let total: Int
  let first: [String]
}
