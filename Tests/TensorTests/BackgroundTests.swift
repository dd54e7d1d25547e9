import Tensor
import Testing

@Suite struct BackgroundTests {
  @Test func `what is computed beside comes back`() {
    let sum = Background { (0..<1000).reduce(0, +) }
    let text = Background { "beside" }
    #expect(text.value() == "beside")
    #expect(sum.value() == 499_500)
  }

  @Test func `nobody needs to wait for it`() {
    for number in 0..<20 { _ = Background { number } }
  }
}
