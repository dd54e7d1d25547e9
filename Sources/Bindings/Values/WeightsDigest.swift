/// The SHA-256 of a model's weights, computed when somebody asks for the first time: it reads all of
/// them, and a mapped file is to be usable at once.
final class WeightsDigest {
  private let make: () -> String
  private(set) lazy var text: String = make()

  init(_ make: @escaping () -> String) { self.make = make }
}
