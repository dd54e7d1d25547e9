package import Pictures
package import Tensor

/// What can go wrong with data: facts, which `Bindings` turns into sentences.
package enum DatasetError: Error, Equatable, Sendable {
  /// Neither a drawn set nor a folder.
  case unknown(name: String, drawn: [String])
  /// A gap outside 0 … 1.
  case gap(Double)
  /// A gap for pictures that are not drawn.
  case gapOfFolder(path: String)
  /// A part that the data set does not have.
  case missing(SplitPart, dataset: String)
  /// A template without a place for the name.
  case template(String)
  /// Halves of fewer than two classes.
  case tooFewClasses(Int)
  /// Classes with too few pictures for a split into three parts.
  case tooFewToSplit(classes: [Int])
  /// An item outside a split.
  case item(Int, count: Int)
  /// A batch of less than one item.
  case batchSize(Int)
  /// More pictures at once than fit into 1 GiB of numbers; batches do.
  case tooMany(items: Int, limit: Int)
  /// A side that no picture can be resized to.
  case preprocessing(side: Int)
  /// Something about a folder of pictures: how many cases there are, and the first few names.
  case folder(path: String, FolderFault, count: Int, first: [String])
  /// A picture that cannot be read.
  case picture(name: String, PictureError)
  /// Two lists that must be equally long.
  case lengths(String, Int, Int)
  /// A label outside 0 ..< classes.
  case label(Int, classes: Int)
  /// A number that a metric has no meaning for.
  case metric(String)
  /// What the tensor library says.
  case tensor(TensorError)
}

/// Why a folder cannot be used as a data set.
package enum FolderFault: Equatable, Sendable {
  /// Not a folder, or one that cannot be listed; the system's reason.
  case unreadable(reason: String)
  /// Files that cannot be read, or names that are not UTF-8; the first one's reason.
  case unreadableFiles(reason: String)
  /// Files that are neither PNG nor JPEG nor WebP.
  case notPictures
  /// Files beside the folders of the classes or parts.
  case filesBesideFolders
  /// Folders inside the folder of a class.
  case foldersInsideClass
  /// Folders beside train, val and test.
  case foldersBesideParts
  /// Classes without a picture.
  case emptyClasses
  /// No class at all.
  case noClasses
  /// Classes that one part has and another lacks, as "part/class" of the missing folders.
  case differentClasses
  /// Classes with fewer than the pictures needed for three parts.
  case tooFewToSplit
}
