/// What can go wrong in a tensor operation: facts, which `Bindings` turns into sentences.
package enum TensorError: Error, Equatable, Sendable {
  /// Two operands whose shapes do not fit each other.
  case shapes(String, [Int], [Int])
  /// One operand whose shape is not what the operation needs.
  case shape(String, [Int], expected: String)
  /// An axis outside −rank ..< rank.
  case axis(String, Int, rank: Int)
  /// A position outside an axis.
  case index(Int, count: Int, axis: Int)
  /// A number that the operation does not accept.
  case value(String, String)
  /// More memory than this process may use; both in bytes.
  case memory(needed: Int, limit: Int)
  /// A library that cannot be opened.
  case library(String, reason: String)
  /// The user asked to stop.
  case cancelled
}
