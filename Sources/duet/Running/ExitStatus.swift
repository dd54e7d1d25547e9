/// What the program's exit code says.
package enum ExitStatus: Int32, Comparable {
  /// All is well.
  case done = 0
  /// A comparison was made, and something differs.
  case differs = 1
  /// The command line is wrong, or an input that it names does not exist.
  case usage = 64
  /// A script does not compile.
  case compile = 65
  /// It failed while it ran.
  case failure = 70
  /// The user stopped it.
  case interrupted = 130
  /// Nobody read the output any more: the code that shells give to programs which end for this reason.
  case closed = 141

  package static func < (left: ExitStatus, right: ExitStatus) -> Bool {
    left.rawValue < right.rawValue
  }
}
