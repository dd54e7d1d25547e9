internal import Autograd
internal import CLIP
package import Language

/// The block before which a prompt is placed, as `prompts:` functions see it: `here`.
package final class PromptSiteValue: HostObject {
  private let engine: Engine
  /// nil at layer 0, the tower's input, before which no block stands.
  private let site: (any PromptSite)?

  init(_ site: (any PromptSite)?, _ engine: Engine) {
    self.site = site
    self.engine = engine
  }

  package var typeName: String { "PromptSite" }
  package var summary: String { site == nil ? "the tower's input" : "the coming block" }

  private func measured() throws -> any PromptSite {
    guard let site else {
      throw Fault(
        .value, "layer 0 is the tower's input: no block has run whose attention could be asked for",
        help: "return the rows of layer 0 before asking, as in `if layer == 0 { return rows }`")
    }
    return site
  }
}

extension PromptSiteValue: HostMethods {
  package static var methods: [Native] {
    [
      Native(
        "attention_from_others()",
        "The mean attention that the rows other than prompts pay to each prompt row, over heads and "
          + "images or classes; no gradient flows through it. [b]"
      ) {
        let here: PromptSiteValue = try $0.receiver()
        return here.engine.value(try here.measured().attentionFromOthers())
      },
      Native(
        "attention_from_start()",
        "The same from the first row alone: the class token, or the start of text, which under the "
          + "causal mask sees only itself and so gives zero. [b]"
      ) {
        let here: PromptSiteValue = try $0.receiver()
        return here.engine.value(try here.measured().attentionFromStart())
      },
    ]
  }
}
