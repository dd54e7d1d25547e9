internal import Datasets
internal import Language

extension Engine {
  static func fault(_ error: DatasetError) -> Fault {
    switch error {
    case .unknown(let name, let drawn):
      Fault(
        "file", "'\(Excerpt.of(name))' is neither a drawn data set nor a folder",
        help:
          "`duet data list` tells the benchmarks that are known; drawn sets are \(drawn.map { "`\($0)`" }.joined(separator: ", "))"
      )
    case .gap(let gap): Fault(.value, "'gap' is \(gap)", help: "0 to 1")
    case .gapOfFolder(let path): Fault(.value, "'gap' is for drawn sets, and \(path) is a folder")
    case .missing(let part, let dataset):
      Fault(.value, "'\(dataset)' has no \(part.rawValue) part")
    case .template(let template):
      Fault(
        .value, "the template \"\(Excerpt.of(template))\" has no place for the name",
        help: "write `{}` there")
    case .tooFewClasses(let count):
      Fault(.value, "\(count) class cannot be divided into base and new classes")
    case .tooFewToSplit(let classes):
      Fault(.value, "\(classes.count) classes have too few pictures for three parts")
    case .item(let item, let count):
      Fault(.index, "item \(item) is outside a split of \(count)")
    case .batchSize(let size): Fault(.value, "a batch of \(size) pictures", help: "1 or more")
    case .tooMany(let items, let limit):
      Fault(
        .memory, "\(items) pictures at once are too many: \(limit) fit",
        help: "`for batch in split.batches(100)` takes them in parts")
    case .preprocessing(let side): Fault(.value, "pictures cannot be resized to \(side)")
    case .folder(let path, let fault, let count, let first):
      Fault("file", sentence(path, fault, count, first))
    case .list(let file, let fault, let count, let first):
      Fault("file", sentence(file, fault, count, first))
    case .missingPictures(let list, let folder, let count, let total, let first):
      Fault(
        "file", missingSentence(list, folder, count, total, first),
        help: "is the copy complete, and is this the folder that the list means?")
    case .draw(let fault, let count, let first): Fault("file", sentence(fault, count, first))
    case .picture(let name, let error): Fault("file", "\(name): \(sentence(error))")
    case .lengths(let what, let a, let b): Fault(.value, "\(what): \(a) and \(b)")
    case .label(let label, let classes):
      Fault(.value, "label \(label) is outside 0 to \(classes - 1)")
    case .metric(let what): Fault(.value, what)
    case .tensor(let error): fault(error)
    }
  }

  private static func sentence(
    _ path: String, _ fault: FolderFault, _ count: Int, _ first: [String]
  ) -> String {
    let names = first.joined(separator: ", ") + (count > first.count ? ", …" : "")
    return switch fault {
    case .unreadable(let reason): "\(path) cannot be listed: \(reason)"
    case .unreadableFiles(let reason):
      "\(path) has \(count) files that cannot be read (\(reason)): \(names)"
    case .notPictures: "\(path) has \(count) files that are neither PNG nor JPEG nor WebP: \(names)"
    case .filesBesideFolders:
      "\(path) has \(count) files beside its folders, which are the classes: \(names)"
    case .foldersInsideClass: "\(path) has \(count) folders inside those of the classes: \(names)"
    case .foldersBesideParts: "\(path) has \(count) folders beside train, val and test: \(names)"
    case .emptyClasses: "\(path) has \(count) classes without a picture: \(names)"
    case .noClasses: "\(path) has no folders, which would be the classes"
    case .differentClasses: "\(path): \(count) classes are missing in a part: \(names)"
    case .tooFewToSplit: "\(path): \(count) classes have too few pictures for three parts: \(names)"
    case .missingFolders: "\(path) lacks the folders of \(count) classes: \(names)"
    }
  }
}
