internal import Store

/// Cases that are listed in a JSON file, with what they are about in files beside it.
///
///     manifest.json        every file below with its size and SHA-256
///     cases.json           pictures, checkpoints, or files that are damaged on purpose
///     …_cases.json         texts and their tokens
///     …_decode.json        tokens and their texts
///     fewshot.json         draws of few shots and splits
///     lr.json              learning rates
///     metrics.json         metrics and means
///
/// What a list is about is told by its content.
struct CaseList {
  let json: JSON
  /// Where its files lie.
  let folder: String
  /// The list itself.
  let path: String

  static let manifest = "manifest.json"
  private static let cases = "cases.json"
  private static let (texts, tokens) = ("_cases.json", "_decode.json")
  private static let protocols = ["fewshot.json", "lr.json", "metrics.json"]
  private static let limit = 1 << 26

  /// Whether a path looks like a list of cases.
  static func isList(_ path: String) -> Bool {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return ([manifest, cases] + protocols).contains(name) || name.hasSuffix(texts)
      || name.hasSuffix(tokens)
  }

  /// The folder part of a path; empty for a name alone.
  static func folder(of path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }

  /// What the cases of a list are called: by its folder, or by its own name where a folder has several.
  static func name(of path: String) -> String {
    path.hasSuffix("/" + cases) || path == cases ? folder(of: path) : String(path.dropLast(5))
  }

  init(reading path: String) throws(FileFailure) {
    do throws(StoreError) {
      json = try JSON(reading: path, limit: Self.limit)
    } catch {
      throw FileFailure(error)
    }
    self.path = path
    folder = Self.folder(of: path)
  }

  /// The path of a file beside the list; nil for one that is elsewhere.
  func file(_ name: String?) -> String? {
    guard let name, !name.isEmpty, !name.hasPrefix("/"),
      !name.split(separator: "/").contains("..")
    else { return nil }
    return folder.isEmpty ? name : "\(folder)/\(name)"
  }

  func cases(_ replayer: Replayer) -> [ReferenceCase] {
    if SamplingCases.isList(json) { return SamplingCases(self).cases }
    if MetricCases.isList(json) { return MetricCases(self).cases }
    if RateCases.isList(json) { return RateCases(self, replayer).cases }
    if json["files"]?.array != nil { return [ManifestCase(self).reference] }
    let cases = json["cases"]?.array
    if json["vocabulary"] != nil, let cases { return TokenCases(self).cases(cases) }
    if let pairs = json.array { return TokenCases(self).decoding(pairs) }
    guard let cases, let first = cases.first else { return [.failed("", "it lists no cases")] }
    if first["loader"] != nil { return MalformedCases(self, replayer).cases(cases) }
    if first["datasets"] != nil { return PictureCases(self).cases(cases) }
    if first["expected"] != nil { return CheckpointCases(self, replayer).cases(cases) }
    return [.skipped("", "what its cases are about is not known to this version")]
  }
}
