internal import Autograd
internal import CLIP
internal import Datasets
internal import Language
internal import Store
internal import Tensor

/// Digests of whatever a script can hold: equal ones only where computing with the values gives equal
/// numbers.
extension Engine {
  /// The digest of a value and of all that it is made of, see `Language/Ingredients`.
  func identity(
    of value: Value, followsCaptures: Bool = true, _ interpreter: Interpreter
  ) throws -> String {
    var digest = Digest()
    for ingredient in try interpreter.ingredients(of: value, followsCaptures: followsCaptures) {
      switch ingredient {
      case .text(let text):
        digest.add("text")
        digest.add(text)
      case .value(let value): try add(value, to: &digest)
      }
    }
    return digest.text
  }

  private func add(_ value: Value, to digest: inout Digest) throws {
    digest.add(value.kind)
    switch value {
    case .bool(let flag): digest.add(flag ? 1 : 0)
    case .int(let number): digest.add(number)
    case .float(let number): digest.add(Int(bitPattern: UInt(number.bitPattern)))
    case .string(let box): digest.add(box.text)
    case .range(let range):
      digest.add(range.start)
      digest.add(range.end)
    case .native(let native): digest.add(native.name)
    case .type(let type): digest.add(type.name)
    case .host(let box): try add(box.object, to: &digest)
    case .nil, .ellipsis, .list, .record, .function, .definition, .module: break
    }
  }

  private func add(_ object: any HostObject, to digest: inout Digest) throws {
    switch object {
    case let tensor as TensorValue: digest.add(tensor.tensor)
    case let clip as ClipValue: add(clip, to: &digest)
    case let data as DatasetValue:
      digest.add(data.dataset.description)
      digest.add("\(data.preprocessing)")
    case let split as SplitValue: digest.add(split.digest)
    case let table as TokenTableValue: digest.add("\(table.table)")
    case let table as TableValue:
      for column in table.columns {
        digest.add(column.name)
        digest.add(Self.json(Value(column.values)))
      }
    case let result as ResultValue: digest.add(ContentHash.of(try result.stored.node))
    case let batches as BatchesValue: batches.add(to: &digest)
    case let optimizer as OptimizerValue: add(optimizer.optimizer, to: &digest)
    case let vocabulary as VocabularyValue:
      for attribute in vocabulary.tokenizer.vocabulary.attributes {
        digest.add(attribute.name)
        digest.add("\(attribute.value)")
      }
    case let list as ItemListValue: digest.add("\(list.list)")
    case let folder as DataFolderValue:
      digest.add(folder.path)
      digest.add(folder.pictures)
    // What is shown decides no number.
    case is ProgressValue: break
    default:
      throw Fault(
        .value,
        "a cell's function holds \(Value(object).describedKind), which a store cannot tell from another",
        help: "make it inside the function, or run without `store:`")
    }
  }

  /// The rule, and all that the next step depends on.
  private func add(_ optimizer: Optimizer, to digest: inout Digest) {
    digest.add("\(optimizer.rule)")
    digest.add("\(optimizer.rate) \(optimizer.clipNorm.map { "\($0)" } ?? "none")")
    for slot in optimizer.slots {
      digest.add("\(slot.path) \(slot.decay)")
      digest.add(slot.parameter.value)
    }
    let (tensors, steps) = optimizer.state
    for state in tensors {
      digest.add("\(state.path) \(state.kind)")
      digest.add(state.tensor)
    }
    for count in steps { digest.add(count) }
  }

  /// The weights, by the digest of their file where they are still those of one.
  private func add(_ clip: ClipValue, to digest: inout Digest) {
    digest.add("\(clip.preprocessing)")
    digest.add(clip.isSynthetic ? 1 : 0)
    if let known = clip.digest { return digest.add(known) }
    for entry in clip.clip.weights.entries {
      digest.add(entry.name)
      digest.add(entry.variable.value)
    }
  }
}
