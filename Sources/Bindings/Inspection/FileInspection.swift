internal import Store

/// Looking into files, and at two HDF5 files side by side.
package enum FileInspection {
  /// The contents of a file as lines of at most `width` columns.
  ///
  /// With `verify`, everything is read and the content hash of a file of Duet's compared; then
  /// `isSound` tells whether the content is what was written. It is true of files of other programs.
  /// Of a checkpoint of another format the tensors are listed, and with `verify` its checksums compared.
  package static func listing(of file: String, width: Int, verify: Bool) throws(FileFailure) -> (
    text: String, isSound: Bool
  ) {
    do throws(StoreError) {
      let listing = try Listing(of: file, width: width, verify: verify)
      let results = results(of: file).map { "\n" + TextWidth.clipped($0, to: width) }.joined()
      return switch listing.hash {
      case .none, .unchecked, .matches: (listing.text + results, true)
      case .differs, .broken: (listing.text, false)
      }
    } catch {
      guard error.fault == .notHDF5, let text = try checkpoint(file, width, verify) else {
        throw FileFailure(error)
      }
      return (text, true)
    }
  }

  /// What the numbers of a result are about, its axes with their labels, and how much of it is done;
  /// nothing of a file that holds no result, or none that can be read.
  private static func results(of file: String) -> [String] {
    var options = Archive.ReadOptions()
    options.checksHash = false
    guard let node = try? Archive.node(at: "/" + Results.group, of: file, options),
      let results = try? Results(node, file: file)
    else { return [] }
    return Engine.summary(of: results).map(TextWidth.visible)
  }

  /// The tensors of a checkpoint; nil of a file that is none.
  private static func checkpoint(_ file: String, _ width: Int, _ verify: Bool) throws(FileFailure)
    -> String?
  {
    do throws(StoreError) {
      let weights = try StateDict(reading: file)
      if verify { try weights.verify() }
      return weights.listing(width: width)
    } catch {
      if case .notWeights = error.fault { return nil }
      throw FileFailure(error)
    }
  }

  /// How far apart numbers may be: a distance, or a share of the larger one. At zero, all bits must be
  /// equal.
  package struct Tolerance {
    var absolute: Double
    var relative: Double

    /// A tolerance; numbers are accepted that keep to either.
    package init(absolute: Double, relative: Double) {
      self.absolute = absolute
      self.relative = relative
    }
  }

  /// What differs between two files, a line each; nothing where they are equal but for times, places
  /// and other volatile provenance.
  package static func differences(_ first: String, _ second: String, _ tolerance: Tolerance)
    throws(FileFailure) -> [String]
  {
    do throws(StoreError) {
      let tolerance = Difference.Tolerance(
        absolute: tolerance.absolute, relative: tolerance.relative)
      return try Difference.between(first, second, tolerance).map {
        TextWidth.visible("\($0.path): \(words($0.what))")
      }
    } catch {
      throw FileFailure(error)
    }
  }

  private static func words(_ what: Difference.What) -> String {
    switch what {
    case .onlyInFirst(let summary): "only in the first, \(summary)"
    case .onlyInSecond(let summary): "only in the second, \(summary)"
    case .form(let first, let second): "\(first) and \(second)"
    case .numbers(let different, let count, let largest):
      count == 1
        ? "differs by \(largest)"
        : "\(different) of \(count) numbers differ, by at most \(largest)"
    case .cell(let labels, let first, let second):
      "at \(Engine.place(labels)): \(first) and \(second)"
    case .values(let different, let count, let first, let second):
      (count == 1 ? "" : "\(different) of \(count) values differ, first ")
        + "\(shortened(first)) and \(shortened(second))"
    }
  }

  private static func shortened(_ text: String) -> String {
    text.count > 60 ? "\"\(text.prefix(60))…\"" : "\"\(text)\""
  }
}
