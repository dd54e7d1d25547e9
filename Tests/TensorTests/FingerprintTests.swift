import Tensor
import TestSupport
import Testing

/// `Fingerprint`: equal for equal elements and shapes, different for all others.
struct FingerprintTests {
  @Test func `equal tensors agree, wherever they lie`() throws {
    let x = try Golden.input([4, 5])
    let copy = try Tensor(shape: [4, 5], elements: x.elements)
    #expect(x.fingerprint() == copy.fingerprint())
    let rows = x.fingerprints()
    #expect(rows.count == 4)
    for row in 0..<4 {
      #expect(try x.prefix(row..<row + 1).fingerprints() == [rows[row]])
    }
  }

  @Test func `any change shows`() throws {
    let x = try randomTensor([3, 7])
    var seen: Set<Fingerprint> = [x.fingerprint()]
    for index in 0..<21 {
      var elements = x.elements
      elements[index] = elements[index].nextUp
      seen.insert(try Tensor(shape: [3, 7], elements: elements).fingerprint())
      elements.swapAt(index, (index + 1) % 21)
      seen.insert(try Tensor(shape: [3, 7], elements: elements).fingerprint())
    }
    for shape in [[21], [7, 3], [3, 7, 1], [1, 21]] {
      seen.insert(try x.reshaped(to: shape).fingerprint())
    }
    #expect(seen.count == 1 + 42 + 4)
  }

  @Test func `nothing has no fingerprints, also where it is long`() throws {
    #expect(try Tensor(shape: [1 << 45, 0], elements: []).fingerprints() == [])
    #expect(try Tensor(shape: [0, 3], elements: []).fingerprints() == [])
    #expect(try Tensor(1).fingerprints() == [])
  }
}
