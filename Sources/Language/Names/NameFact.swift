/// What is wrong with the names of a text. `Wording+Names` says it in words.
enum NameFact {
  case undefined(String, suggestion: String?)
  /// Assigned without a declaration.
  case undeclared(String, suggestion: String?)
  /// Used above its own declaration.
  case tooEarly(String)
  case redeclared(String)
  case notAssignable(String, Variable.Kind)
  case builtinNotAssignable(String)
  case dimensionUnbound(String)
  case dimensionIsLaterArgument(String)
  case returnOutside
  case loopControlOutside(String)
  case parameterOutside(String)
  case moduleInside
  case importInside
  case notOffered(String, by: String, suggestion: String?)
  case hasNoValue(String)
  case unknownType(String, suggestion: String?)
  case foreignConstant(String, meant: String)
  case tooMany(String)
  /// The imported file could not be read or has errors of its own.
  case importFailed(path: String, Diagnostic?, message: String, help: String?)
}
