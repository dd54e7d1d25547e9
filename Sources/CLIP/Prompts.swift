package import Autograd
package import Tensor

/// The one hook by which learned rows enter a tower.
///
/// Before block `layer`, for layer < `depth`, the tower asks `rows` what to put at its prompt rows:
/// text rows 1 ... b, or the last b rows of each image. Layer 0 puts the rows into the tower's input.
/// `nil` leaves what is there. The answer may depend on the attention of the coming block, which the
/// ``PromptSite`` measures when asked. It carries rows, never a method's name.
///
/// Prompts that do not look at the blocks are asked before these run. Then a block needs no more than
/// k and v of rows that the next one is given anew.
package struct Prompts {
  package let depth: Int
  /// Whether the rows may depend on the blocks' attention.
  package let looksAtBlocks: Bool
  package let rows: (_ layer: Int, _ site: any PromptSite) throws -> Variable?

  package init(
    depth: Int, looksAtBlocks: Bool = true,
    rows: @escaping (_ layer: Int, _ site: any PromptSite) throws -> Variable?
  ) {
    self.depth = depth
    self.looksAtBlocks = looksAtBlocks
    self.rows = rows
  }
}

/// What a prompt may ask about the block before which it is placed. The attention is that of the rows
/// which are there now, the outputs of the previous block; no gradient flows through it.
package protocol PromptSite {
  /// The mean attention that the rows other than prompts pay to each prompt row, over heads and over
  /// images (vision: class token and patches) or classes (text: the rows from the last prompt row to
  /// the end-of-text row; each class counts alike). [b]
  func attentionFromOthers() throws -> Tensor

  /// The mean attention that the first row (class token, start of text) pays to each prompt row. Zero
  /// in the text tower, whose first row sees only itself. [b]
  func attentionFromStart() throws -> Tensor
}
