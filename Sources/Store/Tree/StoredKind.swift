/// What a node restores, as its attribute `duet_kind` says.
package enum StoredKind: String {
  case nothing = "nil"
  case bool
  case int
  case float
  case string
  case range
  case list
  case record
  case tensor
  case table

  /// The name of the attribute.
  package static let attribute = "duet_kind"
}

extension Node {
  /// The kind that a node was given when it was written; nil for what Duet did not write.
  package var kind: StoredKind? { attribute(StoredKind.attribute)?.text.flatMap(StoredKind.init) }
}
