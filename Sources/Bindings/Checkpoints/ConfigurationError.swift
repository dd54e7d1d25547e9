/// Why a configuration file describes no CLIP that can be loaded.
struct ConfigurationError: Error, Equatable {
  let file: String
  let fault: Fault

  enum Fault: Equatable {
    /// A key whose value is of another kind than it must be.
    case kind(key: String, expected: String)
    /// A key that changes the network in a way that is not known here.
    case unknown(key: String)
    /// A value that names something unknown.
    case value(key: String, String)
  }
}
