import Foundation

/// Texts kept beside the tests, to be compared exactly.
///
/// With `RECORD_SNAPSHOTS=1` in the environment a text that differs is written and the comparison
/// fails all the same, so that a recorded run never counts as green.
package enum Snapshot {
  /// Compares a text with the one that is kept under a name.
  ///
  /// - Parameters:
  ///   - text: The text as it is now.
  ///   - name: The file's name in the folder `Snapshots` beside the test.
  ///   - testFile: The test; its folder holds the snapshots.
  /// - Returns: What is wrong, or `nil` when they are equal.
  package static func difference(
    _ text: String, _ name: String, testFile: String = #filePath
  ) -> String? {
    let folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
      .appendingPathComponent("Snapshots")
    let file = folder.appendingPathComponent(name)
    let kept = try? String(contentsOf: file, encoding: .utf8)
    if kept == text { return nil }
    guard ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" else {
      guard let kept else { return "there is no snapshot \(name); record with RECORD_SNAPSHOTS=1" }
      return "\(name) differs\n\(firstDifference(kept, text))"
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return "\(name) has been recorded"
    } catch {
      return "\(name) cannot be recorded: \(error)"
    }
  }

  private static func firstDifference(_ kept: String, _ text: String) -> String {
    let (old, new) = (kept.components(separatedBy: "\n"), text.components(separatedBy: "\n"))
    for line in 0..<max(old.count, new.count) {
      let before = line < old.count ? old[line] : "(end)"
      let after = line < new.count ? new[line] : "(end)"
      if before != after { return "line \(line + 1)\nkept: \(before)\nnow:  \(after)" }
    }
    return "they differ in their line breaks"
  }
}
