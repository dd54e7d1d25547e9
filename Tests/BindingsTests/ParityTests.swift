import Foundation
import Language
import TestSupport
import Testing

/// The library's methods against vectors made with PyTorch from the official code: logits, loss
/// gradients, five optimizer steps and the parameters after them.
@Suite(.enabled(if: ReferenceFiles.shared != nil, Comment(rawValue: ReferenceFiles.absence)))
struct ParityTests {
  struct Case: CustomTestStringConvertible {
    let file: String
    /// The method on `clip` and `classes`.
    let method: String
    let optimizer: String
    var testDescription: String { file }

    init(_ file: String, _ method: String, _ optimizer: String) {
      (self.file, self.method, self.optimizer) = (file, method, optimizer)
    }
  }

  private static let deep = "SGD(m, lr: 0.01, momentum: 0.9, weight_decay: 0.0005)"

  static let cases = [
    Case("deep/maple-v1.h5", "MaPLe(clip, classes, depth: 3, n_ctx: 2, init: nil)", deep),
    Case("deep/maple-full.h5", "MaPLe(clip, classes, depth: 4, n_ctx: 4, init: nil)", deep),
    Case("deep/bmip-v1.h5", "BMIP(clip, classes, depth: 3, n_ctx: 2, init: nil)", deep),
    Case(
      "deep/bmip-paper.h5",
      "BMIP(clip, classes, depth: 3, n_ctx: 2, init: nil, reading: \"paper\")", deep),
    Case(
      "deep/bmip-adam.h5", "BMIP(clip, classes, depth: 3, n_ctx: 2, init: nil)",
      "Adam(m, lr: 0.002, weight_decay: 0.0005)"),
    Case(
      "text/coop-end.h5", "CoOp(clip, classes, init: nil)",
      "SGD(m, lr: 0.02, momentum: 0.9, weight_decay: 0.0005)"),
  ]

  @Test(arguments: cases)
  func `a method is that of the official code`(_ test: Case) throws {
    let path = try #require(ReferenceFiles.shared).appending(path: test.file).path
    let lines = try TestEngine().printed(
      """
      let path = "\(path)"
      fn part(name) => load(path, at: "/" + name)
      fn compare(what, x, y, bound) {
        let error = max(abs(x - y)).item
        if not (error <= bound) { print(what, error) }
        return 1
      }
      let clip = load_clip(path)
      let classes = clip.class_tokens(part("input/class_tokens"), part("input/name_lens"))
      let images = part("input/images")
      let labels = part("input/labels")
      let m = \(test.method)
      for name in keys(m.parameters) { assign(m, name, part("param/" + name)) }
      var compared = compare("logits", m.logits(images), part("expected/logits"), 0.0001)
      let g = gradients(cross_entropy(m.logits(images), labels), m)
      for name in keys(g) { compared += compare("gradient of " + name, g[name], part("expected/grad/" + name), 0.00003) }
      let optimizer = \(test.optimizer)
      for loss in part("expected/loss_curve") {
        compared += compare("loss", optimizer.step(cross_entropy(m.logits(images), labels)), loss, 0.00003)
      }
      for name in keys(g) { compared += compare("after " + name, m.parameters[name], part("expected/after/" + name), 0.00001) }
      print(compared == 1 + len(part("expected/loss_curve")) + 2 * len(keys(g)) and compared > 6)
      """)
    #expect(lines == ["true"])
  }
}
