/// Everything that a file contains, without the elements of its datasets.
///
/// What cannot be read (a link out of the file, a compound type, damage) keeps its place in the tree
/// as a fault, so that a listing can show it; whoever asks for its value gets the error.
final class FileTree {
  let file: String
  let source: FileBytes
  let root: FileObject
  private(set) var elements: ElementReader

  init(reading file: String, _ limits: ReadLimits) throws(StoreError) {
    self.file = file
    do throws(Fault) {
      source = try FileBytes(opening: file)
      let superblock = try Superblock(source)
      var scan = Scan(source, limits)
      root = scan.object(at: superblock.root, name: "/", path: "/", depth: 0)
      elements = scan.elements
    } catch {
      throw StoreError(file: file, error)
    }
    if case .refused(let fault) = root.content { throw StoreError(file: file, fault) }
  }

  /// Begins to count anew what is read into memory.
  func renewBudget(_ limits: ReadLimits) { elements.budget = Budget(limits) }

  /// The object under a path.
  func object(at path: String) throws(StoreError) -> FileObject {
    var object = root
    for name in path.split(separator: "/").map(String.init) {
      guard let child = object.children.first(where: { $0.name.hasSameBytes(as: name) }) else {
        throw StoreError(file: file, path: path, .absent)
      }
      object = child
    }
    return object
  }

  /// An object with everything below it, its elements included.
  func node(_ object: FileObject, mapping: FileMapping?) throws(StoreError) -> Node {
    var attributes: [Node.Attribute] = []
    for (name, value) in object.attributes {
      do throws(Fault) {
        attributes.append(Node.Attribute(name, try value.get()))
      } catch {
        throw StoreError(file: file, path: object.path + "@" + name, error)
      }
    }
    switch object.content {
    case .refused(let fault): throw StoreError(file: file, path: object.path, fault)
    case .group(let objects):
      var children: [Node.Child] = []
      for child in objects {
        children.append(Node.Child(child.name, try node(child, mapping: mapping)))
      }
      return Node(.group(children), attributes)
    case .dataset(let dataset):
      do throws(Fault) {
        let content = try elements.content(dataset, mapping: mapping)
        if dataset.shape == nil { attributes.append(Node.Attribute(kind: .nothing)) }
        return Node(content, attributes)
      } catch {
        throw StoreError(file: file, path: object.path, error)
      }
    }
  }
}

/// A group or dataset, as the file describes it.
struct FileObject {
  let name: String
  let path: String
  let content: Content
  let attributes: [(name: String, value: Result<StoredArray, Fault>)]

  enum Content {
    case group([FileObject])
    case dataset(StoredDataset)
    case refused(Fault)
  }

  var children: [FileObject] {
    if case .group(let children) = content { children } else { [] }
  }

  /// A single text among the attributes.
  func text(_ name: String) -> String? {
    guard case .success(let value)? = attributes.first(where: { $0.name == name })?.value else {
      return nil
    }
    return value.text
  }
}

/// One walk over a file. Groups form a tree: one that is reached a second time is refused, which
/// also ends cycles of hard links. Datasets may have several names.
private struct Scan {
  private let source: FileBytes
  private let limits: ReadLimits
  var elements: ElementReader
  private var groups: Set<Int> = []
  private var objects = 0

  init(_ source: FileBytes, _ limits: ReadLimits) {
    self.source = source
    self.limits = limits
    elements = ElementReader(source, limits)
  }

  mutating func object(at address: Int, name: String, path: String, depth: Int) -> FileObject {
    var attributes: [(name: String, value: Result<StoredArray, Fault>)] = []
    let content: FileObject.Content
    do throws(Fault) {
      try count(1)
      let header = try ObjectHeader(source, at: address)
      attributes = try self.attributes(header)
      content = try self.content(header, address, path, depth)
    } catch {
      content = .refused(error)
    }
    return FileObject(name: name, path: path, content: content, attributes: attributes)
  }

  private mutating func count(_ more: Int) throws(Fault) {
    objects += more
    guard objects <= limits.objects else { throw .tooMany("objects", limit: limits.objects) }
  }

  private mutating func attributes(_ header: ObjectHeader) throws(Fault) -> [(
    name: String, value: Result<StoredArray, Fault>
  )] {
    let messages = try AttributeMessage.all(source, of: header, limit: limits.objects - objects)
    try count(messages.count)
    var attributes: [(name: String, value: Result<StoredArray, Fault>)] = []
    for message in messages {
      do throws(Fault) {
        attributes.append((message.name, .success(try message.value(&elements))))
      } catch {
        attributes.append((message.name, .failure(error)))
      }
    }
    return attributes
  }

  private mutating func content(
    _ header: ObjectHeader, _ address: Int, _ path: String, _ depth: Int
  ) throws(Fault) -> FileObject.Content {
    if header.message(.layout) != nil { return .dataset(try StoredDataset(header)) }
    guard header.message(.symbolTable) ?? header.message(.linkInfo) != nil else {
      throw .unsupported("neither a group nor a dataset")
    }
    guard groups.insert(address).inserted else { throw .unsupported("a group of two names") }
    guard depth < limits.depth else { throw .tooMany("levels", limit: limits.depth) }
    var children: [FileObject] = []
    for link in try Link.all(source, of: header, limit: limits.objects - objects) {
      let childPath = LinkName.path(path, link.name)
      switch link.target {
      case .object(let address):
        children.append(
          object(at: address, name: link.name, path: childPath, depth: depth + 1))
      case .elsewhere(let what):
        try count(1)
        children.append(
          FileObject(
            name: link.name, path: childPath, content: .refused(.unsupported(what)), attributes: []
          ))
      }
    }
    return .group(children)
  }
}
