extension Dataset {
  /// Finds a data set by its name or path: a drawn set, or else a folder of pictures.
  ///
  /// With a root, the name is that of a folder below it. Throws ``DatasetError/unknown(name:drawn:)``
  /// when there is neither, and the faults of both kinds.
  package static func named(
    _ name: String, seed: Int = 1, gap: Double? = nil, root: String? = nil
  ) throws(DatasetError) -> Dataset {
    if root == nil, let set = ShapesSet(rawValue: name) {
      return try shapes(set, seed: seed, gap: gap)
    }
    let path = root.map { "\($0)/\(name)" } ?? name
    guard Directory.exists(path) else {
      throw .unknown(name: path, drawn: ShapesSet.allCases.map(\.rawValue))
    }
    guard gap == nil else { throw .gapOfFolder(path: path) }
    return try folder(path, seed: seed)
  }

  /// A set of Shapes world; `gap` in 0 … 1 takes the place of the set's own.
  package static func shapes(_ set: ShapesSet, seed: Int = 1, gap: Double? = nil)
    throws(DatasetError) -> Dataset
  {
    let gap = gap ?? set.defaultGap
    guard (0...1).contains(gap) else { throw .gap(gap) }
    let classes = set.classes
    func source(_ part: SplitPart) -> DrawnPictures? {
      ShapesWorld.perClass(set, part).map {
        DrawnPictures(set, part, perClass: $0, seed: seed, gap: gap)
      }
    }
    let train = source(.train)
    var splits: [SplitPart: Split] = [:]
    splits[.train] = train.map { Split($0, classes: classes) }
    splits[.val] = source(.val).map {
      Split($0, classes: classes, draw: .validation(after: train?.labels ?? []))
    }
    splits[.test] = source(.test).map { Split($0, classes: classes) }
    return Dataset(
      name: set.rawValue, kind: .synthetic, classes: classes, template: set.template, seed: seed,
      splitting: .drawn(gap: gap), splits: splits)
  }
}
