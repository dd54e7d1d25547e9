extension StateDict {
  /// The tensors as a text: names, types, shapes, sizes.
  ///
  ///     model.safetensors: safetensors, 2 tensors, 3.1 KiB
  ///     logit_scale  float32 []          4 B
  ///     visual.proj  float16 [768, 2]  3.0 KiB
  ///
  /// Lines are cut at `width`. Nothing in a file reaches the terminal unless it is printable.
  package func listing(width: Int) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let number = entries.count == 1 ? "1 tensor" : "\(entries.count) tensors"
    let size = Listing.size(sources.reduce(0) { $0 + $1.size })
    let rows = entries.map { entry in
      (
        TextWidth.visible(entry.name), "\(entry.type.rawValue) \(entry.shape)",
        Listing.size(entry.count * entry.type.size)
      )
    }
    let names = min(72, rows.map { TextWidth.columns($0.0) }.max() ?? 0)
    let kinds = rows.map { TextWidth.columns($0.1) }.max() ?? 0
    let lines = rows.map { row in
      TextWidth.padded(row.0, to: names) + "  " + TextWidth.padded(row.1, to: kinds) + "  " + row.2
    }
    return ([TextWidth.visible("\(name): \(kind.rawValue), \(number), \(size)")] + lines)
      .map { TextWidth.clipped($0, to: width) }.joined(separator: "\n")
  }

  /// Compares every checksum that the file has; only archives of torch have any.
  package func verify() throws(StoreError) {
    for entry in entries {
      let source = sources[entry.source]
      do throws(Fault) {
        try source.verify(entry.view.storage)
      } catch {
        throw StoreError(file: source.file, path: TextWidth.quoted(entry.name), error)
      }
    }
  }
}
