internal import Language
internal import Tensor

/// Random choices of a run, by number.
///
/// A choice is the first of a stream of its own, which the session's seed, the word and the number of
/// the turn name. So it does not depend on what was drawn before: a run that is resumed at turn 7
/// chooses as one that never stopped.
extension Engine {
  func drawNatives() -> [Native] {
    [
      Native(
        "permutation(count: Int, turn: Int = 0) -> List",
        "The numbers from 0 to before `count` in random order; the session's seed and the turn alone "
          + "decide which, not what was drawn before.",
        example: "sorted(permutation(4, turn: 2))\n[0, 1, 2, 3]"
      ) { [self] arguments in
        let count = try arguments.int(0)
        guard count >= 0 else { throw arguments.fault(0, "must not be negative") }
        try arguments.interpreter.checkListCount(count)
        var stream = stream("permutation", turn: try arguments.int(1))
        return Value(stream.permutation(count).map(Value.int))
      },
      Native(
        "integer(below: Int, turn: Int = 0) -> Int",
        "A random number from 0 to before `below`; the session's seed and the turn alone decide which, "
          + "not what was drawn before.",
        example: "integer(1, turn: 5)\n0"
      ) { [self] arguments in
        let end = try arguments.int(0)
        guard end >= 1, end <= Int(UInt32.max) else {
          throw arguments.fault(0, "must be from 1 to \(UInt32.max)")
        }
        var stream = stream("integer", turn: try arguments.int(1))
        return .int(stream.below(end))
      },
    ]
  }

  private func stream(_ word: String, turn: Int) -> RandomStream {
    RandomStream(seed: seed, name: "\(word) \(turn)")
  }
}
