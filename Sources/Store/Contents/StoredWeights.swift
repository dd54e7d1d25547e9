internal import Synchronization
package import Tensor

/// The weights of a CLIP as a file keeps them: its architecture as attributes of `/clip`, its tensors
/// by the names of the state dict. What the names mean is not known here.
///
/// In a file that Duet wrote, tensors lie aligned and uncompressed and are mapped: nothing is read
/// before it is used. The content hash is checked by ``Archive/verify(_:limits:)``, not here.
package struct StoredWeights {
  /// Sizes and the like, in order; each value is a scalar.
  package let architecture: [Node.Attribute]
  /// In the order of the file.
  package let tensors: [NamedTensor]

  static let group = "clip"

  /// Weights to be written.
  package init(architecture: [Node.Attribute], tensors: [NamedTensor]) {
    self.architecture = architecture
    self.tensors = tensors
  }

  /// Reads `/clip`. Floats of half or double precision are converted, and whatever does not lie as
  /// Duet writes it is read instead of mapped.
  package init(reading file: String, limits: ReadLimits = ReadLimits()) throws(StoreError) {
    let tree = try FileTree(reading: file, limits)
    let path = "/" + Self.group
    let mapping = try tree.mapping()
    let node = try tree.node(try tree.object(at: path), mapping: mapping)
    guard case .group(let children) = node.content else {
      throw StoreError(file: file, path: path, .kind(expected: "group", found: node.summary))
    }
    architecture = node.attributes
    var tensors: [NamedTensor] = []
    for child in children {
      let childPath = LinkName.path(path, child.name)
      do throws(Fault) {
        tensors.append(NamedTensor(LinkName.unescaped(child.name), try child.node.float32()))
      } catch {
        throw StoreError(file: file, path: childPath, error)
      }
    }
    self.tensors = tensors
  }

  /// The tensor of a name.
  package subscript(name: String) -> Tensor? {
    tensors.first { $0.name.hasSameBytes(as: name) }?.tensor
  }

  /// The group `/clip`.
  package var node: Node {
    let children = tensors.map {
      Node.Child(LinkName.escaped($0.name), Node(.tensor($0.tensor), [.init(kind: .tensor)]))
    }
    return Node(.group(children), architecture)
  }

  /// The digest by which files refer to these weights.
  package var digest: String { ContentHash.of(node) }

  /// Writes a file that holds these weights.
  @discardableResult
  package func write(to file: String, _ provenance: Provenance) throws(StoreError) -> String {
    let root = Node(.group([Node.Child(Self.group, node)]))
    // Writing takes seconds: who stops it meanwhile finds no file.
    return try Archive(root: root, provenance: provenance).write(to: file) {
      stage throws(StoreError.Fault) in
      if stage != .renamed, Cancellation.requested.load(ordering: .relaxed) {
        throw .tensor(.cancelled)
      }
    }
  }
}

extension Node {
  /// A tensor, or an array of Float64 rounded to one.
  package func float32() throws(StoreError.Fault) -> Tensor {
    switch content {
    case .tensor(let tensor): return tensor
    case .array(let array):
      guard case .floats(let values) = array.elements else { break }
      do throws(TensorError) {
        return try Tensor(shape: array.shape, elements: values.map { Float($0) })
      } catch {
        throw .tensor(error)
      }
    case .group: break
    }
    throw .kind(expected: "tensor", found: summary)
  }
}

/// A tensor and its name.
package struct NamedTensor {
  /// As the state dict or the optimizer calls it.
  package let name: String
  /// Mapped, where it comes from a file that allows it.
  package let tensor: Tensor

  /// Names a tensor.
  package init(_ name: String, _ tensor: Tensor) {
    self.name = name
    self.tensor = tensor
  }
}
