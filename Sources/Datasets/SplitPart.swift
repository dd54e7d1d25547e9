/// The three parts of a data set.
package enum SplitPart: String, CaseIterable, Sendable {
  case train, val, test
}
