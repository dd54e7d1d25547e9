internal import Tensor

/// What it takes to go on with a training as if it had never stopped.
package struct TrainingState: Equatable {
  /// Epochs that are done.
  package var epoch: Int
  /// Steps that are done.
  package var step: Int
  /// The optimizer's tensors, in its own order: "momentum.ctx", "second.ctx", …
  package var buffers: [NamedTensor]
  /// How far each named random stream has been drawn.
  package var streams: [Stream]
  /// The settings of the training.
  package var settings: StoredValue
  /// Losses and the like.
  package var curves: [Curve]

  /// The place of a random stream.
  package struct Stream: Equatable, Sendable {
    /// "init", "order", "augmentation", …
    package let name: String
    /// How many numbers have been taken.
    package let position: UInt64

    /// A stream's place.
    package init(_ name: String, position: UInt64) {
      self.name = name
      self.position = position
    }
  }

  /// A number that was noted again and again.
  package struct Curve: Equatable, Sendable {
    /// "loss", …
    package let name: String
    /// In the order of noting.
    package let values: [Double]

    /// A curve so far.
    package init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }

    /// Equal in every bit.
    package static func == (a: Curve, b: Curve) -> Bool {
      a.name.hasSameBytes(as: b.name)
        && a.values.elementsEqual(b.values) { $0.bitPattern == $1.bitPattern }
    }
  }

  /// A state to be written.
  package init(
    epoch: Int, step: Int, buffers: [NamedTensor] = [], streams: [Stream] = [],
    settings: StoredValue = .record([]), curves: [Curve] = []
  ) {
    self.epoch = epoch
    self.step = step
    self.buffers = buffers
    self.streams = streams
    self.settings = settings
    self.curves = curves
  }

  /// Equal in every bit.
  package static func == (a: TrainingState, b: TrainingState) -> Bool { a.value == b.value }
}

extension TrainingState {
  /// As a record, which is how it is stored.
  var value: StoredValue {
    .record([
      .init("epoch", .int(epoch)),
      .init("step", .int(step)),
      .init("optimizer", .record(buffers.map { .init($0.name, .tensor($0.tensor)) })),
      .init(
        "streams", .record(streams.map { .init($0.name, .int(Int(bitPattern: UInt($0.position)))) })
      ),
      .init("settings", settings),
      .init("curves", .record(curves.map { .init($0.name, .list($0.values.map { .float($0) })) })),
    ])
  }

  init(_ value: StoredValue, file: String, path: String) throws(StoreError) {
    let fields = try Self.fields(value, file, path)
    func field(_ name: String) throws(StoreError) -> StoredValue {
      guard let field = fields.first(where: { $0.key == name }) else {
        throw StoreError(file: file, path: LinkName.path(path, name), .absent)
      }
      return field.value
    }
    func integer(_ value: StoredValue, _ name: String) throws(StoreError) -> Int {
      guard case .int(let number) = value else {
        throw Self.wrong("int", value, file, LinkName.path(path, name))
      }
      return number
    }
    epoch = try integer(try field("epoch"), "epoch")
    step = try integer(try field("step"), "step")
    settings = try field("settings")
    buffers = []
    for entry in try Self.fields(try field("optimizer"), file, path + "/optimizer") {
      guard case .tensor(let tensor) = entry.value else {
        throw Self.wrong(
          "tensor", entry.value, file, path + "/optimizer/" + LinkName.escaped(entry.key))
      }
      buffers.append(NamedTensor(entry.key, tensor))
    }
    streams = []
    for entry in try Self.fields(try field("streams"), file, path + "/streams") {
      let position = try integer(entry.value, "streams/" + LinkName.escaped(entry.key))
      streams.append(Stream(entry.key, position: UInt64(UInt(bitPattern: position))))
    }
    curves = []
    for entry in try Self.fields(try field("curves"), file, path + "/curves") {
      guard let values = entry.value.floats else {
        throw Self.wrong("list", entry.value, file, path + "/curves/" + LinkName.escaped(entry.key))
      }
      curves.append(Curve(entry.key, values))
    }
  }

  private static func fields(_ value: StoredValue, _ file: String, _ path: String)
    throws(StoreError) -> [StoredValue.Field]
  {
    guard case .record(let fields) = value else { throw wrong("record", value, file, path) }
    return fields
  }

  private static func wrong(
    _ expected: String, _ value: StoredValue, _ file: String, _ path: String
  ) -> StoreError {
    StoreError(file: file, path: path, .kind(expected: expected, found: value.kind.rawValue))
  }
}

extension StoredValue {
  /// A list of Floats.
  fileprivate var floats: [Double]? {
    guard case .list(let values) = self else { return nil }
    let floats = values.compactMap { if case .float(let value) = $0 { value } else { nil } }
    return floats.count == values.count ? floats : nil
  }
}
