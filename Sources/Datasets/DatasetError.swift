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
  /// Something about a list of pictures, under the name of its file.
  case list(String, ListFault, count: Int, first: [String])
  /// Pictures that a list names and that do not exist.
  case missingPictures(list: String, folder: String, count: Int, of: Int, first: [String])
  /// A draw names pictures that are not in the split, or calls them otherwise.
  case draw(DrawFault, count: Int, first: [String])
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
  /// Folders of classes that are not there.
  case missingFolders
}

/// Why a list cannot be used as a data set.
package enum ListFault: Equatable, Sendable {
  /// Nothing is in it.
  case noItems
  /// Labels that are called by several names.
  case contradictoryNames
  /// Labels below 0.
  case negativeLabels
  /// Labels below the largest that no training item has.
  case missingLabels(largest: Int)
  /// Labels of val or test that train does not have.
  case labelsOutsideTraining
  /// Labels without a name.
  case namelessLabels
  /// Paths that are empty or not below the pictures' folder.
  case absolutePaths
  /// Paths with a folder that is empty, `.` or `..`, or with a NUL.
  case crookedPaths
  /// Pictures that a part has under several labels.
  case severalLabels(SplitPart)
  /// Pictures that are there twice in a list that is to be split.
  case repeatedPictures
  /// Classes with too few pictures for a split.
  case tooFewToSplit
  /// A table without the columns that are needed; the columns it has.
  case columns
  /// A column that is there twice.
  case columnTwice
  /// A row with another number of fields than the header.
  case fields(found: Int, expected: Int)
  /// A quote in the middle of a field, or one that is not closed.
  case quotes
  /// Bytes that are not UTF-8.
  case notText
  /// Labels that are not whole numbers.
  case labelsNotNumbers
  /// A part that is neither train nor val nor test.
  case unknownPart(String)
  /// Something that does not have the form of a split file; what was found where.
  case form(String)
}

/// Why a draw does not fit a split.
package enum DrawFault: Equatable, Sendable {
  /// Pictures that the split does not have.
  case strangers
  /// Pictures that the split has under another label.
  case otherLabels
  /// Pictures whose class the data set calls otherwise.
  case otherNames
  /// Pictures that are there twice.
  case repeated
}
