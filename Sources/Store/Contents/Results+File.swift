extension Results {
  /// The group `/results`.
  package var node: Node {
    get throws(StoreError.Fault) {
      var children: [Node.Child] = []
      for axis in axes {
        children.append(
          .init(
            axis.name,
            Self.array(axis.labels, [axis.name], [.init("long_name", .string(axis.longName))])))
      }
      for variable in variables {
        var attributes: [Node.Attribute] = [
          .init("units", .string(variable.units)), .init("long_name", .string(variable.longName)),
        ]
        if case .floats = variable.values {
          attributes.append(.init("_FillValue", StoredArray(shape: [1], .floats([.nan]))))
        }
        let shape = try shape(of: variable.axes, count: variable.values.count, variable.name)
        let array = StoredArray(shape: shape, variable.values)
        children.append(.init(variable.name, Self.array(array, variable.axes, attributes)))
      }
      children.append(.init(Self.statusName, try statusNode))
      if !details.isEmpty {
        children.append(.init(Self.detailsName, try Node(storing: .record(details))))
      }
      return Node(.group(children), attributes)
    }
  }

  private var statusNode: Node {
    get throws(Fault) {
      let shape = try shape(of: status.axes, count: status.cells.count, Self.statusName)
      let array = StoredArray(shape: shape, .integers(status.cells.map(\.rawValue)))
      return Self.array(
        array, status.axes,
        [
          .init("units", .string("1")), .init("long_name", .string("what became of the cell")),
          .init("flag_values", .integers(Cell.allCases.map(\.rawValue))),
          .init(
            "flag_meanings", .string(Cell.allCases.map { "\($0)" }.joined(separator: " "))),
        ])
    }
  }

  private static func array(
    _ array: StoredArray, _ axes: [String], _ attributes: [Node.Attribute]
  ) -> Node {
    let own: [Node.Attribute] = [.init(kind: .list), .init(Node.axesAttribute, .strings(axes))]
    return Node(.array(array), own + attributes)
  }

  /// Whether a group holds results: it says what became of each cell.
  package static func isKept(in node: Node) -> Bool {
    node.kind == nil && node[statusName]?.attribute("flag_meanings") != nil
  }

  /// The results in the group `/results`, or in another one, of `file`.
  package init(_ node: Node, file: String, path: String = "/" + group) throws(StoreError) {
    var axes: [Axis] = []
    var variables: [Variable] = []
    var status: Status?
    var details: [StoredValue.Field] = []
    for child in node.children {
      let childPath = LinkName.path(path, child.name)
      if child.name == Self.detailsName {
        let value = try StoredValue(child.node, file: file, path: childPath)
        if case .record(let fields) = value { details = fields }
        continue
      }
      guard case .array(let array) = child.node.content, let names = child.node.axes else {
        throw StoreError(
          file: file, path: childPath, .kind(expected: "named axes", found: child.node.summary))
      }
      let longName = child.node.attribute("long_name")?.text ?? ""
      if names == [child.name] {
        axes.append(Axis(child.name, array, longName: longName))
      } else if child.name == Self.statusName, case .integers(let codes) = array.elements {
        status = Status(axes: names, codes.compactMap(Cell.init))
      } else {
        variables.append(
          Variable(
            child.name, axes: names, array.elements,
            units: child.node.attribute("units")?.text ?? "", longName: longName))
      }
    }
    guard let status else {
      throw StoreError(file: file, path: path + "/" + Self.statusName, .absent)
    }
    do throws(Fault) {
      try self.init(
        axes: axes, variables: variables, status: status, attributes: node.attributes,
        details: details)
    } catch {
      throw StoreError(file: file, path: path, error)
    }
  }
}
