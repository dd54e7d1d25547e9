import Bindings
import CLIP
import Tensor
import Testing

struct TextMemoTests {
  static func key(_ template: Int, _ rows: Tensor? = nil) -> TextMemo.Key {
    TextMemo.Key(
      classes: .names(["template \(template)"]), form: .plain, rows: [rows?.fingerprint()])
  }

  @Test func `all templates of an ensemble are remembered`() throws {
    var memo = TextMemo()
    for template in 0..<80 {
      memo.insert(try Tensor(repeating: Float(template), shape: [1, 4]), for: Self.key(template))
    }
    for template in 0..<80 {
      #expect(memo[Self.key(template)]?.elements.first == Float(template))
    }
    #expect(memo[Self.key(80)] == nil)
  }

  @Test func `other learned rows are another question`() throws {
    var memo = TextMemo()
    let rows = try Tensor(repeating: 1, shape: [2])
    let others = try Tensor(repeating: 2, shape: [2])
    memo.insert(rows, for: Self.key(0, rows))
    #expect(memo[Self.key(0, rows)] != nil)
    #expect(memo[Self.key(0, others)] == nil && memo[Self.key(0)] == nil)
  }

  @Test func `a full memo starts anew`() throws {
    var memo = TextMemo(limit: 600)
    let features = try Tensor(repeating: 1, shape: [1, 4])
    for template in 0..<3 { memo.insert(features, for: Self.key(template)) }
    #expect(memo[Self.key(1)] == nil && memo[Self.key(2)] != nil)
  }
}
