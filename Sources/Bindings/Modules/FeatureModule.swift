internal import Language
internal import Store

/// Features of many pictures, kept in files.
extension Engine {
  func featureNatives() -> [Native] {
    [
      Native(
        "encode_folder(folder: String, clip, into: String, batch: Int = 16, shown: Bool = true) -> "
          + "Record",
        """
        Writes the features of all pictures below a folder to a file: a record of how many were \
        `encoded`, how many `reused`, how many `others` are no pictures, and which `failed`.

        The file is kept up to date every half minute. A later run takes over the features of \
        pictures whose bytes have not changed; those of other weights, or of another preprocessing, are never \
        mixed in. `clip.remember(path)` uses them, `load(path, at: "/features/pooled")` reads them.
        """
      ) { [self] arguments in
        let clip: ClipValue = try arguments.object(1, "a CLIP")
        let batch = try arguments.int(3)
        guard (1...4096).contains(batch) else { throw arguments.fault(3, "must be from 1 to 4096") }
        let path = try arguments.string(2)
        try Self.check(path, arguments, 2)
        try Self.makeFolder(of: path)
        let run = try FeatureRun(
          self, clip, folder: arguments.string(0), into: path, isShown: arguments.bool(4))
        return Value(try run.run(batch: batch))
      }
    ]
  }
}
