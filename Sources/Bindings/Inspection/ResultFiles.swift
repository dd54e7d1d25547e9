internal import Language
internal import Store
internal import Tensor

/// What becomes of files of results: several joined to one, one given to others in another form.
package enum ResultFiles {
  /// What a merge came to.
  package struct Merged {
    /// Where the cells come from and how many are done; lines for the user.
    package let report: [String]
    /// Why nothing was written; empty when it was.
    package let contradictions: [String]
  }

  /// Joins the results in `files` and writes them to `output`. Each source's provenance goes with them.
  /// The inputs are never changed, and an output that is there is kept unless it may be replaced.
  package static func merge(_ files: [String], into output: String, replacing: Bool)
    throws(FileFailure) -> Merged
  {
    do throws(StoreError) {
      try PlainFile.checkApart(output, from: files)
      do throws(StoreError.Fault) {
        try PlainFile.checkFree(output, replacing)
      } catch {
        throw StoreError(file: output, error)
      }
      var sources: [ResultsUnion.Source] = []
      var provenance = Provenance()
      for file in files {
        let archive = try Archive(reading: file)
        let path = "/" + Results.group
        guard let hash = archive.contentHash else {
          throw StoreError(
            file: file, .kind(expected: "a result of Duet's", found: "a file of another program"))
        }
        guard let node = archive.root[Results.group] else {
          let found = archive.root.children.map { "/\($0.name)" }.joined(separator: ", ")
          throw StoreError(
            file: file, path: path,
            .kind(expected: "a result", found: found.isEmpty ? "empty" : "a file of \(found)"))
        }
        sources.append(.init(file, try Results(node, file: file)))
        add(archive.provenance, hash, of: file, to: &provenance)
      }
      return try join(sources, provenance, into: output, replacing)
    } catch {
      throw FileFailure(error)
    }
  }

  /// A file's provenance, or of one that was itself joined those of its sources; each once.
  private static func add(
    _ own: Provenance, _ hash: String, of file: String, to provenance: inout Provenance
  ) {
    var own = own
    own.volatile.paths.append(file)
    let all = own.sources.isEmpty ? [.init(contentHash: hash, own)] : own.sources
    for source in all
    where !provenance.sources.contains(where: { $0.contentHash == source.contentHash }) {
      provenance.sources.append(source)
    }
  }

  private static func join(
    _ sources: [ResultsUnion.Source], _ provenance: Provenance, into output: String,
    _ replacing: Bool
  ) throws(StoreError) -> Merged {
    var union = ResultsUnion(sources)
    var provenance = provenance
    provenance.versions = Engine().versions().map { .init($0.name, $0.text) }
    var archive = Archive(provenance: provenance)
    var joined: Results?
    do throws(StoreError.Fault) {
      joined = try union.results()
      if let joined { archive.root.set([Results.group], to: try joined.node) }
    } catch {
      throw StoreError(file: output, error)
    }
    guard let joined else {
      let contradictions = union.contradictions.map(Engine.sentence)
      return Merged(report: [], contradictions: contradictions.map(TextWidth.visible))
    }
    try archive.write(to: output) { stage throws(StoreError.Fault) in
      if stage == .flushed { try PlainFile.checkFree(output, replacing) }
    }
    let extents = joined.axes.map { "\($0.labels.elements.count) \($0.name)" }
    let done = joined.status.cells.count { $0 == .done }
    let head =
      "\(output): \(extents.joined(separator: " × ")), "
      + "\(done) of \(joined.status.cells.count) cells done"
    return Merged(
      report: ([head] + Engine.missing(joined.missing)).map(TextWidth.visible), contradictions: [])
  }

  /// The table or result of a file as a text: the result if it holds one, else the table at a place.
  package static func text(of file: String, at place: String?, _ format: ExportFormat)
    throws(FileFailure) -> String
  {
    let engine = Engine()
    do {
      let archive = try Archive(reading: file)
      if place == nil, let node = archive.root[Results.group] {
        let results = try Results(node, file: file)
        if format == .commaSeparated { return results.commaSeparated }
        return try format.text(of: Value(try ResultValue(results, engine).table)) ?? ""
      }
      let place = place ?? Archive.defaultPlace
      guard let node = archive.root.node(at: place) else {
        throw StoreError(file: file, path: place, .absent)
      }
      let value = try engine.value(StoredValue(node, file: file, path: place))
      guard let text = try format.text(of: value) else {
        throw StoreError(
          file: file, path: place, .kind(expected: "a table or a result", found: node.summary))
      }
      return text
    } catch let error as StoreError {
      throw FileFailure(error)
    } catch {
      throw FileFailure(engine.fault(for: error)?.message ?? "\(error)")
    }
  }

  /// Writes the tensors of a file as safetensors: a checkpoint's parameters, a CLIP's weights, or else all
  /// tensors by their paths. Returns a line for the user, which says what was left out.
  package static func safetensors(of file: String, into output: String, replacing: Bool)
    throws(FileFailure) -> String
  {
    do throws(StoreError) {
      try PlainFile.checkApart(output, from: [file])
      let archive = try Archive(reading: file)
      var (tensors, others): ([NamedTensor], [String]) = ([], [])
      func collect(_ node: Node, _ path: String) {
        switch node.content {
        case .tensor(let tensor): tensors.append(NamedTensor(path, tensor))
        case .group(let children):
          for child in children {
            collect(child.node, (path.isEmpty ? "" : path + "/") + LinkName.unescaped(child.name))
          }
          if children.isEmpty { others.append(path) }
        case .array: others.append(path)
        }
      }
      let own = archive.root["parameters"] ?? archive.root["clip"]
      collect(own ?? archive.root, "")
      guard !tensors.isEmpty else {
        throw StoreError(file: file, .kind(expected: "tensors", found: "a file without any"))
      }
      var metadata = [("format", "pt"), ("generator", "Duet \(Engine.version)")]
      if let hash = archive.contentHash { metadata.append(("duet_content_hash", hash)) }
      if archive.root["parameters"] == nil, let clip = archive.root["clip"] {
        for attribute in clip.attributes {
          if let text = attribute.value.text { metadata.append((attribute.name, text)) }
        }
      }
      do throws(StoreError.Fault) {
        let bytes = try SafetensorsImage.bytes(of: tensors, metadata: metadata)
        try PlainFile.checkFree(output, replacing)
        do throws(StoreError) {
          try PlainFile.write(bytes, to: output, replacing: replacing)
        } catch {
          throw error.fault
        }
      } catch {
        throw StoreError(file: output, error)
      }
      let left = others.isEmpty ? "" : ", left out: " + others.prefix(5).joined(separator: ", ")
      let more = others.count > 5 ? ", … \(others.count) in all" : ""
      return TextWidth.visible("\(output): \(tensors.count) tensors\(left)\(more)")
    } catch {
      throw FileFailure(error)
    }
  }

  /// Writes a text that ``text(of:at:_:)`` gave to a file.
  package static func write(_ text: String, to file: String, replacing: Bool)
    throws(FileFailure)
  {
    do throws(StoreError) {
      try PlainFile.write(text, to: file, replacing: replacing)
    } catch {
      throw FileFailure(error)
    }
  }
}
