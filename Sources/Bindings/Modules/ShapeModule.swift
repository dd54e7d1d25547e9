internal import Autograd
internal import Language
internal import Tensor

/// Words that move elements and compute nothing.
extension Engine {
  func shapeNatives() -> [Native] {
    [
      Native(
        "concat(parts: List, axis: Int = 0)", "Tensors one after the other along an axis.",
        example: "concat([zeros([2, 3]), ones([1, 3])]).shape\n[3, 3]"
      ) { [self] in value(try Variable.concatenate(tensors($0, 0), axis: $0.int(1))) },
      Native(
        "stack(parts: List, axis: Int = 0)", "Tensors of one shape side by side on a new axis.",
        example: "stack([zeros([3]), ones([3])]).shape\n[2, 3]"
      ) { [self] in value(try Variable.stack(tensors($0, 0), axis: $0.int(1))) },
      Native(
        "reshape(x, shape)", "The same elements under another shape; one size may be -1.",
        example: "reshape(arange(6), [2, -1]).shape\n[2, 3]"
      ) { [self] in try reshape($0) },
      Native(
        "permute(x, axes: List)", "The axes in another order.",
        example: "permute(zeros([2, 3, 4]), [2, 0, 1]).shape\n[4, 2, 3]"
      ) { [self] in value(try tensor($0, 0).permuted($0.ints(1))) },
      Native(
        "expand(x, shape: List)",
        "Stretches axes of size 1; `...` stands for the sizes that are already there.",
        example: "expand(ones([1, 3]), [4, ...]).shape\n[4, 3]"
      ) { [self] in try expand($0) },
      Native(
        "split(x, sizes = nil, axis: Int = 0)",
        "Cuts a tensor along an axis into a number of equal parts, or into parts of given sizes; "
          + "cuts a text at a separator, at blanks without one.",
        example: "split(\"a,b\", \",\")\n[\"a\", \"b\"]"
      ) { [self] in try split($0) },
    ]
  }

  private func reshape(_ arguments: borrowing Arguments) throws -> Value {
    let x = try tensor(arguments, 0)
    var shape = try shape(arguments, 1)
    let open = shape.indices.filter { shape[$0] == -1 }
    guard open.count <= 1 else {
      throw arguments.fault(1, "may leave one size open with -1, not \(open.count)")
    }
    if let place = open.first {
      let known = try Tensor.count(of: shape.filter { $0 != -1 })
      guard known > 0, x.value.count % known == 0 else {
        throw TensorError.shapes("reshape", x.shape, shape)
      }
      shape[place] = x.value.count / known
    }
    return value(try x.reshaped(to: shape))
  }

  private func expand(_ arguments: borrowing Arguments) throws -> Value {
    let x = try tensor(arguments, 0)
    let sizes = try arguments.list(1)
    var shape: [Int] = []
    for (place, size) in sizes.enumerated() {
      if case .ellipsis = size {
        let rest = sizes.count - 1 - place
        guard x.shape.count >= place + rest else {
          throw arguments.fault(
            1, "names more sizes than there are axes", code: .shape,
            label: "the tensor is \(TensorPrinting.shape(x.shape))")
        }
        shape += x.shape[place..<x.shape.count - rest]
      } else if let size = size.int {
        shape.append(size)
      } else {
        throw arguments.fault(1, "must be a list of Int", code: .type)
      }
    }
    return value(try x.broadcast(to: shape))
  }

  private func split(_ arguments: borrowing Arguments) throws -> Value {
    if let text = arguments[0].string {
      if arguments.isNil(1) {
        return Value(text.split(whereSeparator: \.isWhitespace).map { Value(String($0)) })
      }
      let separator = try arguments.string(1)
      guard !separator.isEmpty else { throw arguments.fault(1, "must not be empty") }
      return Value(
        text.split(separator: separator, omittingEmptySubsequences: false).map {
          Value(String($0))
        })
    }
    let x = try tensor(arguments, 0)
    let axis = try x.value.resolved(axis: arguments.int(2), "split")
    let extent = x.shape[axis]
    var sizes = try shape(arguments, 1)
    if let count = arguments[1].int {
      guard count > 0, extent % count == 0 else {
        throw arguments.fault(
          1, "must divide the axis", label: "\(extent) is not a multiple of \(count)")
      }
      sizes = [Int](repeating: extent / count, count: count)
    }
    let sum = sizes.reduce((total: 0, isExact: true)) { sum, size in
      let (total, overflow) = sum.total.addingReportingOverflow(size)
      return (total, sum.isExact && !overflow)
    }
    guard sizes.allSatisfy({ $0 >= 0 }), sum.isExact, sum.total == extent else {
      throw arguments.fault(1, "must add up to the axis", label: "the axis is \(extent)")
    }
    let before = [TensorIndex](repeating: .slice(start: nil, stop: nil, step: 1), count: axis)
    var start = 0
    return Value(
      try sizes.map { size in
        defer { start += size }
        return value(
          try x.indexed(before + [.slice(start: start, stop: start + size, step: 1)]))
      })
  }
}
