package import Tensor

/// Features of pictures as a file keeps them, with the digests of all that made them.
///
///     /features            attributes weights_digest, preprocessing
///       picture            [n] names
///       feature            [d] 0, 1, …
///       picture_sha256     [n] of the pictures' files
///       prepared           [n, 2] fingerprints of the numbers that the image tower was given
///       pooled             [n, d] float32, not normalised
///
/// Rows stand in the order of the names' bytes.
package struct StoredFeatures {
  /// SHA-256 of the model's weights.
  package let weightsDigest: String
  /// How bytes became numbers, in words that are equal only if the numbers are.
  package let preprocessing: String
  /// In the order of their names.
  package private(set) var rows: [Row]
  /// d
  package let width: Int

  /// One picture.
  package struct Row: Equatable {
    /// Its path below the folder.
    package let name: String
    /// SHA-256 of its file.
    package let digest: String
    /// Of its numbers.
    package let prepared: Fingerprint
    /// [d]
    package let pooled: Tensor

    /// Names a picture's features.
    package init(name: String, digest: String, prepared: Fingerprint, pooled: Tensor) {
      (self.name, self.digest, self.prepared, self.pooled) = (name, digest, prepared, pooled)
    }

    package static func == (a: Row, b: Row) -> Bool {
      a.name.hasSameBytes(as: b.name) && a.digest == b.digest && a.prepared == b.prepared
        && a.pooled.hasSameBits(as: b.pooled)
    }
  }

  package static let group = "features"
  private static let (picture, feature) = ("picture", "feature")

  /// Features to be written; a contract is that all have `width` numbers.
  package init(weightsDigest: String, preprocessing: String, width: Int, rows: [Row]) {
    (self.weightsDigest, self.preprocessing, self.width) = (weightsDigest, preprocessing, width)
    self.rows = rows.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The group `/features`.
  package var node: Node {
    get throws(TensorError) {
      let numbers = rows.flatMap {
        [Int(bitPattern: UInt($0.prepared.high)), Int(bitPattern: UInt($0.prepared.low))]
      }
      let pooled = try Tensor(
        shape: [rows.count, width], elements: rows.flatMap { $0.pooled.elements })
      return Node(
        .group([
          Self.child(Self.picture, .strings(rows.map(\.name)), [Self.picture]),
          Self.child(Self.feature, .integers(Array(0..<width)), [Self.feature]),
          Self.child("picture_sha256", .strings(rows.map(\.digest)), [Self.picture]),
          .init(
            "prepared",
            Node(.array(.init(shape: [rows.count, 2], .integers(numbers))), [.init(kind: .list)])),
          .init(
            "pooled", Node(.tensor(pooled), Self.attributes(.tensor, [Self.picture, Self.feature]))),
        ]),
        [
          .init("weights_digest", .string(weightsDigest)),
          .init("preprocessing", .string(preprocessing)),
        ])
    }
  }

  private static func child(_ name: String, _ array: StoredArray, _ axes: [String]) -> Node.Child {
    .init(name, Node(.array(array), attributes(.list, axes)))
  }

  private static func attributes(_ kind: StoredKind, _ axes: [String]) -> [Node.Attribute] {
    [.init(kind: kind), .init(Node.axesAttribute, .strings(axes))]
  }
}

extension StoredFeatures {
  /// Reads `/features` of a file that Duet wrote.
  package init(reading file: String) throws(StoreError) {
    let archive = try Archive(reading: file)
    guard let node = archive.root[Self.group] else {
      throw StoreError(file: file, path: "/" + Self.group, .absent)
    }
    guard let weights = node.attribute("weights_digest")?.text,
      let preprocessing = node.attribute("preprocessing")?.text,
      let names = node[Self.picture]?.texts, let digests = node["picture_sha256"]?.texts,
      case .array(let prepared)? = node["prepared"]?.content,
      case .integers(let numbers) = prepared.elements,
      case .tensor(let pooled)? = node["pooled"]?.content, pooled.shape.count == 2,
      digests.count == names.count, numbers.count == 2 * names.count,
      pooled.shape[0] == names.count
    else {
      throw StoreError(
        file: file, path: "/" + Self.group, .damaged("its arrays do not fit together"))
    }
    let width = pooled.shape[1]
    let elements = pooled.elements
    var rows: [Row] = []
    for index in names.indices {
      do throws(TensorError) {
        rows.append(
          Row(
            name: names[index], digest: digests[index],
            prepared: Fingerprint(
              high: UInt64(bitPattern: Int64(numbers[2 * index])),
              low: UInt64(bitPattern: Int64(numbers[2 * index + 1]))),
            pooled: try Tensor(
              shape: [width], elements: Array(elements[index * width..<(index + 1) * width]))))
      } catch {
        throw StoreError(file: file, .tensor(error))
      }
    }
    self.init(weightsDigest: weights, preprocessing: preprocessing, width: width, rows: rows)
  }
}

extension Node {
  fileprivate var texts: [String]? {
    if case .array(let array) = content { array.texts } else { nil }
  }
}
